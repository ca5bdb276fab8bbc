"""What every search of an untimed system tells, and the plainest one: a dictionary of states and the reference's rules.

The order is breadth first and, within a state, the system's order of actions; so all of them number the states alike
and find the same shortest runs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from hamodel.engines._lower.search import Stop
from hamodel.errors import HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.semantics import evaluate, fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System

S = TypeVar("S", bound=Hashable)
Tell = Callable[[int, int, float], None]
"""Told the states and the edges so far, and the seconds."""


class UntimedSearch(Protocol):
    """One search under way or at its end. Formulas are named by their number in the order in which they were given."""

    stopped: str
    """Why it is not complete; "" where it is."""
    error: HamodelError | None

    @property
    def states(self) -> int: ...
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


class ListedSearch(Generic[S]):
    """Breadth first over states of any form; how steps are taken is said by those who extend it."""

    def __init__(self, system: System, formulas: Sequence[Expr], first: S) -> None:
        self.system, self.formulas = system, formulas
        self.known: dict[S, int] = {first: 0}
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

    def judge(self, state: S) -> int:
        """A bit for each formula that holds."""
        raise NotImplementedError

    def steps(self, state: S) -> Iterable[tuple[int, S]]:
        """What may happen and where it leads, in the order of the actions."""
        raise NotImplementedError

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
        """Until all is found, the layer in which a formula of the mask `until` holds is done, or a limit is met."""
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
            self.bits.append(self.judge(self.order[index]))

    def _expand(self, source: int) -> None:
        before = self.edges
        for number, state in self.steps(self.order[source]):
            self.edges += 1
            if state not in self.known:
                self.known[state] = self.states
                self.order.append(state)
                self.reached.append((source, number))
                self.depths.append(self.depths[source] + 1)
        self.deadlocks += self.edges == before

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

    def memory(self) -> int:
        """About so many bytes."""
        return self.states * (200 + 8 * len(self.system.variables))


class PlainSearch(ListedSearch[State]):
    """By the reference semantics: the measure of the others."""

    def __init__(self, system: System, formulas: Sequence[Expr]) -> None:
        super().__init__(system, formulas, initial_state(system)[0])

    def judge(self, state: State) -> int:
        return sum(1 << f for f, formula in enumerate(self.formulas) if evaluate(self.system, state, formula) != 0)

    def steps(self, state: State) -> Iterable[tuple[int, State]]:
        for number, action in enumerate(self.system.actions):
            effect = fire(self.system, state, action)
            if effect is not None:
                yield number, effect.state

    def state(self, index: int) -> State:
        """A state of the untimed system."""
        return self.order[index]
