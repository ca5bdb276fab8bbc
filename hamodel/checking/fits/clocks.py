"""One offset for all lines of a node: the times of a run where a clock's difference is known within bounds only.

The search widens the windows of such a node by what is not known; a run that it finds may then need its clock to be
ahead by different times at different lines. Here the offset is one unknown more of the run's difference constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from hamodel.ir.constraints import Constraint, Run, closure
from hamodel.ir.fit import Mark


class Line(Protocol):
    """A landmark: its mark, the node that wrote it, and its window by that node's clock, in ms since the beginning."""

    @property
    def mark(self) -> Mark: ...
    @property
    def node(self) -> str: ...
    @property
    def own(self) -> tuple[int, int]: ...


def times(
    run: Run,
    written: Iterable[tuple[int, Mark]],
    lines: Sequence[Line],
    offsets: Mapping[str, tuple[int, int]],
    end: int,
) -> list[int] | None:
    """The earliest times of the run's events at which every line is in its window by its node's clock, or None.

    `written` are the marks of the run with the numbers of their events; the run goes on until `end`.
    """
    size = len(run.names)
    over, more = size + 1, list(run.constraints)
    more += [Constraint(size, over, 0, ""), Constraint(over, 0, end, ""), Constraint(0, over, -end, "")]
    for timer, clock in run.clocks.items():
        if not run.system.timers[run.system.timer_index[timer]].far:
            more += [Constraint(over, event, hi, timer) for event, hi in clock.deadlines]
    unknown = {node: over + 1 + i for i, node in enumerate(offsets)}
    for node, (lo, hi) in offsets.items():
        more += [Constraint(unknown[node], 0, -lo, node), Constraint(0, unknown[node], hi, node)]
    by_stream: dict[str, list[int]] = {}
    last: dict[str, Mark] = {}
    for number, mark in written:
        if not (mark.lasting and last.get(mark.stream) == mark):
            by_stream.setdefault(mark.stream, []).append(number)
        last[mark.stream] = mark
    told: dict[str, Line] = {}
    for line in lines:
        stream = line.mark.stream
        if line.mark.lasting and stream in told and told[stream].mark == line.mark:
            continue
        told[stream] = line
        event = by_stream[stream].pop(0)
        zero = unknown.get(line.node, 0)
        more += [Constraint(event, zero, line.own[1], ""), Constraint(zero, event, -line.own[0], "")]
    bounds = closure(over + len(unknown), more)
    return None if bounds is None else [-bounds[0][i] for i in range(1, size + 1)]
