"""What a check says about a question: one sentence, and whether it is good news."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from hamodel.checking.ask_grammar import Asked
from hamodel.checking.before_after import longest
from hamodel.config.spec import Spec
from hamodel.ir.answer import News
from hamodel.ir.report import Report, Result, faults_in_words
from hamodel.ir.verdict import Outcome
from hamodel.renderers.words import seconds

LIMITED = "Not known: a limit was reached before every run was explored."

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
        return LIMITED, News.OPEN
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
        return LIMITED, News.OPEN
    return f"No: no run with at most {_faults(report)} has one resource up on both nodes.", News.GOOD


def _failover(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    if not results or results[0].outcome is Outcome.VACUOUS:
        return "There is no failover: no run leaves one node alone.", News.GOOD
    result = results[0]
    if result.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN):
        return LIMITED, News.OPEN
    if result.measured is None:
        return "It was not measured: see the evidence.", News.OPEN
    if result.measured.hi is None:
        return f"For ever: after {_by(result)} there is a run in which the other node never runs all.", News.BAD
    first = f"at least {seconds(result.measured.lo)}, " if result.measured.lo else ""
    news = News.GOOD if result.outcome is Outcome.HOLDS else News.BAD
    words = f"{first}at most {seconds(result.measured.hi)}"
    return f"{words[:1].upper()}{words[1:]} from the loss of one node until the other runs all.", news


def _never(results: Sequence[Result], report: Report) -> Told:
    """Nothing was found that two nodes can have at once."""
    if _open(results):
        return LIMITED, News.OPEN
    return f"Never: no run with at most {_faults(report)} has one resource up on both nodes.", News.GOOD


def _overlap(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    broken = _broken(results)
    if not broken:
        return _never(results, report)
    lengths = [way.length for result in broken for way in result.ways]
    if any(length is None for length in lengths):
        return "Not known exactly: a limit was reached before every overlap was timed.", News.OPEN
    worst = max(lengths, key=longest)
    way = next(w for r in broken for w in r.ways if w.length == worst)
    text = "For ever" if worst is None or worst.hi is None else f"At most {seconds(worst.hi)}"
    return f"{text}: after {faults_in_words(way.faults)} both nodes have one resource.", News.BAD


def _soonest(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    broken = _broken(results)
    if not broken:
        return _never(results, report)
    ways = [way for result in broken for way in result.ways]
    timed = [way for way in ways if way.earliest is not None]
    if len(timed) < len(ways):
        return "Not known exactly: a limit was reached before every disaster was timed.", News.OPEN
    first = min(timed, key=lambda way: way.earliest or 0)
    after = faults_in_words(first.faults)
    return f"{seconds(first.earliest or 0)} after {after} both nodes can have one resource.", News.BAD


def _survives(_asked: Asked, results: Sequence[Result], report: Report, _spec: Spec) -> Told:
    broken = _broken(results)
    if broken:
        ordered = sorted(broken, key=lambda r: sum(n for _, n in r.faults_used))
        said = "; ".join(f"{faults_in_words(r.faults_used)} is enough to break {r.name}" for r in ordered)
        return f"No: {said}.", News.BAD
    if _open(results):
        return LIMITED, News.OPEN
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
        return LIMITED, News.OPEN
    return f"Not for {_faults(report)}: without any reset no run has one resource up on both nodes.", News.GOOD


def _faults(report: Report) -> str:
    return f"{report.budget} fault{'s' if report.budget != 1 else ''} or command"


TOLD: Mapping[str, Callable[[Asked, Sequence[Result], Report, Spec], Told]] = MappingProxyType(
    {
        "double-mount": _mount,
        "split-brain": _split,
        "worst-failover": _failover,
        "longest-overlap": _overlap,
        "fastest-disaster": _soonest,
        "survives": _survives,
        "fencing": _fencing,
    }
)
