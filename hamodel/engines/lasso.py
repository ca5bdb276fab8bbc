"""A lasso is gone through by the reference: in, round and round until its classes repeat, and nothing owed left undone.

What an engine says about a run that never ends rests on a circle in its graph. Here there is no graph: the events alone
are taken, with the zones of the reference. Once a round begins in clock readings that include those of an earlier round
the loop can be taken for ever. On those rounds the promise must not be met, every fairness constraint must be, and time
must go on: no timer just runs on, and in some class time can pass. `certify.period` finds the moments of such a loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hamodel.engines._lower.time_goes_on import can_pass
from hamodel.engines._lower.zones import Zone, canonical, first_zone, rows, successor
from hamodel.errors import CannotReplay
from hamodel.ir.fairness import Strength, named
from hamodel.ir.property import Property
from hamodel.ir.semantics import Effect, evaluate, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace

MOST_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Visit:
    """A class on the way: its state, its zone, and the step that led into it."""

    state: State
    zone: Zone
    action: int = -1
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Lasso:
    """What was found out about a lasso. `rounds` 0: it ends where nothing happens any more."""

    rounds: int
    """After so many rounds the loop begins as it began before, or wider."""
    again: tuple[Visit, ...] = ()
    """The classes of the rounds that repeat; the first is where they begin, the last where they begin again."""


def demand(system: System, trace: Trace, start: State | None = None, prop: Property | None = None) -> Lasso:
    """What can be said of this trace as a run that never ends; with `prop`, also that it breaks this promise.

    Raises CannotReplay where it does not close, time does not go on, or the promise is kept or not owed.
    """
    way = [_first(system, start)]
    names = trace.names()
    for number, name in enumerate(names[: trace.loop], 1):
        way.append(_step(system, way[-1], name, number))
    if prop is not None:
        _never_met(system, trace, prop)
    if trace.loop is None:
        _rests(system, way[-1], prop)
        return Lasso(0)
    found = _rounds(system, way[-1], names[trace.loop :], trace.loop)
    _time_goes_on(system, found.again)
    if prop is not None:
        _is_fair(system, found.again, prop)
    return found


def _first(system: System, start: State | None) -> Visit:
    if start is not None:
        return Visit(start, first_zone(system, start, {}))
    state, started, _ = initial_state(system)
    return Visit(state, first_zone(system, state, started))


def _step(system: System, before: Visit, name: str, number: int) -> Visit:
    index = system.action_index.get(name)
    reached = None if index is None else successor(system, before.state, before.zone, system.actions[index])
    if index is None or reached is None:
        raise CannotReplay(f"event {number}, {name}, cannot happen here")
    return Visit(reached.effect.state, reached.zone, index, reached.effect)


def _rounds(system: System, head: Visit, names: Sequence[str], loop: int) -> Lasso:
    if not names:
        raise CannotReplay("the loop of this lasso has no event")
    begun, visits = [_row(system, head)], [head]
    for turn in range(1, MOST_ROUNDS + 1):
        for place, name in enumerate(names, 1):
            visits.append(_step(system, visits[-1], name, loop + (turn - 1) * len(names) + place))
        if visits[-1].state != head.state:
            raise CannotReplay("the loop does not come back to the state in which it begins")
        row = _row(system, visits[-1])
        for earlier, before in enumerate(begun):
            if all(now >= then for now, then in zip(row, before, strict=True)):
                return Lasso(turn, tuple(visits[earlier * len(names) :]))
        begun.append(row)
    raise CannotReplay(f"the clocks of the loop do not repeat within {MOST_ROUNDS} rounds")


def _row(system: System, visit: Visit) -> tuple[int, ...]:
    return canonical(visit.zone, rows(system, visit.state))


def _never_met(system: System, trace: Trace, prop: Property) -> None:
    states = [trace.initial, *(step.state for step in trace.steps)]
    over = [e for e in (prop.goal, prop.release) if e is not None]
    last = max((i for i, s in enumerate(states) if any(evaluate(system, s, e) for e in over)), default=-1)
    if last >= (len(states) - 1 if trace.loop is None else trace.loop):
        raise CannotReplay("what was promised comes, or is released, on the loop")
    if not any(evaluate(system, state, prop.formula) for state in states[last + 1 :]):
        raise CannotReplay("nothing is promised on this run that does not come")


def _rests(system: System, last: Visit, prop: Property | None) -> None:
    if not last.state.quiescent(system):
        raise CannotReplay(f"the run does not end here: {', '.join(last.state.timers(system))} still runs")
    for each in () if prop is None else prop.fairness:
        for index in named(system, each):
            if _possible(system, last, index):
                raise CannotReplay(f"{system.actions[index].name} stays possible for ever: {each}")


def _possible(system: System, visit: Visit, index: int) -> bool:
    return successor(system, visit.state, visit.zone, system.actions[index]) is not None


def _time_goes_on(system: System, visits: Sequence[Visit]) -> None:
    taken = {visit.action for visit in visits[1:]}
    for index, timer in enumerate(system.timers):
        anew = any(visit.effect is not None and timer.name in visit.effect.started for visit in visits[1:])
        runs_on = not anew and all(visit.state.running[index] for visit in visits)
        ends = {i for i, a in enumerate(system.actions) if a.timer == timer.name}
        if timer.stopwatch or not runs_on or ends & taken:
            continue
        if not timer.far or any(_possible(system, visit, i) for visit in visits for i in ends):
            raise CannotReplay(f"the loop cannot be taken for ever: {timer.name} runs on and would end")
    if not any(can_pass(system, visit.state, visit.zone) for visit in visits):
        raise CannotReplay("the loop takes no time at all")


def _is_fair(system: System, visits: Sequence[Visit], prop: Property) -> None:
    taken = {visit.action for visit in visits[1:]}
    for each in prop.fairness:
        for index in named(system, each):
            possible = [_possible(system, visit, index) for visit in visits]
            put_off = any(possible) if each.strength is Strength.STRONG else all(possible)
            if put_off and index not in taken:
                raise CannotReplay(f"{system.actions[index].name} is put off for ever on the loop: {each}")
