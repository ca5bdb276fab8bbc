"""What each node heard: media and ping nodes that fell silent, and whether the other ran meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.report import Proof

UNKNOWN_DEADTIME = 30_000
"""Heartbeat's own deadtime (ms), taken where neither a file nor the lines say it."""
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


def deadtime(incident: Incident) -> int:
    """The dead time (ms) to reckon with."""
    return incident.deadtime or UNKNOWN_DEADTIME


def downs(diary: Diary) -> Iterator[Down]:
    """All silences of media, each with its end."""
    opened: dict[tuple[str, str], Fact] = {}
    ends = sorted(life.first for life in diary.lives[1:])
    for fact in diary.of("hb-link-status"):
        name = fact.get("node"), fact.get("link")
        if fact.get("status") == "dead":
            opened.setdefault(name, fact)
        elif name in opened:
            begun = opened.pop(name)
            yield Down(diary.node, *name, begun.at, fact.at, begun.proof)
    for name, begun in opened.items():
        later = next((end for end in ends if end > begun.at), None)
        yield Down(diary.node, *name, begun.at, later, begun.proof)


def running(incident: Incident, node: str, begin: int, end: int) -> bool | None:
    """Whether a node's daemon ran and was awake over a time; None where its log is not there or does not say."""
    diary = incident.diaries.get(node)
    if diary is None or not diary.lives:
        return None
    if any(pause.begin < end and pause.end > begin for pause in diary.pauses):
        return False
    for life in diary.lives:
        last = diary.last if life.ending.name == "OPEN" else life.last
        if life.first <= begin and last >= end - SECOND:
            return True
    return False
