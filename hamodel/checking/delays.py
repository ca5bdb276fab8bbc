"""Why does it hold: whatever the delays, or because of these?

What holds in exact time is asked again of the untimed abstraction, where a running timer may end at any moment. If it
holds there too, no option that is a time can break it; if not, the delays of this configuration are what it rests on.
"""

from __future__ import annotations

from dataclasses import replace

from hamodel.checking.case import BOOT
from hamodel.checking.faultsets import without
from hamodel.checking.ladder import Ladder
from hamodel.checking.search import steady_starts, with_budget
from hamodel.checking.standing import Standing, remembering
from hamodel.engines.explicit import ExplicitEngine
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Result
from hamodel.ir.verdict import Outcome

MOST_STATES = 4_000_000
"""The abstraction of a large scenario is not explored to its end for a remark in a table."""
WHATEVER = "whatever the delays"
THESE = "because of these delays"
UNKNOWN = "with these delays; others not explored"


def told(ladder: Ladder, standing: Standing, result: Result, budget: int) -> Result:
    """The result with the answer as its reason, where it is an `always` that holds."""
    if result.outcome is not Outcome.HOLDS or result.kind is not PropertyKind.ALWAYS:
        return result
    return replace(result, reason=_reason(ladder, standing, budget))


def _reason(ladder: Ladder, standing: Standing, budget: int) -> str:
    system = without(with_budget(ladder.system, budget), standing.bound.without)
    starts = (None,) if ladder.case.start == BOOT else steady_starts(
        ladder.searcher, system, ladder.clock.rest(), ladder.progress
    )  # fmt: skip
    system = remembering(system, [standing])
    rest = ladder.clock.rest()
    limits = replace(rest, classes=min(rest.classes, MOST_STATES))
    engine = ExplicitEngine()
    ladder.progress(f"{standing.bound.name} with other delays", 0)
    found = [
        engine.breaks_with_other_delays(
            system, prop, limits, start, tell=lambda states, _edges, _seconds: ladder.progress("", states)
        )
        for start in starts
        for prop in standing.bound.properties
    ]
    if any(found):
        return THESE
    return WHATEVER if all(breaks is False for breaks in found) else UNKNOWN
