"""What a run of an explored graph must do again and again to count: let time go on, and be fair where that is assumed.

Whether a timer is started by a step, and whether time can pass in a class, the compiled engine does not store. The
reference semantics is asked, one class or step at a time, and only where the answer is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hamodel.engines._lower.arrays import Bits, Numbers
from hamodel.engines._lower.components import Duty
from hamodel.engines._lower.exploration import Exploration
from hamodel.engines._lower.layout import FAR, NEAR
from hamodel.engines._lower.time_goes_on import Starters, can_pass, starts
from hamodel.engines._lower.zones import Zone, first_zone, successor
from hamodel.errors import EngineLimit
from hamodel.ir.fairness import Fairness, Strength, named
from hamodel.ir.semantics import initial_state
from hamodel.ir.state import State

MOST_ASKED = 30_000
"""Steps and classes for which the reference semantics is asked, a minute or so; beyond it the verdict is unknown."""


class Questions:
    """The reference semantics on the classes of one exploration, each question once."""

    def __init__(self, found: Exploration) -> None:
        self.found, self.system, self.starters = found, found.system, Starters(found.system)
        assert found.sources is not None
        assert found.targets is not None
        assert found.actions is not None
        self.sources, self.targets, self.actions = found.sources, found.targets, found.actions
        self.asked = 0
        self._started: dict[tuple[int, str], bool] = {}
        self._zones: dict[int, tuple[State, Zone]] = {}

    def _count(self) -> None:
        self.asked += 1
        if self.asked > MOST_ASKED:
            raise EngineLimit(
                f"whether time goes on was asked {MOST_ASKED} times, and the answer is still open",
                help="a smaller fault budget, or fewer kinds of faults",
            )

    def starts(self, timer: str, edge: int) -> bool:
        """Whether a step starts the timer anew."""
        action = self.system.actions[int(self.actions[edge])]
        if not self.starters.may_start(action, timer):
            return False
        if (edge, timer) not in self._started:
            self._count()
            self._started[edge, timer] = starts(self.system, self.found.state(int(self.sources[edge])), action, timer)
        return self._started[edge, timer]

    def can_pass(self, number: int) -> bool:
        """Whether time can pass in a class."""
        return can_pass(self.system, *self.zone(number))

    def zone(self, number: int) -> tuple[State, Zone]:
        """A class as the reference knows it: gone to, step by step, along the way on which it was found."""
        todo = [number]
        while todo[-1] not in self._zones and self.found.parent[todo[-1]] >= 0:
            todo.append(int(self.found.parent[todo[-1]]))
        for each in reversed(todo):
            if each not in self._zones:
                self._count()
                self._zones[each] = self._after(each)
        return self._zones[number]

    def _after(self, number: int) -> tuple[State, Zone]:
        before = int(self.found.parent[number])
        if before < 0:
            if self.found.starts:
                state = self.found.state(number)
                return state, first_zone(self.system, state, {})
            state, started, _ = initial_state(self.system)
            return state, first_zone(self.system, state, started)
        action = self.system.actions[int(self.found.via[number])]
        reached = successor(self.system, *self._zones[before], action)
        assert reached is not None, f"the reference does not take the step {action.name} of the engine"
        return reached.effect.state, reached.zone


def time_goes_on(ask: Questions) -> Iterator[Duty]:
    """The duties of time (see `time_goes_on`)."""
    layout, states = ask.found.layout, ask.found.states
    near = np.array([layout.running + i for i, kind in enumerate(layout.kinds) if kind == NEAR], np.intp)

    def idle(nodes: Numbers) -> Bits:
        running: Bits = np.asarray(states[nodes[:, None], near].any(axis=1))
        return ~running

    yield Duty("time passes", None, idle, _no, ask.can_pass, sign=("time",))
    for timer, kind in zip(ask.system.timers, layout.kinds, strict=True):
        if kind in (NEAR, FAR):
            yield _of_timer(ask, timer.name, kind == FAR)


def _of_timer(ask: Questions, timer: str, far: bool) -> Duty:
    states, column = ask.found.states, ask.found.layout.flag(timer)
    own = np.array([action.timer == timer for action in ask.system.actions], np.bool_)
    ends = _sources(ask, own) if far else None
    return Duty(
        timer,
        None if ends is None else lambda nodes: ends[nodes],
        lambda nodes: states[nodes, column] == 0,
        lambda edges: own[ask.actions[edges]],
        late_on=lambda edge: ask.starts(timer, edge),
        sign=("runs", timer),
    )


def _sources(ask: Questions, actions: Bits) -> Bits:
    """The classes in which one of these actions is possible."""
    found = np.zeros(ask.found.classes, np.bool_)
    found[ask.sources[actions[ask.actions]]] = True
    return found


def assumed(ask: Questions, fairness: Fairness) -> Iterator[Duty]:
    """One duty for each action that a constraint names."""
    for index in named(ask.system, fairness):
        yield _of_action(ask, fairness, index, _sources(ask, np.arange(len(ask.system.actions)) == index))


def _of_action(ask: Questions, fairness: Fairness, index: int, possible: Bits) -> Duty:
    weak = fairness.strength is Strength.WEAK
    return Duty(
        str(fairness),
        None if weak else lambda nodes: possible[nodes],
        (lambda nodes: ~possible[nodes]) if weak else _no,
        lambda edges: ask.actions[edges] == index,
        sign=(fairness.strength.value, ask.system.actions[index].name),
    )


def _no(numbers: Numbers) -> Bits:
    return np.zeros(len(numbers), np.bool_)
