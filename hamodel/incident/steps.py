"""Clocks that were set: where a node's time goes back though its daemon goes on, or ahead though its peer's does not.

A step is taken out: the clock of the lines after it goes on from the last line before it. How long it really was until
then, only a peer's log can tell. Lines that were moved, or pasted behind, are no step: they return to their time, or
all lie before what stands above them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from hamodel.incident.facts import Fact
from hamodel.incident.report import Step
from hamodel.logs.merging import DISORDER

BACK = round(DISORDER.total_seconds() * 1000)
"""ms by which lines of one log may stand in disorder."""
HOUR = 3_600_000
SUNDAY = 6
SETTLED = 5
"""So many lines must follow a step, or it is a line that was moved."""
MOST = 64
"""Jumps back that are looked at: a clock is set rarely, and a log with more is damaged."""
AROUND = 10
"""Within so many lines one that was moved returns to its time."""
SPEAKS = ("heartbeat", "ipfail", "ccm")
"""Programs of the daemon, whose process numbers tell one life from another."""
BEGINS = ("node-boot", "kernel-boot", "hb-version", "cfg-validated")
"""The first words of a life."""


def set_back(node: str, facts: Sequence[Fact]) -> tuple[Step, ...]:
    """Every step back of a node's clock that its own lines show, in order."""
    found: list[Step] = []
    taken = tried = 0
    for place, (before, fact) in enumerate(pairwise(facts), 1):
        away = before.clock - fact.clock
        if away <= BACK or tried == MOST:
            continue
        tried += 1
        winter = ends_summer(fact, away)
        if winter or _believed(facts, place, away):
            by = -HOUR if winter else -away
            found.append(_step(node, facts, place, by, taken, least=not winter))
            taken += by
    return tuple(found)


def ends_summer(fact: Fact, away: int) -> bool:
    """Whether the clock only ends its summer time: an hour back in the night of a Sunday."""
    night = datetime.fromtimestamp(fact.clock / 1000, UTC)
    return abs(away - HOUR) < HOUR // 2 and night.weekday() == SUNDAY and night.hour < 4


def set_ahead(node: str, facts: Sequence[Fact], by: int, since: int, until: int, peer: str) -> Step | None:
    """The one silence between two moments that is long enough for a step ahead; None for none and for several."""
    places = [
        place
        for place, (before, fact) in enumerate(pairwise(facts), 1)
        if before.clock >= since - BACK and fact.clock <= until + BACK and fact.clock - before.clock > by - BACK
    ]
    return _step(node, facts, places[0], by, 0, peer=peer) if len(places) == 1 else None


def without(facts: Sequence[Fact], steps: Sequence[Step]) -> tuple[Fact, ...]:
    """The facts by a clock that was never set."""
    found = list(facts)
    for step in steps:
        for place in range(step.place, len(found)):
            fact = found[place]
            found[place] = replace(fact, clock=fact.clock - step.by, until=fact.until - step.by)
    return tuple(found)


def _step(
    node: str, facts: Sequence[Fact], place: int, by: int, taken: int, *, least: bool = False, peer: str = ""
) -> Step:
    before, fact = facts[place - 1], facts[place]
    return Step(node, place, by, fact.clock - taken - by, fact.clock, (before.proof, fact.proof), least, peer)


def _believed(facts: Sequence[Fact], place: int, away: int) -> bool:
    """Whether the time goes on from here, and what stands here is no part of a log that was put in a wrong place."""
    if len(facts) - place < SETTLED or _returns(facts, place, away):
        return False
    earlier, later = facts[:place], facts[place:]
    if _goes_on(earlier, later):
        return True
    told = earlier[-1].clock - earlier[0].clock
    return later[0].key in BEGINS and max(fact.clock for fact in later) > earlier[0].clock and 2 * away < told


def _returns(facts: Sequence[Fact], place: int, away: int) -> bool:
    """Whether the time jumps by as much the other way nearby."""
    nearby = facts[max(0, place - AROUND) : place + AROUND]
    ahead = (fact.clock - before.clock for before, fact in pairwise(nearby))
    return any(abs(jump - away) <= BACK + away // 50 for jump in ahead)


def _goes_on(earlier: Sequence[Fact], later: Sequence[Fact]) -> bool:
    """Whether a process that began above speaks on below, so that what stands below is later."""
    begun = set(_processes(earlier, begins=True)) if max(f.clock for f in later) < earlier[0].clock else None
    spoke = set(_processes(earlier)) if begun is None else begun
    first = next((place for place, fact in enumerate(later) if fact.key in BEGINS), len(later))
    return not spoke.isdisjoint(_processes(later[:first]))


def _processes(facts: Sequence[Fact], *, begins: bool = False) -> Iterator[tuple[str, int]]:
    for fact in facts:
        if fact.pid is not None and fact.tag in SPEAKS and (not begins or fact.key in BEGINS):
            yield fact.tag, fact.pid
