"""Lines that cannot follow from each other by the daemon's rules: something is missing, altered, or from elsewhere.

A log may have lost lines, been edited, or hold those of another machine; then what follows from it may be wrong. Each
check names the rule that the lines break. What a cut at the begin of a log explains is no contradiction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from hamodel.incident.diary import Diary
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.lives import Life
from hamodel.incident.report import Proof
from hamodel.logs.merging import DISORDER

MASTER = ("hb-node-dead", "hb-node-status", "hb-link-status", "hb-local-status-set", "hb-partition-healed")
"""What only the master process writes."""
LATER = 60_000
"""ms after the loss of a peer within which its resources are taken."""
BACK = DISORDER.total_seconds() * 1000


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One line that does not fit those before it, and the rule by which it does not."""

    node: str
    at: int
    text: str
    rule: str
    proof: Proof

    def __str__(self) -> str:
        return f"does not fit: {self.text} ({self.rule})  {self.proof}"


def contradictions(diary: Diary) -> tuple[Contradiction, ...]:
    """All of one node's, in order."""
    found = [each for check in CHECKS for each in check(diary)]
    return tuple(sorted(found, key=lambda each: each.at))


def _clock(diary: Diary) -> Iterator[Contradiction]:
    for before, fact in pairwise(diary.facts):
        if before.clock - fact.clock > BACK:
            away = (before.clock - fact.clock) / 1000
            yield _of(diary, fact, f"the time goes back by {away:.0f} s; the clock was set, or lines were moved", "log")


def _two_masters(diary: Diary) -> Iterator[Contradiction]:
    for life in diary.lives:
        number: int | None = None
        for fact in _within(diary, life, *MASTER):
            if fact.pid is not None and fact.tag == "heartbeat":
                if number is not None and fact.pid != number:
                    text = f"the master process has number {fact.pid}, and had {number} without a new start between"
                    yield _of(diary, fact, text, "P1")
                number = fact.pid


def _dead_speak(diary: Diary) -> Iterator[Contradiction]:
    """After a daemon has ended in order nothing of it speaks until the next one starts."""
    ends = [life.end for life in diary.lives if life.end is not None and not life.silent]
    begins = [life.first for life in diary.lives]
    for end in ends:
        later = min((begin for begin in begins if begin > end - 2 * SECOND), default=diary.last + SECOND)
        for fact in diary.within(end + SECOND, later - 1, *MASTER):
            yield _of(diary, fact, f"heartbeat on {diary.node} speaks after its end, without a start", "X10")
            break


def _took(diary: Diary) -> Iterator[Contradiction]:
    for fact in diary.of("hbr-resources-acquired-from"):
        peer = fact.get("node")
        if fact.at - diary.first <= LATER and diary.lives and diary.lives[0].begin is None:
            continue
        lost = diary.within(fact.at - LATER, fact.at + SECOND, "hb-node-dead", "hbr-shutdown-notice")
        if not any(each.get("node") == peer for each in lost):
            text = f"it takes the resources of {peer}, which it neither declared dead nor was told to stop"
            yield _of(diary, fact, text, "N6")


def _released(diary: Diary) -> Iterator[Contradiction]:
    """The release of all resources is over only after it began."""
    for life in diary.lives:
        open_ = 0
        for fact in _within(diary, life, "hbr-giveup-begin", "hbr-giveup-end"):
            open_ += 1 if fact.key == "hbr-giveup-begin" else -1
            if open_ < 0 and life.begin is not None:
                yield _of(diary, fact, "the release of all resources is over and never began", "X4")
            open_ = max(open_, 0)


CHECKS: tuple[Callable[[Diary], Iterator[Contradiction]], ...] = (_clock, _two_masters, _dead_speak, _took, _released)


def _within(diary: Diary, life: Life, *keys: str) -> Iterator[Fact]:
    later = [other.first for other in diary.lives if other.first > life.first]
    end = life.end if life.end is not None and not life.silent else life.last
    return diary.within(life.first, min(end, min(later, default=end + 1) - 1), *keys)


def _of(diary: Diary, fact: Fact, text: str, rule: str) -> Contradiction:
    return Contradiction(diary.node, fact.at, text, rule, fact.proof)
