"""The order of events and the timers they start leave only certain times: difference constraints, one set for each run.

The events of a run are numbered from 1; 0 is the moment it begins. A timer started at event j that ends at event i says
lo <= x[i] - x[j] <= hi, and no event comes later than a deadline it leaves running. Shortest paths solve them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hamodel.errors import CannotReplay
from hamodel.ir.semantics import Effect, enabled, initial_state, refire
from hamodel.ir.state import State
from hamodel.ir.system import Action, System
from hamodel.ir.trace import LogLine, Step, Trace

UNBOUNDED = 10**15
Matrix = list[list[int]]


@dataclass(frozen=True, slots=True)
class Constraint:
    """x[`later`] - x[`earlier`] <= `most`, and why."""

    later: int
    earlier: int
    most: int
    why: str


@dataclass(slots=True)
class Clock:
    """A running timer as its run knows it: the event that started it, its least length, its upper bounds."""

    since: int
    lo: int
    deadlines: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """A sequence of enabled events with the constraints on their times; the zone of a single trace."""

    system: System
    initial: State
    clocks: dict[str, Clock]
    logs: tuple[LogLine, ...] = ()
    names: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)

    @classmethod
    def begin(cls, system: System, start: State | None = None) -> Run:
        """A run from the initial state, or from a state `start` in which no clock runs."""
        if start is None:
            state, started, logs = initial_state(system)
            return cls(system, state, {t: Clock(0, lo, [(0, hi)]) for t, (lo, hi) in started.items()}, logs)
        near = [n for n in start.timers(system) if not _far(system, n)]
        if near:
            raise CannotReplay(f"a run cannot start where {', '.join(near)} runs: nobody knows how much of it is left")
        return cls(system, start, {n: Clock(0, 0) for n in start.timers(system)})

    @property
    def state(self) -> State:
        return self.effects[-1].state if self.effects else self.initial

    def allows(self, name: str) -> bool:
        """The event exists and is enabled; its time is another question."""
        index = self.system.action_index.get(name)
        return index is not None and enabled(self.system, self.state, self.system.actions[index])

    def step(self, name: str) -> None:
        """Append an event; `CannotReplay` where it is not enabled."""
        number = len(self.names) + 1
        if name not in self.system.action_index:
            raise CannotReplay(f"event {number}: {self.system.name} has no action called {name}")
        action = self.system.actions[self.system.action_index[name]]
        effect = refire(self.system, self.state, action)
        if effect is None:
            raise CannotReplay(f"event {number}, {name}, is not enabled", help=self._why_not(action))
        self._constrain(number, action)
        self._note_timers(number, effect)
        self.names.append(name)
        self.effects.append(effect)

    def _why_not(self, action: Action) -> str:
        if action.timer is None:
            return "its guard is false here" if self.system.may_happen(action) else "this scenario has switched it off"
        if action.timer not in self.state.timers(self.system):
            return f"its timer {action.timer} does not run"
        return f"its timer {action.timer} takes an hour or more and ends only where no nearer one runs"

    def _constrain(self, number: int, action: Action) -> None:
        add = self.constraints.append
        add(Constraint(number - 1, number, 0, f"event {number} does not come before event {number - 1}"))
        if action.timer is not None:
            clock = self.clocks[action.timer]
            add(Constraint(clock.since, number, -clock.lo, f"{action.timer} takes at least {clock.lo} ms"))
        if action.timer is not None and _far(self.system, action.timer):
            return
        for timer, clock in self.clocks.items():
            if not _far(self.system, timer):
                for event, hi in clock.deadlines:
                    add(Constraint(number, event, hi, f"{timer} ends at most {hi} ms after event {event}"))

    def _note_timers(self, number: int, effect: Effect) -> None:
        running = effect.state.timers(self.system)
        self.clocks = {t: c for t, c in self.clocks.items() if t in running}
        for timer, (lo, hi) in effect.started.items():
            self.clocks[timer] = Clock(number, lo, [(number, hi)])
        for timer, hi in effect.hastened.items():
            self.clocks[timer].deadlines.append((number, hi))

    def trace(self, times: Sequence[int] | None = None) -> Trace:
        """The evidence; without `times` the steps say only in which order."""
        moments: Sequence[int | None] = [None] * (len(self.names) + 1) if times is None else times
        steps = tuple(
            Step(name, at, effect.state, effect.logs, effect.rules)
            for name, at, effect in zip(self.names, moments[1:], self.effects, strict=True)
        )
        return Trace(self.system.name, self.initial, steps, self.logs)


def _far(system: System, timer: str) -> bool:
    return system.timers[system.timer_index[timer]].far


def run(system: System, names: Sequence[str], start: State | None = None) -> Run:
    """All events of `names` one after the other; whether their times can be met is asked of `closure`."""
    found = Run.begin(system, start)
    for name in names:
        found.step(name)
    return found


def closure(events: int, constraints: Sequence[Constraint]) -> Matrix | None:
    """The tightest bounds between all events, B[i][j] on x[i] - x[j]; None where no times fit."""
    size = range(events + 1)
    bounds = [[0 if i == j else UNBOUNDED for j in size] for i in size]
    for c in constraints:
        bounds[c.later][c.earlier] = min(bounds[c.later][c.earlier], c.most)
    for k in size:
        through = bounds[k]
        for i in size:
            first = bounds[i][k]
            if first < UNBOUNDED:
                row = bounds[i]
                for j in size:
                    if through[j] < UNBOUNDED and first + through[j] < row[j]:
                        row[j] = first + through[j]
    return bounds if all(bounds[i][i] >= 0 for i in size) else None
