"""Silences in which a clock may have been set, and nothing would tell: no message binds what lies on their far side.

A step is seen where messages between the nodes lie on both sides of it, or where the time goes back. Before the first
message of two logs, and after their last, a silence of one of them may hide a step of any size; then nobody knows in
which order the lines of both stand. The same is true of a line that says that the clock was set and not by how much.
What makes a silence an ordinary one: the other node was silent as well and both speak again at once, or the daemon,
whose timers do not follow the clock, says itself that so much time has passed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hamodel.incident.facts import Fact
from hamodel.incident.report import Silence

TOGETHER = 30_000
"""ms within which two nodes speak again when one thing wakes both: their dead times differ by no more."""
CLOSE = 5000
"""ms within which lines of two nodes count as one moment."""
LATE = ("hb-late-heartbeat", "hb-late-heartbeat-deadtime")
"""Lines with an interval by a clock that nobody sets."""
SOON = 5
"""Facts after a silence among which the daemon tells of it."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Log:
    """What one node wrote, in cluster time as far as it is known: its span, its facts and its silences.

    `noticed` are the times within which its clock was set, by a line that does not say how far.
    """

    span: Span
    facts: Sequence[Fact]
    quiet: Sequence[Span]
    noticed: Sequence[Span] = ()


def hiding(first: str, second: str, logs: Mapping[str, Log], tied: Span) -> Iterator[Silence]:
    """The silences of two nodes that leave their lines without an order; their messages lie within `tied`."""
    for node, other in ((first, second), (second, first)):
        own, theirs = logs[node], logs[other]
        told = {end for _, end in own.noticed}
        for begin, end in (*own.noticed, *(each for each in own.quiet if each[1] not in told)):
            noticed = end in told
            after, before = end > tied[1] + CLOSE, begin < tied[0] - CLOSE
            moved = (after and theirs.span[1] > begin + CLOSE) or (before and theirs.span[0] < end - CLOSE)
            if moved and (noticed or not _ordinary(own, theirs, begin, end)):
                place = bisect_left(own.facts, end, key=_at)
                proofs = tuple(fact.proof for fact in own.facts[max(0, place - 1) : place + 1])
                yield Silence(node, other, begin, end, after, proofs, noticed)


def _at(fact: Fact) -> int:
    return fact.at


def _ordinary(own: Log, theirs: Log, begin: int, end: int) -> bool:
    """Whether something else tells that so much time has passed."""
    long = (end - begin) / 2
    if any(abs(until - end) <= TOGETHER and until - since >= long for since, until in theirs.quiet):
        return True
    place = bisect_left(own.facts, end, key=_at)
    return any(fact.key in LATE and fact.number("interval_ms") >= long for fact in own.facts[place : place + SOON])
