"""Some numbers in one key, each in a field of so many bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hamodel.engines._lower.keyed import Keys, Numbers

MARK = np.int64(-1 << 63)
"""The bit that is set in each key, so that none is EMPTY."""


class Fields:
    """Where each number lies in a key; `widths` are their bits, 63 at most together."""

    def __init__(self, widths: Sequence[int]) -> None:
        self.widths = list(widths)
        self.shifts = [sum(widths[:n]) for n in range(len(widths))]

    def narrow(self, needed: Sequence[int]) -> bool:
        """Whether some field has fewer bits than are needed."""
        return any(n > width for n, width in zip(needed, self.widths, strict=True))

    def keys(self, numbers: Sequence[Numbers]) -> Keys:
        found = np.full(len(numbers[0]), MARK)
        for each, shift in zip(numbers, self.shifts, strict=True):
            found |= each << shift
        return found.view(np.uint64)

    def numbers(self, keys: Keys) -> list[Numbers]:
        plain = keys.view(np.int64)
        return [plain >> shift & (1 << width) - 1 for shift, width in zip(self.shifts, self.widths, strict=True)]
