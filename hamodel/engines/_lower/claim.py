"""A claim that something will come is broken by a run in which it may wait for ever.

Such a run ends in a state where nothing happens by itself any more, or in a cycle that never meets the claim. Zones
let time diverge in such a state; every cycle is taken to let time diverge as well (no rule restarts itself at once).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Node = tuple[int, bool]
"""A class, and whether the claim is pending there."""
Came = Mapping[Node, tuple[Node, int] | None]


@dataclass(frozen=True, slots=True)
class Violation:
    """The edges of the shortest violation and where its loop begins (None: it ends where nothing happens any more)."""

    edges: tuple[int, ...]
    loop: int | None


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
    ) -> None:
        self.targets, self.raised, self.met = targets, raised, met
        self.edges: list[list[int]] = [[] for _ in raised]
        for edge, source in enumerate(sources):
            self.edges[source].append(edge)
        self.endless = self._on_cycles()
        self.stuck = [rest or not edges for rest, edges in zip(resting, self.edges, strict=True)]

    def _unmet(self, number: int) -> list[int]:
        """The classes after this one in which the claim may go on waiting."""
        if self.met[number]:
            return []
        return [t for e in self.edges[number] if not self.met[t := self.targets[e]]]

    def _on_cycles(self) -> list[bool]:
        """Classes on a cycle that never meets the claim."""
        successors = [self._unmet(i) for i in range(len(self.met))]
        component = components(successors)
        size: dict[int, int] = {}
        for part in component:
            size[part] = size.get(part, 0) + 1
        return [size[part] > 1 or i in successors[i] for i, part in enumerate(component)]

    def first_violation(self) -> Violation | None:
        """The shortest one, breadth first: to a class that rests, or to one from which a circle leads back."""
        first: Node = (0, self.raised[0] and not self.met[0])
        came: dict[Node, tuple[Node, int] | None] = {first: None}
        todo = deque([first])
        while todo:
            node = todo.popleft()
            number, waiting = node
            if waiting and self.stuck[number]:
                return Violation(tuple(_back(came, node)), None)
            if waiting and self.endless[number]:
                prefix = _back(came, node)
                return Violation((*prefix, *self._circle(number)), len(prefix))
            for edge in self.edges[number]:
                target = self.targets[edge]
                after = (target, not self.met[target] and (waiting or self.raised[target]))
                if after not in came:
                    came[after] = (node, edge)
                    todo.append(after)
        return None

    def _circle(self, number: int) -> list[int]:
        """The shortest way round from a class to itself on which the claim is never met."""
        came: dict[int, tuple[int, int]] = {}
        todo = deque([number])
        while number not in came:
            here = todo.popleft()
            for edge in self.edges[here]:
                target = self.targets[edge]
                if not self.met[target] and target not in came:
                    came[target] = (here, edge)
                    todo.append(target)
        here, edge = came[number]
        found = [edge]
        while here != number:
            here, edge = came[here]
            found.append(edge)
        return found[::-1]


def _back(came: Came, node: Node) -> list[int]:
    found: list[int] = []
    step = came[node]
    while step is not None:
        found.append(step[1])
        step = came[step[0]]
    return found[::-1]


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
