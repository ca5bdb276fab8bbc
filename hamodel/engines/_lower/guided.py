"""A guided search: the same classes in another order, those first that have come furthest.

Where a run either gets on or comes to nothing soon, the run one looks for is found long before all classes are listed.
If none is found every class was expanded, as in the search layer by layer, and the answer is just as sure.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.exploration import Exploration
from hamodel.engines._lower.search import Stop
from hamodel.engines._lower.walks import Led

Rank = Sequence[Mapping[str, int]]
"""Weights of variables: the class with the greatest sum by the first is expanded first; where equal, by the second."""
LOOK = 256
"""Classes between two looks at the clock."""


class Guided:
    """The classes of one search, expanded by rank. `ends`: the value of a variable that says: this is one."""

    def __init__(self, search: Led, rank: Rank, ends: tuple[str, int], stop: Stop) -> None:
        self.search, self.stop = search, stop
        columns = search.layout.variables
        self.groups = [[(columns[name], weight) for name, weight in group.items()] for group in rank]
        self.end, self.value = columns[ends[0]], ends[1]
        self.waiting: list[tuple[tuple[int, ...], int]] = []
        self.seen: set[int] = set()
        self.stopped = ""
        self.ends = 0
        """Ends that were found so far."""
        for index in range(search.stored()):
            self._enter(index)

    @property
    def exhausted(self) -> bool:
        """Nothing is left: every class that can be reached was expanded."""
        return not self.waiting and not self.stopped

    def next_end(self) -> int | None:
        """The class of one more end; None: there is none, or a limit was reached (`stopped`)."""
        look = 0
        while self.waiting:
            look -= 1
            if look < 0:
                look = LOOK
                self.stopped = self.stop.reason(self.search.stored(), self.search.memory())
                if self.stopped:
                    return None
            _, negative = heapq.heappop(self.waiting)
            index = -negative
            if self.search.row(index)[self.end] == self.value:
                self.ends += 1
                return index
            for follower in self.search.successors(index):
                self._enter(follower)
            if self.search.error is not None:
                raise self.search.error
        return None

    @property
    def stored(self) -> int:
        """How many classes there are so far."""
        return self.search.stored()

    def result(self) -> Exploration:
        """All classes that were stored."""
        return self.search.result()

    def furthest(self, places: Sequence[str]) -> npt.NDArray[np.uint8]:
        """The values of these variables in all classes, each combination once, without those that others exceed."""
        columns = [self.search.layout.variables[name] for name in places]
        rows = np.unique(self.search.result().states[:, columns], axis=0)[::-1]
        kept: list[npt.NDArray[np.uint8]] = []
        for row in rows[np.argsort(-rows.astype(np.int64).sum(axis=1), kind="stable")]:
            if not any(bool((other >= row).all()) for other in kept):
                kept.append(row)
        return np.array(kept, np.uint8).reshape(len(kept), len(columns))

    def _enter(self, index: int) -> None:
        if index in self.seen:
            return
        self.seen.add(index)
        row = self.search.row(index)
        rank = tuple(-sum(row[c] * weight for c, weight in group) for group in self.groups)
        heapq.heappush(self.waiting, (rank, -index))
