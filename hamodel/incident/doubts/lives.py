"""The steps of a daemon's life, each of which it takes once and in order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hamodel.incident.diary import Diary
from hamodel.incident.doubts.finding import broken, missing, parts, whole
from hamodel.incident.facts import Fact
from hamodel.incident.report import Contradiction

STEPS = (
    "cfg-validated", "hb-version", "hb-generation", "hb-comm-now-up", "hbr-initial-complete", "hbr-shutdown-progress",
    "hbr-giveup-begin", "hbr-giveup-end", "hb-shutdown-complete",
)  # fmt: skip
"""In the order in which they come, each at most once."""
NAMES = ("starts", "names its release", "takes its generation", "hears its peers", "has its first resources",
         "begins to stop", "begins to release all resources", "has released all resources", "ends")  # fmt: skip


def find(diary: Diary) -> Iterator[Contradiction]:
    """All of one node's."""
    for life, every in parts(diary):
        facts = [fact for fact in every if fact.key in STEPS and fact.at >= diary.whole]
        yield from _steps(diary, facts)
        if whole(diary, life):
            yield from _release(diary, facts)
    yield from _generations(diary)


def _steps(diary: Diary, facts: list[Fact]) -> Iterator[Contradiction]:
    for before, fact in pairwise(facts):
        one, two = STEPS.index(before.key), STEPS.index(fact.key)
        if two < one:
            text = f"heartbeat {NAMES[two]} after it {NAMES[one]}"
            yield broken(diary, fact, text, "S1", before)
        elif two == one:
            yield broken(diary, fact, f"heartbeat {NAMES[two]} twice in one life", "S1", before)


def _release(diary: Diary, facts: list[Fact]) -> Iterator[Contradiction]:
    """The release of all resources is over only after it began, and a daemon ends only after it."""
    keys = [fact.key for fact in facts]
    for fact in facts:
        if fact.key == "hbr-giveup-end" and "hbr-giveup-begin" not in keys:
            yield missing(diary, fact, "the release of all resources is over and never began", "X4")
        if fact.key == "hb-shutdown-complete" and "hbr-giveup-begin" in keys and "hbr-giveup-end" not in keys:
            yield missing(diary, fact, "heartbeat ends and never says that it released its resources", "X4")


def _generations(diary: Diary) -> Iterator[Contradiction]:
    """Every start takes the next generation; a number that goes back is a fault of its own."""
    for before, fact in pairwise(diary.of("hb-generation")):
        one, two = before.number("generation"), fact.number("generation")
        if 0 < one < two - 1 and fact.at >= diary.whole:
            lost = two - one - 1
            text = f"the generation goes from {one} to {two}: {lost} starts between them are missing"
            yield missing(diary, fact, text, "S1", before)
