"""Checking: from a spec to a report in which every trace has been gone through twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hamodel.checking.case import Case
from hamodel.checking.examine import examine, silent
from hamodel.checking.search import Progress, Searcher
from hamodel.config.spec import Expectation, Spec
from hamodel.ir.report import Report, Result
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.loader import load, select
from hamodel.properties.words import Definition

__all__ = ["Case", "check", "compare", "examine"]


def check(
    spec: Spec,
    properties: Sequence[Definition | str] = (),
    limits: Limits | None = None,
    *,
    engine: Searcher | str | None = None,
    progress: Progress = silent,
) -> Report:
    """What the cluster of this spec can do, property by property: all shipped ones, or those given by name or as such.

    Raises NotApplicable for a cluster outside the model, EnginesDisagree where a trace does not stand a second look.
    """
    from hamodel.checking.of_spec import case_of

    names = [p for p in properties if isinstance(p, str)]
    own = [p for p in properties if not isinstance(p, str)]
    shipped = load()
    chosen = [*(select(shipped, names) if names or not own else ()), *own]
    only = [d.name for d in chosen]
    report = examine(case_of(spec), [*shipped, *own], limits, engine=engine, asked=names, only=only, progress=progress)
    return compare(report, spec)


def compare(report: Report, spec: Spec) -> Report:
    """The report with the runs the spec looks at, and with what it expects of each property."""
    results = tuple(_promised(r, spec.expect.get(r.name)) for r in report.results)
    return replace(report, results=results, through=spec.through)


def _promised(result: Result, promise: Expectation | None) -> Result:
    if promise is None:
        return result
    return replace(result, expected=Outcome(promise.outcome), expected_faults=promise.faults_used)
