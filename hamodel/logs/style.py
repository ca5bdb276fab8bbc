"""How logs are wanted: when the trace begins, how wrong each node's clock is, and what a syslog daemon keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hamodel.errors import OutOfRange

BEGIN = datetime(2007, 11, 26, 7, 52, 21)
"""The second in which the seed article's node1 was started."""


@dataclass(frozen=True, slots=True)
class LogStyle:
    """What the reader of logs chooses; nothing of it changes what happened.

    `skews` are nodes and by how many ms their clocks are fast, or slow where negative. `merged` adds the file of a
    central log host, `debug_lines` has syslog keep the lines of level debug too.
    """

    begin: datetime = BEGIN
    skews: tuple[tuple[str, int], ...] = ()
    merged: bool = False
    debug_lines: bool = False

    def skew_ms(self, nodes: Sequence[str]) -> tuple[int, ...]:
        """The error of each of these nodes' clocks. Raises OutOfRange for a clock of nobody."""
        found = dict(self.skews)
        for name in found:
            if name not in nodes:
                help = f"the nodes are {' and '.join(nodes)}"
                raise OutOfRange(f"there is no node {name} whose clock could be wrong", help=help)
        return tuple(found.get(node, 0) for node in nodes)
