"""The times in which a node's daemon did not run: a stopped process, a frozen machine, too much load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.report import Proof

PAUSE = 1000
"""ms by which the daemon's own work must be late before it counts as a pause."""
ALIKE = 700
"""ms by which intervals of different senders differ when it was the listener that was late."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a node's daemon did not run: `length` ms, somewhere between `begin` and `end`."""

    node: str
    begin: int
    end: int
    length: int
    proof: Proof


def pauses(node: str, facts: Sequence[Fact]) -> tuple[Pause, ...]:
    """When the daemon did not run: it finds its own work late, or every heartbeat late at once, its own too.

    A node whose cables are all out misses its peer and its ping nodes at once, but hears itself.
    """
    found: list[Pause] = []
    for place, fact in enumerate(facts):
        if fact.key == "gs-dispatch-delayed":
            late = fact.number("ms")
        elif fact.key in ("hb-late-heartbeat", "hb-late-heartbeat-deadtime"):
            late = fact.number("interval_ms") if _all_late(node, facts, place) else 0
        else:
            continue
        if late < PAUSE:
            continue
        begin = fact.at - late
        if found and begin <= found[-1].end + SECOND:
            last = found[-1]
            found[-1] = Pause(
                node, min(last.begin, begin), max(last.end, fact.at + SECOND), max(last.length, late), last.proof
            )
        elif fact.key == "gs-dispatch-delayed" or _no_silence(facts, place):
            found.append(Pause(node, begin, fact.at + SECOND, late, fact.proof))
    return tuple(found)


def _all_late(node: str, facts: Sequence[Fact], place: int) -> bool:
    """Whether this node and another were late in the same second: then it is the listener that was late."""
    fact = facts[place]
    names = {
        other.get("node")
        for other in _around(facts, place)
        if other.key.startswith("hb-late-heartbeat")
        and abs(other.number("interval_ms") - fact.number("interval_ms")) <= ALIKE
    }
    return node in names and len(names) > 1


def _around(facts: Sequence[Fact], place: int) -> Iterator[Fact]:
    """The facts of the same second."""
    at = facts[place].at
    first = place
    while first > 0 and abs(facts[first - 1].at - at) <= SECOND:
        first -= 1
    while first < len(facts) and facts[first].at - at <= SECOND:
        yield facts[first]
        first += 1


def _no_silence(facts: Sequence[Fact], place: int) -> bool:
    """Whether the daemon wrote nothing while everybody else was late."""
    fact = facts[place]
    begin = fact.at - fact.number("interval_ms") + 2 * SECOND
    before = place - 1
    while before >= 0 and facts[before].at > begin:
        if facts[before].at < fact.at and facts[before].tag.startswith("heartbeat"):
            return False
        before -= 1
    return True
