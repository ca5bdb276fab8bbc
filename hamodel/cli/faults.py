"""`hamodel faults`: what may befall a cluster, kind by kind."""

from __future__ import annotations

import click

EPILOG = """
\b
Examples:
  hamodel faults
  hamodel faults --format json
  hamodel check . --faults kill=1,cut=1
"""


@click.command(epilog=EPILOG)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(form: str) -> None:
    """Print every kind of fault and command that a scenario can pay for.

    Those marked with a star come only where a scenario names them, in `faults.kinds` or with --faults.
    """
    from hamodel.config.faults import FAULT_KINDS, ON_DEMAND, OPERATOR_KINDS

    rows = [
        {"kind": kind, "says": says, "command": kind in OPERATOR_KINDS, "only_named": kind in ON_DEMAND}
        for kind, says in FAULT_KINDS.items()
    ]
    if form == "json":
        import json

        click.echo(json.dumps({"format": 1, "faults": rows}, indent=2))
        return
    width = max(len(kind) for kind in FAULT_KINDS) + 3
    for title, wanted in (("faults", False), ("commands", True)):
        click.echo(f"{title}:")
        for row in rows:
            if row["command"] is wanted:
                click.echo(_row(f"  {row['kind']}{'*' if row['only_named'] else ''}", str(row["says"]), width + 2))
    click.echo("* only where a scenario names it; all others may come in every check")


def _row(name: str, says: str, width: int) -> str:
    import textwrap

    short = says.removesuffix("; only where the spec names it")
    return textwrap.fill(short, 80, initial_indent=name.ljust(width), subsequent_indent=" " * width)
