"""The merged search in an order one chooses: what it is told to expand is its next layer.

Zones of one state whose union is a zone are one class here too, so where many things happen in any order there are few
classes, and what is left is still exactly what can be reached. Only the layers say nothing about lengths any more. But
each arrival was made possible by earlier ones alone, so a run is looked for backwards over arrivals that come earlier
and earlier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.differences import Matrix
from hamodel.engines._lower.merged import MergedSearch
from hamodel.engines._lower.prepared import LONGEST_SLICE
from hamodel.engines._lower.program import DONE, FAILED, GROW, HEAD, NEXT, NOW, QUEUED, STATES
from hamodel.engines._lower.unions import MergedExploration, Step, backwards, clocks_of, free


class SteeredSearch(MergedSearch):
    """One search under way that expands the classes it is told to."""

    def beginning(self) -> list[int]:
        return self._queued()

    def expand(self, classes: Sequence[int]) -> list[int]:
        """The classes that are new or larger because of it, and must be expanded in their turn."""
        self.size = len(classes)
        self.layer[: self.size] = classes
        self.flag[self.layer[: self.size]] = NOW
        self.count[[QUEUED, HEAD]] = 0
        while not self.error:
            status = self._slice(LONGEST_SLICE)
            if status == FAILED:
                self.error = self._failure()
            elif status == GROW:
                self._grow()
            elif status == DONE:
                break
        return self._queued()

    def waits(self, number: int) -> bool:
        return bool(self.flag[number] == NEXT)

    def rows_of(self, classes: Sequence[int]) -> npt.NDArray[np.uint8]:
        return self.packed().chosen(self.owner[list(classes)])

    def columns_of(self, columns: Sequence[int]) -> npt.NDArray[np.uint8]:
        packed, states = self.packed(), slice(0, int(self.count[STATES]))
        return np.stack([packed[states, column] for column in columns], axis=1)

    def place_of(self, number: int) -> int:
        """The state of a class."""
        return int(self.owner[number])

    def stored(self) -> int:
        return self.classes

    def _queued(self) -> list[int]:
        waiting = self.queue[: int(self.count[QUEUED])]
        return [int(n) for n in waiting[self.flag[waiting] == NEXT]]

    def _partial(self) -> SteeredExploration:
        found = super()._partial()
        return SteeredExploration(**{name: getattr(found, name) for name in found.__dataclass_fields__})


@dataclass(frozen=True)
class SteeredExploration(MergedExploration):
    """States in the order in which they were found, which is not by distance."""

    def runs(self, index: int) -> Iterator[tuple[int, list[int]]]:
        """Start and actions of one run after the other to a state, of those that the search came by."""
        dead: dict[tuple[int, bytes], int] = {}

        def onward(before: int, event: int, readings: Matrix, _steps: int) -> Iterator[Step] | None:
            key = (before, readings.tobytes())
            if dead.get(key, -1) >= event:
                return None
            dead[key] = event
            return self._before(before, event, readings)

        first = self._before(index, len(self.events), free(len(clocks_of(self.system, self.state(index)))))
        return backwards(first, onward, self._action_of)

    def _run(self, index: int) -> tuple[int, list[int]]:
        return next(self.runs(index))

    @cached_property
    def _by_state(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """The arrivals sorted by state, and where those of each state begin."""
        reached = self._reached(0, len(self.events))
        order = np.argsort(reached, kind="stable")
        return order, np.searchsorted(reached[order], np.arange(self.size + 1))

    def _before(self, index: int, limit: int, wanted: Matrix) -> Iterator[Step]:
        """The arrivals before that of number `limit` that bring a wanted reading."""
        order, first = self._by_state
        for event in order[first[index] : first[index + 1]]:
            if event >= limit:
                return
            if (step := self._led(index, int(event), wanted)) is not None:
                yield step
