"""How far the nodes' clocks are apart, from causes and their effects: a message is never read before it is sent.

A cause at second `a` of one clock and its effect at second `b` of the other say that the other clock is ahead by less
than `b - a + 1` seconds; the same in the other direction gives the lower bound. A clock that drifts, or is set, breaks
the interval; then a new piece begins. A pair that stands alone against the rest is told as unexplained.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hamodel.incident.facts import Fact
from hamodel.incident.report import Clock

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

    def __str__(self) -> str:
        return f"{self.cause.proof} before {self.effect.proof}"


@dataclass(frozen=True, slots=True)
class Clocks:
    """The pieces of each node's offset against the reference, and the pairs that fit none."""

    reference: str
    pieces: Mapping[str, tuple[Clock, ...]]
    unexplained: tuple[Pair, ...]

    def offset(self, node: str, clock: int) -> Clock | None:
        """The piece that holds at this moment of the node's clock; None where nothing relates the clocks."""
        found = None
        for piece in self.pieces.get(node, ()):
            if found is None or (piece.since is not None and clock >= piece.since):
                found = piece
        return found

    def shift(self, node: str, clock: int) -> int:
        """A moment of a node's clock as cluster time."""
        piece = self.offset(node, clock)
        return clock if piece is None else clock - piece.middle

    def slack(self, node: str) -> int | None:
        """ms by which cluster time of a node may be wrong; None where nothing relates its clock."""
        if node == self.reference:
            return 0
        pieces = self.pieces.get(node, ())
        return max((piece.hi - piece.lo + 1) // 2 for piece in pieces) if pieces else None


def clocks(facts: Mapping[str, Sequence[Fact]]) -> Clocks:
    """The offsets of all nodes against the first."""
    nodes = sorted(facts)
    if not nodes:
        return Clocks("", {}, ())
    first, odd = nodes[0], list[Pair]()
    pieces: dict[str, tuple[Clock, ...]] = {first: (Clock(first, 0, 0),)}
    for node in nodes[1:]:
        found = _pairs(first, facts[first], node, facts[node])
        pieces[node], alone = _pieces(node, found)
        odd += alone
    return Clocks(first, pieces, tuple(odd))


def _pairs(first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact], depth: int = 0) -> list[Pair]:
    """All pairs in order of time; what lies before and after those of one rough offset may have another."""
    found = _near_pairs(first, ours, second, theirs)
    if not found or depth == DEEPEST:
        return found
    mine = [pair.effect if pair.effect.node == first else pair.cause for pair in found]
    begin, end = min(fact.clock for fact in mine), max(fact.clock for fact in mine)
    sides = (
        ([f for f in ours if f.clock < begin], [f for f in theirs if f.clock < found[0].at]),
        ([f for f in ours if f.clock > end], [f for f in theirs if f.clock > found[-1].at]),
    )
    for some, others in sides:
        more = _pairs(first, some, second, others, depth + 1)
        if len(more) > STUBBORN:
            found += more
    return sorted(found, key=lambda pair: pair.at)


def _near_pairs(first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact]) -> list[Pair]:
    rough = _rough(first, ours, second, theirs)
    if rough is None:
        return []
    found = []
    for cause, effect in _matches(first, ours, theirs, rough):
        found.append(Pair(effect.clock, None, effect.clock - cause.clock + RESOLUTION, cause, effect))
    for cause, effect in _matches(second, theirs, ours, -rough):
        found.append(Pair(cause.clock, cause.clock - effect.clock - RESOLUTION, None, cause, effect))
    if not any(pair.lo is not None for pair in found) or not any(pair.hi is not None for pair in found):
        if abs(rough) > SOON and not _met_once(first, ours, second, theirs):
            return []
        found += _healed(first, ours, second, theirs, rough)
    return sorted(found, key=lambda pair: pair.at)


def _rough(first: str, ours: Sequence[Fact], second: str, theirs: Sequence[Fact]) -> int | None:
    """The difference on which most possible pairs agree, to two seconds; those of both directions before the others.

    Prompt pairs decide; between equals, and where there are none, all others and the media.
    """
    places = list(_places(first, ours, second, theirs, prompt=True))
    both = {place for place, sign in places if sign > 0} & {place for place, sign in places if sign < 0}
    votes = Counter(place for place, _ in places if not both or place in both)
    most = max(votes.values(), default=0)
    best = [place for place, number in votes.items() if number == most]
    if len(best) == 1:
        return best[0] * BIN
    rest = Counter(place for place, _ in _places(first, ours, second, theirs, prompt=False))
    return _most(Counter({place: rest[place] for place in best}) if best else rest)


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


def _most(votes: Counter[int]) -> int | None:
    """The place named most often, in ms; the smallest of several."""
    most = max(votes.values(), default=-1)
    return (
        min((place for place, number in votes.items() if number == most), key=abs, default=0) * BIN if votes else None
    )


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


def _pieces(node: str, pairs: Sequence[Pair]) -> tuple[tuple[Clock, ...], list[Pair]]:
    """Intervals that hold one after the other, and the pairs that fit none of them."""
    found: list[Clock] = []
    alone: list[Pair] = []
    lo: int | None = None
    hi: int | None = None
    since: int | None = None
    number = 0
    for place, pair in enumerate(pairs):
        wider = _met(lo, hi, pair)
        if wider is not None:
            lo, hi = wider
            number += 1
            continue
        later = pairs[place + 1 : place + 6]
        if sum(1 for other in later if _met(lo, hi, other) is None) < STUBBORN:
            if _far(lo, hi, pair):
                alone.append(pair)
            continue
        found += _closed(node, lo, hi, since, number)
        lo, hi, since, number = pair.lo, pair.hi, pair.at, 1
    return (*found, *_closed(node, lo, hi, since, number)), alone


def _far(lo: int | None, hi: int | None, pair: Pair) -> bool:
    """Whether a pair misses the interval by so much that two lines of one kind were not merely mixed up."""
    below = pair.hi is not None and lo is not None and lo - pair.hi >= 2 * RESOLUTION
    return below or (pair.lo is not None and hi is not None and pair.lo - hi >= 2 * RESOLUTION)


def _met(lo: int | None, hi: int | None, pair: Pair) -> tuple[int | None, int | None] | None:
    """The interval with one more bound; None where it would be empty: both bounds are open, so a point is nothing."""
    low = lo if pair.lo is None else pair.lo if lo is None else max(lo, pair.lo)
    high = hi if pair.hi is None else pair.hi if hi is None else min(hi, pair.hi)
    return None if low is not None and high is not None and low >= high else (low, high)


def _closed(node: str, lo: int | None, hi: int | None, since: int | None, pairs: int) -> list[Clock]:
    if lo is None and hi is None:
        return []
    low = lo if lo is not None else (hi or 0) - SOON - RESOLUTION
    high = hi if hi is not None else (lo or 0) + SOON + RESOLUTION
    return [Clock(node, low, high, since, pairs)]
