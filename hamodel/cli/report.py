"""`hamodel report`: a violation as one page to look at, to step through, and to play with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._codes import INCONCLUSIVE, INTERRUPTED, VIOLATED
from hamodel.cli._inputs import Read, config_options, fault_options, paths_argument, properties_option, spec_of
from hamodel.cli._limits import limits_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hamodel.checking.bench import Bench
    from hamodel.checking.exhibits.assemble import Broken
    from hamodel.checking.probe import Prober
    from hamodel.cli._progress import Progress
    from hamodel.ir.verdict import Limits
    from hamodel.properties.words import Definition

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
@config_options
@click.option("--property", "names", multiple=True, metavar="NAME",
              help="This property (repeatable; default: the worst that is violated).")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Every violated property, one tab each.")
@properties_option
@fault_options
@click.option("--quick", is_flag=True, help="Without the quiz and the safe run, which take many checks.")
@click.option("--positions", type=click.IntRange(0, 20_000), metavar="N",
              help="How many situations the game may have (default: 3000; 0: no game).")  # fmt: skip
@click.option("--timeout", metavar="TIME", help="Stop checking after so long: 90s, 10min.")
@click.option("--memory", metavar="SIZE", help="Give up a check at so much memory: 512M, 4G.")
@click.option("--quiet", is_flag=True, help="No progress, and no word about what was written.")
def command(
    paths: tuple[Path, ...],
    out: Path,
    heartbeat: str | None,
    settings: tuple[str, ...],
    names: tuple[str, ...],
    everything: bool,
    folders: tuple[Path, ...],
    budget: int | None,
    faults: str | None,
    quick: bool,
    positions: int | None,
    timeout: str | None,
    memory: str | None,
    quiet: bool,
) -> None:
    """Show a violation so that people understand it: a page to step through, with a game and a quiz.

    PATHS are given as for `hamodel check`, or are one trace.json that it wrote. The page is one file that needs no
    network and no server.
    """
    from hamodel.checking.exhibits.assemble import Wanted, exhibition, kept_one
    from hamodel.checking.probe import prober_of
    from hamodel.cli._progress import progress
    from hamodel.properties.loader import load, select
    from hamodel.renderers.html.page import render

    known = load(folders)
    chosen = [d.name for d in select(known, names)] if names else []
    limits = limits_of(timeout, memory)
    wanted = Wanted(not quick) if positions is None else Wanted(not quick, positions)
    with progress(quiet) as tell:
        prober = prober_of(known, limits, lambda _, classes: tell("", classes))
        if is_kept(paths):
            if names or everything or settings or faults or budget is not None or heartbeat:
                raise click.UsageError("a kept trace is about one property and one cluster, which it brings with it")
            bench, one = kept_one(paths[0], folders, known, prober)
            page = exhibition(bench, known, [one], tell, wanted)
        else:
            with spec_of(paths, heartbeat, settings, faults, budget) as read:
                bench, shown = checked(read, known, chosen, limits, prober, tell)
                page = exhibition(bench, known, shown if everything or names else shown[:1], tell, wanted)
    try:
        out.write_text(render(page), encoding="utf-8", newline="\n")
    except OSError as problem:
        raise click.UsageError(f"--html {out}: {problem}") from None
    if not quiet:
        click.echo(f"written: {out} ({', '.join(e.name for e in page.exhibits)})", err=True)


def is_kept(paths: Sequence[Path]) -> bool:
    """Whether this is a trace that was kept, and no cluster."""
    return len(paths) == 1 and paths[0].suffix == ".json"


def checked(
    read: Read, known: Sequence[Definition], chosen: Sequence[str], limits: Limits, prober: Prober, tell: Progress
) -> tuple[Bench, tuple[Broken, ...]]:
    """The violations of a cluster, the worst first; ends here where there is none."""
    from hamodel.checking import examine
    from hamodel.checking.bench import Bench
    from hamodel.checking.exhibits.assemble import broken_in
    from hamodel.checking.of_spec import case_of
    from hamodel.ir.verdict import Outcome

    end = click.get_current_context().exit
    asked = chosen or (list(read.spec.expect) if read.spec.through else [])
    case = case_of(read.spec)
    report = examine(case, known, limits, asked=asked, only=asked or None, progress=tell)
    if report.interrupted:
        end(INTERRUPTED)
    shown = broken_in(report, case)
    if not shown:
        open_ = [r for r in report.results if r.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN)]
        for result in open_:
            click.echo(f"{result.name} is {result.outcome.value}: {result.reason}", err=True)
        click.echo("nothing is violated, as far as was looked" if open_ else "nothing is violated", err=True)
        end(INCONCLUSIVE if open_ else VIOLATED)
    return Bench(read.spec, read.material, read.overrides, prober, read.material), shown
