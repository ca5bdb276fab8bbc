"""A claim that something will come is broken by a run in which it may wait for ever. The slow and obvious computation.

Such a run ends in a class where nothing happens by itself any more, or goes round in a circle that never meets the
claim. Only runs count that do their duties (see `circle.Due`): time goes on, and what may not be put off for ever is
not. A circle does them if each of them is done on *it*; that some component as a whole does them is not enough where
it is owed in a part that can be left for good. So the classes that owe what the component never does are taken away,
and what is left is looked at again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hamodel.engines._lower.circle import Due, circle, rests

Node = tuple[int, bool]
"""A class, and whether the claim is pending there."""
Came = Mapping[Node, tuple[Node, int] | None]


@dataclass(frozen=True, slots=True)
class Violation:
    """The edges of the shortest violation and where its loop begins (None: it ends where nothing happens any more).

    `start` is the class in which it begins.
    """

    edges: tuple[int, ...]
    loop: int | None
    start: int = 0


class Claim:
    """A graph of classes with one bit added: whether the claim is pending.

    For every class: `raised`, the claim begins to wait here; `met`, it waits no longer; `resting`, nothing happens by
    itself.
    """

    def __init__(
        self,
        sources: Sequence[int],
        targets: Sequence[int],
        raised: Sequence[bool],
        met: Sequence[bool],
        resting: Sequence[bool],
        dues: Sequence[Due] = (),
        starts: Sequence[int] = (0,),
    ) -> None:
        self.targets, self.raised, self.met, self.resting = targets, raised, met, resting
        self.dues, self.starts = dues, starts
        self.edges: list[list[int]] = [[] for _ in raised]
        for edge, source in enumerate(sources):
            self.edges[source].append(edge)
        self.pending = self._pending()
        self.trap: Collection[int] = [n for n in self.pending if not self.edges[n] and not resting[n]]
        """Classes without a way out among which no run does its duties: time stops there."""
        self.endless = {n: part for part in self._fair() for n in part}

    def _pending(self) -> list[int]:
        """The classes in which the claim may be waiting."""
        todo = [n for n, raised in enumerate(self.raised) if raised and not self.met[n]]
        found = set(todo)
        while todo:
            after = {self.targets[e] for e in self.edges[todo.pop()]}
            new = [n for n in after if not self.met[n] and n not in found]
            found.update(new)
            todo += new
        return sorted(found)

    def _fair(self) -> Iterator[Collection[int]]:
        """The sets of classes among which a run may go round for ever, do its duties, and never meet the claim."""
        todo: list[Collection[int]] = [self.pending]
        while todo:
            for part in self._circles(todo.pop()):
                undone = [due for due in self.dues if not self._does(part, due)]
                owing = {n for n in part if any(due.owed(n) for due in undone)}
                if not owing:
                    yield part
                elif len(owing) < len(part):
                    todo.append(part - owing)
                elif all(self.targets[e] in part for n in part for e in self.edges[n]):
                    self.trap = part

    def _circles(self, among: Collection[int]) -> list[set[int]]:
        """The strongly connected components with an edge in them."""
        order = sorted(among)
        place = {n: i for i, n in enumerate(order)}
        inside = [[place[t] for e in self.edges[n] if (t := self.targets[e]) in place] for n in order]
        parts: dict[int, set[int]] = {}
        for i, part in enumerate(components(inside)):
            parts.setdefault(part, set()).add(order[i])
        return [p for p in parts.values() if len(p) > 1 or any(i in inside[i] for i in map(place.__getitem__, p))]

    def _does(self, part: Collection[int], due: Due) -> bool:
        return any(due.at(n) for n in part) or any(
            due.on(e) for n in part for e in self.edges[n] if self.targets[e] in part
        )

    def first_violation(self) -> Violation | None:
        """The shortest one, breadth first: to a class that rests, or to one from which a circle leads back."""
        came: dict[Node, tuple[Node, int] | None] = {(n, self.raised[n] and not self.met[n]): None for n in self.starts}
        todo = deque(came)
        while todo:
            node = todo.popleft()
            number, waiting = node
            if waiting and (self.resting[number] and rests(number, self.dues)):
                return self._violation(came, node, None)
            if waiting and number in self.endless:
                return self._violation(came, node, self.endless[number])
            for edge in self.edges[number]:
                target = self.targets[edge]
                after = (target, not self.met[target] and (waiting or self.raised[target]))
                if after not in came:
                    came[after] = (node, edge)
                    todo.append(after)
        return None

    def _violation(self, came: Came, node: Node, part: Collection[int] | None) -> Violation:
        prefix, start = _back(came, node)
        if part is None:
            return Violation(prefix, None, start)
        steps = {n: [(e, self.targets[e]) for e in self.edges[n] if self.targets[e] in part] for n in part}
        return Violation((*prefix, *circle(node[0], steps, self.dues)), len(prefix), start)


def _back(came: Came, node: Node) -> tuple[tuple[int, ...], int]:
    """The edges that led to a node, and the class they begin in."""
    found: list[int] = []
    step = came[node]
    while step is not None:
        node = step[0]
        found.append(step[1])
        step = came[node]
    return tuple(found[::-1]), node[0]


def components(successors: Sequence[Sequence[int]]) -> list[int]:
    """The number of each node's strongly connected component (Tarjan, without recursion)."""
    count = len(successors)
    index, low, component = [-1] * count, [0] * count, [-1] * count
    stack: list[int] = []
    clock = parts = 0
    for root in range(count):
        if index[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                index[node] = low[node] = clock
                clock += 1
                stack.append(node)
            for k in range(position, len(successors[node])):
                other = successors[node][k]
                if index[other] < 0:
                    work += [(node, k + 1), (other, 0)]
                    break
                if component[other] < 0:
                    low[node] = min(low[node], index[other])
            else:
                if low[node] == index[node]:
                    while component[node] < 0:
                        component[stack.pop()] = parts
                    parts += 1
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
    return component
