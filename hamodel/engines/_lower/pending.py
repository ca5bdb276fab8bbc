"""Does something promised come on every run? First whether it can fail at all, on arrays; then the shortest failure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.claim import Claim, Violation
from hamodel.engines._lower.exploration import Exploration

Bits = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int32]


class Graph:
    """Edges sorted by one end, so that all edges of a set of nodes are found without looking at the others."""

    def __init__(self, ends: Integers, others: Integers, nodes: int) -> None:
        order = np.argsort(ends, kind="stable")
        self.others = others[order]
        self.first = np.searchsorted(ends[order], np.arange(nodes + 1))

    def neighbours(self, nodes: npt.NDArray[np.intp]) -> Integers:
        """The other ends of all edges of `nodes`, with repetitions."""
        counts = self.first[nodes + 1] - self.first[nodes]
        begins = np.repeat(self.first[nodes] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        return self.others[begins + np.arange(counts.sum())]


def first_violation(found: Exploration, raised: Bits, met: Bits) -> Violation | None:
    """The shortest run on which the claim, raised where `raised`, is never met; None where there is none."""
    assert found.sources is not None
    assert found.targets is not None
    resting = found.quiescent()
    if not _can_fail(found.sources, found.targets, raised, met, resting):
        return None
    claim = Claim(found.sources.tolist(), found.targets.tolist(), raised.tolist(), met.tolist(), resting.tolist())
    return claim.first_violation()


def _can_fail(sources: Integers, targets: Integers, raised: Bits, met: Bits, resting: Bits) -> bool:
    nodes = len(raised)
    pending = _pending(Graph(sources, targets, nodes), raised, met)
    without_step = np.ones(nodes, np.bool_)
    without_step[sources] = False
    if (pending & (resting | without_step)).any():
        return True
    inner = pending[sources] & pending[targets]
    return _has_circle(sources[inner], targets[inner], pending)


def _pending(graph: Graph, raised: Bits, met: Bits) -> Bits:
    """The classes in which the claim may be waiting."""
    pending = raised & ~met
    front = np.flatnonzero(pending)
    while len(front):
        reached = np.unique(graph.neighbours(front))
        front = reached[~met[reached] & ~pending[reached]].astype(np.intp)
        pending[front] = True
    return pending


def _has_circle(sources: Integers, targets: Integers, inside: Bits) -> bool:
    """Whether something is left after all classes without a way on were taken away again and again."""
    nodes = len(inside)
    onward = np.bincount(sources, minlength=nodes)
    back = Graph(targets, sources, nodes)
    left = int(inside.sum())
    front = np.flatnonzero(inside & (onward == 0))
    while len(front):
        left -= len(front)
        before, times = np.unique(back.neighbours(front), return_counts=True)
        onward[before] -= times
        front = before[onward[before] == 0].astype(np.intp)
    return left > 0
