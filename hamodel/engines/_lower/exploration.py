"""What a search has stored: classes as rows of bytes, how each was reached, and what was measured on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.layout import FAR, NEAR, Layout
from hamodel.engines._lower.vector import holds
from hamodel.ir.expr import Expr
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Range

Edge = tuple[int, int]
"""A class and the action (an index of `system.actions`) taken from it."""
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """The exact range of one measured duration over all explored runs, with the first edges that show both ends."""

    lo: int | None = None
    hi: int | None = None
    """None also where it is unbounded."""
    lo_edge: Edge | None = None
    hi_edge: Edge | None = None
    unbounded_at: int | None = None
    """The first class in which it may go on for ever (or outlast an hour's timer)."""

    @property
    def unbounded(self) -> bool:
        return self.unbounded_at is not None

    def range(self) -> Range | None:
        """None: the situation never came about. `lo` is 0 where it came but never ended."""
        if self.lo is None and not self.unbounded:
            return None
        return Range(self.lo or 0, self.hi)


@dataclass(frozen=True, slots=True)
class Exploration:
    """The classes of one search, numbered in breadth-first order; it may be partial and then says why."""

    system: System
    layout: Layout
    mode: str
    engine: str
    starts: tuple[State, ...]
    states: npt.NDArray[np.uint8]
    """One row a class; `layout` tells which column is what."""
    parent: Integers
    """The class each was first reached from; -1 for a start."""
    via: Integers
    """The action that first led there, as an index of `system.actions`; -1 for a start."""
    edges: int
    complete: bool
    stopped: str = ""
    """Why it is not complete."""
    seconds: float = 0.0
    seconds_to_ready: float = 0.0
    """Compiling or loading, before the first class."""
    max_running: int = 0
    """The most clocks that ran at one time."""
    measures: dict[str, MeasureResult] = field(default_factory=dict)
    sources: Integers | None = None
    targets: Integers | None = None
    actions: Integers | None = None
    """The edges in the order in which they were fired, where they were asked for."""
    zone: Callable[[int], tuple[int, ...]] | None = None
    """The zone of a class, where zones were asked for: bounds on x - y in ms, row by row, over now and the clocks that
    run in it (all running timers but the far ones) in the order of the timers."""

    @property
    def size(self) -> int:
        """How many `state`, `where` and `names_to` number."""
        return len(self.states)

    @property
    def classes(self) -> int:
        return self.size

    def state(self, index: int) -> State:
        return self.layout.unpack(self.states[index])

    def path(self, index: int) -> list[int]:
        """The actions from the start to a class, as indices: a shortest run."""
        found = []
        while self.parent[index] >= 0:
            found.append(int(self.via[index]))
            index = int(self.parent[index])
        return found[::-1]

    def names_to(self, index: int) -> tuple[str, ...]:
        """The events of a shortest run from its start to a class."""
        return tuple(self.system.actions[a].name for a in self.path(index))

    @property
    def sure(self) -> int:
        """So many of the first are certainly reached: all, unless the search has put together what is apart."""
        return self.size

    def run_to(self, index: int) -> tuple[str, ...] | None:
        """The events of a run to a class; None where there may be none."""
        return self.names_to(index)

    def start_of(self, index: int) -> State:
        """The state in which that run begins."""
        while self.parent[index] >= 0:
            index = int(self.parent[index])
        return self.state(index)

    def where(self, formula: Expr, first: int = 0) -> npt.NDArray[np.bool_]:
        """For each class from `first` on, whether `formula` holds in it."""
        return holds(self.system, self.layout, self.states[first:], formula)

    def first_where(self, formula: Expr) -> int | None:
        """The first class in which `formula` holds: a shortest run leads there."""
        found = self.where(formula)
        index = int(np.argmax(found)) if len(found) else 0
        return index if len(found) and found[index] else None

    def quiescent(self) -> npt.NDArray[np.bool_]:
        """For each class, whether nothing will happen by itself any more: no timer runs except stopwatches."""
        first, mask = self.layout.running // 8, self.lasting().view(np.uint64)
        words = np.ascontiguousarray(self.states).view(np.uint64)
        running = np.zeros(len(words), np.bool_)
        for word in range(first, len(mask)):
            running |= words[:, word] & mask[word] != 0
        return ~running

    def lasting(self) -> npt.NDArray[np.uint8]:
        """A row with bits only where it says of a timer that is no stopwatch whether it runs."""
        lasting = np.zeros(self.layout.width, np.uint8)
        lasting[[self.layout.running + i for i, kind in enumerate(self.layout.kinds) if kind in (NEAR, FAR)]] = 255
        return lasting
