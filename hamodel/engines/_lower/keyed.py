"""Sets of 64-bit keys, with or without a number for each, kept by numpy: many keys are looked up or added at a time.

Open addressing: a key that finds its place taken tries the next one. Those still trying go on together, round by
round. Keys are compared as they are: nothing is hashed away.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Notes = npt.NDArray[np.int32]
EMPTY = np.uint64(0)
"""No key: new memory is empty."""
ABSENT = -1
SMALL, PIECE = 1 << 22, 1 << 16
"""Places of the largest table that grows fourfold at once; keys that are moved at a time."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class KeySet:
    """Keys alone, none of them EMPTY."""

    noted: ClassVar[bool] = False
    """Whether notes are kept."""

    def __init__(self, size: int = 1 << 12) -> None:
        self.used = 0
        self._clear(size)

    def _clear(self, size: int) -> None:
        self.keys = np.zeros(size, np.uint64)
        self.mask, self.shift = np.int64(size - 1), np.uint64(65 - size.bit_length())
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

    def reserve(self, more: int) -> bool:
        """Make that room; whether places have changed thereby."""
        size = self.size_for(more)
        if size == len(self.keys):
            return False
        self._enlarge(size)
        return True

    def _enlarge(self, size: int) -> None:
        there = (self.keys != EMPTY).nonzero()[0]
        keys, notes = self.keys.take(there), self.notes.take(there) if self.noted else None
        self._clear(size)
        for first in range(0, len(keys), PIECE):
            part = slice(first, first + PIECE)
            self._fill(keys[part], None if notes is None else notes[part])

    def _fill(self, keys: Keys, notes: Notes | None) -> None:
        """Put keys, all different and new, and their notes, where there is room for them."""
        at = self.first_places(keys)
        while len(keys):
            free = (self.keys.take(at) == EMPTY).nonzero()[0]
            slots = at.take(free)
            self.keys[slots] = keys.take(free)
            if notes is not None:
                self.notes[slots] = notes.take(free)
            more = (self.keys.take(at) != keys).nonzero()[0]
            keys, at, notes = keys.take(more), self._next(at, more), None if notes is None else notes.take(more)

    def first_places(self, keys: Keys) -> Numbers:
        """Where each key is looked for first: the high bits of a product, which depend on all bits of the key."""
        mixed = keys * _FACTOR
        mixed >>= self.shift
        return mixed.view(np.int64)

    def absent(self, keys: Keys) -> tuple[Numbers, Numbers]:
        """The places among `keys` of those that are not in the set, in no order; and where each would be put."""
        places, absent = self._looked_up(keys)
        return absent, places.take(absent)

    def _looked_up(self, keys: Keys) -> tuple[Numbers, Numbers]:
        """Where each key is or would be put; and which are not there, in no order."""
        places = self.first_places(keys)
        there = self.keys.take(places)
        left = (there != keys).nonzero()[0]
        absent, there = [left[:0]], there.take(left)
        while len(left):
            free = there == EMPTY
            absent.append(left.compress(free))
            left = left.compress(~free)
            at = self._next(places, left)
            places[left], there = at, self.keys.take(at)
            more = (there != keys.take(left)).nonzero()[0]
            left, there = left.take(more), there.take(more)
        return places, np.concatenate(absent)

    def add(self, keys: Keys, at: Numbers) -> Numbers:
        """Add the keys that are new; their places among `keys`, of equal ones the first, in order.

        There is room for all; `at` is for each key its first place, or where `absent` would put it.
        """
        left, wanted = np.arange(len(keys), dtype=np.int32), keys
        won: list[Notes] = []
        while len(left):
            there = self.keys.take(at)
            free = (there == EMPTY).nonzero()[0]
            if len(free):
                tried, slots = left.take(free), at.take(free)
                # Of equal indices the last assignment stays: the first of the keys has to come last.
                self.notes[slots[::-1]] = tried[::-1]
                first = (self.notes.take(slots) == tried).nonzero()[0]
                self.keys[slots.take(first)] = wanted.take(free.take(first))
                won.append(tried.take(first))
                there = self.keys.take(at)
            more = (there != wanted).nonzero()[0]
            left, wanted, at = left.take(more), wanted.take(more), self._next(at, more)
        new = np.sort(np.concatenate(won)) if won else np.zeros(0, np.int32)
        self.used += len(new)
        return new.astype(np.int64)

    def _next(self, at: Numbers, these: Numbers) -> Numbers:
        """The places after some of these."""
        then = at.take(these)
        then += 1
        then &= self.mask
        return then


class Keyed(KeySet):
    """Keys with a number each, which is their note."""

    noted = True

    def find(self, keys: Keys) -> Numbers:
        """The number of each key, or ABSENT."""
        places, absent = self._looked_up(keys)
        found = self.notes.take(places).astype(np.int64)
        found[absent] = ABSENT
        return found

    def put(self, keys: Keys, numbers: Numbers) -> None:
        """Add keys, all different and new, with their numbers."""
        self.reserve(len(keys))
        self._fill(keys, numbers.astype(np.int32))
        self.used += len(keys)


def distinct(keys: Keys) -> tuple[Numbers, Numbers]:
    """Of all that are equal the place of one; and for each key the how manieth of those it equals."""
    order = np.argsort(keys)
    ordered = keys.take(order)
    begins = np.ones(len(keys), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    which = np.empty(len(keys), np.int64)
    which[order] = np.cumsum(begins) - 1
    return order.compress(begins), which


def order_of(numbers: Numbers) -> Numbers:
    """The places of these numbers, all different, from the least to the largest number.

    Numbers are sorted in half the time it takes to sort places: so where they fit the places are their low bits.
    """
    if not len(numbers):
        return numbers
    bits, least = len(numbers).bit_length(), int(numbers.min())
    if (int(numbers.max()) - least).bit_length() + bits >= 63:
        return np.argsort(numbers)
    packed = numbers - least
    packed <<= bits
    packed |= np.arange(len(numbers))
    packed.sort()
    packed &= (1 << bits) - 1
    return packed
