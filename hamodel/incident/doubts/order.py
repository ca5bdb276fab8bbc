"""The order of lines: a clock that goes back, two masters at once, and daemons that speak after their end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hamodel.incident.diary import Diary
from hamodel.incident.doubts.finding import broken, missing, parts
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.lives import Life
from hamodel.incident.report import Contradiction
from hamodel.incident.steps import BACK

MASTER = ("hb-node-dead", "hb-node-status", "hb-link-status", "hb-local-status-set", "hb-partition-healed")
"""What only the master process writes."""
LATER = 60_000
"""ms after the loss of a peer within which its resources are taken."""


def find(diary: Diary) -> Iterator[Contradiction]:
    """All of one node's."""
    for check in (_clock, _two_masters, _dead_speak, _took, _name):
        yield from check(diary)


def _clock(diary: Diary) -> Iterator[Contradiction]:
    for before, fact in pairwise(diary.facts):
        away = before.clock - fact.clock
        if away > BACK:
            text = f"the time goes back by {away / 1000:.0f} s; the clock was set, or lines were moved"
            yield broken(diary, fact, text, "log", before)


def _two_masters(diary: Diary) -> Iterator[Contradiction]:
    for life, facts in parts(diary):
        before: Fact | None = None
        for fact in facts:
            if fact.key in MASTER and fact.pid is not None and fact.tag == "heartbeat" and not _over(life, fact):
                if before is not None and fact.pid != before.pid:
                    text = f"the master process has number {fact.pid}, and had {before.pid} without a new start between"
                    yield broken(diary, fact, text, "P1", before)
                before = fact


def _over(life: Life, fact: Fact) -> bool:
    """Whether the life had ended by its own word."""
    return life.end is not None and not life.silent and fact.at > life.end


def _dead_speak(diary: Diary) -> Iterator[Contradiction]:
    """After a daemon has ended in order nothing of it speaks until the next one starts."""
    ends = [life for life in diary.lives if life.end is not None and not life.silent]
    begins = [life.first for life in diary.lives]
    for life in ends:
        end = life.end or life.last
        later = min((begin for begin in begins if begin > end - 2 * SECOND), default=diary.last + SECOND)
        for fact in diary.within(end + SECOND, later - 1, *MASTER):
            text = f"heartbeat on {diary.node} speaks after its end, without a start"
            yield broken(diary, fact, text, "X10", life.proofs[-1])
            break


def _took(diary: Diary) -> Iterator[Contradiction]:
    for fact in diary.of("hbr-resources-acquired-from"):
        peer = fact.get("node")
        if fact.at - diary.whole <= LATER and diary.lives and diary.lives[0].begin is None:
            continue
        lost = diary.within(fact.at - LATER, fact.at + SECOND, "hb-node-dead", "hbr-shutdown-notice")
        if not any(each.get("node") == peer for each in lost):
            text = f"it takes the resources of {peer}, which it neither declared dead nor was told to stop"
            yield missing(diary, fact, text, "N6")


def _name(diary: Diary) -> Iterator[Contradiction]:
    """A daemon says its own name when it ends; a log whose lines never name its node may have been given another."""
    if not any(fact.get("node") == diary.node for fact in diary.facts):
        return
    for fact in diary.of("hb-shutdown-complete"):
        name = fact.get("localnode")
        if name and name.lower() != diary.node.lower():
            yield broken(diary, fact, f"heartbeat on {name} ends in the log of {diary.node}", "X10")
