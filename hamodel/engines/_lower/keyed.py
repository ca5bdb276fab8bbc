"""Sets of 64-bit keys, with or without a number for each, kept by numpy: many keys are looked up or added at a time.

Open addressing: a key that finds its place taken tries another, farther each time. Those still trying go on together,
round by round. Keys are compared as they are: nothing is hashed away.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
EMPTY = np.uint64(2**64 - 1)
"""No key."""
ABSENT = -1
SMALL, PIECE = 1 << 22, 1 << 16
"""Places of the largest table that grows fourfold at once; keys that are moved at a time."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


class KeySet:
    """Keys alone."""

    def __init__(self, size: int = 1 << 12) -> None:
        self.used = 0
        self._clear(size)

    def _clear(self, size: int) -> None:
        self.keys, self.mask = np.full(size, EMPTY), np.uint64(size - 1)
        self.notes = np.empty(size, np.int32)
        """For each place a number: of its key, or while keys are added, of the one that takes it."""

    @property
    def nbytes(self) -> int:
        return self.keys.nbytes + self.notes.nbytes

    def size_for(self, more: int) -> int:
        """The size of the table that has room for so many more: at most half of it is used."""
        size = len(self.keys)
        if 2 * (self.used + more) > size:
            size *= 4 if size < SMALL else 2
        while 2 * (self.used + more) > size:
            size *= 2
        return size

    def reserve(self, more: int) -> None:
        """Make that room."""
        size = self.size_for(more)
        if size > len(self.keys):
            there = (self.keys != EMPTY).nonzero()[0]
            keys, notes = self.keys[there], self.notes[there]
            self._clear(size)
            for first in range(0, len(keys), PIECE):
                part = slice(first, first + PIECE)
                self.notes[self._placed(keys[part])] = notes[part]

    def _at(self, keys: Keys) -> Numbers:
        mixed = keys * _FACTOR
        return ((mixed ^ (mixed >> _HALF)) & self.mask).view(np.int64)

    def absent(self, keys: Keys) -> Numbers:
        """The places among `keys` of those that are not in the set."""
        free = np.zeros(len(keys), np.bool_)
        free[self._looked_up(keys)[1]] = True
        found: Numbers = free.nonzero()[0]
        return found

    def _looked_up(self, keys: Keys) -> tuple[Numbers, Numbers]:
        """Where each key is or would be put; and which are not there, in no order."""
        places = at = self._at(keys)
        there = self.keys.take(at)
        left, turn = (there != keys).nonzero()[0], 1
        at, there = at.take(left), there.take(left)
        absent: list[Numbers] = []
        while len(left):
            absent.append(left.compress(there == EMPTY))
            taken = (there != EMPTY).nonzero()[0]
            left, at = left.take(taken), (at.take(taken) + turn) & np.int64(self.mask)
            there, turn = self.keys.take(at), turn + 1
            places[left] = at
            more = (there != keys.take(left)).nonzero()[0]
            left, at, there = left.take(more), at.take(more), there.take(more)
        return places, np.concatenate(absent) if absent else left

    def add(self, keys: Keys) -> Numbers:
        """Add the keys that are new; their places among `keys`, of equal ones the first, in order."""
        self.reserve(len(keys))
        at, left, wanted, turn = self._at(keys), np.arange(len(keys), dtype=np.int32), keys, 1
        won: list[npt.NDArray[np.int32]] = []
        while len(left):
            free = (self.keys[at] == EMPTY).nonzero()[0]
            if len(free):
                tried, slots = left[free], at[free]
                # Of equal indices the last assignment stays: the first of the keys has to come last.
                self.notes[slots[::-1]] = tried[::-1]
                first = self.notes[slots] == tried
                self.keys[slots[first]] = wanted[free[first]]
                won.append(tried[first])
            more = (self.keys[at] != wanted).nonzero()[0]
            left, wanted = left[more], wanted[more]
            at, turn = (at[more] + turn) & np.int64(self.mask), turn + 1
        new = np.sort(np.concatenate(won)) if won else np.zeros(0, np.int32)
        self.used += len(new)
        return new.astype(np.int64)

    def _placed(self, keys: Keys) -> Numbers:
        """Where these keys, all different and new, are put."""
        at, left, wanted, turn = self._at(keys), np.arange(len(keys)), keys, 1
        places = np.empty(len(keys), np.int64)
        while len(left):
            free = (self.keys[at] == EMPTY).nonzero()[0]
            self.keys[at[free]] = wanted[free]
            done = self.keys[at] == wanted
            places[left[done]] = at[done]
            more = (~done).nonzero()[0]
            left, wanted = left[more], wanted[more]
            at, turn = (at[more] + turn) & np.int64(self.mask), turn + 1
        return places


class Keyed(KeySet):
    """Keys with a number each."""

    def find(self, keys: Keys) -> Numbers:
        """The number of each key, or ABSENT."""
        at, absent = self._looked_up(keys)
        found = self.notes.take(at).astype(np.int64)
        found[absent] = ABSENT
        return found

    def put(self, keys: Keys, numbers: Numbers) -> None:
        """Add keys, all different and new, with their numbers."""
        self.reserve(len(keys))
        self.notes[self._placed(keys)] = numbers
        self.used += len(keys)
