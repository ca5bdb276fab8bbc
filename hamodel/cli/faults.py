"""`hamodel faults`: what may befall a cluster, kind by kind."""

from __future__ import annotations

import click

from hamodel.cli._language import language_option, speaker

EPILOG = """
\b
Examples:
  hamodel faults
  hamodel faults --format json
  hamodel check . --faults kill=1,cut=1
"""
NAMED = "; only where the spec names it"
"""How a kind ends that is marked with a star."""


@click.command(epilog=EPILOG)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@language_option
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
    say = speaker()
    width = max(len(kind) for kind in FAULT_KINDS) + 3
    for title, wanted in (("faults", False), ("commands", True)):
        click.echo(say(f"{title}:"))
        for row in rows:
            if row["command"] is wanted:
                name = f"  {row['kind']}{'*' if row['only_named'] else ''}"
                click.echo(_row(name, say(str(row["says"]).removesuffix(NAMED)), width + 2))
    click.echo(say("* only where a scenario names it; all others may come in every check"))


def _row(name: str, says: str, width: int) -> str:
    from hamodel.renderers.plain import folded

    return "\n".join(folded(name.ljust(width) + says, 80, width))
