"""Findings come in the order of what they cost, and of how likely they are."""

from __future__ import annotations

from itertools import permutations

from hamodel.ir.report import Way
from hamodel.ir.review import Cost, Remark, Source, ranked


def claim(name: str, cost: Cost, *kinds: str) -> Remark:
    return Remark(name, cost, Source.CHECKED, "broken", ways=tuple(Way(((kind, 1),)) for kind in kinds))


def test_what_more_kinds_of_faults_bring_about_comes_first() -> None:
    read = Remark("HA151", Cost.OUTAGE, Source.READ, "one path")
    dear = Remark("HA174", Cost.DATA_LOSS, Source.READ, "no fence")
    rare, often = claim("rare", Cost.OUTAGE, "pause"), claim("often", Cost.OUTAGE, "cut", "kill")

    for order in permutations([read, dear, rare, often]):
        assert ranked(order) == (dear, often, rare, read)
