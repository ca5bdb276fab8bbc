"""Causes and their effects in two nodes' logs: a message is never read before it is sent.

First a rough difference of the clocks, on which most possible pairs agree, then the pairs that fit it. What lies before
and after those may have another difference, for clocks are set and drift.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hamodel.incident.facts import Fact

RESOLUTION = 1000
SOON = 5000
"""ms within which a message arrives on a working network: taken only where no pair bounds that side.

A greater difference is believed only if messages of both directions show it: in a log without its begin or end, the
effect of one event may stand where that of another is lost.
"""
BIN = 2000
"""ms by which rough differences are told apart."""
NEAR = 8000
"""ms around the rough offset within which two lines may be cause and effect."""
DEEPEST = 12
"""How often the rest of a log is looked at for another offset."""
STUBBORN = 2
"""So many later pairs must agree with a contradiction before a clock is believed to have been moved."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line on the node that causes, and the line on the other that follows. `same` fields must agree."""

    cause: str
    effect: str
    same: tuple[str, ...] = ()
    names_cause: bool = False
    prompt: bool = True


RULES = (
    Rule("hbr-wants-standby", "hbr-wants-standby", ("node", "rsc_type"), names_cause=True),
    Rule("hbr-wants-standby", "hbr-can-take", ("rsc_type",)),
    Rule("hbr-gostandby-end", "hbr-standby-acquire", ("rsc_type",)),
    Rule("hbr-standby-acq-done", "hbr-standby-other-done", ("rsc_type",)),
    Rule("hbr-giveup-end", "hbr-shutdown-notice", names_cause=True),
    Rule("hb-local-status-set", "hb-node-status", ("status",), names_cause=True, prompt=False),
    Rule("hb-generation", "hb-peer-restarted", names_cause=True, prompt=False),
    Rule("ipfail-telling", "ipfail-giving-up-told"),
    Rule("hbr-stonith-ok", "hb-generation", prompt=False),
)
"""`names_cause`: the effect names the node that caused it. `prompt`: it follows within seconds, or never."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A cause and its effect. The other clock is ahead by at most `hi`, or by at least `lo`."""

    at: int
    lo: int | None
    hi: int | None
    cause: Fact
    effect: Fact

    def of(self, node: str) -> Fact:
        """The one that this node tells."""
        return self.effect if self.effect.node == node else self.cause

    def __str__(self) -> str:
        return f"{self.cause.proof} before {self.effect.proof}"


def pairs(
    first: str,
    ours: Sequence[Fact],
    second: str,
    theirs: Sequence[Fact],
    depth: int = 0,
    *,
    goes_on: bool = False,
) -> list[Pair]:
    """All pairs in order of time; what lies before and after those of one rough offset may have another."""
    found = _near_pairs(first, ours, second, theirs, goes_on=goes_on or depth > 0)
    if not found or depth == DEEPEST:
        return found
    mine = [pair.of(first).clock for pair in found]
    begin, end = min(mine), max(mine)
    sides = (
        ([f for f in ours if f.clock < begin], [f for f in theirs if f.clock < found[0].at]),
        ([f for f in ours if f.clock > end], [f for f in theirs if f.clock > found[-1].at]),
    )
    for some, others in sides:
        more = pairs(first, some, second, others, depth + 1)
        if len(more) > STUBBORN:
            found += more
    return sorted(found, key=lambda pair: pair.at)


def _near_pairs(first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact], *, goes_on: bool) -> list[Pair]:
    """The pairs of the best rough offset. `goes_on`: other parts of these logs are known to tell of the same time."""
    rough = _rough(first, ours, second, theirs)
    if rough is None:
        return []
    found = []
    for cause, effect in _matches(first, ours, theirs, rough):
        found.append(Pair(effect.clock, None, effect.clock - cause.clock + RESOLUTION, cause, effect))
    for cause, effect in _matches(second, theirs, ours, -rough):
        found.append(Pair(cause.clock, cause.clock - effect.clock - RESOLUTION, None, cause, effect))
    if not any(pair.lo is not None for pair in found) or not any(pair.hi is not None for pair in found):
        meetings = _healed(first, ours, second, theirs, rough)
        sure = goes_on and len(found) > STUBBORN and meetings
        if abs(rough) > SOON and not sure and not _met_once(first, ours, second, theirs):
            return []
        found += meetings
    return sorted(found, key=lambda pair: pair.at)


