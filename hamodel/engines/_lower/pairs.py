"""A number for each of many pairs of numbers, kept by numpy: many pairs are looked up or added at a time.

As long as that takes little memory it is a table with a row for each first number that is met and a column for each
second one, which is read in a third of the time; then the pairs are keys.
"""

from __future__ import annotations

import numpy as np

from hamodel.engines._lower.keyed import Keyed, Keys, Numbers

MOST = 1 << 22
"""Cells of the largest table, four bytes each."""
NO_ROW = 0
"""The row of all that is not met yet: nothing is written there."""


class Pairs:
    """The numbers may be any but ABSENT."""

    def __init__(self) -> None:
        self.width, self.used = 1024, 1
        self.cells = np.zeros(16 * self.width, np.int32)
        """Each number and one more, row by row; 0: ABSENT."""
        self.row = np.full(1024, NO_ROW, np.int64)
        """For each first number where its row begins."""
        self.keyed: Keyed | None = None

    @property
    def nbytes(self) -> int:
        return self.cells.nbytes + self.row.nbytes + (0 if self.keyed is None else self.keyed.nbytes)

    def find(self, first: Numbers, second: Numbers, most: tuple[int, int]) -> Numbers:
        """The number of each pair, or ABSENT; all of them are below `most`."""
        self._room(*most)
        if self.keyed is not None:
            return self.keyed.find(paired(first, second))
        at = self.row.take(first)
        at += second
        found = self.cells.take(at).astype(np.int64)
        found -= 1
        return found

    def put(self, first: Numbers, second: Numbers, numbers: Numbers) -> None:
        """Add pairs, all different, new and looked up before, with their numbers."""
        if self.keyed is None:
            self._rows(np.unique(first[self.row.take(first) == NO_ROW]))
        if self.keyed is not None:
            self.keyed.put(paired(first, second), numbers)
        else:
            self.cells[self.row.take(first) + second] = numbers + 1

    def _room(self, first: int, second: int) -> None:
        """Room for all numbers below these."""
        if self.keyed is not None:
            return
        while len(self.row) < first:
            self.row = np.concatenate([self.row, np.full_like(self.row, NO_ROW)])
        while self.width < second and self.keyed is None:
            self._enlarge(len(self.cells) // self.width, 2 * self.width)

    def _rows(self, new: Numbers) -> None:
        """A row for each of these numbers, if that may be."""
        rows = len(self.cells) // self.width
        while self.used + len(new) > rows:
            rows *= 2
        if rows * self.width > len(self.cells):
            self._enlarge(rows, self.width)
        if self.keyed is not None:
            return
        self.row[new] = np.arange(self.used, self.used + len(new)) * self.width
        self.used += len(new)

    def _enlarge(self, rows: int, width: int) -> None:
        if rows * width > MOST:
            self._to_keys()
            return
        cells = np.zeros((rows, width), np.int32)
        cells[: len(self.cells) // self.width, : self.width] = self.cells.reshape(-1, self.width)
        self.row *= width // self.width
        self.cells, self.width = cells.ravel(), width

    def _to_keys(self) -> None:
        """From now on a hash table."""
        self.keyed = Keyed()
        for number in (self.row != NO_ROW).nonzero()[0]:
            row = self.cells[self.row[number] : self.row[number] + self.width]
            there = (row != 0).nonzero()[0]
            self.keyed.put(paired(np.full(len(there), number), there), row[there].astype(np.int64) - 1)
        self.cells, self.row = self.cells[:0], self.row[:0]


def paired(high: Numbers, low: Numbers) -> Keys:
    """A key for two numbers, of which the second has 32 bits at most."""
    keys = high + 1
    keys <<= 32
    keys |= low
    return keys.view(np.uint64)
