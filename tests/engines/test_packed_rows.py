"""Rows kept as numbers of blocks read as the rows they were."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from hamodel.engines._lower.packed_rows import Packed

WIDTH, SIZE = 24, 16
"""The last block is longer than the row."""


@pytest.fixture(scope="module")
def rows() -> npt.NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 3, (200, WIDTH), np.uint8)


@pytest.fixture(scope="module")
def packed(rows: npt.NDArray[np.uint8]) -> Packed:
    whole = np.zeros((len(rows), 2 * SIZE), np.uint8)
    whole[:, :WIDTH] = rows
    blocks, parts = np.unique(whole.reshape(-1, SIZE), axis=0, return_inverse=True)
    unwritten = np.full((3, SIZE), 255, np.uint8)
    return Packed(parts.reshape(-1, 2).astype(np.int32), np.concatenate([blocks, unwritten]), WIDTH)


def test_every_row_and_every_column_is_what_was_packed(rows: npt.NDArray[np.uint8], packed: Packed) -> None:
    assert len(packed) == len(rows)
    assert all(packed[i].tolist() == rows[i].tolist() for i in range(len(rows)))
    assert all(packed[:, c].tolist() == rows[:, c].tolist() for c in range(WIDTH))


def test_a_part_has_the_rows_between_two_numbers(rows: npt.NDArray[np.uint8], packed: Packed) -> None:
    part = packed.part(50, 60)

    assert len(part) == 10
    assert part[:, 3].tolist() == rows[50:60, 3].tolist()


@pytest.mark.parametrize("columns", [[], [0], [5, 17], [23]], ids=str)
def test_rows_that_meet_a_mask(columns: list[int], rows: npt.NDArray[np.uint8], packed: Packed) -> None:
    mask = np.zeros(WIDTH, np.uint8)
    mask[columns] = 2

    assert packed.meet(mask).tolist() == (rows & mask).any(axis=1).tolist()
