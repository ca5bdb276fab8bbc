"""A graph as arrays: edges sorted by one end, so that those of some nodes are found without looking at the others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]


class Graph:
    """The edges at one end of each node, in the order of their numbers."""

    def __init__(self, ends: npt.NDArray[np.int32], others: npt.NDArray[np.int32], nodes: int) -> None:
        self.order = np.argsort(ends, kind="stable")
        self.ends, self.others = ends, others
        self.first = np.searchsorted(ends[self.order], np.arange(nodes + 1))

    def edges(self, nodes: Numbers) -> tuple[Numbers, Numbers]:
        """All edges of `nodes`, node by node, and for each the position of its node in `nodes`."""
        counts = self.first[nodes + 1] - self.first[nodes]
        position = np.repeat(np.arange(len(nodes)), counts)
        begins = np.repeat(self.first[nodes] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        return self.order[begins + np.arange(counts.sum())], position

    def neighbours(self, nodes: Numbers) -> Numbers:
        """The other ends of all edges of `nodes`, with repetitions."""
        return self.others[self.edges(nodes)[0]].astype(np.intp)

    def closure(self, nodes: Bits, inside: Bits) -> Bits:
        """`nodes` and all that is reached from them along edges without leaving `inside`."""
        found = nodes & inside
        front = np.flatnonzero(found)
        while len(front):
            reached = self.neighbours(front)
            front = np.unique(reached[inside[reached] & ~found[reached]])
            found[front] = True
        return found


def on_circles(sources: npt.NDArray[np.int32], targets: npt.NDArray[np.int32], inside: Bits) -> Bits:
    """What is left after all nodes without a way on, or without a way in, were taken away again and again."""
    left = inside.copy()
    for ends, others in ((sources, targets), (targets, sources)):
        kept = left[sources] & left[targets]
        ends, others = ends[kept], others[kept]
        ways = np.bincount(ends, minlength=len(left))
        back = Graph(others, ends, len(left))
        front = np.flatnonzero(left & (ways == 0))
        while len(front):
            left[front] = False
            before, times = np.unique(back.neighbours(front), return_counts=True)
            ways[before] -= times
            front = before[(ways[before] == 0) & left[before]]
    return left
