"""Rows of bytes that are kept as the numbers of their blocks, each different block once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Packed:
    """As an array of rows: it has a length, rows, and columns."""

    parts: npt.NDArray[np.int32]
    """For each row the numbers of its blocks."""
    blocks: Bytes
    """One block a row; what is not written yet has no number."""
    width: int

    @classmethod
    def nothing(cls) -> Packed:
        return cls(np.empty((0, 1), np.int32), np.empty((0, 1), np.uint8), 0)

    def __len__(self) -> int:
        return len(self.parts)

    @overload
    def __getitem__(self, at: int) -> Bytes: ...
    @overload
    def __getitem__(self, at: tuple[slice, int]) -> npt.NDArray[Any]: ...
    def __getitem__(self, at: int | tuple[slice, int]) -> npt.NDArray[Any]:
        found: npt.NDArray[Any]
        if isinstance(at, int):
            found = self.blocks[self.parts[at]].ravel()[: self.width]
        else:
            part, byte = divmod(at[1], self.blocks.shape[1])
            found = self.blocks[self.parts[at[0], part], byte]
        return found

    def chosen(self, rows: npt.NDArray[np.integer[Any]]) -> Bytes:
        """These rows, each as its bytes."""
        found: Bytes = self.blocks[self.parts[rows]].reshape(len(rows), -1)[:, : self.width]
        return found

    def part(self, first: int, end: int) -> Packed:
        """The rows from one to another."""
        return Packed(self.parts[first:end], self.blocks, self.width)

    def meet(self, mask: Bytes) -> npt.NDArray[np.bool_]:
        """For each row, whether it has a bit of the mask."""
        found = np.zeros(len(self), np.bool_)
        size = self.blocks.shape[1]
        for part in range(self.parts.shape[1]):
            of = mask[part * size : (part + 1) * size]
            if of.any():
                of_block = np.logical_or.reduce(self.blocks[:, : len(of)] & of, axis=1)
                found |= of_block[self.parts[:, part]]
        return found
