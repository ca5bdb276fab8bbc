"""An incident's explanation for programs: times are those of the reference clock, as ISO 8601 without a zone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hamodel.incident.report import (
    Advice,
    Certainty,
    Contradiction,
    Episode,
    Explanation,
    Fault,
    Fit,
    Overlap,
    Owned,
    Proofs,
    Told,
)


def render(report: Explanation) -> str:
    """The whole report; keys that users rely on stand first."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def as_data(report: Explanation) -> dict[str, Any]:
    """The same as plain values."""
    fit = report.fit or Fit()
    clock = report.clocks[-1] if report.clocks else None
    advice = fit.prevented_by or report.advice
    return {
        "lines": {"total": report.lines.total, "own": report.lines.own, "recognised": report.lines.recognised},
        "fits": fit.fits,
        "breaks_at": None if fit.breaks_at is None else str(fit.breaks_at),
        "offset_ms": None if clock is None else [min(c.lo for c in report.clocks), max(c.hi for c in report.clocks)],
        "ownership": [_owned(span, report.sure) for span in report.owned],
        "unsafe_from": iso(report.unsafe_from),
        "faults": [_fault(fault, report.sure) for fault in report.faults],
        "cause": None if report.cause is None else report.cause.text,
        "prevented_by": [_advice(each) for each in advice],
        "unsafe": "no" if report.unsafe is None else report.unsafe.value,
        "overlaps": [_overlap(each, report.sure) for each in report.overlaps],
        "gaps": [{"resource": gap.resource, "from": iso(gap.begin), "to": iso(gap.end)} for gap in report.gaps],
        "inferred": [
            {"option": each.option, "node": each.node, "value": each.value, "least_ms": each.lo, "most_ms": each.hi,
             "lines": _lines(each.proofs)}
            for each in report.inferred
        ],
        "differs": [
            {"option": each.option, "node": each.node, "file": each.file_says, "log": each.log_says,
             "lines": _lines(each.proofs)}
            for each in report.differs
        ],
        "contradictions": [_contradiction(each) for each in report.contradictions],
        "unseen": [
            {"node": each.node or None, "from": iso(each.begin), "to": iso(each.end), "text": each.text,
             "lines": _lines(each.proofs)}
            for each in report.unseen
        ],
        "verdict": report.verdict.value,
        "story": [_told(told) for told in (fit.story or report.story)],
        "notes": list(report.notes),
        "nodes": list(report.nodes),
        "clock": report.clock,
        "clocks": [
            {"node": c.node, "ahead_ms": [c.lo, c.hi], "since": iso(c.since), "pairs": c.pairs} for c in report.clocks
        ],
        "clock_steps": [
            {"node": s.node, "by_ms": s.by, "least": s.least, "or_node": s.peer or None, "by_program": s.said or None,
             "node_time": iso(s.shown),
             "lines": _lines(s.proofs)}
            for s in report.steps
        ],
        "clock_silences": [
            {"node": s.node, "other": s.other, "from": iso(s.begin), "to": iso(s.end),
             "untied": "after" if s.after else "before", "noticed": s.noticed, "lines": _lines(s.proofs)}
            for s in report.silences
        ],
        "undated": report.undated,
        "begin": iso(report.begin),
        "end": iso(report.end),
        "rule": None if report.cause is None else report.cause.rule,
        "fit": None if report.fit is None else {
            "breaks_text": fit.breaks_text, "expected": list(fit.expected), "reason": fit.reason,
            "faults": list(fit.faults), "searched": dict(fit.searched),
            "episodes": [_episode(each) for each in fit.episodes],
        },
    }  # fmt: skip


def iso(ms: int | None) -> str | None:
    """A moment of cluster time; None stays None."""
    if ms is None:
        return None
    return datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def _lines(proofs: Proofs) -> list[str]:
    return [str(proof) for proof in proofs]


def _owned(span: Owned, sure: Certainty) -> dict[str, Any]:
    return {
        "resource": span.resource,
        "node": span.node,
        "from": iso(span.begin),
        "to": iso(span.end),
        "certainty": "possible" if span.sure_from is None else sure.value,
        "certain_from": iso(span.sure_from),
        "certain_to": iso(span.sure_to),
        "open_because": span.open_because,
        "lines": _lines(span.proofs),
    }


def _overlap(each: Overlap, sure: Certainty) -> dict[str, Any]:
    return {
        "resource": each.resource,
        "nodes": list(each.nodes),
        "from": iso(each.begin),
        "to": iso(each.end),
        "certainty": (sure if each.sure_from is not None else each.certainty).value,
        "certain_from": iso(each.sure_from),
        "certain_to": iso(each.sure_to),
        "data_lost": each.disk,
        "unless": each.unless,
        "lines": _lines(each.proofs),
    }


def _fault(fault: Fault, sure: Certainty) -> dict[str, Any]:
    return {
        "kind": fault.kind,
        "node": fault.node,
        "what": fault.what,
        "earliest": iso(fault.earliest),
        "latest": iso(fault.latest),
        "ended": iso(fault.ended),
        "certainty": (sure if fault.certainty is Certainty.CERTAIN else fault.certainty).value,
        "text": fault.text,
        "alternatives": list(fault.alternatives),
        "lines": _lines(fault.proofs),
    }


def _contradiction(each: Contradiction) -> dict[str, Any]:
    return {
        "kind": "missing" if each.missing else "contradiction",
        "node": each.node,
        "at": iso(each.at),
        "text": each.text,
        "rule": each.rule,
        "lines": _lines(each.proofs),
    }


def _advice(each: Advice) -> dict[str, Any]:
    return {"option": each.option, "text": each.text, "checked": each.checked}


def _episode(each: Episode) -> dict[str, Any]:
    return {
        "from": iso(each.begin),
        "to": iso(each.end),
        "first_line": str(each.first),
        "last_line": str(each.last),
        "landmarks": each.landmarks,
        "fits": each.fits,
        "follows": each.follows,
        "faults": list(each.faults),
        "found_by": each.found_by or None,
        "breaks_at": None if each.breaks_at is None else str(each.breaks_at),
        "breaks_text": each.breaks_text,
        "reason": each.reason,
        "reached": [
            {"written": r.written, "of": r.of, "faults": list(r.faults), "missing": _lines(r.missing)}
            for r in each.reached
        ],
        "nearest": [{"kind": n.kind, "text": n.text, "faults": list(n.faults)} for n in each.nearest],
    }


def _told(told: Told) -> dict[str, Any]:
    return {
        "at": iso(told.at),
        "node": told.node,
        "node_time": iso(told.node_time),
        "text": told.text,
        "heavy": told.heavy,
        "lines": _lines(told.proofs),
    }
