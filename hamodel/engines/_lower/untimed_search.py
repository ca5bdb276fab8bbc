"""What every search of an untimed system tells, and the plainest one: a dictionary of states and the reference's rules.

The order is breadth first and, within a state, the system's order of actions; so all of them number the states alike
and find the same shortest runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from hamodel.engines._lower.search import Stop
from hamodel.errors import HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.semantics import evaluate, fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System

Tell = Callable[[int, int, float], None]
"""Told the states and the edges so far, and the seconds."""


class UntimedSearch(Protocol):
    """One search under way or at its end. Formulas are named by their number in the order in which they were given."""

    stopped: str
    """Why it is not complete; "" where it is."""
    error: HamodelError | None
    states: int

    @property
    def edges(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def deadlocks(self) -> int: ...
    @property
    def hits(self) -> list[int]: ...
    @property
    def firsts(self) -> list[int | None]: ...
    def run(self, stop: Stop, until: int = 0, tell: Tell | None = None) -> None: ...
    def where(self, formula: int, most: int) -> list[int]: ...
    def path(self, index: int) -> list[int]: ...
    def state(self, index: int) -> State: ...
    def memory(self) -> int: ...


class PlainSearch:
    """One state at a time, by the reference semantics."""

    def __init__(self, system: System, formulas: Sequence[Expr]) -> None:
        self.system, self.formulas = system, formulas
        first = initial_state(system)[0]
        self.known: dict[State, int] = {first: 0}
        self.order = [first]
        self.reached: list[tuple[int, int]] = [(-1, -1)]
        """For each state the one it was first reached from, and by which action."""
        self.depths = [0]
        self.bits: list[int] = []
        """For each state, a bit for each formula that holds in it; as far as has been looked."""
        self.edges = self.deadlocks = 0
        self.expanded = 0
        self.stopped = ""
        self.error: HamodelError | None = None

    @property
    def states(self) -> int:
        return len(self.order)

    @property
    def depth(self) -> int:
        return self.depths[-1]

    @property
    def hits(self) -> list[int]:
        return [sum(bits >> f & 1 for bits in self.bits) for f in range(len(self.formulas))]

    @property
    def firsts(self) -> list[int | None]:
        return [next((i for i, bits in enumerate(self.bits) if bits >> f & 1), None) for f in range(len(self.formulas))]

    def run(self, stop: Stop, until: int = 0, tell: Tell | None = None) -> None:
        """Until everything is found, the layer in which a formula of the mask `until` holds is done, or a limit is met."""
        self.stopped = ""
        try:
            while self.expanded < self.states and not self.stopped:
                source = self.expanded
                deeper = source > 0 and self.depths[source] > self.depths[source - 1]
                if deeper and any(until >> f & 1 and hits for f, hits in enumerate(self.hits)):
                    self.stopped = "found"
                elif stop.depth is not None and self.depths[source] >= stop.depth:
                    for index in range(source, self.states):
                        self._look(index)
                    self.stopped = f"the depth limit of {stop.depth} steps was reached"
                else:
                    self._look(source)
                    self._expand(source)
                    self.expanded += 1
                    self.stopped = stop.reason(self.states, self.memory()) if self.expanded < self.states else ""
                    if tell is not None and source % 1000 == 0:
                        tell(self.states, self.edges, stop.elapsed())
        except HamodelError as error:
            self.error, self.stopped = error, error.message
        except KeyboardInterrupt:
            self.stopped = "interrupted"

    def _look(self, index: int) -> None:
        if len(self.bits) == index:
            holds = (evaluate(self.system, self.order[index], f) != 0 for f in self.formulas)
            self.bits.append(sum(1 << f for f, it in enumerate(holds) if it))

    def _expand(self, source: int) -> None:
        some = False
        for number, action in enumerate(self.system.actions):
            effect = fire(self.system, self.order[source], action)
            if effect is None:
                continue
            some = True
            self.edges += 1
            if effect.state not in self.known:
                self.known[effect.state] = self.states
                self.order.append(effect.state)
                self.reached.append((source, number))
                self.depths.append(self.depths[source] + 1)
        self.deadlocks += not some

    def where(self, formula: int, most: int) -> list[int]:
        """The first states, at most so many, in which a formula holds."""
        return [i for i, bits in enumerate(self.bits) if bits >> formula & 1][:most]

    def path(self, index: int) -> list[int]:
        """The actions of a shortest run to a state, as indices: of all shortest ones the first."""
        actions: list[int] = []
        while index > 0:
            index, action = self.reached[index]
            actions.append(action)
        return actions[::-1]

    def state(self, index: int) -> State:
        """A state of the untimed system."""
        return self.order[index]

    def memory(self) -> int:
        """About so many bytes."""
        return self.states * (200 + 8 * len(self.system.variables))
