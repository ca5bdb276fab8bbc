"""A trace is certified by z3, which knows no zones: deadlines are unknowns, and the events must leave each a value.

`schedule` reasons in differences between events; here every start of a timer is an unknown deadline of its own.
Both must agree before a trace is shown. Of a lasso z3 has to find the moments of a loop that repeats itself for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import z3

from hamodel.errors import EnginesDisagree
from hamodel.ir.constraints import run
from hamodel.ir.semantics import Started, initial_state, refire
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace


@dataclass(frozen=True, slots=True)
class Certificate:
    """What z3 found. `times`: the given times are possible (None: the trace has none); `order`: some times are."""

    events: int
    order: bool
    times: bool | None
    conflict: tuple[str, ...] = ()
    """Claims that exclude each other, where something is not possible."""

    @property
    def valid(self) -> bool:
        return self.order and self.times is not False


def certify(system: System, trace: Trace) -> Certificate:
    """Check a trace from its names, times and states alone; `EnginesDisagree` if its events lead to other states."""
    solver = z3.SolverFor("QF_LIA")
    moments = _Deadlines(system, trace, solver).constrain()
    order = solver.check() == z3.sat
    if not order:
        return Certificate(len(trace.steps), False, None, _conflict(solver))
    given = [step.at for step in trace.steps]
    if None in given:
        return Certificate(len(trace.steps), True, None)
    solver.push()
    for number, (moment, at) in enumerate(zip(moments[1:], given, strict=True), 1):
        solver.assert_and_track(moment == at, f"event {number} is at {at} ms")
    times = solver.check() == z3.sat
    return Certificate(len(trace.steps), True, times, () if times else _conflict(solver))


def demand(system: System, trace: Trace) -> Certificate:
    """The certificate of a trace that must be valid: `EnginesDisagree` otherwise."""
    certificate = certify(system, trace)
    if not certificate.valid:
        raise EnginesDisagree("z3 finds a trace impossible that the schedule allows", seen=certificate.conflict)
    return certificate


def _conflict(solver: z3.Solver) -> tuple[str, ...]:
    return tuple(sorted(str(claim) for claim in solver.unsat_core()))


class _Deadlines:
    """The claims of one trace: one unknown moment for each event, one unknown deadline for each start of a timer."""

    def __init__(self, system: System, trace: Trace, solver: z3.Solver) -> None:
        self.system, self.trace, self.solver = system, trace, solver
        self.far = {t.name for t in system.timers if t.far}
        self.moments = [z3.Int(f"event{i}") for i in range(len(trace.steps) + 1)]
        self.deadline: dict[str, z3.ArithRef] = {}
        self.claims = 0

    def claim(self, formula: z3.BoolRef, text: str) -> None:
        self.claims += 1
        self.solver.assert_and_track(formula, f"{self.claims}: {text}")

    def constrain(self) -> Sequence[z3.ArithRef]:
        self.solver.add(self.moments[0] == 0)
        state = self.begin()
        for before, after in pairwise(self.moments):
            self.claim(before <= after, "events are in order")
        for number, step in enumerate(self.trace.steps, 1):
            state = self.event(number, state)
            if state != step.state:
                raise EnginesDisagree(f"event {number}, {step.action}, does not lead to the state of the trace")
        return self.moments

    def begin(self) -> State:
        state, started, _ = initial_state(self.system)
        if state == self.trace.initial:
            self.draw(0, started)
        return self.trace.initial

    def event(self, number: int, state: State) -> State:
        action = self.system.actions[self.system.action_index[self.trace.steps[number - 1].action]]
        effect = refire(self.system, state, action)
        if effect is None:
            raise EnginesDisagree(f"event {number}, {action.name}, is not enabled")
        now = self.moments[number]
        own = action.timer
        if own is not None and own not in self.far:
            self.claim(now == self.deadline[own], f"{action.name} comes when {own} ends")
        if own not in self.far:
            for timer, deadline in self.deadline.items():
                self.claim(now <= deadline, f"event {number} does not come after {timer} ends")
        running = effect.state.timers(self.system)
        self.deadline = {t: d for t, d in self.deadline.items() if t in running}
        self.draw(number, effect.started)
        for timer, hi in effect.hastened.items():
            if timer not in self.far:
                self.claim(self.deadline[timer] <= now + hi, f"{timer} ends within {hi} ms of event {number}")
        return effect.state

    def draw(self, number: int, started: Started) -> None:
        for timer, (lo, hi) in started.items():
            if timer not in self.far:
                deadline = z3.Int(f"{timer}@{number}")
                now = self.moments[number]
                self.claim(z3.And(now + lo <= deadline, deadline <= now + hi), f"{timer} takes [{lo}, {hi}]")
                self.deadline[timer] = deadline


def period(system: System, trace: Trace, rounds: int, start: State | None = None) -> Fraction:
    """A time, in ms and more than 0, after which the loop of a lasso repeats itself for ever, moment by moment.

    The events in, `rounds` rounds as they come, and two more of which the second is the first, put off by the period:
    since no deadline lasts longer than a round, all further rounds are copies. `EnginesDisagree` where there is none.
    """
    if trace.loop is None:
        raise ValueError("a trace without a loop has no period")
    names = trace.names()
    loop = names[trace.loop :]
    found = run(system, [*names[: trace.loop], *loop * (rounds + 2)], start)
    count, solver, length = len(found.names), z3.SolverFor("QF_LRA"), z3.Real("period")
    moments = [z3.Real(f"event{i}") for i in range(count + 1)]
    solver.add(moments[0] == 0, length > 0)
    for claim in found.constraints:
        solver.add(moments[claim.later] - moments[claim.earlier] <= claim.most)
    for number in range(count - len(loop) + 1, count + 1):
        solver.add(moments[number] == moments[number - len(loop)] + length)
    late = [t for t, c in found.clocks.items() if c.since <= count - len(loop) and not _is_far(system, t)]
    if late or solver.check() != z3.sat:
        why = f"{', '.join(late)} runs on" if late else "no times repeat for ever"
        raise EnginesDisagree("z3 finds no time in which the loop of a lasso repeats", seen=[why])
    return Fraction(str(solver.model()[length]))


def _is_far(system: System, timer: str) -> bool:
    return system.timers[system.timer_index[timer]].far
