"""`hamodel report`: a violation as one page to look at, to step through, and to play with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._exhibits import KEPT, Asked, is_kept
from hamodel.cli._inputs import Changes, change_options, paths_argument, properties_option
from hamodel.cli._language import chosen, language_option, speak
from hamodel.cli._limits import limit_options

if TYPE_CHECKING:
    from hamodel.ir.verdict import Limits

EPILOG = """
\b
Examples:
  hamodel report /etc/ha.d --html night.html
  hamodel report specs/14-article-5-killall --property single_mount --html killall.html
  hamodel report . --all --html everything.html
  hamodel report counterexamples/01-webdata--single_mount/trace.json --html split.html
  hamodel report . --quick --html short.html

\b
In the page:
  arrows, home, end   step through the run        space   play and pause
  #step=12            in the address: this moment, to be sent to somebody
What it shows was checked before: the run is replayed by the reference
semantics, the run beside it and the answers of the quiz are checks of changed
files. It loads nothing from anywhere and can be sent as it is; the logs in it
carry the names of your nodes, addresses and disks.

\b
Exit codes:
  0    the page was written
  1    nothing is violated: there is nothing to show, and nothing was written
  2    usage, configuration, or a property file
  3    a limit ended the check before a violation was found
  5    the kept trace cannot happen
  130  interrupted
"""


@click.command(epilog=EPILOG)
@paths_argument
@click.option("--html", "out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE",
              help="Where the page goes.")  # fmt: skip
@change_options()
@click.option("--property", "names", multiple=True, metavar="NAME",
              help="This property (repeatable; default: the worst that is violated).")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Every violated property, one tab each.")
@properties_option
@click.option("--quick", is_flag=True, help="Without the quiz and the safe run, which take many checks.")
@click.option("--positions", type=click.IntRange(0, 20_000), metavar="N",
              help="How many situations the game may have (default: 3000; 0: no game).")  # fmt: skip
@limit_options()
@click.option("--quiet", is_flag=True, help="No progress, and no word about what was written.")
@language_option
def command(
    paths: tuple[Path, ...],
    out: Path,
    changes: Changes,
    names: tuple[str, ...],
    everything: bool,
    folders: tuple[Path, ...],
    quick: bool,
    positions: int | None,
    limits: Limits,
    quiet: bool,
) -> None:
    """Show a violation so that people understand it: a page to step through, with a game and a quiz.

    PATHS are given as for `hamodel check`, or are one trace.json that it wrote. The page is one file that needs no
    network and no server.
    """
    from hamodel.checking.exhibits.assemble import Wanted
    from hamodel.renderers.html.page import render

    if is_kept(paths) and everything:
        raise click.UsageError(KEPT)
    given = Asked(paths, changes, names, folders, limits)
    wanted = Wanted(not quick) if positions is None else Wanted(not quick, positions)
    page = given.exhibition(wanted, quiet, only_worst=not (everything or names))
    try:
        out.write_text(render(page, chosen()), encoding="utf-8", newline="\n")
    except OSError as problem:
        raise click.UsageError(f"--html {out}: {problem}") from None
    if not quiet:
        speak(f"written: {out} ({', '.join(e.name for e in page.exhibits)})", err=True)
