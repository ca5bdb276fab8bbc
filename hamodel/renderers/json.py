"""The report as one JSON object: the same keys in the same order for the same input."""

from __future__ import annotations

import json
from collections.abc import Mapping

from hamodel.ir.report import Report, Result
from hamodel.ir.verdict import Range

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""


def render(report: Report) -> str:
    """The report, two blanks to a level, with a line feed at its end."""
    return json.dumps(as_object(report), indent=2, ensure_ascii=False) + "\n"


def as_object(report: Report) -> Mapping[str, object]:
    """What `render` writes."""
    return {
        "hamodel": report.version,
        "format": FORMAT,
        "cluster": {
            "name": report.cluster,
            "nodes": list(report.nodes),
            "heartbeat": report.heartbeat,
            "start": report.start,
        },
        "faults": {"budget": report.budget, "kinds": dict(report.faults), "never": list(report.never)},
        "beyond": list(report.beyond),
        "through": list(report.through),
        "engine": report.engine,
        "seconds": report.seconds,
        "cached": report.cached,
        "interrupted": report.interrupted,
        "properties": [_property(r) for r in report.results],
        "skipped": [{"name": s.name, "reason": s.reason} for s in report.skipped],
    }


def _property(result: Result) -> Mapping[str, object]:
    first = result.ways[0] if result.ways else None
    return {
        "name": result.name,
        "doc": result.doc,
        "kind": result.kind.value,
        "outcome": result.outcome.value,
        "expected": result.expected.value if result.expected is not None else None,
        "accepted": result.accepted,
        "reason": result.reason,
        "engine": result.engine,
        "states": result.states,
        "seconds": result.seconds,
        "faults_used": dict(result.faults_used),
        "overlap_ms": _range(first.length if first is not None else None),
        "earliest_ms": first.earliest if first is not None else None,
        "ways": [
            {"faults": dict(w.faults), "overlap_ms": _range(w.length), "earliest_ms": w.earliest} for w in result.ways
        ],
        "provided": list(result.provided),
        "computed": result.computed,
        "within_ms": result.bound,
        "measured_ms": _range(result.measured),
        "story": [{"at_ms": s.at, "node": s.node, "text": s.text, "cause": s.cause} for s in result.story],
        "rests_on": [{"file": c.file, "line": c.line, "text": c.text} for c in result.rests_on],
        "certified": list(result.certified),
        "evidence": list(result.evidence),
        "proof": list(result.proof),
        "hulls": list(result.hulls),
    }


def _range(length: Range | None) -> Mapping[str, int | None] | None:
    """`most` null: it may last for ever. The whole null: not measured, or it never came."""
    return None if length is None else {"least": length.lo, "most": length.hi}
