"""Sets of 64-bit keys, with or without a number for each, kept by numpy: many keys are looked up or added at a time.

Open addressing: a key that finds its place taken tries the next one. Those still trying go on together, round by
round. Keys are compared as they are: nothing is hashed away.
"""

from __future__ import annotations

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
_FACTOR, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


class KeySet:
    """Keys alone, none of them EMPTY."""

    def __init__(self, size: int = 1 << 12) -> None:
        self.used = 0
        self._clear(size)

    def _clear(self, size: int) -> None:
        self.keys = np.zeros(size, np.uint64)
        self.mask, self.shift = np.int64(size - 1), np.uint64(65 - size.bit_length())

    @property
    def nbytes(self) -> int:
        return self.keys.nbytes

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
        keys, notes = self.keys.take(there), self._notes(there)
        self._clear(size)
        for first in range(0, len(keys), PIECE):
            part = slice(first, first + PIECE)
            self._fill(keys[part], self.first_places(keys[part]), None if notes is None else notes[part])

    def _notes(self, _places: Numbers) -> Notes | None:
        """What is kept beside the keys at these places."""
        return None

    def _fill(self, keys: Keys, at: Numbers, notes: Notes | None) -> None:
        """Put keys, all different and new, where there is room for them; `at`: where each is tried first."""
        while len(keys):
            free = (self.keys.take(at) == EMPTY).nonzero()[0]
            self._write(at.take(free), keys.take(free), None if notes is None else notes.take(free))
            more = (self.keys.take(at) != keys).nonzero()[0]
            keys, at, notes = keys.take(more), self._next(at, more), None if notes is None else notes.take(more)

    def _write(self, places: Numbers, keys: Keys, _notes: Notes | None) -> None:
        self.keys[places] = keys

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

    def add(self, keys: Keys, places: Numbers) -> None:
        """Add keys, all different and new, for which there is room; `places`: where `absent` would put each."""
        self._fill(keys, places, None)
        self.used += len(keys)

    def _next(self, at: Numbers, these: Numbers) -> Numbers:
        """The places after some of these."""
        then = at.take(these)
        then += 1
        then &= self.mask
        return then


class Keyed(KeySet):
    """Keys with a number each."""

    def _clear(self, size: int) -> None:
        super()._clear(size)
        self.notes = np.empty(size, np.int32)
        """For each place the number of its key."""

    @property
    def nbytes(self) -> int:
        return self.keys.nbytes + self.notes.nbytes

    def _notes(self, places: Numbers) -> Notes:
        return self.notes.take(places)

    def _write(self, places: Numbers, keys: Keys, notes: Notes | None) -> None:
        super()._write(places, keys, notes)
        if notes is not None:
            self.notes[places] = notes

    def find(self, keys: Keys) -> Numbers:
        """The number of each key, or ABSENT."""
        places, absent = self._looked_up(keys)
        found = self.notes.take(places).astype(np.int64)
        found[absent] = ABSENT
        return found

    def put(self, keys: Keys, numbers: Numbers) -> None:
        """Add keys, all different and new, with their numbers."""
        self.reserve(len(keys))
        self._fill(keys, self.first_places(keys), numbers.astype(np.int32))
        self.used += len(keys)


class Firsts:
    """Finds among many keys of each the first: what is equal meets at one place of a small table.

    Whatever stands in the table is written before it is read, so nothing is cleared between two uses.
    """

    def __init__(self) -> None:
        self.table = np.zeros(1 << 12, np.int32)

    @property
    def nbytes(self) -> int:
        return self.table.nbytes

    def of(self, keys: Keys) -> Numbers:
        """The places among `keys` of those that no equal one stands before, in order."""
        if 2 * len(keys) > len(self.table):
            self.table = np.zeros(1 << (2 * len(keys)).bit_length(), np.int32)
        shift = np.uint64(65 - len(self.table).bit_length())
        left, mixed, these = np.arange(len(keys), dtype=np.int32), keys * _FACTOR, keys
        first = np.zeros(len(keys), np.bool_)
        while len(left):
            at = (mixed >> shift).view(np.int64)
            # Of equal indices the last assignment stays: the first of the keys has to come last.
            self.table[at[::-1]] = left[::-1]
            won = self.table.take(at)
            first[left.compress(won == left)] = True
            more = (keys.take(won) != these).nonzero()[0]
            left, mixed, these = left.take(more), mixed.take(more), these.take(more)
            mixed ^= mixed >> _HALF
            mixed *= _FACTOR
        return first.nonzero()[0]


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
