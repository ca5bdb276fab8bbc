"""Difference bounds as arrays: the most, in ms, by which one of some points or clocks can come after another.

A zone says the same with every bound as tight as the others make it; there is one way to tighten, and one number that
stands for no bound at all.
"""

from __future__ import annotations

import numpy as np

from hamodel.ir.constraints import UNBOUNDED

Matrix = np.ndarray[tuple[int, int], np.dtype[np.int64]]
"""B[i, j]: the most, in ms, that i can come after j."""


def unbounded(size: int) -> Matrix:
    """So many points of which nothing is known."""
    bounds = np.full((size, size), UNBOUNDED, np.int64)
    np.fill_diagonal(bounds, 0)
    return bounds


def tightened(bounds: Matrix) -> Matrix:
    """Every bound by every detour; something negative on the diagonal where no times are left.

    >>> tightened(np.array([[0, 5, UNBOUNDED], [UNBOUNDED, 0, -2], [UNBOUNDED, UNBOUNDED, 0]]))[0].tolist()
    [0, 5, 3]
    >>> bool(tightened(np.array([[0, UNBOUNDED, 0], [0, 0, 0], [-7, 0, 0]]))[0, 1] == 0)
    True
    """
    found = bounds.copy()
    for k in range(len(found)):
        np.minimum(found, found[:, k, None] + found[None, k, :], out=found)
    found[found > UNBOUNDED // 2] = UNBOUNDED
    return found


def closed(bounds: Matrix) -> Matrix | None:
    """The zone of these bounds; None: it is empty."""
    found = tightened(bounds)
    return None if (np.diagonal(found) < 0).any() else found


def both(one: Matrix, other: Matrix) -> Matrix | None:
    """What is in both; None: nothing is.

    >>> both(np.array([[0, -5], [5, 0]]), np.array([[0, 0], [UNBOUNDED, 0]])).tolist()
    [[0, -5], [5, 0]]
    >>> both(np.array([[0, -5], [5, 0]]), np.array([[0, -6], [6, 0]]))
    """
    return closed(np.minimum(one, other))
