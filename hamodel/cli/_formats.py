"""The formats of an answer: for people, for programs, for build servers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hamodel.ir.answers import Answers

FORMATS = ("text", "json", "junit", "sarif", "github")
MACHINES = ("json", "junit", "sarif", "github")
"""Formats in which a refused configuration is an answer like any other."""


def rendered(answers: Answers, form: str, code: int, *, many: bool) -> str:
    """The answers as text of this format; `many`: not the report of a single one."""
    from hamodel.checking.examine import version

    alone = None if many or len(answers.checked) != 1 else answers.checked[0].report
    if form == "junit":
        from hamodel.renderers.junit import render as as_junit

        return as_junit(answers)
    if form == "sarif":
        from hamodel.renderers.sarif import render as as_sarif

        return as_sarif(answers, root(), version=version(), exit_code=code)
    if form == "github":
        from hamodel.renderers.github import render as as_annotations

        return as_annotations(answers, root())
    if form == "json":
        from hamodel.renderers import fleet, json

        return json.render(alone) if alone is not None else fleet.as_json(answers, version())
    from hamodel.cli._language import speaker
    from hamodel.cli._terminal import colour, width

    if alone is not None:
        from hamodel.renderers.text import render as as_text

        return as_text(alone, width=width(), colour=colour(), say=speaker())
    from hamodel.renderers.fleet import render as as_table

    return as_table(answers, width=width(), colour=colour(), say=speaker())


def root() -> Path:
    """What files are told from: the checkout of a GitHub job, else the current directory."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())


def write_summary(answers: Answers) -> None:
    """Add the summary of this step to the job's, where GitHub asks for one."""
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        from hamodel.renderers.github import summary

        with Path(target).open("a", encoding="utf-8") as file:
            file.write(summary(answers))
