"""Circles that do their duties, found through strongly connected components: the first of two computations.

A component is looked at as a whole first: what none of its classes and edges does, no circle in it does. Where that is
owed in every class the component is given up; where it is owed in some, they are taken away and the rest falls into
smaller components, which are looked at in turn. Costly questions are asked last, one class or edge at a time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.arrays import Bits, Numbers, on_circles
from hamodel.engines._lower.circle import Due, everywhere

Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Duty:
    """A `Due` for whole arrays of classes and edges. What `at` and `on` do not tell, `late_at` and `late_on` may."""

    name: str
    owed: Callable[[Numbers], Bits] | None
    """None: in every class."""
    at: Callable[[Numbers], Bits]
    on: Callable[[Numbers], Bits]
    late_at: Callable[[int], bool] | None = None
    late_on: Callable[[int], bool] | None = None
    sign: tuple[str, ...] = ()
    """What a proof calls it: time, or runs, weak, strong and a name."""

    def is_owed(self, nodes: Numbers) -> Bits:
        return np.ones(len(nodes), np.bool_) if self.owed is None else self.owed(nodes)

    def is_done_late(self, nodes: Numbers, edges: Numbers) -> bool:
        return (self.late_at is not None and any(self.late_at(int(n)) for n in nodes)) or (
            self.late_on is not None and any(self.late_on(int(e)) for e in edges)
        )

    def due(self) -> Due:
        """The same question for one class or edge."""

        def one(ask: Callable[[Numbers], Bits], late: Callable[[int], bool] | None) -> Callable[[int], bool]:
            return lambda number: bool(ask(np.array([number]))[0]) or (late is not None and late(number))

        owed = everywhere if self.owed is None else one(self.owed, None)
        return Due(self.name, owed, one(self.at, self.late_at), one(self.on, self.late_on))


@dataclass(frozen=True, slots=True)
class Part:
    """A strongly connected component with an edge in it: its classes and the edges inside, both in order."""

    nodes: Numbers
    edges: Numbers


@dataclass(slots=True)
class Components:
    """The components of an explored graph, and which of them has a circle that does its duties."""

    sources: Integers
    targets: Integers
    duties: Sequence[Duty]
    trap: Part | None = None
    """Classes without a way out among which no run does its duties."""

    def first(self, among: Bits, rank: Numbers) -> tuple[Part, int] | None:
        """The part with the class of the least rank, and that class."""
        heap: list[tuple[int, int, Part]] = []
        self._add(heap, among, rank)
        while heap:
            _, node, part = heapq.heappop(heap)
            undone = [d for d in self.duties if not does(part, d)]
            if not undone:
                return part, node
            owing = np.logical_or.reduce([d.is_owed(part.nodes) for d in undone])
            if not owing.all():
                left = np.zeros_like(among)
                left[part.nodes[~owing]] = True
                self._add(heap, left, rank)
            elif not self._leaves(part):
                self.trap = part
        return None

    def _leaves(self, part: Part) -> bool:
        inside = np.zeros(int(part.nodes[-1]) + 1, np.bool_)
        inside[part.nodes] = True
        known = self.sources < len(inside)
        return int(inside[self.sources[known]].sum()) > len(part.edges)

    def _add(self, heap: list[tuple[int, int, Part]], among: Bits, rank: Numbers) -> None:
        for part in self._promising(among):
            node = int(part.nodes[np.argmin(rank[part.nodes])])
            heapq.heappush(heap, (int(rank[node]), node, part))

    def _promising(self, among: Bits) -> Iterator[Part]:
        """The parts that cheap questions do not exclude."""
        core = on_circles(self.sources, self.targets, among)
        nodes = np.flatnonzero(core)
        edges = np.flatnonzero(core[self.sources] & core[self.targets])
        if not len(edges):
            return
        place = np.zeros(len(among), np.int32)
        place[nodes] = np.arange(len(nodes))
        label = strong(place[self.sources[edges]], place[self.targets[edges]], len(nodes))
        of_edge = label[place[self.sources[edges]]]
        inside = of_edge == label[place[self.targets[edges]]]
        edges, of_edge = edges[inside], of_edge[inside]
        count = int(label.max()) + 1
        good = np.bincount(of_edge, minlength=count) > 0
        for duty in self.duties:
            if duty.owed is None and duty.late_at is None and duty.late_on is None:
                done = np.bincount(label[duty.at(nodes)], minlength=count)
                done += np.bincount(of_edge[duty.on(edges)], minlength=count)
                good &= done > 0
        yield from listed(nodes, label, edges, of_edge, np.flatnonzero(good))


def does(part: Part, duty: Duty) -> bool:
    """Whether a duty is done somewhere in a part, or is owed nowhere."""
    if duty.at(part.nodes).any() or duty.on(part.edges).any() or not duty.is_owed(part.nodes).any():
        return True
    return duty.is_done_late(part.nodes, part.edges)


def listed(nodes: Numbers, label: Integers, edges: Numbers, of_edge: Integers, wanted: Numbers) -> Iterator[Part]:
    """The nodes and the edges with each of these labels, in their order."""
    by_label, by_edge = np.argsort(label, kind="stable"), np.argsort(of_edge, kind="stable")
    sorted_label, sorted_edge = label[by_label], of_edge[by_edge]
    for number in wanted:
        a, b = np.searchsorted(sorted_label, (number, number + 1))
        c, d = np.searchsorted(sorted_edge, (number, number + 1))
        yield Part(nodes[by_label[a:b]], edges[by_edge[c:d]])


def strong(sources: Integers, targets: Integers, nodes: int) -> Integers:
    """The number of each node's strongly connected component; by scipy where it is installed."""
    try:
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import connected_components
    except ImportError:
        return plain_strong(sources, targets, nodes)
    graph = csr_matrix((np.ones(len(sources), np.int8), (sources, targets)), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=True, connection="strong")
    found: Integers = label.astype(np.int32)
    return found


def plain_strong(sources: Integers, targets: Integers, nodes: int) -> Integers:
    """The same in plain Python; here no number is smaller than those of the components one comes to from it."""
    from hamodel.engines._lower.claim import components

    successors: list[list[int]] = [[] for _ in range(nodes)]
    for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
        successors[source].append(target)
    return np.array(components(successors), np.int32)
