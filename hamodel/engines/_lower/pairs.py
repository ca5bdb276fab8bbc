"""A number for each of many pairs of numbers, kept by numpy: many pairs are looked up or added at a time.

The numbers stand in pages of a few cells each, one for pairs with the same first number and neighbours as second ones:
few of all pairs are met, but those that are stand close together, so that the pages are small enough for a cache. A
directory with a row for each first number that is met says where they begin; where it would become too large, the
pairs are keys.
"""

from __future__ import annotations

import numpy as np

from hamodel.engines._lower.keyed import ABSENT, Keyed, Keys, Numbers
from hamodel.engines._lower.rooms import larger

MOST = 1 << 22
"""Pages that the largest directory has room for, four bytes each."""
BITS = 4
PAGE = 1 << BITS
"""Cells of a page: as many as are fetched from memory together."""
NOWHERE = 0
"""The row, and the page, of all that is not met yet: nothing is written there."""


class Pairs:
    """The numbers may be any but ABSENT."""

    def __init__(self) -> None:
        self.width, self.rows = 64, 1
        self.directory = np.zeros(16 * self.width, np.int32)
        """Row by row, where each page begins."""
        self.row = np.full(1024, NOWHERE, np.int64)
        """For each first number where its row begins."""
        self.cells, self.used = np.zeros(1 << 12, np.int32), PAGE
        """Each number and one more; 0: ABSENT."""
        self.keyed: Keyed | None = None

    @property
    def nbytes(self) -> int:
        tables = self.directory.nbytes + self.row.nbytes + self.cells.nbytes
        return tables + (0 if self.keyed is None else self.keyed.nbytes)

    def find(self, first: Numbers, second: Numbers, most: tuple[int, int]) -> Numbers:
        """The number of each pair, or ABSENT; all of them are below `most`."""
        self._room(*most)
        if self.keyed is not None:
            return self.keyed.find(paired(first, second))
        at = second >> BITS
        at += self.row.take(first)
        cell = second & PAGE - 1
        cell += self.directory.take(at)
        found = self.cells.take(cell).astype(np.int64)
        found -= 1
        return found

    def put(self, first: Numbers, second: Numbers, numbers: Numbers) -> None:
        """Add pairs, all different, new and looked up before, with their numbers."""
        if self.keyed is None:
            self._rows(_each(first.compress(self.row.take(first) == NOWHERE)))
        if self.keyed is not None:
            self.keyed.put(paired(first, second), numbers)
            return
        at = self.row.take(first) + (second >> BITS)
        self._pages(_each(at.compress(self.directory.take(at) == NOWHERE)))
        self.cells[self.directory.take(at) + (second & PAGE - 1)] = numbers + 1

    def _room(self, first: int, second: int) -> None:
        """Room in the directory for all numbers below these."""
        if self.keyed is not None:
            return
        while len(self.row) < first:
            self.row = np.concatenate([self.row, np.full_like(self.row, NOWHERE)])
        while self.width * PAGE < second and self.keyed is None:
            self._enlarge(len(self.directory) // self.width, 2 * self.width)

    def _rows(self, new: Numbers) -> None:
        """A row for each of these numbers, if that may be."""
        if not len(new):
            return
        rows = len(self.directory) // self.width
        while self.rows + len(new) > rows:
            rows *= 2
        if rows * self.width > len(self.directory):
            self._enlarge(rows, self.width)
        if self.keyed is not None:
            return
        self.row[new] = np.arange(self.rows, self.rows + len(new)) * self.width
        self.rows += len(new)

    def _pages(self, new: Numbers) -> None:
        """A page for each of these places of the directory."""
        if not len(new):
            return
        end = self.used + len(new) * PAGE
        if end > len(self.cells):
            self.cells = larger(self.cells, max(end, 2 * len(self.cells)), self.used)
            self.cells[self.used :] = 0
        self.directory[new] = np.arange(self.used, end, PAGE)
        self.used = end

    def _enlarge(self, rows: int, width: int) -> None:
        if rows * width > MOST:
            self._to_keys()
            return
        directory = np.zeros((rows, width), np.int32)
        directory[: len(self.directory) // self.width, : self.width] = self.directory.reshape(-1, self.width)
        self.row *= width // self.width
        self.directory, self.width = directory.ravel(), width

    def _to_keys(self) -> None:
        """From now on a hash table."""
        first_of = np.zeros(self.rows, np.int64)
        met = (self.row != NOWHERE).nonzero()[0]
        first_of[self.row[met] // self.width] = met
        pages = (self.directory != NOWHERE).nonzero()[0]
        numbers = self.cells[: self.used].reshape(-1, PAGE)[self.directory[pages] >> BITS].astype(np.int64) - 1
        page, cell = (numbers != ABSENT).nonzero()
        row, column = np.divmod(pages[page], self.width)
        self.keyed = Keyed()
        self.keyed.put(paired(first_of[row], column * PAGE + cell), numbers[page, cell])
        self.directory, self.row, self.cells = self.directory[:0], self.row[:0], self.cells[:0]


def _each(numbers: Numbers) -> Numbers:
    """Each of these numbers once, in order. Most often there are none or few: `np.unique` takes longer to begin."""
    if len(numbers) < 2:
        return numbers
    ordered = np.sort(numbers)
    new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered.compress(new)


def paired(high: Numbers, low: Numbers) -> Keys:
    """A key for two numbers, of which the second has 32 bits at most."""
    keys = high + 1
    keys <<= 32
    keys |= low
    return keys.view(np.uint64)
