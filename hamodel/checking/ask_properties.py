"""Questions that a property answers, and questions that the reader answers: one sentence each, with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from hamodel.checking.ask_grammar import Asked
from hamodel.checking.before_after import longest
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
from hamodel.renderers.words import at_most, seconds, when

NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "double-mount": ("single_mount",),
        "split-brain": ("single_owner", "single_mount"),
        "worst-failover": ("survivor_runs_all",),
        "longest-overlap": ("single_owner", "single_mount"),
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
    told = _TOLD[asked.query]
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


Told = tuple[str, News]


def _open(results: Sequence[Result]) -> bool:
    return any(r.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN) for r in results)


def _broken(results: Sequence[Result]) -> list[Result]:
    return [r for r in results if r.outcome is Outcome.VIOLATED]


def _by(result: Result) -> str:
    return " or ".join(faults_in_words(way.faults) for way in result.ways) or "no fault at all"


def _mount(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    if not results:
        return "No: this cluster has no disk that only one node may mount.", News.GOOD
    if _broken(results):
        return f"Yes: {_by(results[0])} is enough to mount a disk on both nodes.", News.BAD
    if _open(results):
        return "Not known: a limit was reached before every run was explored.", News.OPEN
    return f"No: no run with at most {_faults(report)} mounts a disk twice.", News.GOOD


def _split(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    broken = _broken(results)
    if broken:
        what = (
            "an address and a disk"
            if len(broken) > 1
            else "a disk"
            if broken[0].name == "single_mount"
            else "an address"
        )
        return f"Yes: {_by(broken[0])} is enough to have {what} up on both nodes at once.", News.BAD
    if _open(results):
        return "Not known: a limit was reached before every run was explored.", News.OPEN
    return f"No: no run with at most {_faults(report)} has one resource up on both nodes.", News.GOOD


def _failover(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    if not results or results[0].outcome is Outcome.VACUOUS:
        return "There is no failover: no run leaves one node alone.", News.GOOD
    result = results[0]
    if result.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN):
        return "Not known: a limit was reached before every run was explored.", News.OPEN
    if result.measured is None:
        return "It was not measured: see the evidence.", News.OPEN
    if result.measured.hi is None:
        return f"For ever: after {_by(result)} there is a run in which the other node never runs all.", News.BAD
    first = f"at least {seconds(result.measured.lo)}, " if result.measured.lo else ""
    news = News.GOOD if result.outcome is Outcome.HOLDS else News.BAD
    words = f"{first}at most {seconds(result.measured.hi)}"
    return f"{words[:1].upper()}{words[1:]} from the loss of one node until the other runs all.", news


def _overlap(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    broken = _broken(results)
    if not broken:
        if _open(results):
            return "Not known: a limit was reached before every run was explored.", News.OPEN
        return f"Never: no run with at most {_faults(report)} has one resource up on both nodes.", News.GOOD
    lengths = [way.length for result in broken for way in result.ways]
    if any(length is None for length in lengths):
        return "Not known exactly: a limit was reached before every overlap was timed.", News.OPEN
    worst = max(lengths, key=longest)
    way = next(w for r in broken for w in r.ways if w.length == worst)
    text = "For ever" if worst is None or worst.hi is None else f"At most {seconds(worst.hi)}"
    return f"{text}: after {faults_in_words(way.faults)} both nodes have one resource.", News.BAD


def _survives(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    broken = _broken(results)
    if broken:
        ordered = sorted(broken, key=lambda r: sum(n for _, n in r.faults_used))
        said = "; ".join(f"{faults_in_words(r.faults_used)} is enough to break {r.name}" for r in ordered)
        return f"No: {said}.", News.BAD
    if _open(results):
        return "Not known: a limit was reached before every run was explored.", News.OPEN
    return f"Yes: with at most {_faults(report)} data and service survive.", News.GOOD


def _fencing(_asked: Asked, results: Sequence[Result], report: Report, spec: Spec) -> Told:
    there = any(node.stonith is not None for node in spec.cluster.per_node.values())
    broken = _broken(results)
    if broken:
        disk = any(r.name == "single_mount" for r in broken)
        what = "both nodes can mount one disk" if disk else "both nodes can have one address"
        have = "; there is a device in ha.cf" if there else "; there is none in ha.cf"
        return f"Yes: where nothing resets a node, {_by(broken[0])} is enough, and {what}{have}.", (
            News.GOOD if there else News.BAD
        )
    if _open(results):
        return "Not known: a limit was reached before every run was explored.", News.OPEN
    return f"Not for {_faults(report)}: without any reset no run has one resource up on both nodes.", News.GOOD


def _faults(report: Report) -> str:
    return f"{report.budget} fault{'s' if report.budget != 1 else ''} or command"


_TOLD: Mapping[str, Callable[[Asked, Sequence[Result], Report, Spec], Told]] = MappingProxyType(
    {
        "double-mount": _mount,
        "split-brain": _split,
        "worst-failover": _failover,
        "longest-overlap": _overlap,
        "survives": _survives,
        "fencing": _fencing,
    }
)
