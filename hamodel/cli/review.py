"""`hamodel review`: what can be said against a configuration, the dearest first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import config_options, fault_options, paths_argument, properties_option, spec_of
from hamodel.cli._language import language_option, speaker, title_of
from hamodel.cli._limits import MEMORY, limits_of

if TYPE_CHECKING:
    from hamodel.checking.review_logs import Log
    from hamodel.ir.review import Cost, Review

EPILOG = """
\b
Examples:
  hamodel review /etc/ha.d
  hamodel review cluster/ --fast
  hamodel review cluster/ --lang zh
  hamodel review node1/ node2/ --severity outage
  hamodel review cluster/ --log /var/log/ha-log --stories all
  hamodel review cluster/ --fail-on 'data loss' --format json --quiet

\b
What a finding can cost, the dearest first:
  data loss  two machines write to one disk, or two replicas diverge
  outage     nobody serves, or two machines answer to one address
  surprise   it serves, but not as its owner expects
  hygiene    worth a look on a quiet day

\b
Exit codes:
  0    no finding at or above --fail-on
  1    there are such findings
  2    Heartbeat refuses the files, or they cannot be read; usage
  3    no such finding, but the model check did not come to its end
  70   our own fault, please report
  130  interrupted; what was found by then is told
"""
CLEAN, FINDINGS, REFUSED, OPEN = 0, 1, 2, 3
COSTS = ("data loss", "outage", "surprise", "hygiene")


@click.command(epilog=EPILOG)
@paths_argument
@config_options
@fault_options
@click.option("--fast", is_flag=True, help="Only read: no model check.")
@click.option("--log", "logs", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
              help="A log of this cluster (repeatable); those beside the files are read anyway.")  # fmt: skip
@click.option("--severity", type=click.Choice(COSTS), default="hygiene", show_default=True,
              help="Show findings from this cost upwards.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(COSTS), default="outage", show_default=True,
              help="Exit with 1 if a finding costs so much or more.")  # fmt: skip
@click.option("--stories", type=click.Choice(["first", "all", "none"]), default="first", show_default=True,
              help="Which runs to tell in full: the first of each cost, all, none.")  # fmt: skip
@properties_option
@click.option(
    "--timeout", metavar="TIME", default="30s", show_default=True, help="Give up the model check after so long."
)
@click.option("--memory", metavar="SIZE", help=MEMORY)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text", show_default=True
)
@click.option("--quiet", is_flag=True, help="No progress.")
@language_option
def command(
    paths: tuple[Path, ...],
    heartbeat: str | None,
    settings: tuple[str, ...],
    budget: int | None,
    faults: str | None,
    fast: bool,
    logs: tuple[Path, ...],
    severity: str,
    fail_on: str,
    stories: str,
    folders: tuple[Path, ...],
    timeout: str,
    memory: str | None,
    form: str,
    quiet: bool,
) -> None:
    """Review a configuration: everything known against it, ranked by what it can cost.

    PATHS are given as for `hamodel check`. The model check looks at every run with the fault budget; the reader adds
    what recommended practice, the daemon and the logs beside the files say.
    """
    from hamodel.checking.review import review, review_refused
    from hamodel.cli._progress import progress
    from hamodel.config.cluster import ConfigurationRefused
    from hamodel.ir.review import Cost
    from hamodel.properties.loader import load

    given = list(paths) or [Path()]
    where = " ".join(str(path) for path in given)
    known = load(folders)
    limits = limits_of(timeout, memory)
    read_logs = _logs(given, logs)
    try:
        with spec_of(paths, heartbeat, settings, faults, budget) as read, progress(quiet) as tell:
            found = review(read.spec, where, known, read_logs, limits, tell, fast=fast)
            found = replace(found, cluster=title_of(read.spec))
    except ConfigurationRefused as refusal:
        if not _daemon_refuses(refusal):
            raise
        found = review_refused(refusal, where, heartbeat or "3.0.6", read_logs)
    code = _code(found, Cost(fail_on))
    if form in ("sarif", "github"):
        click.echo(_issues(found, form, Cost(severity), where, code), nl=False)
    else:
        click.echo(_rendered(found, form, Cost(severity), stories), nl=False)
    click.get_current_context().exit(code)


def _logs(paths: list[Path], named: tuple[Path, ...]) -> list[Log]:
    from hamodel.checking.review_logs import logs_in, read_log

    return [read_log(path) for path in dict.fromkeys([*logs_in(paths), *named])]


def _daemon_refuses(refusal: object) -> bool:
    """Whether there was something to read, so that a review makes sense."""
    from hamodel.config.cluster import ConfigurationRefused
    from hamodel.errors import FileUnreadable

    return isinstance(refusal, ConfigurationRefused) and not any(isinstance(e, FileUnreadable) for e in refusal.errors)


def _rendered(found: Review, form: str, least: object, stories: str) -> str:
    from hamodel.ir.review import Cost

    assert isinstance(least, Cost)
    if form == "json":
        from hamodel.renderers.review_json import render as as_json
        from hamodel.renderers.review_said import said

        return as_json(said(found, speaker()), least)
    from hamodel.cli._terminal import colour, width
    from hamodel.renderers.review import render

    return render(found, width=width(), colour=colour(), least=least, stories=stories, say=speaker())


def _issues(found: Review, form: str, least: Cost, where: str, code: int) -> str:
    from hamodel.cli._formats import root
    from hamodel.renderers.review_issues import as_annotations, as_sarif
    from hamodel.renderers.review_said import said

    found = said(found, speaker())
    return (
        as_sarif(found, least, where, root(), code) if form == "sarif" else as_annotations(found, least, where, root())
    )


def _code(found: Review, threshold: object) -> int:
    from hamodel.cli._codes import INTERRUPTED
    from hamodel.ir.review import Cost

    assert isinstance(threshold, Cost)
    if found.interrupted:
        return INTERRUPTED
    if found.refused:
        return REFUSED
    if found.at_or_above(threshold):
        return FINDINGS
    return OPEN if found.checked and found.unchecked else CLEAN
