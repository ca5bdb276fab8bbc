"""Lines that cannot follow from each other by the daemon's rules: something is missing, altered, or from elsewhere.

A log may have lost lines, been edited, or hold those of another machine; then what follows from it may be wrong. Each
module knows one family of rules, and each finding names the lines and the rule. What a cut at the begin or the end of
a log explains is no contradiction. Only lines that are kept as facts can be missed: what says nothing about owners,
faults or the daemon's life (`facts.KEPT`) may be dropped without a trace, and is no part of any story.
"""

from __future__ import annotations

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.doubts import across, companions, lives, order, scripts, sequences
from hamodel.incident.report import Contradiction

REPEATED = frozenset(
    {"cfg-initdead-warn", "hbr-audit-both-local", "hbr-audit-both-foreign", "hbr-audit-none-local",
     "hbr-audit-none-foreign", "ra-running", "ra-stopped"}
)  # fmt: skip
"""Lines that only repeat what others prove: a warning that each start writes again, audits, answers to a status call.

One of them may be lost and the story is the same, for it rests on the others.
"""
OLD = ("0.", "1.")
"""Releases of which only the order of lines is known, not each line that they write."""
MOST = 5
"""Findings of one text on one node that are named; one mixed-in log gives hundreds."""


def contradictions(incident: Incident) -> tuple[Contradiction, ...]:
    """All of them, in order; of one kind the first few."""
    found: list[Contradiction] = []
    for diary in incident.diaries.values():
        for family in (order,) if _old(diary) else (order, lives, companions, sequences, scripts):
            found += family.find(diary)
    found += across.find(incident)
    kept: list[Contradiction] = []
    named: dict[tuple[str, str], int] = {}
    seen: set[tuple[str, object]] = set()
    for each in sorted(found, key=lambda each: (each.at, each.missing, each.proofs)):
        kind = each.node, each.rule
        if (each.text, each.proofs) in seen or named.get(kind, 0) == MOST:
            continue
        seen.add((each.text, each.proofs))
        named[kind] = named.get(kind, 0) + 1
        kept.append(each)
    return tuple(kept)


def _old(diary: Diary) -> bool:
    """Whether a release of the first days wrote this: it says so, or its scripts sign as the daemon."""
    scripts = (
        fact for fact in diary.of("harc-running", "rm-acquiring", "rm-releasing", "rm-running", "md-taking-over")
    )
    return any(life.version.startswith(OLD) for life in diary.lives) or any(f.tag == "heartbeat" for f in scripts)
