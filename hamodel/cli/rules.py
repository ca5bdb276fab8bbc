"""`hamodel rules`: which rule of the reference is modelled where, and which is not and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hamodel.machines.coverage import Row


FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""
EPILOG = """
\b
Examples:
  hamodel rules
  hamodel rules --missing
  hamodel rules --format json | jq '.rules[] | select(.errs == "removes") | .id'
"""


@click.command(epilog=EPILOG)
@click.option("--missing", is_flag=True, help="Only what is not modelled.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(missing: bool, form: str) -> None:
    """Print every rule of the reference: where it is modelled, or why it is not."""
    from hamodel.machines.coverage import coverage

    rows = coverage()
    shown = [row for row in rows if not (missing and row.modelled)]
    if form == "json":
        click.echo(_as_json(rows, shown), nl=False)
        return
    for line in (*_table(shown), "", *_summary(rows)):
        click.echo(line)


def _summary(rows: list[Row]) -> Iterator[str]:
    """How much is modelled, and which way the model errs by what is not."""
    import textwrap

    left = [row for row in rows if not row.modelled]
    yield f"{len(rows)} rules, {len(rows) - len(left)} modelled, {len(left)} not:"
    for errs, means in _ERRS.items():
        ids = [row.id for row in left if row.errs == errs]
        yield from textwrap.wrap(f"  {len(ids)} {means}: {', '.join(ids)}", 80, subsequent_indent="    ")


_ERRS = {
    "removes": "remove behaviour, so that a run of the daemon may be missed",
    "adds": "add behaviour, so that a run may be shown that the daemon cannot take",
    "nothing": "change nothing",
}


def _as_json(rows: list[Row], shown: list[Row]) -> str:
    import json

    left = [row for row in rows if not row.modelled]
    found = {
        "format": FORMAT,
        "count": len(rows),
        "modelled": len(rows) - len(left),
        **{errs: sum(row.errs == errs for row in left) for errs in _ERRS},
        "rules": [
            {
                "id": row.id,
                "title": row.title,
                "modelled": row.modelled,
                "in": list(row.modelled_in),
                "reason": row.reason,
                "errs": row.errs,
                "hides": row.hides,
            }
            for row in shown
        ],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


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
