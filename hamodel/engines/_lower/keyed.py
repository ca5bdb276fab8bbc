"""A set of 64-bit keys and a number for each, kept by numpy: many keys are looked up or added at a time.

Open addressing: a key that finds its place taken tries the next one. Those still trying go on together, round by round.
Keys are compared as they are: nothing is hashed away.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
EMPTY = np.uint64(2**64 - 1)
"""No key."""
ABSENT = -1
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


class Keyed:
    """The keys and their numbers."""

    def __init__(self, size: int = 1 << 12) -> None:
        self.used = 0
        self._clear(size)

    def _clear(self, size: int) -> None:
        self.keys, self.numbers = np.full(size, EMPTY), np.zeros(size, np.int32)
        self.mask = np.uint64(size - 1)

    @property
    def nbytes(self) -> int:
        return self.keys.nbytes + self.numbers.nbytes

    def size_for(self, more: int) -> int:
        """The size of the table that has room for so many more: at most half of it is used."""
        size = len(self.keys)
        while 2 * (self.used + more) > size:
            size *= 2
        return size

    def reserve(self, more: int) -> None:
        """Make that room."""
        size = self.size_for(more)
        if size > len(self.keys):
            there = np.flatnonzero(self.keys != EMPTY)
            keys, numbers = self.keys[there], self.numbers[there]
            self._clear(size)
            for first in range(0, len(keys), 1 << 16):
                part = slice(first, first + (1 << 16))
                self._place(keys[part], numbers[part])

    def _at(self, keys: Keys) -> Numbers:
        mixed = keys * _FACTOR
        return ((mixed ^ (mixed >> _HALF)) & self.mask).view(np.int64)

    def find(self, keys: Keys) -> Numbers:
        """The number of each key, or ABSENT."""
        at = self._at(keys)
        there = self.keys[at]
        found = np.where(there == keys, self.numbers[at], ABSENT).astype(np.int64)
        left = np.flatnonzero((there != keys) & (there != EMPTY))
        at = at[left]
        while len(left):
            at = (at + 1) & np.int64(self.mask)
            there, wanted = self.keys[at], keys[left]
            same = there == wanted
            found[left[same]] = self.numbers[at[same]]
            more = ~same & (there != EMPTY)
            left, at = left[more], at[more]
        return found

    def add(self, keys: Keys, first: int) -> Numbers:
        """Add the keys that are new, numbered from `first` on in their order here; the places of those among `keys`.

        Of equal keys the first counts.
        """
        self.reserve(len(keys))
        at, left = self._at(keys), np.arange(len(keys))
        won: list[Numbers] = []
        while len(left):
            here = at[left]
            free = np.flatnonzero(self.keys[here] == EMPTY)
            if len(free):
                tried, slots = left[free], here[free]
                # Of equal indices the last assignment stays: the first of the keys has to come last.
                self.numbers[slots[::-1]] = tried[::-1]
                winners = tried[self.numbers[slots] == tried]
                self.keys[at[winners]] = keys[winners]
                won.append(winners)
            left = left[self.keys[here] != keys[left]]
            at[left] = (at[left] + 1) & np.int64(self.mask)
        new = np.sort(np.concatenate(won)) if won else np.zeros(0, np.int64)
        self.numbers[at[new]] = np.arange(first, first + len(new))
        self.used += len(new)
        return new

    def put(self, keys: Keys, numbers: Numbers) -> None:
        """Add distinct keys that are not there yet, with their numbers."""
        self.reserve(len(keys))
        self._place(keys, numbers)
        self.used += len(keys)

    def _place(self, keys: Keys, numbers: npt.NDArray[np.signedinteger]) -> None:
        at, left = self._at(keys), np.arange(len(keys))
        while len(left):
            free = left[self.keys[at[left]] == EMPTY]
            self.keys[at[free]] = keys[free]
            left = left[self.keys[at[left]] != keys[left]]
            placed = free[self.keys[at[free]] == keys[free]]
            self.numbers[at[placed]] = numbers[placed]
            at[left] = (at[left] + 1) & np.int64(self.mask)
