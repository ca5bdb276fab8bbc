"""Runs that one configuration allows and another does not: the evidence of the one is replayed in the other.

A run is a list of events. The other configuration either lacks one of them, or does not let it happen there, or not at
that time; or it allows all of them and the claim holds all the same. Each of these is a reason a person can check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.checking.case import BOOT, Case
from hamodel.checking.compiled import Compiled
from hamodel.checking.examine import cast_of
from hamodel.checking.search import BootUnfinished, steady_starts, with_budget
from hamodel.errors import CannotReplay, EngineLimit
from hamodel.ir import schedule
from hamodel.ir.difference import Only
from hamodel.ir.expr import Expr
from hamodel.ir.observe import observe, switch_of
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Report, Result
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.bind import bind
from hamodel.properties.words import Definition
from hamodel.renderers.story import tell

LATE = "late["


@dataclass(frozen=True, slots=True)
class Other:
    """The configuration in which runs of the first are tried."""

    case: Case
    definitions: Mapping[str, Definition]
    home: Case
    """The configuration the runs come from."""


def only(first: Report, second: Report, other: Other, *, in_new: bool) -> Only | None:
    """The shortest broken claim of the first report whose run the other configuration does not allow.

    Claims that hold there come first: their runs are the difference one asks about.
    """
    outcomes = {r.name: r.outcome for r in second.results}
    shown = [r for r in first.results if r.outcome is Outcome.VIOLATED and r.trace is not None and r.story]

    def order(result: Result) -> tuple[bool, int, int]:
        faults = sum(n for _, n in result.faults_used)
        return (outcomes.get(result.name) is Outcome.VIOLATED, faults, len(result.story))

    for result in sorted(shown, key=order):
        found = _tried(result, other, in_new=in_new)
        if found is not None:
            return found
    return None


def _tried(result: Result, other: Other, *, in_new: bool) -> Only | None:
    assert result.trace is not None
    names = [name for name in result.trace.names() if not name.startswith(LATE)]
    faults = sum(n for _, n in result.faults_used)
    system, formulas = _observed(other, result)
    system = with_budget(system, max(faults, 1))
    known = next((i for i, name in enumerate(names) if name not in system.action_index), len(names))
    best: tuple[int, str, tuple[str, ...]] | None = None
    try:
        starts = _starts(other.case, system)
    except (BootUnfinished, EngineLimit):
        return None
    for start in starts:
        stop = _stop(system, names, known, start)
        if stop is None and not formulas:
            return None
        if stop is None:
            trace = schedule.timed(system, names, start)
            if any(evaluate(system, trace.last(), formula) == 0 for formula in formulas):
                return None
            stop = (len(names), "every event happens there too, and the claim holds all the same", ())
        if best is None or stop[0] > best[0]:
            best = stop
    if best is None:
        return None
    after, stops, reasons = best
    missing = _next(result.trace, other.home, after) if after < len(names) else ""
    return Only(result.name, in_new, result.faults_used, result.story, after, missing, stops, reasons)


def _next(trace: Trace, home: Case, after: int) -> str:
    """The first sentence about the event that comes after so many, or its name."""
    steps = tuple(step for step in trace.steps if not step.action.startswith(LATE))
    told = [
        tell(home.system, replace(trace, steps=steps[:count], loop=None), cast_of(home)) for count in (after, after + 1)
    ]
    fresh = [line for line in told[1] if line not in told[0]]
    if not fresh:
        return steps[after].action
    return f"{fresh[0].node} {fresh[0].text}".strip()


def _stop(
    system: System, names: Sequence[str], known: int, start: State | None
) -> tuple[int, str, tuple[str, ...]] | None:
    """How many events happen, and why the next does not; None where all do."""
    low, high = 0, known
    try:
        schedule.timed(system, names[:known], start)
        low = known
    except CannotReplay:
        while high - low > 1:
            middle = (low + high) // 2
            try:
                schedule.timed(system, names[:middle], start)
                low = middle
            except CannotReplay:
                high = middle
    if low == known == len(names):
        return None
    if low == known:
        return low, f"there is no `{names[known]}`", ()
    try:
        schedule.timed(system, names[: low + 1], start)
    except CannotReplay as refusal:
        return low, refusal.message, tuple(refusal.seen)
    return None


def _starts(case: Case, system: System) -> Sequence[State | None]:
    if case.start == BOOT:
        return (None,)
    return steady_starts(Compiled(), system, Limits(), lambda *_: None)


def _observed(other: Other, result: Result) -> tuple[System, list[Expr]]:
    """The system with what the claim remembers, and the claim as formulas where single states decide it."""
    definition = other.definitions.get(result.name)
    system = other.case.system
    if definition is None or result.kind is not PropertyKind.ALWAYS:
        return system, []
    bound = bind(definition, system, other.case.layout, other.case.taken)
    if bound.skipped:
        return system, []
    system = observe(system, bound.requests)
    switches = {switch_of(m.switch or m.name): 1 for m in bound.memories}
    return (system.with_settings(**switches) if switches else system), [p.formula for p in bound.properties]
