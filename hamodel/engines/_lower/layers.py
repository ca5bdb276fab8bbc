"""The layers of a search, breadth first: the number of the first state of each, and of the first behind the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise


def deepest(layers: Sequence[int]) -> int:
    """Steps to the states of the last layer that is not empty.

    >>> deepest([0, 1, 5, 9, 9])
    2
    """
    return sum(1 for a, b in pairwise(layers) if a < b) - 1


def slices(first: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """The numbers from one to another in pieces of so many.

    >>> list(slices(3, 8, 2))
    [(3, 5), (5, 7), (7, 8)]
    """
    for at in range(first, end, size):
        yield at, min(at + size, end)
