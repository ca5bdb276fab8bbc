"""A merged search forgets the classes of layers long past, and ends in as much memory as its widest layers need.

Once the faults are spent the steps lead on and on: what leads to a class again does so within a few layers. On the
pair of specs/01 with a cable of each kind cut, of 28 million successors that were covered or merged 99.99 % met a class
of the last nine layers. So classes older than that need not be there to be compared with (a sweep of the state space:
Christensen, Kristensen, Mailund, TACAS 2001).

Nothing is lost by it. The stored classes say only what need not be explored again; without one of them a successor
that it would have covered is a new class and is explored once more. So every reachable class is still explored, what is
explored is still reachable, and the search is complete exactly if its last layer has no successors left that are new.
What was read off the forgotten classes stays: the states (`where` and `quiescent` are asked of all of them), the least
and the greatest durations, and every arrival, as the states before and behind it, so that a run can be found backwards.
Only the zones on its way are missing then, which never made a run possible, but excluded some sooner (see `unions`).

A circle longer than the memory is walked round again and again, until the rest of the search is small enough to be
remembered as a whole: `FROM` classes are never forgotten. If it never is, a limit ends the search, which is then not
complete. What is forgotten depends on the numbers of the classes alone: the same on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hamodel.engines._lower.prepared import pointer
from hamodel.engines._lower.program import CELLS, CLASSES, EVENTS, MERGED, QUEUED, STATES, ZONES

if TYPE_CHECKING:
    from hamodel.engines._lower.merged import MergedSearch

LAYERS = 8
"""So many of the last layers are always remembered."""
FROM = 4_000_000
"""Below so many stored classes nothing is forgotten."""


class Forgetting:
    """What one search has forgotten, and where each of its layers began."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        """How many classes there were when each layer that is not forgotten began, counted from the oldest kept one."""
        self.classes = 0
        """Classes that were forgotten and not part of another one."""
        self.parts = 0
        """Classes that were forgotten and part of another one."""
        self.told = 0
        """Arrivals at and from forgotten classes: of them only the states are known."""

    def look_back(self, search: MergedSearch) -> None:
        """Between two layers: forget the old ones where that is worth its while."""
        self.numbers.append(int(search.count[CLASSES]))
        old = len(self.numbers) - LAYERS
        if old < 1 or self.numbers[-1] < FROM or 3 * self.numbers[old - 1] < self.numbers[-1]:
            return
        first = len(search.layers) - LAYERS
        self._forget(search, self.numbers[old - 1], search.layers[first])
        self.numbers = [number - self.numbers[old - 1] for number in self.numbers[old - 1 :]]

    def _forget(self, search: MergedSearch, classes: int, arrivals: int) -> None:
        """All classes with smaller numbers; the arrivals before that one are told by their states from now on."""
        count = search.count
        total, states, events = (int(count[i]) for i in (CLASSES, STATES, EVENTS))
        listed = search.events[: 3 * events].reshape(-1, 3)
        told, rest = listed[self.told : arrivals, :2], listed[arrivals:, :2]
        begun = told < 0
        told[:] = search.owner[told]
        told[begun] = -1
        rest -= classes
        self.told = arrivals
        dead = int(np.count_nonzero(search.link[:classes] <= -2))
        self.classes += classes - dead
        self.parts += dead
        count[MERGED] -= dead
        first, link = search.first[:states], search.link[:total]
        first -= classes
        np.maximum(first, -1, out=first)
        gone = link <= -2
        link[~gone] = np.maximum(link[~gone] - classes, -1)
        link[gone] += classes
        for numbers in (search.zone, search.flag, search.owner, search.link):
            numbers[: total - classes] = numbers[classes:total].copy()
        search.queue[: count[QUEUED]] -= classes
        count[CLASSES] = total - classes
        self._squeeze(search)

    def _squeeze(self, search: MergedSearch) -> None:
        """Throw away the zones that no class has any more."""
        zone = search.zone[: search.count[CLASSES]]
        size = int(search.count[ZONES])
        used, renamed = np.zeros(size, np.uint8), np.empty(size, np.int32)
        used[zone] = 1
        left = search.code.squeeze(
            pointer(used), size, pointer(renamed), pointer(search.begins), pointer(search.cells),
            pointer(search.zone_marks),
        )  # fmt: skip
        zone[:] = renamed[zone]
        search.count[ZONES] = left
        search.count[CELLS] = search.begins[left]
        search.zone_table[:] = -1
        kept = np.arange(left, dtype=np.int32)
        search.program.rehash(
            pointer(kept), left, pointer(search.zone_table), len(search.zone_table) - 1,
            pointer(search.zone_marks),
        )  # fmt: skip
