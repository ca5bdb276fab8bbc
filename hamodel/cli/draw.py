"""`hamodel draw`: what every part of a cluster lives through, as diagrams."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Changes, change_options, paths_argument, spec_of

if TYPE_CHECKING:
    from hamodel.lifecycle import Chart

EPILOG = """
\b
Examples:
  hamodel draw specs/01-webdata --list
  hamodel draw specs/01-webdata --lifecycle view > view.mmd
  hamodel draw /etc/ha.d --format svg --out diagrams
  hamodel draw . --lifecycle "standby[node1]" --possible --format dot | dot -Tpdf -o standby.pdf
"""


@click.command(epilog=EPILOG)
@paths_argument
@change_options()
@click.option("--lifecycle", "names", multiple=True, metavar="NAME", help="Only this one, or this kind (repeatable).")
@click.option("--format", "form", type=click.Choice(["mermaid", "svg", "dot"]),
              help="Default: svg with --out, else mermaid.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A folder for one file a lifecycle.")
@click.option("--classes", type=click.IntRange(1), default=500_000, show_default=True,
              help="Explore no more than this.")  # fmt: skip
@click.option("--possible", is_flag=True, help="Also what the rules permit and no explored run does.")
@click.option("--no-explore", is_flag=True, help="Read the rules only; at once, but it shows too much.")
@click.option("--list", "listing", is_flag=True, help="Only the names.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    paths: tuple[Path, ...],
    changes: Changes,
    names: tuple[str, ...],
    form: str | None,
    out: Path | None,
    classes: int,
    possible: bool,
    no_explore: bool,
    listing: bool,
    quiet: bool,
) -> None:
    """Draw the lifecycles of a cluster: nodes, views, resources, standby and the rest.

    The diagrams are read off the rules and the explored runs; nothing in them was drawn by hand. What never moves in
    this cluster is left out.
    """
    from hamodel.checking.of_spec import case_of
    from hamodel.cli._charts import charts_of, chosen, controls_of
    from hamodel.cli._progress import progress

    with spec_of(paths, changes) as read:
        case = case_of(read.spec)
    wanted = chosen(controls_of(case), names)
    if listing:
        for control in wanted:
            click.echo(f"{control.name:<40} {control.title}")
        return
    form = form or ("svg" if out is not None else "mermaid")
    if form != "mermaid" and out is None and len(wanted) > 1:
        raise click.UsageError(f"{len(wanted)} lifecycles in one {form}: choose one, or a folder with --out")
    with progress(quiet) as tell:
        charts = charts_of(case, wanted, classes, not no_explore, tell)
    shown = charts if possible or no_explore else tuple(c.taken() for c in charts)
    for chart in shown:
        if chart.moves or names:
            _put(chart, form, out)


def _put(chart: Chart, form: str, out: Path | None) -> None:
    text = _rendered(chart, form)
    if out is None:
        click.echo(text, nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.]+", "-", chart.control.name).strip("-")
    target = out / f"{name}.{'mmd' if form == 'mermaid' else form}"
    target.write_text(text, encoding="utf-8")
    click.echo(target)


def _rendered(chart: Chart, form: str) -> str:
    from hamodel.renderers import dot, mermaid, svg

    text: str = {"mermaid": mermaid, "svg": svg, "dot": dot}[form].render(chart)
    return text
