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


def taken_over_alive(diary: Diary, node: str) -> Iterator[tuple[Fact, Fact]]:
    """Takeovers from a node that was declared dead only later, with that death: it had stopped in order.

    What tells of the stop may have been cut away with the begin of the log.
    """
    words = ("md-complete", "hb-node-dead", "hbr-shutdown-notice", "hb-node-status", "hbr-stonith-ok")
    before: Fact | None = None
    for fact in diary.about(node, *words):
        if fact.key == "hb-node-dead" and before is not None and before.key == "md-complete":
            yield before, fact
        before = fact if before is None or fact.key != "md-complete" else before


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
