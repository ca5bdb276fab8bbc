"""`hamodel rules`: which rule of the reference is modelled where, and which is not and why."""

from __future__ import annotations

from collections.abc import Iterable

import click


@click.command()
@click.option("--missing", is_flag=True, help="Only what is not modelled.")
def command(missing: bool) -> None:
    """Print every rule of the reference: where it is modelled, or why it is not."""
    try:
        from hamodel.machines import coverage
    except ImportError:
        raise click.ClickException("this build has no table of rules") from None

    rows = [row for row in coverage() if not missing or row[1] is None]
    for line in _table(rows):
        click.echo(line)
    modelled = sum(1 for row in rows if row[1] is not None)
    click.echo(f"\n{len(rows)} rules, {modelled} modelled, {len(rows) - modelled} not")


def _table(rows: Iterable[tuple[str, str | None, str]]) -> Iterable[str]:
    import textwrap

    listed = list(rows)
    id_width = max((len(row[0]) for row in listed), default=0)
    where_width = max((len(row[1] or "-") for row in listed), default=0)
    indent = " " * (id_width + where_width + 4)
    for id, where, reason in listed:
        head = f"{id:{id_width}}  {where or '-':{where_width}}  "
        wrapped = textwrap.wrap(reason, max(20, 80 - len(head))) or [""]
        yield (head + wrapped[0]).rstrip()
        yield from (indent + line for line in wrapped[1:])
