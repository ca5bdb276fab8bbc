"""Does something promised come on every run? Asked twice, by two computations that share no search.

Both look at the graph of all classes *by equality*. There a class is the exact set of states that some events lead to,
so every path of classes, for ever or not, is a run and every run is a path. Under inclusion that is not so: a class
that is covered by a larger one is left for it, and from the larger one a circle may lead round that the smaller one
never enters: a lasso that no run takes. What is possible in the larger class need not be in the smaller one either, so
strong fairness would excuse runs that nothing excuses. The same holds of any other abstraction that puts states
together (nodes that change places, events that change order): an answer under one of them is refused here.
A search that was not finished proves nothing and is refused as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.arrays import Bits, Graph, Numbers, on_circles
from hamodel.engines._lower.circle import circle
from hamodel.engines._lower.claim import Violation
from hamodel.engines._lower.components import Components, Duty, Part
from hamodel.engines._lower.duties import Questions, assumed, time_goes_on
from hamodel.engines._lower.exploration import Exploration
from hamodel.engines._lower.fair import time_stops, watched_for_ever
from hamodel.engines._lower.fixpoint import Fixpoint, Marks, all_marks, marks
from hamodel.engines._lower.layout import STOPWATCH
from hamodel.errors import EngineLimit, EnginesDisagree
from hamodel.ir.fairness import Fairness

SECOND_LOOK_EDGES = 20_000_000
"""The second computation is left out for larger graphs."""
SECOND_LOOK_LATE = 20_000
"""And where it would have to ask about the time in more classes than this."""
TWICE = "computed twice: by components, and backwards by a fixpoint"
Integers = npt.NDArray[np.int32]
NEVER = np.iinfo(np.intp).max


@dataclass(frozen=True, slots=True)
class Computed:
    """The shortest run that breaks the promise, if there is one, and how the answer was computed."""

    violation: Violation | None
    computed: str


def promise(found: Exploration, raised: Bits, met: Bits, fairness: Sequence[Fairness] = ()) -> Promise:
    """The question whether after each class that is `raised` there comes one that is `met`."""
    if found.mode != "equality" or not found.complete:
        raise ValueError("what comes in the end is asked of all classes by equality, and of nothing less")
    assert found.sources is not None
    assert found.targets is not None
    ask = Questions(found)
    return Promise(
        found.sources,
        found.targets,
        raised,
        met,
        found.quiescent(),
        np.flatnonzero(found.parent < 0),
        [duty for each in fairness for duty in assumed(ask, each)],
        lambda: list(time_goes_on(ask)),
        found.names_to,
    )


def refuse_stopwatches(found: Exploration) -> None:
    """Raises EngineLimit where a stopwatch runs in some class: it tells each round of a circle from the one before."""
    for index, kind in enumerate(found.layout.kinds):
        if kind == STOPWATCH and found.states[:, found.layout.running + index].any():
            raise watched_for_ever(found.system.timers[index].name)


@dataclass(slots=True)
class Promise:
    """A claim on a graph of classes: where it is `raised`, and where it is `met` and waits no longer."""

    sources: Integers
    targets: Integers
    raised: Bits
    met: Bits
    resting: Bits
    """Nothing happens by itself."""
    starts: Numbers
    fair: Sequence[Duty]
    time: Callable[[], Sequence[Duty]]
    """Asked for only where there are circles."""
    names_to: Callable[[int], Sequence[str]]
    graph: Graph = field(init=False)
    pending: Bits = field(init=False)
    """The classes in which the claim may be waiting."""

    def __post_init__(self) -> None:
        self.graph = Graph(self.sources, self.targets, len(self.raised))
        self.pending = self.graph.closure(self.raised & ~self.met, ~self.met)

    @property
    def duties(self) -> list[Duty]:
        return [*self.time(), *self.fair]

    def answer(self) -> Computed:
        """Both computations. Raises EnginesDisagree where they differ, ModelError where the model stops the time."""
        violation = self.by_components()
        second = self.by_fixpoint(violation is not None)
        if second is None:
            return Computed(violation, self._once())
        if second is not (violation is not None):
            first = "no such run" if violation is None else "a run that breaks the promise"
            other = "a run that breaks the promise" if violation is None else "no such run"
            raise EnginesDisagree(
                "two computations of what comes in the end differ",
                seen=[f"components: {first}", f"fixpoint: {other}"],
                help="please report this, with the configuration",
            )
        return Computed(violation, TWICE)

    def _once(self) -> str:
        size = f"{len(self.sources):,} steps and {int(self.pending.sum()):,} waiting classes".replace(",", " ")
        return f"computed once, by components; a second look at {size} was left out"

    # -- first: components

    def by_components(self) -> Violation | None:
        """The shortest run that breaks the promise."""
        last = self._last_ones()
        if not last.any() and not on_circles(self.sources, self.targets, self.pending).any():
            self._time_goes_on(None)
            return None
        search = BreadthFirst(self)
        search.run()
        rank = search.rank[1::2]
        rest = int(np.argmin(np.where(last, rank, NEVER))) if last.any() else -1
        components = Components(self.sources, self.targets, self.duties)
        first = components.first(self.pending, rank)
        if rest >= 0 and (first is None or rank[rest] <= rank[first[1]]):
            return Violation(*_split(search.back(rest), None))
        if first is not None:
            prefix, start = search.back(first[1])
            return Violation((*prefix, *self._circle(*first)), len(prefix), start)
        self._time_goes_on(components.trap)
        return None

    def _time_goes_on(self, trap: Part | None) -> None:
        """No run breaks the promise; but a promise about runs that cannot last is not worth the name."""
        has_step = np.zeros(len(self.met), np.bool_)
        has_step[self.sources] = True
        stopped = np.flatnonzero(self.pending & ~has_step & ~self.resting)
        stopped = stopped if trap is None else np.concatenate((stopped, trap.nodes))
        if len(stopped):
            raise time_stops(self.names_to(int(stopped.min())))

    def _last_ones(self) -> Bits:
        """The classes in which a run may rest for ever: nothing that is owed there is left undone."""
        last = self.resting & self.pending
        nodes = np.flatnonzero(last)
        for duty in self.fair:
            last[nodes] &= duty.at(nodes) | ~duty.is_owed(nodes)
        return last

    def _circle(self, part: Part, node: int) -> list[int]:
        steps: dict[int, list[tuple[int, int]]] = {int(n): [] for n in part.nodes}
        for edge, source, target in zip(
            part.edges.tolist(), self.sources[part.edges].tolist(), self.targets[part.edges].tolist(), strict=True
        ):
            steps[source].append((edge, target))
        return circle(node, steps, [duty.due() for duty in self.duties])

    # -- second: a fixpoint

    def by_fixpoint(self, expected: bool) -> bool | None:
        """Whether there is such a run, computed backwards; None where that was left out."""
        if len(self.sources) > SECOND_LOOK_EDGES:
            return None
        unmet = ~self.met
        search = Fixpoint(self.sources, self.targets, unmet)
        fair = [marks(duty, unmet, len(self.sources)) for duty in self.fair]
        last = self.resting & unmet
        for each in fair:
            last &= each.at | ~each.owed
        endless = search.endless(fair, unmet)
        may = bool((search.comes_from(endless | last) & self.raised).any())
        if not may or expected:
            return may
        inside = endless & self.graph.closure(self.raised & unmet, unmet)
        if int(inside.sum()) > SECOND_LOOK_LATE:
            return None
        try:
            exact: list[Marks] = [all_marks(d, inside, self.sources, self.targets) for d in self.time()]
        except EngineLimit:
            return None
        endless = search.endless([*fair, *exact], inside)
        return bool((search.comes_from(endless | last) & self.raised).any())


def _split(way: tuple[tuple[int, ...], int], loop: int | None) -> tuple[tuple[int, ...], int | None, int]:
    return way[0], loop, way[1]


class BreadthFirst:
    """Every class with and without the claim waiting, level by level, in the order a queue would give."""

    def __init__(self, promise: Promise) -> None:
        self.promise = promise
        self.rank = np.full(2 * len(promise.met), NEVER, np.intp)
        """By 2 * class + 1 where the claim waits, 2 * class where it does not."""
        self.edge = np.full(2 * len(promise.met), -1, np.intp)
        self.before = np.full(2 * len(promise.met), -1, np.intp)

    def run(self) -> None:
        p = self.promise
        front = 2 * p.starts + (p.raised[p.starts] & ~p.met[p.starts])
        known = len(front)
        self.rank[front] = np.arange(known)
        while len(front):
            edges, position = p.graph.edges(front >> 1)
            targets = p.targets[edges].astype(np.intp)
            waiting = ~p.met[targets] & ((front[position] & 1).astype(np.bool_) | p.raised[targets])
            after: Numbers = 2 * targets + waiting
            new = np.flatnonzero(self.rank[after] == NEVER)
            _, first = np.unique(after[new], return_index=True)
            chosen = new[np.sort(first)]
            self.edge[after[chosen]], self.before[after[chosen]] = edges[chosen], front[position[chosen]]
            front = after[chosen]
            self.rank[front] = np.arange(known, known + len(front))
            known += len(front)

    def back(self, number: int) -> tuple[tuple[int, ...], int]:
        """The edges that lead to a class in which the claim waits, and the class they begin in."""
        node, found = 2 * number + 1, []
        while self.before[node] >= 0:
            found.append(int(self.edge[node]))
            node = int(self.before[node])
        return tuple(found[::-1]), node >> 1
