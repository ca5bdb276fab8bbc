"""Random runs through the classes of a system: another order of the same search, for what is too large to list.

Only the classes on the way are stored. Each is reached by a run of the system, whatever was left out; so what is found
there can happen, and nothing follows from what is not found. The same seed finds the same runs.
"""

from __future__ import annotations

import random
from typing import Protocol

import numpy as np

from hamodel.engines._lower.exploration import Exploration
from hamodel.engines._lower.layout import Layout
from hamodel.engines._lower.search import Stop
from hamodel.engines._lower.vector import holds
from hamodel.errors import HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.system import System

LONGEST_RUN = 20_000
"""Steps after which a run that has come to no end is left."""


class Led(Protocol):
    """A search that can be led: it expands the class it is told to."""

    system: System
    layout: Layout
    error: HamodelError | None
    stopped: str

    def successors(self, index: int) -> list[int]: ...
    def moves(self, index: int) -> list[tuple[int, int]]: ...
    def stored(self) -> int: ...
    def row(self, index: int) -> bytes: ...
    def memory(self) -> int: ...
    def result(self) -> Exploration: ...


class Walks:
    """Runs from the first class to classes in which `end` holds, one after the other.

    A class from which only dead ones follow is not entered twice: it is `dead`, and so is the first one, number 0, once
    it is known that no run comes to such an end.
    """

    def __init__(self, search: Led, end: Expr, seed: int, stop: Stop) -> None:
        self.search, self.end, self.stop = search, end, stop
        self.chance = random.Random(seed)
        self.after: dict[int, list[int]] = {}
        self.dead: set[int] = set()
        self.ends: set[int] = set()

    @property
    def exhausted(self) -> bool:
        """No run comes to such an end."""
        return 0 in self.dead

    @property
    def over(self) -> bool:
        """There is nothing more to be had: a limit was reached, or no run ends so."""
        return bool(self.search.stopped) or self.search.error is not None or self.exhausted

    def walk(self, patience: int) -> tuple[str, ...] | None:
        """The events of one more run to such an end; None: none found in `patience` steps back, or `over`."""
        path = [0]
        entered = {0}
        while path and patience >= 0 and not self.over:
            here = path[-1]
            if here not in self.after:
                self.search.stopped = self.stop.reason(self.search.stored(), self.search.memory())
                if self.search.stopped:
                    break
                self.after[here] = list(dict.fromkeys(self.search.successors(here)))
                if self._ends(here):
                    self.ends.add(here)
            if self.search.error is not None:
                raise self.search.error
            if here in self.ends:
                return self.search.result().names_to(here)
            ahead = [i for i in self.after[here] if i not in self.dead and i not in entered]
            if ahead and len(path) < LONGEST_RUN:
                path.append(self.chance.choice(ahead))
                entered.add(path[-1])
                continue
            if all(i in self.dead for i in self.after[here]):
                self.dead.add(here)
            path.pop()
            patience -= 1
        return None

    def _ends(self, index: int) -> bool:
        if self.after[index]:
            return False
        row = np.frombuffer(self.search.row(index), np.uint8).reshape(1, -1)
        return bool(holds(self.search.system, self.search.layout, row, self.end)[0])
