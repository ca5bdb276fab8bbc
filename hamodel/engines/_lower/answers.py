"""An explored graph answers: which class shows it, along which events, and how much was exhausted.

Shared by every engine that lists classes. Reachability is asked under inclusion, runs that never end under equality.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from hamodel.engines._lower.claim import Claim
from hamodel.engines._lower.measured import Measured
from hamodel.errors import PropertyError
from hamodel.ir import constraints, schedule
from hamodel.ir.expr import Expr
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome, Verdict


class Found(Protocol):
    """What an exploration tells: enough to answer every kind of property."""

    sources: list[int]
    targets: list[int]
    actions: list[int]
    complete: bool
    seconds: float

    @property
    def classes(self) -> int: ...
    @property
    def edges(self) -> int: ...
    @property
    def measured(self) -> Mapping[str, Measured]: ...
    def state(self, index: int) -> State: ...
    def names(self, index: int) -> tuple[str, ...]: ...


class Explore(Protocol):
    def __call__(
        self,
        system: System,
        mode: str,
        limits: Limits,
        *,
        start: State | None = None,
        until: Callable[[State], bool] | None = None,
    ) -> Found: ...


@dataclass(frozen=True, slots=True)
class Question:
    """One property of one system, and who explores."""

    engine: str
    explore: Explore
    system: System
    prop: Property
    limits: Limits
    start: State | None

    def holds(self, formula: Expr, state: State) -> bool:
        return evaluate(self.system, state, formula) != 0

    def verdict(self, found: Found, outcome: Outcome, trace: Trace | None = None, reason: str = "") -> Verdict:
        return Verdict(self.prop.name, outcome, self.engine, found.classes, found.edges, found.seconds, trace, reason)

    def nothing_found(self, found: Found) -> Verdict:
        """No violation: a claim about all that was explored, vacuous where the interesting situation never came."""
        if not found.complete:
            return self.verdict(found, Outcome.BOUNDED, reason=f"the search ended after {found.classes} classes")
        witness = self.prop.witness
        if witness is not None and not any(self.holds(witness, found.state(i)) for i in range(found.classes)):
            return self.verdict(found, Outcome.VACUOUS, reason="the situation it speaks of is never reached")
        return self.verdict(found, Outcome.HOLDS)


def check(
    engine: str, explore: Explore, system: System, prop: Property, limits: Limits, start: State | None
) -> Verdict:
    """The verdict on one property; every trace in it is replayed and has the earliest times."""
    question = Question(engine, explore, system, prop, limits, start)
    match prop.kind:
        case PropertyKind.ALWAYS | PropertyKind.SOMETIMES:
            return _reachable(question)
        case PropertyKind.LEADS_TO:
            return _leads_to(question) if prop.within is None else _within(question, prop.within)
        case _:
            assert_never(prop.kind)


def _reachable(ask: Question) -> Verdict:
    wanted = ask.prop.kind is PropertyKind.SOMETIMES
    found = ask.explore(
        ask.system,
        "inclusion",
        ask.limits,
        start=ask.start,
        until=lambda state: ask.holds(ask.prop.formula, state) == wanted,
    )
    last = found.classes - 1
    if ask.holds(ask.prop.formula, found.state(last)) == wanted:
        trace = schedule.timed(ask.system, found.names(last), ask.start)
        return ask.verdict(found, Outcome.HOLDS if wanted else Outcome.VIOLATED, trace)
    if wanted:
        outcome = Outcome.VIOLATED if found.complete else Outcome.BOUNDED
        return ask.verdict(found, outcome, reason=f"not reached in {found.classes} classes")
    return ask.nothing_found(found)


def _within(ask: Question, within: int) -> Verdict:
    """A bound on a duration, read off the exact range of the measure that times it."""
    measure = next((m for m in ask.system.measures if m.name == ask.prop.measure), None)
    if measure is None:
        raise PropertyError(f"{ask.prop.name} has a bound but no measure of the system times it")
    system = ask.system
    if measure.switch in system.setting_value:
        system = system.with_settings(**{measure.switch: 1})
    found = ask.explore(system, "inclusion", ask.limits, start=ask.start)
    seen = found.measured[measure.name]
    ask = replace(ask, system=system)
    if seen.endless or (seen.hi is not None and seen.hi > within):
        return replace(
            ask.verdict(found, Outcome.VIOLATED, _longest(ask, found, seen, measure.timer), seen.endless),
            measured=seen.range(),
        )
    return replace(ask.nothing_found(found), measured=seen.range() if found.complete else None)


def _longest(ask: Question, found: Found, seen: Measured, stopwatch: str) -> Trace:
    """The trace that shows the longest duration: stretched between the steps that start and stop the watch."""
    names = found.names(seen.source)
    if seen.action >= 0:
        names = (*names, ask.system.actions[seen.action].name)
    run = constraints.run(ask.system, names, ask.start)
    starts = [i for i, effect in enumerate(run.effects, 1) if stopwatch in effect.started]
    span = None if seen.endless else (starts[-1] if starts else 0, len(names))
    return run.trace(schedule.earliest(run, span))


def _leads_to(ask: Question) -> Verdict:
    found = ask.explore(ask.system, "equality", ask.limits, start=ask.start)
    prop, states = ask.prop, [found.state(i) for i in range(found.classes)]
    over = [e for e in (prop.goal, prop.release) if e is not None]
    violation = Claim(
        found.sources,
        found.targets,
        raised=[ask.holds(prop.formula, s) for s in states],
        met=[any(ask.holds(e, s) for e in over) for s in states],
        resting=[s.quiescent(ask.system) for s in states],
    ).first_violation()
    if violation is None:
        return ask.nothing_found(found)
    names = [ask.system.actions[found.actions[e]].name for e in violation.edges]
    trace = replace(schedule.timed(ask.system, names, ask.start), loop=violation.loop)
    reason = "it waits for ever" if violation.loop is None else "it goes in a circle"
    return ask.verdict(found, Outcome.VIOLATED, trace, reason)
