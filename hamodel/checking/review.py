"""A review is everything known against a configuration, ranked by what it can cost.

Four voices speak: the daemon where it refuses, the model check with its runs, logs where there are some, and the reader
with the rules of practice. The price of a finding does not depend on who says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hamodel.checking.dearest import dearest_first
from hamodel.checking.examine import version
from hamodel.checking.of_spec import case_of
from hamodel.checking.review_advice import advice
from hamodel.checking.review_facts import facts_of
from hamodel.checking.review_logs import Log, log_remarks
from hamodel.checking.review_model import model_remarks
from hamodel.checking.search import Clock, Progress
from hamodel.config.cluster import ConfigurationRefused
from hamodel.config.costs import cost_of, rules_of
from hamodel.config.findings import Finding, Topic
from hamodel.config.node import NodeConfig
from hamodel.config.practice import practice
from hamodel.config.spec import Spec
from hamodel.errors import HamodelError, NotApplicable
from hamodel.ir.report import Report
from hamodel.ir.review import Cost, Remark, Review, Source, ranked
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.words import Definition

FAST = "not asked for: --fast"
EMPTY = "there is no group to serve"


def review(
    spec: Spec,
    where: str,
    definitions: Sequence[Definition],
    logs: Sequence[Log],
    limits: Limits,
    progress: Progress,
    *,
    fast: bool = False,
) -> Review:
    """The review of a configuration that Heartbeat accepts; `where` is how the user calls it."""
    clock = Clock.start(limits)
    cluster = spec.cluster
    nodes = list(cluster.per_node.values())
    remarks = [remark_of(said, nodes) for said in cluster.findings]
    remarks += [remark for log in logs for remark in log_remarks(log, cluster)]
    remarks += advice(cluster, where)
    report, why = _checked(spec, definitions, limits, progress, fast=fast)
    if report is not None:
        remarks += model_remarks(report, where, nodes)
        why = why or _open(report)
    return Review(
        cluster=spec.title or spec.name,
        nodes=cluster.nodes,
        heartbeat=cluster.version.value,
        remarks=ranked(remarks),
        facts=tuple(facts_of(cluster)),
        checked=_explored(report) if report is not None else "",
        unchecked=why,
        logs=tuple(log.path for log in logs),
        seconds=round(clock.elapsed, 3),
        version=version(),
        interrupted=report is not None and report.interrupted,
    )


def review_refused(refusal: ConfigurationRefused, where: str, heartbeat: str, logs: Sequence[Log]) -> Review:
    """The review of files with which Heartbeat does not start."""
    remarks = [_refused(problem) for problem in refusal.errors]
    said_already = {str(problem.span) for problem in refusal.errors}
    remarks += [
        remark_of(said, ())
        for said in refusal.findings
        if not (said.topic is Topic.GROUP_WITHOUT_NODE and str(said.span) in said_already)
    ]
    remarks += [remark for log in logs for remark in log_remarks(log, None)]
    return Review(
        cluster=Path(where).resolve().name or where,
        nodes=tuple(name for name in refusal.transcripts if name),
        heartbeat=heartbeat,
        remarks=ranked(remarks),
        refused=refusal.message,
        unchecked="Heartbeat does not start with these files",
        logs=tuple(log.path for log in logs),
        version=version(),
    )


def remark_of(said: Finding, nodes: Sequence[NodeConfig]) -> Remark:
    """A finding of the reader with its price and its rules."""
    span = said.span
    place = (_shown(span.text),) if span is not None and span.text else ()
    return Remark(
        code=said.code,
        cost=cost_of(said, nodes),
        source=Source.NO_EFFECT if said.topic is Topic.NO_EFFECT else Source.READ,
        message=said.message,
        file=span.file if span is not None else "",
        line=span.line if span is not None else 0,
        evidence=(*place, *(f"heartbeat says: {line}" for line in said.daemon)),
        repair=said.help,
        rules=rules_of(said.topic),
    )


def _refused(problem: HamodelError) -> Remark:
    span = problem.span
    file = span.file if span is not None else ""
    secret = file.endswith("authkeys")
    place = (_shown(span.text),) if span is not None and span.text and not secret else ()
    return Remark(
        code=problem.code,
        cost=Cost.OUTAGE,
        source=Source.REFUSED,
        message=f"Heartbeat refuses to start: {problem.message}",
        file=file,
        line=span.line if span is not None else 0,
        evidence=(*place, *problem.seen, *(f"heartbeat says: {line}" for line in problem.daemon)),
        repair=problem.help,
        rules=practice("R9") if problem.code in ("HA125", "HA122") else (),
    )


def _shown(text: str) -> str:
    """A line of a file without its comment, and without what a fencing device is told in confidence."""
    words = text.split("#")[0].split()
    if words[:1] in (["stonith"], ["stonith_host"]):
        words = [*words[: 3 if words[0] == "stonith_host" else 2], "..."]
    return " ".join(words)


def _checked(
    spec: Spec, definitions: Sequence[Definition], limits: Limits, progress: Progress, *, fast: bool
) -> tuple[Report | None, str]:
    if fast:
        return None, FAST
    if not spec.cluster.first.crm and not any(node.groups for node in spec.cluster.per_node.values()):
        return None, EMPTY
    try:
        case = case_of(spec)
    except NotApplicable as outside:
        return None, outside.message
    if spec.cluster.first.crm:
        return None, "the cluster resource manager is on, and that mode is outside the model"
    return dearest_first(case, definitions, limits, progress), ""


def _explored(report: Report) -> str:
    begin = "from the boot of both nodes" if report.start == "boot" else "from the steady state"
    many = f"{report.budget} fault{'s' if report.budget != 1 else ''} or command{'s' if report.budget != 1 else ''}"
    holding = sum(1 for r in report.results if r.outcome is Outcome.HOLDS)
    through = ", in the runs its plot names" if report.through else ""
    return f"every run {begin} with at most {many}{through}; {holding} of {len(report.results)} claims hold"


def _open(report: Report) -> str:
    names = [r.name for r in report.results if r.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN)]
    if report.interrupted:
        return "interrupted: " + (f"undecided are {', '.join(names)}" if names else "nothing is undecided")
    return f"undecided within the limits: {', '.join(names)}" if names else ""
