"""What each node heard: media and ping nodes that fell silent, peers declared dead, and its own pauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.report import Proof

UNKNOWN_DEADTIME = 30_000
"""Heartbeat's own deadtime (ms), taken where neither a file nor the lines say it."""
PAUSE = 1000
"""ms by which the daemon's own work must be late before it counts as a pause."""
ALIKE = 700
"""ms by which intervals of different senders differ when it was the listener that was late."""
TOGETHER = 3000
"""ms within which what happens to several media is one thing."""


@dataclass(frozen=True, slots=True)
class Down:
    """A medium over which `observer` did not hear `node` any more: noticed at `at`, over at `up`."""

    observer: str
    node: str
    link: str
    at: int
    up: int | None
    proof: Proof

    @property
    def ping(self) -> bool:
        """Whether it is a ping node: its medium has its own name."""
        return self.node == self.link


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a node's daemon did not run."""

    node: str
    begin: int
    end: int
    proof: Proof


def deadtime(incident: Incident) -> int:
    """The dead time (ms) to reckon with."""
    return incident.deadtime or UNKNOWN_DEADTIME


def downs(diary: Diary) -> Iterator[Down]:
    """All silences of media, each with its end."""
    opened: dict[tuple[str, str], Fact] = {}
    ends = sorted(life.first for life in diary.lives[1:])
    for fact in diary.facts:
        if fact.key != "hb-link-status":
            continue
        name = fact.get("node"), fact.get("link")
        if fact.get("status") == "dead":
            opened.setdefault(name, fact)
        elif name in opened:
            begun = opened.pop(name)
            yield Down(diary.node, *name, begun.at, fact.at, begun.proof)
    for name, begun in opened.items():
        later = next((end for end in ends if end > begun.at), None)
        yield Down(diary.node, *name, begun.at, later, begun.proof)


def pauses(diary: Diary) -> tuple[Pause, ...]:
    """When the daemon did not run: it finds its own work late, or every heartbeat late at once, its ping node's too."""
    found: list[Pause] = []
    for fact in diary.facts:
        if fact.key == "gs-dispatch-delayed":
            late = max(_ms(fact, "ms"), 0)
        elif fact.key in ("hb-late-heartbeat", "hb-late-heartbeat-deadtime"):
            late = _ms(fact, "interval_ms") if _several_late(diary, fact) else 0
        else:
            continue
        if late < PAUSE:
            continue
        begin = fact.at - late
        if found and begin <= found[-1].end + SECOND:
            last = found[-1]
            found[-1] = Pause(diary.node, min(last.begin, begin), max(last.end, fact.at + SECOND), last.proof)
        elif fact.key == "gs-dispatch-delayed" or _no_silence(diary, fact):
            found.append(Pause(diary.node, begin, fact.at + SECOND, fact.proof))
    return tuple(found)


def _several_late(diary: Diary, fact: Fact) -> bool:
    """Whether other nodes were late in the same second: then it is the listener that was late."""
    names = {
        other.get("node")
        for other in diary.facts
        if other.key.startswith("hb-late-heartbeat")
        and abs(other.at - fact.at) <= SECOND
        and abs(_ms(other, "interval_ms") - _ms(fact, "interval_ms")) <= ALIKE
    }
    return len(names) > 1


def _no_silence(diary: Diary, fact: Fact) -> bool:
    """Whether the daemon wrote nothing while everybody else was late."""
    begin = fact.at - _ms(fact, "interval_ms") + 2 * SECOND
    return not any(begin < other.at < fact.at for other in diary.facts if other.tag.startswith("heartbeat"))


def _ms(fact: Fact, name: str) -> int:
    return int(fact.get(name)) if fact.get(name).isdecimal() else 0


def running(incident: Incident, node: str, begin: int, end: int) -> bool | None:
    """Whether a node's daemon ran and was awake over a time; None where its log is not there or does not say."""
    diary = incident.diaries.get(node)
    if diary is None or not diary.lives:
        return None
    if any(pause.begin < end and pause.end > begin for pause in pauses(diary)):
        return False
    for life in diary.lives:
        last = diary.last if life.ending.name == "OPEN" else life.last
        if life.first <= begin and last >= end - SECOND:
            return True
    return False
