"""Two configurations compared: values, findings, verdicts, worst cases, and a run that only one of them allows.

Both are reviewed and checked with one budget; nothing is said about the text of the files, only about what it means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hamodel.checking.before_after import FOR_EVER, effects, lasting, longest, standing
from hamodel.checking.case import Case
from hamodel.checking.dearest import dearest_first
from hamodel.checking.diff_options import options
from hamodel.checking.diff_runs import Given as Examined
from hamodel.checking.diff_runs import runs_apart
from hamodel.checking.examine import version
from hamodel.checking.of_spec import case_of
from hamodel.checking.review import remark_of, review_refused
from hamodel.checking.search import Clock, Progress
from hamodel.config.cluster import ConfigurationRefused
from hamodel.config.findings import Topic
from hamodel.config.spec import Spec
from hamodel.errors import NotApplicable
from hamodel.ir.difference import Bound, Difference, Followed, Only, Side
from hamodel.ir.repairs import Trend
from hamodel.ir.report import Report, Result
from hamodel.ir.review import Remark, ranked
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.words import Definition
from hamodel.renderers.words import seconds

BOUNDS = (
    ("single_mount", "a disk mounted twice"),
    ("single_owner", "an address up twice"),
    ("survivor_runs_all", "failover: from the loss of one node until the other runs all"),
    ("fit_node_serves", "outage while a fit node is there"),
    ("outage_is_short", "outage once nothing is broken"),
)
"""The worst cases that are compared: the claim that measures each, and what it says."""
_NUMBER = re.compile(r"\d[\d.]*(?: (?:ms|s|min|h)\b)?")
FIRST = ("single_mount", "single_owner", "served_again", "survivor_runs_all")


@dataclass(frozen=True, slots=True)
class Given:
    """One side as it was read: its spec, or the refusal."""

    where: str
    spec: Spec | None
    refusal: ConfigurationRefused | None = None


def difference(
    old: Given, new: Given, definitions: Sequence[Definition], limits: Limits, progress: Progress, *, fast: bool = False
) -> Difference:
    """What changes from `old` to `new`."""
    clock = Clock.start(limits)
    before, after = _remarks(old), _remarks(new)
    reports = [_report(given, definitions, limits, progress, fast=fast) for given in (old, new)]
    (one, _, why_one), (two, _, why_two) = reports
    interrupted = any(report is not None and report.interrupted for report, _, _ in reports)
    runs: tuple[Only, ...] = ()
    followed: tuple[Followed, ...] = ()
    if not interrupted:
        try:
            runs, followed = _runs(reports, definitions, limits, progress)
        except KeyboardInterrupt:
            interrupted = True
    return Difference(
        old=_side(old, why_one),
        new=_side(new, why_two),
        options=tuple(options(old.spec.cluster, new.spec.cluster)) if old.spec and new.spec else (),
        appeared=ranked(_fresh(before, after, (old.where, new.where))),
        vanished=ranked(_fresh(after, before, (old.where, new.where))),
        effects=effects(one, two, FIRST) if one and two else (),
        bounds=tuple(_bounds(one, two)) if one and two else (),
        runs=runs,
        followed=followed,
        checked=_budget(two or one),
        seconds=round(clock.elapsed, 3),
        version=version(),
        interrupted=interrupted,
    )


def _remarks(given: Given) -> list[Remark]:
    if given.refusal is not None:
        return list(review_refused(given.refusal, given.where, "", ()).remarks)
    assert given.spec is not None
    nodes = list(given.spec.cluster.per_node.values())
    return [remark_of(said, nodes) for said in given.spec.cluster.findings]


def _fresh(known: Sequence[Remark], found: Sequence[Remark], paths: Sequence[str]) -> Iterator[Remark]:
    """Findings of which the other side has none that differs in numbers alone.

    A finding with another number is the same finding: whether the number is better is what the check says.
    """

    def gist(remark: Remark) -> tuple[str, str]:
        text = remark.message
        for path in paths:
            text = text.replace(path, "")
        return remark.code, _NUMBER.sub("#", text)

    there = Counter(gist(remark) for remark in known)
    for remark in found:
        if there[gist(remark)] > 0:
            there[gist(remark)] -= 1
        elif remark.code != Topic.NOT_CHECKED_HERE.value:
            yield remark


def _side(given: Given, unchecked: str) -> Side:
    if given.spec is None:
        refused = given.refusal.message if given.refusal is not None else ""
        return Side(given.where, (), "", refused, "Heartbeat does not start with these files")
    return Side(given.where, given.spec.cluster.nodes, given.spec.cluster.version.value, "", unchecked)


Checked = tuple[Report | None, Case | None, str]


def _report(
    given: Given, definitions: Sequence[Definition], limits: Limits, progress: Progress, *, fast: bool
) -> Checked:
    if given.spec is None:
        return None, None, ""
    if fast:
        return None, None, "not asked for: --fast"
    cluster = given.spec.cluster
    if not cluster.first.crm and not any(node.groups for node in cluster.per_node.values()):
        return None, None, "there is no group to serve"
    try:
        case = case_of(given.spec)
    except NotApplicable as outside:
        return None, None, outside.message
    report = dearest_first(case, definitions, limits, progress)
    undecided = [r.name for r in report.results if r.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN)]
    return report, case, f"undecided: {', '.join(undecided)}" if undecided else ""


def _budget(report: Report | None) -> str:
    if report is None:
        return ""
    return f"every run with at most {report.budget} fault{'s' if report.budget != 1 else ''} or command, on both sides"


def _runs(
    reports: Sequence[Checked], definitions: Sequence[Definition], limits: Limits, progress: Progress
) -> tuple[tuple[Only, ...], tuple[Followed, ...]]:
    (one, case_one, _), (two, case_two, _) = reports
    if one is None or two is None or case_one is None or case_two is None:
        return (), ()
    return runs_apart(Examined(case_one, one), Examined(case_two, two), definitions, limits, progress)


def _bounds(old: Report, new: Report) -> Iterator[Bound]:
    before, after = ({r.name: r for r in report.results} for report in (old, new))
    for name, says in BOUNDS:
        one, two = before.get(name), after.get(name)
        if one is None and two is None:
            continue
        worst = [_worst(result) for result in (one, two)]
        trend = None
        if None not in worst and worst[0] != worst[1]:
            trend = Trend.BETTER if (worst[1] or 0) < (worst[0] or 0) else Trend.WORSE
        ranges = [result.measured if result is not None else None for result in (one, two)]
        yield Bound(name, says, ranges[0], ranges[1], _told(one), _told(two), trend)


def _worst(result: Result | None) -> int | None:
    """The worst case in ms; 0 where it never comes, None where it is not known."""
    if result is None or result.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN, Outcome.VACUOUS):
        return None
    if result.bound is None:
        return lasting(standing(result)) if result.outcome is Outcome.VIOLATED else 0
    return longest(result.measured) if result.measured is not None else None


def _told(result: Result | None) -> str:
    worst = _worst(result)
    if result is None:
        return "not asked"
    if result.outcome is Outcome.VACUOUS:
        return "does not come about"
    if worst is None:
        return "not measured"
    if worst == FOR_EVER:
        return "for ever" if _measured(result) else "not measured"
    return seconds(worst) if worst else "never"


def _measured(result: Result) -> bool:
    """Whether an endless worst case was seen, and is not only unknown."""
    if result.bound is not None:
        return result.measured is not None
    return any(way.length is not None for way in result.ways)
