"""Why what is promised comes in the end, class by class: ranks that fall, and duties left undone where they do not.

A promise is kept if no circle of classes that wait for it does its duties (see `components`). As a proof that can be
followed edge by edge, each waiting class gets levels, from outside in. The number of a level falls with every step that
leaves a strongly connected component. A component with a circle in it names a duty that none of its classes and steps
does: a run that stays and comes again and again to a class that owes it does not count. The classes that do not owe it
are ranked among themselves, one level deeper. No run can therefore wait for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from hamodel.engines._lower.arrays import Numbers
from hamodel.engines._lower.components import Duty, Part, does, listed, plain_strong
from hamodel.engines._lower.pending import Promise
from hamodel.errors import EngineLimit

Rank = list[tuple[int, Duty | None]]
"""The levels of one class; none where nothing is awaited. Without a duty: it leaves this level soon."""


def ranking(promise: Promise) -> list[Rank]:
    """The rank of every class. Raises EngineLimit where the promise may be put off for ever."""
    ranks: list[Rank] = [[] for _ in promise.raised]
    todo, duties = [np.flatnonzero(promise.pending)], [*promise.fair, *promise.time()]
    while todo:
        for number, part in _parts(promise, todo.pop()):
            lasting = len(part.edges) or promise.resting[part.nodes[0]]
            duty = _undone(duties, part) if lasting else None
            for node in part.nodes.tolist():
                ranks[node].append((number, duty))
            if duty is not None and not (owing := duty.is_owed(part.nodes)).all():
                todo.append(part.nodes[~owing])
    return ranks


def _parts(promise: Promise, nodes: Numbers) -> Iterator[tuple[int, Part]]:
    """The components among these classes, each with a number that is smaller than those of all that lead to it."""
    inside = np.zeros(len(promise.raised), np.bool_)
    inside[nodes] = True
    edges = np.flatnonzero(inside[promise.sources] & inside[promise.targets])
    place = np.zeros(len(inside), np.int32)
    place[nodes] = np.arange(len(nodes))
    label = plain_strong(place[promise.sources[edges]], place[promise.targets[edges]], len(nodes))
    of_edge = label[place[promise.sources[edges]]]
    within = of_edge == label[place[promise.targets[edges]]]
    yield from enumerate(listed(nodes, label, edges[within], of_edge[within], np.unique(label)))


def _undone(duties: Sequence[Duty], part: Part) -> Duty:
    """The duty of which most is owed in a component that does not do it; the first of those. Time comes last."""
    best, most = None, 0
    for duty in duties:
        owing = int(duty.is_owed(part.nodes).sum()) if most < len(part.nodes) else 0
        if owing > most and not does(part, duty):
            best, most = duty, owing
    if best is None:
        raise EngineLimit("what is promised may be put off for ever")
    return best
