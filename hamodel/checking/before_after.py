"""Two configurations side by side: what a full check says of each property before and after."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.ir.repairs import Effect, Standing, Trend
from hamodel.ir.report import Report, Result
from hamodel.ir.verdict import Outcome, Range

FOR_EVER = 10**12
GOOD = {Outcome.HOLDS: 2, Outcome.VIOLATED: 0}


def standing(result: Result) -> Standing:
    """What is compared of a result."""
    ways = tuple((way.faults, way.length) for way in result.ways)
    return Standing(result.name, result.outcome, result.reason, ways, result.measured)


def standings(report: Report) -> dict[str, Standing]:
    """Every property of a report, those without anything to say included."""
    found = {r.name: standing(r) for r in report.results}
    return found | {s.name: Standing(s.name, None, s.reason) for s in report.skipped if s.name not in found}


def effects(before: Report, after: Report, first: Sequence[str]) -> tuple[Effect, ...]:
    """Every property that is not the same any more; those of the question come first."""
    old, new = standings(before), standings(after)
    names = sorted({*old, *new}, key=lambda n: (n not in first, n))
    found = []
    for name in names:
        one, two = (side.get(name, Standing(name, None)) for side in (old, new))
        trend = compared(one, two)
        if trend is not None:
            found.append(Effect(one, two, trend))
    return tuple(found)


def compared(before: Standing, after: Standing) -> Trend | None:
    """Whether a property is better or worse than before; None: the same.

    First the verdict counts; then how many faults it takes, in how many ways, how long it lasts, and how long a promise
    takes at most: what is better in one and worse in another is neither.
    """
    if before.outcome is None or after.outcome is None:
        return None if before.outcome is after.outcome else Trend.OTHER
    if {before.outcome, after.outcome} == {Outcome.HOLDS, Outcome.VACUOUS}:
        return Trend.OTHER
    if before.outcome is not after.outcome:
        return Trend.BETTER if GOOD.get(after.outcome, 1) > GOOD.get(before.outcome, 1) else Trend.WORSE
    pairs = (
        (-before.faults, -after.faults),
        (len(before.ways), len(after.ways)),
        (lasting(before), lasting(after)),
        (longest(before.measured), longest(after.measured)) if _both_timed(before, after) else (0, 0),
    )
    trends = {Trend.BETTER if two < one else Trend.WORSE for one, two in pairs if one != two}
    if len(trends) > 1:
        return Trend.OTHER
    return trends.pop() if trends else None


def _both_timed(before: Standing, after: Standing) -> bool:
    """Of what holds a time can only be compared where both have one: without one its goal never had to come."""
    return before.outcome is not Outcome.HOLDS or (before.measured is not None and after.measured is not None)


def lasting(standing: Standing) -> int:
    """The longest time for which it is broken."""
    return max((longest(length) for _, length in standing.ways), default=0)


def longest(length: Range | None) -> int:
    """The upper end of a range; what was not measured or has no end is for ever."""
    return FOR_EVER if length is None or length.hi is None else length.hi


def rank(found: Sequence[Standing]) -> tuple[int, ...]:
    """The size of a violation: the lesser tuple is the smaller one."""
    broken = [s for s in found if s.outcome is not Outcome.HOLDS]
    endless = sum(1 for s in broken for _, length in s.ways if longest(length) == FOR_EVER)
    times = sum(longest(length) for s in broken for _, length in s.ways if longest(length) < FOR_EVER)
    return (
        len(broken),
        -min((s.faults for s in broken), default=0),
        endless,
        sum(len(s.ways) for s in broken),
        times,
    )
