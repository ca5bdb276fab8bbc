"""What a merged search has stored: states, each with the few zones that hold exactly what was reached there.

A class that grew has many parents, and the first of them need not explain what another one made possible. So a run to a
state is looked for backwards: a zone of clock readings from which the rest of the run can be done is taken back over
one arrival after the other, each from the layer before, until it meets the start. Everything stored can be reached, so
some arrival always leads on; one that does not is given up. What lies in the zone that an arrival came from is known
where the search has not forgotten it; else it shows further back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.differences import Matrix, both, closed, unbounded
from hamodel.engines._lower.exploration import Exploration, Integers
from hamodel.engines._lower.hulls import LOOKED_BACK
from hamodel.engines._lower.packed_rows import Packed
from hamodel.engines._lower.vector import holds
from hamodel.ir.expr import Expr
from hamodel.ir.semantics import Effect, refire
from hamodel.ir.state import State
from hamodel.ir.system import Action, System

Step = tuple[int, int, Matrix]
"""One step back: the state before, the arrival (-1: the run begins here), and the readings before it.

Readings bound x - y over 'now' and some clocks, in the order of the system's timers.
"""
Onward = Callable[[int, int, Matrix, int], Iterator[Step] | None]
"""The steps back from a step that is so many steps from the end; None where that was in vain before."""
AT_ONCE = 1 << 20
"""States of which a formula is looked at in one go."""


@dataclass(frozen=True)
class MergedExploration(Exploration):
    """States in the order in which they were found, nearest first: `where`, `state` and `names_to` number states."""

    alive: int = 0
    """The classes: zones that are part of no other stored one."""
    packed: Packed = field(default_factory=Packed.nothing)
    """The rows of the states; `states` is empty."""
    cells: Integers = field(default_factory=lambda: np.empty(0, np.int32))
    begins: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Where each different zone begins in `cells`."""
    zones: Integers = field(default_factory=lambda: np.empty(0, np.int32))
    """The zone of each class that was ever stored."""
    owner: Integers = field(default_factory=lambda: np.empty(0, np.int32))
    """The state of each class."""
    link: Integers = field(default_factory=lambda: np.empty(0, np.int32))
    """-2 minus the class that took in this one, for those that are gone."""
    events: Integers = field(default_factory=lambda: np.empty((0, 3), np.int32))
    """Every arrival that brought something new: where, from which zone, by which action."""
    layers: tuple[int, ...] = ()
    """How many arrivals there were when each layer began."""
    widths: tuple[int, ...] = ()
    """How many states there were when each layer began."""
    told: int = 0
    """The arrivals before this one tell states where the others tell classes: their zones are forgotten."""
    begun: tuple[Integers, ...] = ()
    """The zones in which it all began."""
    loose: int = -1
    """How many states there were when zones were put together whose union is none; -1 where that never was."""

    @property
    def classes(self) -> int:
        return self.alive

    @property
    def size(self) -> int:
        return len(self.packed)

    def state(self, index: int) -> State:
        return self.layout.unpack(self.packed[index].tolist())

    def where(self, formula: Expr, first: int = 0) -> npt.NDArray[np.bool_]:
        ends = range(first, self.size, AT_ONCE)
        found = [holds(self.system, self.layout, self.packed.part(at, at + AT_ONCE), formula) for at in ends]
        return np.concatenate([np.empty(0, np.bool_), *found])

    def quiescent(self) -> npt.NDArray[np.bool_]:
        return ~self.packed.meet(self.lasting())

    def path(self, index: int) -> list[int]:
        """The actions of a shortest run to a state, as indices."""
        return self._run(index)[1]

    def start_of(self, index: int) -> State:
        """The state in which that run begins."""
        return self.state(self._run(index)[0])

    @property
    def sure(self) -> int:
        return self.size if self.loose < 0 else self.loose

    def run_to(self, index: int) -> tuple[str, ...] | None:
        if index < self.sure:
            return self.names_to(index)
        found = self._looked_back(index, LOOKED_BACK)
        return None if found is None else tuple(self.system.actions[a].name for a in found[1])

    def _reached(self, first: int, end: int) -> Integers:
        """The states at which some arrivals in a row have come."""
        numbers = self.events[first:end, 0]
        told = max(0, self.told - first)
        return np.concatenate([numbers[:told], self.owner[numbers[told:]]])

    @cached_property
    def _sorted(self) -> dict[int, tuple[Integers, Integers]]:
        """For each layer that was asked for: its arrivals sorted by state, and these states."""
        return {}

    def _arrivals(self, state: int, layer: int) -> Iterator[int]:
        """The arrivals of one layer at a state, in their order."""
        bounds = (0, *self.layers, len(self.events))
        first = bounds[layer]
        if layer not in self._sorted:
            reached = self._reached(first, bounds[layer + 1])
            order = np.argsort(reached, kind="stable").astype(np.int32)
            self._sorted[layer] = order, reached[order]
        order, states = self._sorted[layer]
        at, end = np.searchsorted(states, [state, state + 1])
        return (first + int(event) for event in order[at:end])

    def _run(self, index: int) -> tuple[int, list[int]]:
        """Start and actions of a shortest run to a state."""
        found = self._looked_back(index)
        assert found is not None
        return found

    def _looked_back(self, index: int, most: int | None = None) -> tuple[int, list[int]] | None:
        """A run to a state in as many steps as the layer it was found in; None if there is none, in `most` places."""
        clocks = clocks_of(self.system, self.state(index))
        layer = int(np.searchsorted(self.widths, index, side="right"))
        dead: set[tuple[int, int, bytes]] = set()

        def onward(before: int, _event: int, readings: Matrix, steps: int) -> Iterator[Step] | None:
            key = (before, layer - steps, readings.tobytes())
            if key in dead or len(dead) == most:
                return None
            dead.add(key)
            return self._ways(before, layer - steps, readings)

        return next(backwards(self._ways(index, layer, free(len(clocks))), onward, self._action_of), None)

    def _ways(self, index: int, layer: int, wanted: Matrix) -> Iterator[Step]:
        """The arrivals of one layer that bring a wanted reading."""
        for event in self._arrivals(index, layer):
            if (step := self._led(index, event, wanted)) is not None:
                yield step

    def _led(self, index: int, event: int, wanted: Matrix) -> Step | None:
        """How an arrival brings a wanted reading of a state, if it does."""
        number, source, action = (int(n) for n in self.events[event])
        if source < 0:
            return None if both(wanted, self._square(self.begun[number])) is None else (index, -1, wanted)
        forgotten = event < self.told
        before = source if forgotten else int(self.owner[source])
        readings = pre(self.system, self.state(before), self.system.actions[action], wanted)
        if readings is not None and not forgotten:
            readings = both(readings, self._zone(source))
        return None if readings is None else (before, event, readings)

    def _action_of(self, event: int) -> int:
        return int(self.events[event, 2])

    def _zone(self, number: int) -> Matrix:
        """The zone of a class, or of the one that took it in."""
        while self.link[number] <= -2:
            number = -2 - int(self.link[number])
        zone = int(self.zones[number])
        return self._square(self.cells[self.begins[zone] : self.begins[zone + 1]])

    def _square(self, zone: Integers) -> Matrix:
        n = int(np.sqrt(len(zone)))
        return zone.reshape(n, n).astype(np.int64)


