"""What a watcher need not remember: the past that nothing known now rests on.

Kept are the newest facts; of older ones those that prove what a node still has, and the last of each kind: the last
word on every node and medium, the last start of the daemon, the last call of each script. What is known of the present
is the same afterwards, or nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.incident.facts import Fact
from hamodel.incident.report import Explanation

MOST = 8_000
"""Facts of one node above which the old ones are looked through."""
NEWEST = 2_000
"""The newest facts of a node, which are all kept."""
CLOCKS = 100
"""Facts of one kind that may join the clocks and are kept."""
_NAMES = ("node", "link", "status", "resources", "script", "args", "op", "rsc_type", "dev", "ip")


def remembered(facts: Sequence[Fact], report: Explanation) -> list[Fact]:
    """The facts of one node without those that nothing rests on any more."""
    needed = {proof for span in report.owned if span.end is None for proof in span.proofs}
    needed |= {proof for overlap in report.overlaps if overlap.end is None for proof in overlap.proofs}
    old, new = facts[:-NEWEST], facts[-NEWEST:]
    last = {_kind(fact): place for place, fact in enumerate(old)}
    keep = set(last.values()) | {place for place, fact in enumerate(old) if fact.proof in needed}
    life = max((place for place, fact in enumerate(old) if fact.key in ("cfg-validated", "hb-version")), default=0)
    begun = {place for place, fact in enumerate(old[life:], life) if fact.key in BEGINNING}
    return [fact for place, fact in enumerate(old) if place in keep | begun] + list(new)


BEGINNING = frozenset({"cfg-validated", "hb-version", "hb-generation", "hb-local-status-set", "hb-watchdog-using"})


def _kind(fact: Fact) -> tuple[str, ...]:
    return (fact.key, fact.tag.partition("[")[0], *(fact.get(name) for name in _NAMES))


def present(report: Explanation) -> tuple[object, ...]:
    """What is known of the present: who has what, and which two have one."""
    having = {
        (span.resource, span.node, span.sure_from is None, span.open_because)
        for span in report.owned
        if span.end is None
    }
    both = {(each.resource, each.nodes, each.certainty) for each in report.overlaps if each.end is None}
    return frozenset(having), frozenset(both)
