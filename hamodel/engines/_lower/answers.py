"""An explored graph answers: which class shows it, along which events, and how much was exhausted.

Shared by every engine that lists classes. Reachability is asked under inclusion, runs that never end under equality
(see `pending` for why not under inclusion).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, assert_never

from hamodel.engines._lower.circle import Due, everywhere, nowhere
from hamodel.engines._lower.claim import Claim
from hamodel.engines._lower.fair import provided, time_stops, watched_for_ever
from hamodel.engines._lower.measured import Measured
from hamodel.engines._lower.time_goes_on import can_pass, starts
from hamodel.engines._lower.zones import Zone
from hamodel.errors import PropertyError
from hamodel.ir import constraints, schedule
from hamodel.ir.expr import Expr
from hamodel.ir.fairness import Strength, named
from hamodel.ir.observe import unobserved
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
    zones: list[Zone]
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
    ask = replace(ask, system=unobserved(ask.system))
    found = ask.explore(ask.system, "equality", ask.limits, start=ask.start)
    if not found.complete:
        return ask.nothing_found(found)
    prop, states = ask.prop, [found.state(i) for i in range(found.classes)]
    for index, timer in enumerate(ask.system.timers):
        if timer.stopwatch and any(state.running[index] for state in states):
            raise watched_for_ever(timer.name)
    over = [e for e in (prop.goal, prop.release) if e is not None]
    claim = Claim(
        found.sources,
        found.targets,
        raised=[ask.holds(prop.formula, s) for s in states],
        met=[any(ask.holds(e, s) for e in over) for s in states],
        resting=[s.quiescent(ask.system) for s in states],
        dues=_dues(ask, found, states),
    )
    violation = claim.first_violation()
    details = provided(ask.system, prop.fairness)
    if violation is None:
        if claim.trap:
            raise time_stops(found.names(min(claim.trap)))
        return replace(ask.nothing_found(found), details=details)
    names = [ask.system.actions[found.actions[e]].name for e in violation.edges]
    trace = replace(schedule.timed(ask.system, names, ask.start), loop=violation.loop)
    reason = "it waits for ever" if violation.loop is None else "it goes in a circle"
    return replace(ask.verdict(found, Outcome.VIOLATED, trace, reason), details=details)


def _dues(ask: Question, found: Found, states: Sequence[State]) -> list[Due]:
    """Everything a run must do again and again to count, listed in full: time goes on, and the fairness assumed."""
    system, taken = ask.system, found.actions
    possible: dict[int, set[int]] = {}
    for source, action in zip(found.sources, taken, strict=True):
        possible.setdefault(action, set()).add(source)
    dues = [Due("time passes", everywhere, lambda n: can_pass(system, states[n], found.zones[n]), nowhere)]
    for index, timer in enumerate(system.timers):
        if timer.stopwatch:
            continue
        own = {i for i, a in enumerate(system.actions) if a.timer == timer.name}
        ends = set().union(*(possible.get(i, set()) for i in own))
        anew = {
            e
            for e, (source, action) in enumerate(zip(found.sources, taken, strict=True))
            if action in own or starts(system, states[source], system.actions[action], timer.name)
        }
        owed = ends.__contains__ if timer.far else everywhere
        dues.append(Due(timer.name, owed, partial(_is_off, states, index), anew.__contains__))
    for each in ask.prop.fairness:
        for i in named(system, each):
            can, does = possible.get(i, set()), {e for e, action in enumerate(taken) if action == i}
            weak = each.strength is Strength.WEAK
            dues.append(
                Due(
                    str(each),
                    everywhere if weak else can.__contains__,
                    partial(_is_not_in, can) if weak else nowhere,
                    does.__contains__,
                )
            )
    return dues


def _is_off(states: Sequence[State], timer: int, number: int) -> bool:
    return not states[number].running[timer]


def _is_not_in(numbers: set[int], number: int) -> bool:
    return number not in numbers
