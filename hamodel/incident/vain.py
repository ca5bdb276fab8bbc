"""Starts in vain: who starts a daemon that runs already writes the first lines of a life, and there is none."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.incident.facts import Fact

AT_ONCE = 10_000
"""ms within which a daemon that is started reads its files and finds the one that runs."""


def without_vain_starts(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts of a node without those of processes that only found that Heartbeat runs already."""
    vain = [fact for fact in facts if fact.key == "hb-already-running"]
    return tuple(fact for fact in facts if not any(_of(fact, end) for end in vain))


def _of(fact: Fact, end: Fact) -> bool:
    same = fact.tag == end.tag and fact.pid == end.pid
    return same and end.clock - AT_ONCE <= fact.clock <= end.clock
