"""Circles that do their duties, on small random graphs: three computations against the definition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random

import numpy as np

from hamodel.engines._lower.arrays import Bits, Numbers
from hamodel.engines._lower.circle import Due
from hamodel.engines._lower.claim import Claim, Violation
from hamodel.engines._lower.components import Duty, plain_strong, strong
from hamodel.engines._lower.pending import Promise
from hamodel.errors import ModelError

SEEDS = range(400)


@dataclass(frozen=True)
class Owed:
    """A duty of a small graph: the nodes that owe it (None: all), the nodes and the edges that do it."""

    owed: frozenset[int] | None
    at: frozenset[int]
    on: frozenset[int]

    def done(self, nodes: frozenset[int], edges: Sequence[int]) -> bool:
        """By a run that comes to exactly these nodes and edges again and again."""
        owing = nodes if self.owed is None else nodes & self.owed
        return not owing or bool(nodes & self.at) or not self.on.isdisjoint(edges)

    def due(self) -> Due:
        owed = (lambda _: True) if self.owed is None else self.owed.__contains__
        return Due("duty", owed, self.at.__contains__, self.on.__contains__)

    def duty(self, late: bool) -> Duty:
        """The same for arrays; `late` answers one by one only."""

        def column(numbers: frozenset[int]) -> Callable[[Numbers], Bits]:
            return lambda asked: np.array([int(n) in numbers for n in asked], np.bool_)

        owed = None if self.owed is None else column(self.owed)
        if late:
            nothing = column(frozenset())
            return Duty("duty", owed, nothing, nothing, self.at.__contains__, self.on.__contains__)
        return Duty("duty", owed, column(self.at), column(self.on))


@dataclass(frozen=True)
class Small:
    """A graph with a claim on it."""

    edges: tuple[tuple[int, int], ...]
    raised: tuple[bool, ...]
    met: tuple[bool, ...]
    resting: tuple[bool, ...]
    duties: tuple[Owed, ...]

    @property
    def count(self) -> int:
        return len(self.met)

    def claim(self) -> Claim:
        sources, targets = [s for s, _ in self.edges], [t for _, t in self.edges]
        return Claim(sources, targets, self.raised, self.met, self.resting, [d.due() for d in self.duties])

    def promise(self, late: bool = False) -> Promise:
        sources, targets = (np.array(ends, np.int32) for ends in zip(*self.edges, strict=True))
        raised, met, resting = (np.array(c, np.bool_) for c in (self.raised, self.met, self.resting))
        fair = [] if late else [d.duty(False) for d in self.duties]
        time = [d.duty(True) for d in self.duties] if late else []
        return Promise(
            sources, targets, raised, met, resting, np.array([0]), fair, lambda: time, lambda number: [str(number)]
        )


def small(seed: int, most: int = 6) -> Small:
    """Every node can be reached from the first; a resting one may have edges too, as where only a repair can come."""
    random = Random(seed)
    count = random.randint(2, most)
    edges = [(random.randrange(n), n) for n in range(1, count)]
    edges += [(random.randrange(count), random.randrange(count)) for _ in range(random.randint(1, 2 * count))]
    random.shuffle(edges)
    has_step = {s for s, _ in edges}

    def some(chance: float) -> tuple[bool, ...]:
        return tuple(random.random() < chance for _ in range(count))

    def subset(numbers: int, chance: float) -> frozenset[int]:
        return frozenset(n for n in range(numbers) if random.random() < chance)

    duties = tuple(
        Owed(
            None if random.random() < 0.5 else subset(count, 0.5),
            subset(count, random.choice((0, 0.2))),
            subset(len(edges), 0.2),
        )
        for _ in range(random.randint(0, 3))
    )
    resting = tuple(r or n not in has_step for n, r in enumerate(some(0.15)))
    return Small(tuple(edges), some(0.4), some(0.2), resting, duties)


def waiting(graph: Small) -> frozenset[int]:
    """The nodes in which the claim may wait."""
    found = {n for n in range(graph.count) if graph.raised[n] and not graph.met[n]}
    while more := {t for s, t in graph.edges if s in found and not graph.met[t]} - found:
        found |= more
    return frozenset(found)


def is_broken(graph: Small) -> bool:
    """By the definition: a set of nodes and all edges between them to which a run can come back for ever, or a rest."""
    pending = waiting(graph)
    if any(graph.resting[n] and all(d.done(frozenset({n}), ()) for d in graph.duties) for n in pending):
        return True
    for size in range(1, len(pending) + 1):
        for chosen in combinations(sorted(pending), size):
            nodes = frozenset(chosen)
            edges = [e for e, (s, t) in enumerate(graph.edges) if s in nodes and t in nodes]
            if edges and _connected(graph, nodes, edges) and all(d.done(nodes, edges) for d in graph.duties):
                return True
    return False


def _connected(graph: Small, nodes: frozenset[int], edges: Sequence[int]) -> bool:
    first = min(nodes)
    for forth in (0, 1):
        seen = {first}
        while more := {graph.edges[e][1 - forth] for e in edges if graph.edges[e][forth] in seen} - seen:
            seen |= more
        if seen != nodes:
            return False
    return True


def check_run(graph: Small, found: Violation) -> None:
    """The run that is shown breaks the claim on every node of its way."""
    way = [found.start, *(graph.edges[e][1] for e in found.edges)]
    assert all(graph.edges[e][0] == n for e, n in zip(found.edges, way, strict=False))
    loop = len(way) - 1 if found.loop is None else found.loop
    assert way[-1] == way[loop]
    since = max((i for i, n in enumerate(way) if graph.met[n]), default=-1)
    assert since < loop
    assert any(graph.raised[n] for n in way[since + 1 :])
    edges = found.edges[loop:]
    if found.loop is None:
        assert graph.resting[way[-1]]
    assert all(d.done(frozenset(way[loop:]), edges) for d in graph.duties)


def ask(compute: Callable[[], Violation | None]) -> Violation | None:
    """A trap, where time stops, is no run that breaks the claim."""
    try:
        return compute()
    except ModelError:
        return None


def test_every_computation_finds_a_run_where_there_is_one() -> None:
    broken = 0
    for seed in SEEDS:
        graph = small(seed)
        expected = is_broken(graph)
        broken += expected

        slow, promise = graph.claim().first_violation(), graph.promise()

        assert (slow is not None) is expected, seed
        found = ask(promise.by_components)
        assert (found is not None) is expected, seed
        assert promise.by_fixpoint(expected=expected) is expected, seed
        if found is not None and slow is not None:
            check_run(graph, found)
            assert (found.edges, found.loop) == (slow.edges, slow.loop), seed
    assert 100 < broken < 300


def test_costly_questions_change_nothing() -> None:
    """What time asks of a circle is asked late, one class or step at a time; rest is not in question then."""
    broken = 0
    for seed in SEEDS:
        graph = replace(small(seed), resting=(False,) * 9)
        graph = replace(graph, resting=graph.resting[: graph.count])
        expected = is_broken(graph)
        broken += expected

        promise = graph.promise(late=True)

        assert (ask(promise.by_components) is not None) is expected, seed
        assert promise.by_fixpoint(expected=expected) is expected, seed
    assert 50 < broken < 300


def test_components_are_the_same_without_scipy() -> None:
    for seed in range(40):
        graph = small(seed, 12)
        sources, targets = (np.array(ends, np.int32) for ends in zip(*graph.edges, strict=True))

        one, other = strong(sources, targets, graph.count), plain_strong(sources, targets, graph.count)

        assert len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(set(one.tolist()))
        assert len(set(one.tolist())) == len(set(other.tolist()))
