"""`hamodel rules`: which rule of the reference is modelled where, and which is not and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hamodel.machines.coverage import Row


@click.command()
@click.option("--missing", is_flag=True, help="Only what is not modelled.")
def command(missing: bool) -> None:
    """Print every rule of the reference: where it is modelled, or why it is not."""
    from hamodel.machines.coverage import coverage

    rows = coverage()
    for line in _table(row for row in rows if not (missing and row.modelled)):
        click.echo(line)
    modelled = sum(row.modelled for row in rows)
    click.echo(f"\n{len(rows)} rules, {modelled} modelled, {len(rows) - modelled} not")


def _table(rows: Iterable[Row]) -> Iterator[str]:
    """The id, what the rule says, and below it where it is modelled or why it is not."""
    import textwrap

    listed = list(rows)
    wide = max((len(row.id) for row in listed), default=0)
    indent = " " * (wide + 2)
    for row in listed:
        yield from textwrap.wrap(f"{row.id:{wide}}  {row.title}", 80, subsequent_indent=indent)
        said = "in " + ", ".join(row.modelled_in) if row.modelled else f"not modelled: {row.reason}"
        if not row.modelled and row.hides:
            said += f" ({row.hides})"
        yield from textwrap.wrap(said, 80, initial_indent=indent, subsequent_indent=indent)
