"""Links that the daemon counts otherwise than the model: what is written of them is not listened to.

In the model the last link to a peer dies with the peer, and all of them do. The daemon keeps a time for each link: they
are dead before a peer whose death is put off (it restarts itself, or announced a longer dead time), they live on under
one whose packets come and are refused, and after a pause of the daemon itself one is dead for a moment whose packets it
has not read yet. Where a log shows that, nothing of the links to this peer is taken from
it: fewer lines are asked about, and what no run writes without them no run writes with them either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from hamodel.checking.fits.marks import marks_of
from hamodel.checking.fits.result import LogLine
from hamodel.ir.fit import Mark

TOGETHER = timedelta(seconds=2)
"""The links and the peer die in one turn of the daemon's loop, or in the next one."""
Said = Sequence[tuple[datetime, Mark]]


def own_ways(lines: Mapping[str, Sequence[LogLine]], nodes: tuple[str, str], streams: Iterable[str]) -> frozenset[str]:
    """Those of the streams that are of links which die without their peer, stay when it dies, or die for a moment."""
    odd: set[str] = set()
    for node, peer in (nodes, nodes[::-1]):
        links = {s for s in streams if s.startswith(f"{node}: link {peer}:")}
        said = [(line.entry.when, mark) for line, mark in marks_of(node, lines.get(node, ()), nodes)]
        if links and not _together(said, f"{node}: {peer}", links):
            odd |= links
    return frozenset(odd)


def _together(own: Said, peer: str, links: set[str]) -> bool:
    """Whether the last links always die with the peer, and the peer with them, and no other is dead for a moment."""
    up: set[str] = set()
    dead = False
    for i, (at, mark) in enumerate(own):
        near = _within(own[i + 1 :], at)
        if mark.text == "starts":
            up, dead = set(), False
        elif mark.stream in links and mark.text == "is up":
            up.add(mark.stream)
        elif mark.stream in links:
            up.discard(mark.stream)
            if up and any(m.stream == mark.stream and m.text == "is up" for m in near):
                return False
            if not up and not dead and not any(m.stream == peer and m.text == "is dead" for m in near):
                return False
        elif mark.stream == peer:
            dead = mark.text == "is dead"
            lasts = own[-1][0] > at + TOGETHER and not any(m.stream == peer for m in near)
            if dead and lasts and not up <= {m.stream for m in near if m.text == "is dead"}:
                return False
    return True


def _within(rest: Said, at: datetime) -> list[Mark]:
    """What is said soon after."""
    found = []
    for when, mark in rest:
        if when > at + TOGETHER:
            break
        found.append(mark)
    return found
