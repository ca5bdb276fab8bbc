"""A review for formats that know nothing of reviews: each finding an issue in its place."""

from __future__ import annotations

from pathlib import Path

from hamodel.ir.answers import ERROR, NOTE, WARNING
from hamodel.ir.review import Cost, Remark, Review
from hamodel.renderers.github import marked
from hamodel.renderers.issues import Issue
from hamodel.renderers.sarif import document, printed

LEVELS = {Cost.DATA_LOSS: ERROR, Cost.OUTAGE: ERROR, Cost.SURPRISE: WARNING, Cost.HYGIENE: NOTE}


def issues_of(found: Review, least: Cost, cluster: str) -> list[Issue]:
    """The findings that cost at least so much."""
    return [_issue(remark, cluster) for remark in found.at_or_above(least)]


def as_sarif(found: Review, least: Cost, cluster: str, root: Path, exit_code: int) -> str:
    """SARIF 2.1.0."""
    issues = issues_of(found, least, cluster)
    return printed(document(issues, root, found.version, exit_code, finished=not found.interrupted))


def as_annotations(found: Review, least: Cost, cluster: str, root: Path) -> str:
    """Annotations of GitHub; what is only hygiene makes none."""
    return marked(issues_of(found, least, cluster), root)


def _issue(remark: Remark, cluster: str) -> Issue:
    lines = [line for line in remark.rests_on if line.line and (line.file, line.line) != (remark.file, remark.line)]
    said = f"{remark.cost.value}: {remark.message}"
    return Issue(
        cluster, remark.code, "", LEVELS[remark.cost], said, remark.file, remark.line,
        also=tuple(lines), story=remark.story, help=remark.repair,
    )  # fmt: skip
