"""A guided search: the same classes in another order, those first that have come furthest.

Where a run either gets on or comes to nothing soon, the run one looks for is found long before all classes are listed.
If none is found every class was expanded, as in the search layer by layer, and the answer is just as sure.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.exploration import Exploration
from hamodel.engines._lower.layout import Layout
from hamodel.engines._lower.search import Stop
from hamodel.engines._lower.walks import Led
from hamodel.errors import HamodelError

Rank = Sequence[Mapping[str, int]]
"""Weights of variables: the class with the greatest sum by the first is expanded first; where equal, by the second."""
Rows = npt.NDArray[np.uint8]
TOGETHER = 64
BEAM = "only the most promising classes of each moment were followed"
"""So many classes of the same rank, by the first weights, are expanded at once: those behind them can be merged."""


@dataclass(frozen=True, slots=True)
class Beam:
    """At most `width` classes are expanded of those that are equal by the first weights and in what is `apart`."""

    width: int
    apart: tuple[str, ...]


class Steered(Protocol):
    """A search that expands those of its classes that it is told to."""

    layout: Layout
    error: HamodelError | None

    def beginning(self) -> list[int]: ...
    def expand(self, classes: Sequence[int]) -> list[int]:
        """The classes that are new or larger because of it, and must be expanded in their turn."""
        ...

    def waits(self, number: int) -> bool:
        """Whether a class must still be expanded: no other has taken it in since it was new."""
        ...

    def rows_of(self, classes: Sequence[int]) -> Rows: ...
    def columns_of(self, columns: Sequence[int]) -> Rows:
        """These columns of the rows of all states."""
        ...

    def place_of(self, number: int) -> int:
        """Where a class is in the result."""
        ...

    def stored(self) -> int: ...
    def memory(self) -> int: ...
    def result(self) -> Exploration: ...


class Guided:
    """The classes of one search, expanded by rank. `ends`: the value of a variable that says: this is one.

    With a `beam` some are left out, and that there is no end is then not known.
    """

    def __init__(
        self, search: Steered, rank: Rank, ends: tuple[str, int], stop: Stop, beam: Beam | None = None
    ) -> None:
        self.search, self.stop = search, stop
        columns = search.layout.variables
        self.weights = np.zeros((search.layout.width, len(rank)), np.int64)
        for i, group in enumerate(rank):
            for name, weight in group.items():
                self.weights[columns[name], i] = weight
        self.end, self.value = columns[ends[0]], ends[1]
        self.beam = beam
        self.apart = [columns[name] for name in beam.apart] if beam is not None else []
        self.followed: Counter[tuple[int, ...]] = Counter()
        self.left_out = False
        self.waiting: list[tuple[tuple[int, ...], int, tuple[int, ...]]] = []
        self.found: deque[int] = deque()
        self.stopped = ""
        self.ends = 0
        """Ends that were found so far."""
        self._enter(search.beginning())

    @property
    def exhausted(self) -> bool:
        """Nothing is left: every class that can be reached was expanded."""
        return not self.waiting and not self.found and not self.stopped

    def next_end(self) -> int | None:
        """Where in the result one more end is; None: there is none, or a limit was reached (`stopped`)."""
        while not self.found:
            if not self.waiting:
                self.stopped = BEAM if self.left_out else ""
                return None
            self.stopped = self.stop.reason(self.search.stored(), self.search.memory())
            if self.stopped:
                return None
            self._enter(self.search.expand(self._best()))
            if self.search.error is not None:
                raise self.search.error
        self.ends += 1
        return self.search.place_of(self.found.popleft())

    @property
    def stored(self) -> int:
        """How many classes there are so far."""
        return self.search.stored()

    def result(self) -> Exploration:
        """All classes that were stored; it is read before the search goes on."""
        return self.search.result()

    def furthest(self, places: Sequence[str]) -> Rows:
        """The values of these variables in all classes, each combination once, without those that others exceed."""
        columns = [self.search.layout.variables[name] for name in places]
        rows = np.unique(self.search.columns_of(columns), axis=0)[::-1]
        kept: list[npt.NDArray[np.uint8]] = []
        for row in rows[np.argsort(-rows.astype(np.int64).sum(axis=1), kind="stable")]:
            if not any(bool((other >= row).all()) for other in kept):
                kept.append(row)
        return np.array(kept, np.uint8).reshape(len(kept), len(columns))

    def _best(self) -> list[int]:
        best: list[int] = []
        first = self.waiting[0][0][0]
        while self.waiting and self.waiting[0][0][0] == first and len(best) < TOGETHER:
            rank, negative, apart = heapq.heappop(self.waiting)
            if self.search.waits(-negative) and self._is_followed((rank[0], *apart)):
                best.append(-negative)
        return best

    def _is_followed(self, part: tuple[int, ...]) -> bool:
        if self.beam is None:
            return True
        self.followed[part] += 1
        if self.followed[part] > self.beam.width:
            self.left_out = True
        return self.followed[part] <= self.beam.width

    def _enter(self, classes: Sequence[int]) -> None:
        if not classes:
            return
        rows = self.search.rows_of(classes)
        ranks = (-(rows.astype(np.int64) @ self.weights)).tolist()
        parts = rows[:, self.apart].tolist()
        for number, rank, part, value in zip(classes, ranks, parts, rows[:, self.end].tolist(), strict=True):
            if value == self.value:
                self.found.append(number)
            else:
                heapq.heappush(self.waiting, (tuple(rank), -number, tuple(part)))


class OneByOne:
    """A search whose classes do not grow, as one that is told what to expand."""

    def __init__(self, search: Led) -> None:
        self.search = search
        self.layout, self.error = search.layout, search.error
        self.seen: set[int] = set()

    def beginning(self) -> list[int]:
        return self._new(range(self.search.stored()))

    def expand(self, classes: Sequence[int]) -> list[int]:
        found: list[int] = []
        for number in classes:
            found += self._new(self.search.successors(number))
            self.error = self.search.error
        return found

    def waits(self, number: int) -> bool:
        return True

    def rows_of(self, classes: Sequence[int]) -> Rows:
        return np.array([np.frombuffer(self.search.row(n), np.uint8) for n in classes])

    def columns_of(self, columns: Sequence[int]) -> Rows:
        return np.asarray(self.search.result().states[:, list(columns)], np.uint8)

    def place_of(self, number: int) -> int:
        return number

    def stored(self) -> int:
        return self.search.stored()

    def memory(self) -> int:
        return self.search.memory()

    def result(self) -> Exploration:
        return self.search.result()

    def _new(self, classes: Sequence[int]) -> list[int]:
        new = [n for n in dict.fromkeys(classes) if n not in self.seen]
        self.seen.update(new)
        return new
