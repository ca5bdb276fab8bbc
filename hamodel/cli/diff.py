"""`hamodel diff`: what a change of the files changes in the cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import config_options, fault_options, properties_option, spec_of
from hamodel.cli._limits import MEMORY, limits_of

if TYPE_CHECKING:
    from hamodel.checking.diff import Given
    from hamodel.ir.difference import Difference

EPILOG = """
\b
Examples:
  hamodel diff cluster.old cluster
  hamodel diff main/ha.d branch/ha.d --faults cut=2 --format json
  git worktree add /tmp/before HEAD~1 && hamodel diff /tmp/before/ha.d ha.d

\b
Exit codes:
  0    the new configuration is nowhere worse
  1    it is worse: a verdict, a worst case of a verdict, or a new finding
       that can cost data or an outage
  2    files that cannot be read; usage
  3    nothing is worse, but a check did not come to its end
  130  interrupted
"""
SAME, WORSE, OPEN = 0, 1, 3


@click.command(epilog=EPILOG)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@config_options
@fault_options
@click.option("--fast", is_flag=True, help="Only values and findings: no model check.")
@properties_option
@click.option("--timeout", metavar="TIME", default="60s", show_default=True, help="Give up each check after so long.")
@click.option("--memory", metavar="SIZE", help=MEMORY)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    old: Path,
    new: Path,
    heartbeat: str | None,
    settings: tuple[str, ...],
    budget: int | None,
    faults: str | None,
    fast: bool,
    folders: tuple[Path, ...],
    timeout: str,
    memory: str | None,
    form: str,
    quiet: bool,
) -> None:
    """Compare two configurations by what they do.

    OLD and NEW are directories, each given as for `hamodel check`. What is compared are the values in force and every
    run with the fault budget, not the text of the files.
    """
    from hamodel.checking.diff import difference
    from hamodel.cli._progress import progress
    from hamodel.properties.loader import load

    known = load(folders)
    limits = limits_of(timeout, memory)
    one, two = (_given(path, heartbeat, settings, faults, budget) for path in (old, new))
    with progress(quiet) as tell:
        found = difference(one, two, known, limits, tell, fast=fast)
    click.echo(_rendered(found, form), nl=False)
    click.get_current_context().exit(_code(found))


def _given(
    path: Path, heartbeat: str | None, settings: tuple[str, ...], faults: str | None, budget: int | None
) -> Given:
    from hamodel.checking.diff import Given
    from hamodel.config.cluster import ConfigurationRefused
    from hamodel.errors import FileUnreadable

    try:
        with spec_of((path,), heartbeat, settings, faults, budget) as read:
            return Given(str(path), read.spec)
    except ConfigurationRefused as refusal:
        if any(isinstance(error, FileUnreadable) for error in refusal.errors):
            raise
        return Given(str(path), None, refusal)


def _rendered(found: Difference, form: str) -> str:
    from hamodel.renderers import diff

    if form == "json":
        return diff.render_json(found)
    from hamodel.cli._terminal import colour, width

    return diff.render(found, width=width(), colour=colour())


def _code(found: Difference) -> int:
    from hamodel.cli._codes import INTERRUPTED

    if found.interrupted:
        return INTERRUPTED
    if found.worse:
        return WORSE
    open_sides = [side for side in (found.old, found.new) if side.unchecked.startswith("undecided")]
    return OPEN if open_sides else SAME