def clocks_of(system: System, state: State) -> tuple[str, ...]:
    """The running timers that have a clock."""
    return tuple(t.name for t, on in zip(system.timers, state.running, strict=True) if on and not t.far)


def backwards(last: Iterator[Step], onward: Onward, action_of: Callable[[int], int]) -> Iterator[tuple[int, list[int]]]:
    """The state a run begins in and its actions, one run after the other, followed back from its last steps."""
    stack, taken = [last], list[int]()
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            if taken:
                taken.pop()
            continue
        before, event, readings = step
        if event < 0:
            yield before, taken[::-1]
            continue
        ways = onward(before, event, readings, len(stack))
        if ways is not None:
            taken.append(action_of(event))
            stack.append(ways)


def free(clocks: int) -> Matrix:
    """Any reading."""
    bounds = unbounded(clocks + 1)
    bounds[0] = 0
    return bounds


def pre(system: System, before: State, action: Action, wanted: Matrix) -> Matrix | None:
    """The readings of `before` from which `action` can lead to a wanted one; None where there are none."""
    effect = refire(system, before, action)
    if effect is None:
        return None
    after = clocks_of(system, effect.state)
    at_event = _undone(effect, after, wanted)
    if at_event is None:
        return None
    clocks = clocks_of(system, before)
    if action.timer is not None and system.timers[system.timer_index[action.timer]].far:
        return free(len(clocks))
    kept = [0, *(i + 1 for i, t in enumerate(after) if t not in effect.started)]
    return _earlier(clocks, [after[i - 1] for i in kept[1:]], at_event[np.ix_(kept, kept)], action.timer)


def _undone(effect: Effect, after: Sequence[str], wanted: Matrix) -> Matrix | None:
    """The wanted readings right after the step that it can make: what starts has its interval, what hastens its end."""
    bounds = wanted.copy()
    for i, timer in enumerate(after, 1):
        if timer in effect.started:
            lo, hi = effect.started[timer]
            bounds[i, 0], bounds[0, i] = min(int(bounds[i, 0]), hi), min(int(bounds[0, i]), -lo)
        elif timer in effect.hastened:
            bounds[i, 0] = min(int(bounds[i, 0]), effect.hastened[timer])
    return closed(bounds)


def _earlier(clocks: Sequence[str], kept: Sequence[str], at_event: Matrix, timer: str | None) -> Matrix | None:
    """The readings before time passed to the event, which no deadline precedes and which is that of `timer`."""
    n = len(clocks) + 2
    bounds = unbounded(n)
    bounds[0, 1] = 0
    bounds[1, 2:] = 0
    places = [1, *(clocks.index(t) + 2 for t in kept)]
    bounds[np.ix_(places, places)] = np.minimum(bounds[np.ix_(places, places)], at_event)
    if timer is not None:
        bounds[clocks.index(timer) + 2, 1] = 0
    whole = closed(bounds)
    rest = [0, *range(2, n)]
    return None if whole is None else whole[np.ix_(rest, rest)]
