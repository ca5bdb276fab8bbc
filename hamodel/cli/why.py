"""`hamodel why`: what a violation needs, and what is enough for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Changes, change_options, paths_argument, properties_option, spec_of
from hamodel.cli._language import language_option, speaker, titled
from hamodel.cli._limits import limit_options

if TYPE_CHECKING:
    from hamodel.ir.causes import Whys
    from hamodel.ir.verdict import Limits

EPILOG = """
\b
Examples:
  hamodel why /etc/ha.d --property single_mount
  hamodel why . --property single_mount --faults kill=1
  hamodel why . --property single_mount --budget 2 --format mermaid
  hamodel why . --property single_mount --format svg > tree.svg

\b
How each statement is decided:
  - The fault tree has all minimal sets of faults up to the budget: whatever
    contains none of them was explored to its end and is safe.
  - For each set the scenario is cut down to just these faults. Then one thing
    at a time is changed and checked again: a time of ha.cf, a word, a
    directive, a piece of hardware, a delay. Safe: it was needed as it was.
  - Borders are checked on both sides, 1 ms apart. Of a delay there is one
    border; of a time of ha.cf the nearest one in each direction is told.
  - The run told beside the failing one has the same faults under the changed
    value, and as many of the same events as any run has that ends there.
  - What a limit ends is unknown.

\b
Exit codes:
  0    nothing is violated
  1    a property is violated, and this is why
  2    usage, configuration, or a property file
  3    a limit ended the search for sets of faults
  130  interrupted; what was found by then is told
"""
NOTHING, TOLD, ENDED = 0, 1, 3


@click.command(epilog=EPILOG)
@paths_argument
@change_options()
@click.option("--property", "names", multiple=True, metavar="NAME", help="Only this property (repeatable).")
@properties_option
@click.option("--ways", type=click.IntRange(0, 100), default=6, show_default=True,
              help="For how many sets of faults the causes are looked for; 0: only the tree.")  # fmt: skip
@limit_options(of="a check")
@click.option("--format", "form", type=click.Choice(["text", "json", "mermaid", "dot", "svg"]), default="text",
              show_default=True, help="The last three draw the fault tree of one property.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress.")
@language_option
def command(
    paths: tuple[Path, ...],
    changes: Changes,
    names: tuple[str, ...],
    folders: tuple[Path, ...],
    ways: int,
    limits: Limits,
    form: str,
    quiet: bool,
) -> None:
    """Say why a promise is broken: which faults are enough, and what it needs besides.

    PATHS are given as for `hamodel check`. Without --property every violated property is looked at.
    """
    from hamodel.checking.bench import Bench
    from hamodel.checking.probe import prober_of
    from hamodel.checking.why import whys
    from hamodel.cli._progress import progress
    from hamodel.properties.loader import load, select

    drawn = form in ("mermaid", "dot", "svg")
    if drawn and len(names) != 1:
        raise click.UsageError(f"--format {form} draws one tree: say with --property which")
    known = load(folders)
    asked = tuple(d.name for d in select(known, names)) if names else ()
    with spec_of(paths, changes) as read, progress(quiet) as tell:
        prober = prober_of(known, limits, lambda _, classes: tell("", classes))
        bench = Bench(titled(read.spec), read.material, read.overrides, prober, read.material)
        found = whys(bench, asked, tell, 0 if drawn else ways)
    click.echo(_rendered(found, form), nl=False)
    click.get_current_context().exit(_code(found))


def _rendered(found: Whys, form: str) -> str:
    from hamodel.cli._terminal import width
    from hamodel.renderers import faulttree, why

    if form == "json":
        return why.render_json(found)
    if form == "text" or not found.answers:
        return why.render_text(found, width(), speaker())
    draw = {"mermaid": faulttree.render_mermaid, "dot": faulttree.render_dot, "svg": faulttree.render_svg}[form]
    return draw(found.answers[0].name, found.answers[0].tree, speaker())


def _code(found: Whys) -> int:
    from hamodel.cli._codes import INTERRUPTED

    if found.interrupted:
        return INTERRUPTED
    if any(answer.tree.complete < answer.tree.budget for answer in found.answers):
        return ENDED
    return TOLD if found.answers else NOTHING
