"""The lines of a node whose clock was set, by a clock that never was: what the plain analysis knows of the steps.

A search compares times, so what a clock gained or lost is taken out of every line behind the step.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hamodel.incident.facts import moment
from hamodel.incident.report import Step
from hamodel.logs.reading import Line


def steadied(lines: Iterable[Line], steps: Sequence[Step]) -> Iterator[Line]:
    """The lines, in the order in which they are read, each at the time it would show had no clock been set."""
    nodes = {name: _Node(deque(step for step in steps if step.node == name)) for name in {s.node for s in steps}}
    for line in lines:
        node = nodes.get(line.node)
        taken = 0 if node is None else node.taken_at(line)
        if taken:
            line = replace(line, entry=replace(line.entry, when=line.entry.when - timedelta(milliseconds=taken)))
        yield line


@dataclass(slots=True)
class _Node:
    """The steps of one clock that are still to come, and the sum of those behind."""

    pending: deque[Step]
    taken: int = 0
    last: int | None = None

    def taken_at(self, line: Line) -> int:
        shown = moment(line.entry.when)
        while self.pending and self._behind(line, shown, self.pending[0]):
            self.taken += self.pending.popleft().by
        self.last = shown
        return self.taken

    def _behind(self, line: Line, shown: int, step: Step) -> bool:
        """Whether a line stands behind a step: the first fact there does, and what shows a later time."""
        if (line.source, line.number) == (step.proofs[-1].source, step.proofs[-1].number):
            return True
        if step.by > 0:
            return shown > step.shown - step.by // 2
        return self.last is not None and shown <= step.shown and self.last - shown > -step.by // 2
