"""`hamodel sweep`: what holds where, point by point."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Changes, change_options, changed, paths_argument, properties_option
from hamodel.cli._language import language_option, speaker
from hamodel.cli._limits import limit_options, own_memory
from hamodel.cli._many import BACKENDS, bar, crew_of

if TYPE_CHECKING:
    from hamodel.ir.sweep import Sweep
    from hamodel.ir.verdict import Limits

EPILOG = """
\b
Examples:
  hamodel sweep . --vary deadtime=2s..60s:2s --vary auto_failback=on,off
  hamodel sweep . --vary deadtime=5s..60s --vary keepalive=500ms..5s:500ms --svg map.svg
  hamodel sweep . --vary watchdog=/dev/watchdog,- --vary deadtime=10,30 --faults kill=1
  hamodel sweep . --vary deadtime=5s..60s --vary faults.budget=1,2 --t-wise 2 --format csv
  hamodel sweep . --vary deadtime=2..60:1 --backend dask --scheduler tcp://host:8786

\b
An axis is a directive of ha.cf or a key of spec.toml: a list, or a range with a step
(without one about ten values). `-` takes a directive out. What Heartbeat refuses is
a result of its own. Each finished point stands in the journal at once; the same command
again, after Ctrl-C, a kill or a change of one value, asks only what is not known yet.
`hamodel region` answers exactly for times, all their values at once.

\b
Exit codes:
  0    it holds at every point that Heartbeat accepts
  1    it is violated at some point
  2    usage, configuration, or every point is refused
  3    inconclusive: some point has no answer
  4    vacuous at some point
  130  interrupted; what was finished is told and kept
"""


@click.command(epilog=EPILOG)
@paths_argument
@change_options()
@click.option("--vary", "varied", multiple=True, required=True, metavar="NAME=VALUES",
              help="An axis (repeatable): deadtime=2s..60s:2s, auto_failback=on,off.")  # fmt: skip
@click.option("--t-wise", "strength", type=click.IntRange(1, 6), metavar="T",
              help="Only so many points that every combination of T values occurs.")  # fmt: skip
@click.option("--property", "names", multiple=True, default=["single_mount"], show_default=True, metavar="NAME",
              help="The claim (repeatable).")  # fmt: skip
@properties_option
@click.option("--engine", help="Who answers; see `hamodel engines`.")
@limit_options(of="a point", jobs="processes")
@click.option("--backend", type=click.Choice(BACKENDS), default="local", show_default=True)
@click.option("--scheduler", metavar="ADDRESS", help="Where the Dask scheduler or the Ray head is.")
@click.option("--journal", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Where finished points stand (default: in the user's cache).")  # fmt: skip
@click.option("--fresh", is_flag=True, help="Forget what the journal has.")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Draw the map into this file.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option("--quiet", is_flag=True, help="No progress; only the answer.")
@language_option
def command(
    paths: tuple[Path, ...],
    changes: Changes,
    varied: tuple[str, ...],
    strength: int | None,
    names: tuple[str, ...],
    folders: tuple[Path, ...],
    engine: str | None,
    limits: Limits,
    backend: str,
    scheduler: str | None,
    journal: Path | None,
    fresh: bool,
    svg: Path | None,
    form: str,
    quiet: bool,
) -> None:
    """Check a cluster for many values of some options, and show what holds where.

    Every combination of the values is a point. The points are checked side by side on all cores, or on a cluster.
    """
    from hamodel.checking.axes import axes_of
    from hamodel.checking.journal import Journal
    from hamodel.checking.question import Question
    from hamodel.checking.sweep import Base, sweep
    from hamodel.properties.loader import load, select

    axes = axes_of(varied)
    select(load(folders), names)
    try:
        material, overrides, _ = changed(list(paths) or [Path()], changes)
        known = Journal.open(journal or _usual(paths, varied, names), fresh=fresh)
    except OSError as problem:
        raise click.UsageError(f"{problem.filename or journal}: {problem.strerror}") from None
    base = Base(
        material, overrides, changes.heartbeat, Question(names, folders, (), engine, False, limits, own_memory())
    )
    with ExitStack() as stack:

        def begin(points: int) -> Callable[[str], None]:
            return stack.enter_context(bar(quiet, points, "sweeping"))

        found = sweep(base, axes, strength, crew_of(backend, scheduler, limits), known, begin)
    if svg is not None:
        from hamodel.renderers.sweep_svg import render as as_svg

        svg.write_text(as_svg(found), encoding="utf-8")
    click.echo(_rendered(found, form), nl=False)
    click.get_current_context().exit(_code(found))


def _usual(paths: tuple[Path, ...], varied: tuple[str, ...], names: tuple[str, ...]) -> Path | None:
    """The journal of this sweep in the user's cache; its lines say themselves what they are about."""
    from hamodel.kept import cache_directory, key_of

    home = cache_directory()
    if home is None:
        return None
    where = [str(path.resolve()) for path in paths or (Path(),)]
    return home / "sweeps" / f"{key_of(where, sorted(v.split('=')[0] for v in varied), names)}.journal"


def _rendered(found: Sweep, form: str) -> str:
    if form == "csv":
        from hamodel.renderers.sweep_data import as_csv

        return as_csv(found)
    if form == "json":
        from hamodel.renderers.sweep_data import as_json

        return as_json(found)
    from hamodel.cli._terminal import width
    from hamodel.renderers.sweep import render

    return render(found, width=width(), say=speaker())


def _code(found: Sweep) -> int:
    from hamodel.cli._codes import HOLDS, INCONCLUSIVE, INTERRUPTED, USAGE, VACUOUS, VIOLATED
    from hamodel.ir.sweep import Mark

    marks = set(found.marks())
    if found.interrupted:
        return INTERRUPTED
    if Mark.VIOLATED in marks:
        return VIOLATED
    if marks & {Mark.OPEN, Mark.FAILED, Mark.MISSING}:
        return INCONCLUSIVE
    if Mark.VACUOUS in marks:
        return VACUOUS
    return HOLDS if Mark.HOLDS in marks else USAGE
