"""The claims that cost most are asked first, and the others have the time that is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hamodel.checking.case import Case
from hamodel.checking.examine import examine
from hamodel.checking.review_model import cost_of_property
from hamodel.checking.search import Clock, Progress
from hamodel.ir.report import Report
from hamodel.ir.review import Cost
from hamodel.ir.verdict import Limits
from hamodel.properties.words import Definition


def dearest_first(case: Case, definitions: Sequence[Definition], limits: Limits, progress: Progress) -> Report:
    """The report on all claims, within one limit of time for all of them together."""
    clock = Clock.start(limits)
    dear = [d.name for d in definitions if cost_of_property(d.name).rank <= Cost.OUTAGE.rank]
    rest = [d.name for d in definitions if d.name not in dear]
    first = examine(case, definitions, limits, only=dear, progress=progress)
    if first.interrupted or not rest:
        return first
    second = examine(case, definitions, clock.rest(), only=rest, progress=progress)
    order = [d.name for d in definitions]
    results = sorted((*first.results, *second.results), key=lambda r: order.index(r.name))
    return replace(
        first, results=tuple(results), skipped=(*first.skipped, *second.skipped),
        seconds=round(clock.elapsed, 3), interrupted=second.interrupted,
    )  # fmt: skip
