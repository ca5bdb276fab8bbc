"""Going through a system by hand, in exact time: at each point only what can really happen next is offered, and when.

The past stays as open as it is: no times are chosen, only bounds between the events are kept, so nothing is lost by
having gone early or late. `take` with a time closes one of them. The constraints are those of `ir.constraints`, the
bounds are kept closed as events are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hamodel.errors import CannotReplay
from hamodel.ir.constraints import UNBOUNDED, Clock, Constraint, Matrix, Run
from hamodel.ir.schedule import earliest
from hamodel.ir.state import State
from hamodel.ir.system import Action, System
from hamodel.ir.trace import LogLine, Trace


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that can be next, and the times it can have, in ms since the walk began and since the last event."""

    action: Action
    earliest: int
    latest: int | None
    after: int
    within: int | None


@dataclass(frozen=True, slots=True)
class _Point:
    run: Run
    bounds: Matrix


class Walk:
    """One walk; every point passed is kept, so undoing is exact."""

    def __init__(self, system: System, start: State | None = None) -> None:
        self.system = system
        self.points = [_Point(Run.begin(system, start), [[0]])]

    @property
    def state(self) -> State:
        return self.points[-1].run.state

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.points[-1].run.names)

    @property
    def logs(self) -> tuple[LogLine, ...]:
        """What was logged in the last step."""
        run = self.points[-1].run
        return run.effects[-1].logs if run.effects else run.logs

    def before(self) -> Walk | None:
        """The same walk one event earlier."""
        if len(self.points) == 1:
            return None
        earlier = Walk.__new__(Walk)
        earlier.system, earlier.points = self.system, self.points[:-1]
        return earlier

    def now(self) -> tuple[int, int | None]:
        """When the last event can have been, in ms since the walk began."""
        return _window(self.points[-1].bounds, 0)

    def clocks(self) -> tuple[tuple[str, int, int | None], ...]:
        """The running timers, and how long after the last event each would end if nothing stopped it."""
        point = self.points[-1]
        last = len(point.run.names)
        found = []
        for timer in self.state.timers(self.system):
            clock = point.run.clocks[timer]
            lows, highs = (
                point.bounds[last][clock.since],
                [
                    point.bounds[event][last] + hi
                    for event, hi in clock.deadlines
                    if point.bounds[event][last] < UNBOUNDED
                ],
            )
            far = self.system.timers[self.system.timer_index[timer]].far
            found.append((timer, max(0, clock.lo - lows), None if far or not highs else min(highs)))
        return tuple(found)

    def offers(self) -> tuple[Offer, ...]:
        """Everything that can happen next, in the system's order."""
        found = []
        for action in self.system.actions:
            point = self._after(action.name, None)
            if point is not None:
                first, last = _window(point.bounds, 0)
                after, within = _window(point.bounds, len(point.run.names) - 1)
                found.append(Offer(action, first, last, after, within))
        return tuple(found)

    def take(self, name: str, at: int | None = None) -> None:
        """Go on with this event, at that time where one is given; CannotReplay where it cannot be."""
        if name not in self.system.action_index:
            raise CannotReplay(f"{self.system.name} has no action called {name}")
        if not self.points[-1].run.allows(name):
            raise CannotReplay(f"{name} is not enabled here")
        point = self._after(name, at)
        if point is None:
            when = "" if at is None else f" at {at} ms"
            raise CannotReplay(f"{name} cannot happen next{when}: something else is due before it, or its timer is not")
        self.points.append(point)

    def undo(self) -> bool:
        """Back to the point before the last event; False at the beginning."""
        if len(self.points) == 1:
            return False
        self.points.pop()
        return True

    def trace(self) -> Trace:
        """The walk as evidence, each event as early as can be."""
        run = self.points[-1].run
        return run.trace(earliest(run))

    def _after(self, name: str, at: int | None) -> _Point | None:
        point = self.points[-1]
        if not point.run.allows(name):
            return None
        number = len(point.run.names) + 1
        pins = () if at is None else (
            Constraint(number, 0, at, f"event {number} was chosen to be at {at} ms"),
            Constraint(0, number, -at, f"event {number} was chosen to be at {at} ms"),
        )  # fmt: skip
        bounds = _grown(point.bounds, [*_before(point.run, name), *pins])
        if bounds is None:
            return None
        run = _fork(point.run)
        run.step(name)
        run.constraints.extend(pins)
        return _Point(run, bounds)


def _before(run: Run, name: str) -> list[Constraint]:
    """When the event could be. Its effect is not asked for: where time forbids it, it may be beyond the model."""
    trial = _fork(run)
    trial.constraints.clear()
    trial._constrain(len(run.names) + 1, run.system.actions[run.system.action_index[name]])
    return trial.constraints


def _fork(run: Run) -> Run:
    clocks = {t: Clock(c.since, c.lo, list(c.deadlines)) for t, c in run.clocks.items()}
    return Run(run.system, run.initial, clocks, run.logs, list(run.names), list(run.effects), list(run.constraints))


def _window(bounds: Matrix, since: int) -> tuple[int, int | None]:
    last = len(bounds) - 1
    most = bounds[last][since]
    return -bounds[since][last], most if most < UNBOUNDED else None


def _grown(bounds: Matrix, constraints: Sequence[Constraint]) -> Matrix | None:
    """Closed bounds with one event more; every new constraint speaks of it. None where no times are left."""
    new = len(bounds)
    size = range(new)
    above, below = [UNBOUNDED] * new, [UNBOUNDED] * new
    for c in constraints:
        if c.later == new:
            above[c.earlier] = min(above[c.earlier], c.most)
        else:
            below[c.later] = min(below[c.later], c.most)
    above = [min(_sum(above[k], bounds[k][j]) for k in size) for j in size]
    below = [min(_sum(bounds[i][k], below[k]) for k in size) for i in size]
    if any(_sum(above[j], below[j]) < 0 for j in size):
        return None
    grown = [[min(bounds[i][j], _sum(below[i], above[j])) for j in size] + [below[i]] for i in size]
    return [*grown, [*above, 0]]


def _sum(one: int, other: int) -> int:
    """No bound and something is still no bound."""
    return UNBOUNDED if one >= UNBOUNDED or other >= UNBOUNDED else one + other
