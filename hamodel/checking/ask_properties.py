"""Questions that a property answers, and questions that the reader answers: one sentence each, with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hamodel.checking.ask_grammar import Asked
from hamodel.checking.ask_told import TOLD
from hamodel.checking.case import Case
from hamodel.checking.examine import examine
from hamodel.checking.review import remark_of
from hamodel.checking.search import Progress
from hamodel.config.findings import Topic
from hamodel.config.spec import Spec
from hamodel.ir.answer import Answer, News
from hamodel.ir.report import Report, Result, faults_in_words
from hamodel.ir.review import Cost, Source, ranked
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.words import Definition
from hamodel.renderers.words import at_most, when

NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "double-mount": ("single_mount",),
        "split-brain": ("single_owner", "single_mount"),
        "worst-failover": ("survivor_runs_all",),
        "longest-overlap": ("single_owner", "single_mount"),
        "fastest-disaster": ("single_owner", "single_mount"),
        "survives": ("single_mount", "single_owner", "served_again", "survivor_runs_all", "fit_node_serves"),
        "fencing": ("single_mount", "single_owner"),
    }
)
"""The properties behind each question."""
_IDLE = (Topic.NO_EFFECT, Topic.PING_WITHOUT_IPFAIL, Topic.IPFAIL_WITHOUT_PING, Topic.IPFAIL_LEGACY, Topic.LATE_UDPPORT,
         Topic.LATE_BAUD, Topic.WARNTIME_USELESS, Topic.HARESOURCES_IGNORED)  # fmt: skip
"""Findings about something that was written and does nothing."""


def by_property(
    asked: Asked, case: Case, spec: Spec, where: str, known: Sequence[Definition], limits: Limits, progress: Progress
) -> Answer:
    """The answer of a check of the properties behind the question."""
    names = NEEDED[asked.query]
    report = examine(case, known, limits, only=names, progress=progress)
    results = [r for r in report.results if r.name in names]
    told = TOLD[asked.query]
    sentence, news = told(asked, results, report, spec)
    if report.interrupted:
        news = News.OPEN
    shown = next((r for r in results if r.story), None)
    unfenced = " --set stonith.nodes=[]" if asked.query == "fencing" else ""
    budget = f" --budget {report.budget}" if asked.query == "survives" else ""
    asked_for = "".join(f" --property {r.name}" for r in results)
    return Answer(
        asked.text,
        asked.query,
        sentence,
        news,
        f"hamodel check {where}{budget}{unfenced}{asked_for}",
        tuple(_evidence(result, report) for result in results) or tuple(s.reason for s in report.skipped[:1]),
        shown.story if shown is not None else (),
        interrupted=report.interrupted,
    )


def by_reading(asked: Asked, spec: Spec, where: str) -> Answer:
    """The answers that need no model: which lines are unsafe, and which do nothing."""
    nodes = list(spec.cluster.per_node.values())
    findings = spec.cluster.findings
    if asked.query == "unused-options":
        findings = tuple(said for said in findings if said.topic in _IDLE)
    remarks = ranked(remark_of(said, nodes) for said in findings)
    if asked.query == "unsafe-options":
        remarks = tuple(r for r in remarks if r.cost.rank <= Cost.OUTAGE.rank and r.source is Source.READ)
    lines = tuple(f"{r.file}:{r.line}: {r.message}" if r.line else r.message for r in remarks)
    what = "can cost data or an outage" if asked.query == "unsafe-options" else "has no effect"
    whats = "can cost data or an outage" if asked.query == "unsafe-options" else "have no effect"
    if not lines:
        fine = "No line can cost data or an outage" if asked.query == "unsafe-options" else "Every line has an effect"
        return Answer(asked.text, asked.query, f"{fine}.", News.GOOD, f"hamodel review {where} --fast")
    many = f"1 thing here {what}" if len(lines) == 1 else f"{len(lines)} things here {whats}"
    return Answer(asked.text, asked.query, f"{many}.", News.BAD, f"hamodel review {where} --fast", lines)


def _evidence(result: Result, report: Report) -> str:
    within = f"every run with at most {report.budget} fault{'s' if report.budget != 1 else ''} or command"
    if result.outcome is Outcome.VIOLATED and result.ways:
        ways = [
            faults_in_words(way.faults) + (f" ({when(way)})" if way.length or way.earliest else "")
            for way in result.ways
        ]
        return f"{result.name} is broken by {'; or by '.join(ways)}"
    if result.outcome is Outcome.HOLDS:
        at_last = f" in {at_most(result.measured)} at most" if result.measured is not None else ""
        return f"{result.name} holds{at_last} in {within}"
    return f"{result.name}: {result.outcome.value}{f', {result.reason}' if result.reason else ''}"
