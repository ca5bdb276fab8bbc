"""Circles that do their duties, found without components: the second of two computations, which shares no search.

The largest set of classes that goes on for ever: from each, without leaving the set, one can go on; can come to where
each duty is done; and whoever owes something can come to where *it* is done. What cannot is taken away until nothing
changes. A set of that kind that is not empty has a last component, one that nothing leaves, and in that one everything
can be done again and again: so there is a fair circle in the set, and every fair circle stays in it. Going backwards
from the set, and from where a run may rest, one meets a class in which the claim is raised, or does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.arrays import Bits, Graph
from hamodel.engines._lower.components import Duty

Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Marks:
    """A duty as columns: the classes that owe it, those that do it, and the edges that do it."""

    owed: Bits
    at: Bits
    on: Bits


class Fixpoint:
    """One graph of classes, and those in which the claim is not met."""

    def __init__(self, sources: Integers, targets: Integers, unmet: Bits) -> None:
        self.sources, self.targets, self.unmet = sources, targets, unmet
        self.back = Graph(targets, sources, len(unmet))

    def endless(self, duties: Sequence[Marks], inside: Bits) -> Bits:
        """The largest set within `inside` in which all duties can be done for ever."""
        left, before = inside & self.unmet, -1
        while before != (before := int(left.sum())) and before:
            edge = left[self.sources] & left[self.targets]
            onward = np.zeros_like(left)
            onward[self.sources[edge]] = True
            left &= onward
            for duty in duties:
                edge = left[self.sources] & left[self.targets]
                done = left & duty.at
                done[self.sources[edge & duty.on]] = True
                left &= ~duty.owed | self.back.closure(done, left)
        return left

    def comes_from(self, where: Bits) -> Bits:
        """All classes from which one comes there while the claim is not met."""
        return self.back.closure(where, self.unmet)


def marks(duty: Duty, inside: Bits, edges: int) -> Marks:
    """A duty as columns, cheap answers only."""
    nodes = np.arange(len(inside))
    return Marks(duty.is_owed(nodes), duty.at(nodes), duty.on(np.arange(edges)))


def all_marks(duty: Duty, inside: Bits, sources: Integers, targets: Integers) -> Marks:
    """A duty as columns, every class and edge inside asked to the last."""
    known = marks(duty, inside, len(sources))
    for late, column, where in (
        (duty.late_at, known.at, inside),
        (duty.late_on, known.on, inside[sources] & inside[targets]),
    ):
        if late is not None:
            for number in np.flatnonzero(where & ~column):
                column[number] = late(int(number))
    return known
