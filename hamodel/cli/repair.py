"""`hamodel repair`: the smallest change to the files that makes a promise hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Changes, change_options, paths_argument, properties_option, spec_of
from hamodel.cli._language import language_option, speak, speaker, titled
from hamodel.cli._limits import limit_options

if TYPE_CHECKING:
    from hamodel.checking.bench import Bench
    from hamodel.ir.repairs import Repairs
    from hamodel.ir.verdict import Limits

EPILOG = """
\b
Examples:
  hamodel repair /etc/ha.d --property single_mount
  hamodel repair . --property single_mount --faults kill=1
  hamodel repair . --property single_mount --property served_again
  hamodel repair . --property single_mount --format diff | patch -p1
  hamodel repair . --property single_mount --write

\b
What may be changed, and what each costs:
  1   a number: keepalive, deadtime, initdead, deadping
  2   a word: auto_failback on, off or legacy
  4   a directive more or less: watchdog, a card that carries heartbeats as
      well, ping and ipfail, a Delay before the first resource
  12  a piece of hardware: a fencing device, one more cable
Numbers are moved to the border: one millisecond less is not enough. A patch
shows the lines around a change as they are, keys and passwords included.

\b
Exit codes:
  0    everything asked for can be repaired, or needs no repair
  1    something cannot be repaired by what is on the list
  2    usage, configuration, or a property file
  3    the time was over before a repair was found
  130  interrupted; what was found by then is told
"""
FOUND, NONE, ENDED = 0, 1, 3


@click.command(epilog=EPILOG)
@paths_argument
@change_options()
@click.option("--property", "names", multiple=True, metavar="NAME",
              help="Make this hold; several together (default: each violated one by itself).")  # fmt: skip
@properties_option
@click.option("--alternatives", type=click.IntRange(1, 20), default=3, show_default=True,
              help="How many repairs to look for.")  # fmt: skip
@click.option("--changes", "most", type=click.IntRange(1, 3), default=2, show_default=True,
              help="How many changes one repair may have; 3 takes much longer.")  # fmt: skip
@limit_options(of="a check")
@click.option("--format", "form", type=click.Choice(["text", "json", "diff"]), default="text", show_default=True)
@click.option("--write", "writing", is_flag=True, help="Change the files; the old ones are kept as .orig.")
@click.option("--take", type=click.IntRange(1, 20), default=1, show_default=True, help="Which repair --write takes.")
@click.option("--quiet", is_flag=True, help="No progress.")
@language_option
def command(
    paths: tuple[Path, ...],
    changes: Changes,
    names: tuple[str, ...],
    folders: tuple[Path, ...],
    alternatives: int,
    most: int,
    limits: Limits,
    form: str,
    writing: bool,
    take: int,
    quiet: bool,
) -> None:
    """Find the smallest change that makes a promise hold.

    PATHS are given as for `hamodel check`. Every repair is proven by a full check of the changed files, and told with
    what else it makes better or worse. Your files are not touched unless you say --write.
    """
    from hamodel.checking.bench import Bench
    from hamodel.checking.material import gather
    from hamodel.checking.probe import prober_of
    from hamodel.checking.repair import repairs
    from hamodel.cli._progress import progress
    from hamodel.properties.loader import load, select

    if writing and not names:
        raise click.UsageError("--write takes one repair: say with --property what it is for")
    known = load(folders)
    asked = tuple(d.name for d in select(known, names)) if names else ()
    with spec_of(paths, changes) as read, progress(quiet) as tell:
        prober = prober_of(known, limits, lambda _, classes: tell("", classes))
        bench = Bench(titled(read.spec), read.material, read.overrides, prober, gather(list(paths) or [Path()]))
        found = repairs(bench, known, asked, tell, alternatives, most)
    click.echo(_rendered(found, form), nl=False)
    if writing:
        _write(found, bench, take)
    click.get_current_context().exit(_code(found))


def _write(found: Repairs, bench: Bench, take: int) -> None:
    from dataclasses import replace

    from hamodel.checking.write import write

    repairs = found.goals[0].repairs if found.goals else ()
    if not repairs:
        speak("nothing was written", err=True)
        return
    if take > len(repairs):
        raise click.UsageError(f"--take {take}: only {len(repairs)} repairs were found")
    for line in write(bench.origin, replace(bench.origin, files=repairs[take - 1].files)):
        speak(f"written: {line}", err=True)


def _rendered(found: Repairs, form: str) -> str:
    from hamodel.cli._terminal import width
    from hamodel.renderers import repair

    match form:
        case "json":
            return repair.render_json(found)
        case "diff":
            return repair.render_diff(found)
        case _:
            return repair.render_text(found, width(), speaker())


def _code(found: Repairs) -> int:
    from hamodel.cli._codes import INTERRUPTED

    if found.interrupted:
        return INTERRUPTED
    open_goals = [goal for goal in found.goals if not goal.repairs]
    if not open_goals and not found.undecided:
        return FOUND
    return ENDED if found.undecided or any(goal.reason or goal.undecided for goal in open_goals) else NONE