def _rough(first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact]) -> int | None:
    """The difference on which most possible pairs agree, to two seconds; those of both directions before the others.

    Prompt pairs decide; between equals, and where there are none, all others and the media.
    """
    places = list(_places(first, ours, second, theirs, prompt=True))
    both = {place for place, sign in places if sign > 0} & {place for place, sign in places if sign < 0}
    best = _most(Counter(place for place, _ in places if not both or place in both))
    if len(best) != 1:
        rest = Counter(place for place, _ in _places(first, ours, second, theirs, prompt=False))
        best = _most(Counter({place: rest[place] for place in best}) if best else rest)
    return min(best, key=abs) * BIN if best else None


def _places(
    first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact], *, prompt: bool
) -> Iterator[tuple[int, int]]:
    """Differences in bins, with the direction of the message (0 for media, which have none).

    Those that are not prompt count for both bins beside them, so that no border parts them.
    """
    for sign, node, causes, effects in ((1, first, ours, theirs), (-1, second, theirs, ours)):
        for cause, effect in _candidates(node, causes, effects, prompt):
            away = sign * (effect.clock - cause.clock)
            for place in (round(away / BIN),) if prompt else (away // BIN, away // BIN + 1):
                yield place, sign
    for a, b in () if prompt else _links(first, ours, second, theirs):
        for place in ((b.clock - a.clock) // BIN, (b.clock - a.clock) // BIN + 1):
            yield place, 0


def _links(first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact]) -> list[tuple[Fact, Fact]]:
    """Each time a node began to hear the other over a medium, with each time the other did over the same."""
    up = [
        [f for f in facts if f.key == "hb-link-status" and f.get("node") == peer and f.get("status") == "up"][:50]
        for facts, peer in ((ours, second), (theirs, first))
    ]
    return [(a, b) for a in up[0] for b in up[1] if a.get("link") == b.get("link")]


def _met_once(first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact]) -> bool:
    """Whether both logs tell of a start and of one meeting since, the same by all media: it cannot be another's."""
    links = _links(first, ours, second, theirs)
    apart = [b.clock - a.clock for a, b in links]
    whole = all(
        any(fact.key == "hb-version" and fact.clock <= up.clock for fact in facts)
        for facts, ups in ((ours, [a for a, _ in links]), (theirs, [b for _, b in links]))
        for up in ups
    )
    return bool(apart) and max(apart) - min(apart) <= 2 * RESOLUTION and whole


def _healed(first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact], rough: int) -> list[Pair]:
    """Where messages bound one side only: a medium that heals is seen by both within a few heartbeats."""
    return [
        Pair(b.clock, b.clock - a.clock - SOON, b.clock - a.clock + SOON, a, b)
        for a, b in _links(first, ours, second, theirs)
        if abs(b.clock - a.clock - rough) <= 2 * RESOLUTION
    ]


def _most(votes: Counter[int]) -> list[int]:
    """The places named most often."""
    most = max(votes.values(), default=0)
    return [place for place, number in votes.items() if number == most]


def _candidates(
    node: str, causes: Sequence[Fact], effects: Sequence[Fact], prompt: bool
) -> Iterator[tuple[Fact, Fact]]:
    """For each rule the first fifty causes against the first fifty effects: enough to see where they agree."""
    for rule in (rule for rule in RULES if rule.prompt is prompt):
        some = [fact for fact in causes if _is_cause(rule, fact, node)][:50]
        for effect in [fact for fact in effects if _is_effect(rule, fact, node)][:50]:
            for cause in some:
                if _agree(rule, cause, effect):
                    yield cause, effect


def _matches(node: str, causes: Sequence[Fact], effects: Sequence[Fact], rough: int) -> Iterator[tuple[Fact, Fact]]:
    for rule in RULES:
        some = [fact for fact in causes if _is_cause(rule, fact, node)]
        place = 0
        for effect in (fact for fact in effects if _is_effect(rule, fact, node)):
            expected = effect.clock - rough
            while place < len(some) and some[place].clock < expected - NEAR:
                place += 1
            near = [c for c in _until(some, place, expected + NEAR) if _agree(rule, c, effect)]
            if near:
                yield min(near, key=lambda c: (c.clock > expected, abs(c.clock - expected))), effect


def _until(facts: Sequence[Fact], place: int, last: int) -> Iterator[Fact]:
    while place < len(facts) and facts[place].clock <= last:
        yield facts[place]
        place += 1


def _is_cause(rule: Rule, fact: Fact, node: str) -> bool:
    if fact.key != rule.cause or fact.get("acquisition_or_release") == "acquisition":
        return False
    return not (rule.cause == rule.effect and fact.get("node") != node)


def _is_effect(rule: Rule, fact: Fact, node: str) -> bool:
    return fact.key == rule.effect and (not rule.names_cause or fact.get("node") == node)


def _agree(rule: Rule, cause: Fact, effect: Fact) -> bool:
    return all(cause.get(name) == effect.get(name) for name in rule.same)
