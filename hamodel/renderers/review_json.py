"""A review as one JSON object: what a CI job reads."""

from __future__ import annotations

import json
from collections.abc import Mapping

from hamodel.ir.report import StoryLine
from hamodel.ir.review import Cost, Remark, Review

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""


def render(review: Review, least: Cost = Cost.HYGIENE) -> str:
    """The review, two blanks to a level, with a line feed at its end."""
    return json.dumps(as_object(review, least), indent=2, ensure_ascii=False) + "\n"


def as_object(review: Review, least: Cost = Cost.HYGIENE) -> Mapping[str, object]:
    """What `render` writes."""
    return {
        "hamodel": review.version,
        "format": FORMAT,
        "cluster": {"name": review.cluster, "nodes": list(review.nodes), "heartbeat": review.heartbeat},
        "refused": review.refused or None,
        "checked": review.checked or None,
        "unchecked": review.unchecked or None,
        "interrupted": review.interrupted,
        "seconds": review.seconds,
        "logs": list(review.logs),
        "values": [{"name": f.name, "value": f.value, "origin": f.origin} for f in review.facts],
        "counts": {cost.value: sum(1 for r in review.remarks if r.cost is cost) for cost in Cost},
        "findings": [remark_object(remark) for remark in review.at_or_above(least)],
    }


def remark_object(remark: Remark) -> Mapping[str, object]:
    """One finding."""
    return {
        "code": remark.code,
        "severity": remark.cost.value,
        "by": remark.source.value,
        "file": remark.file or None,
        "line": remark.line or None,
        "message": remark.message,
        "evidence": list(remark.evidence),
        "repair": remark.repair,
        "rules": [{"id": r.id, "rule": r.rule, "reason": r.reason, "source": r.source} for r in remark.rules],
        "story": [story_object(line) for line in remark.story],
    }


def story_object(line: StoryLine) -> Mapping[str, object]:
    """One sentence of a run."""
    return {"at_ms": line.at, "node": line.node, "text": line.text, "cause": line.cause}
