"""`hamodel engines`: who can answer, what, and whether it is installed."""

from __future__ import annotations

import click

EPILOG = """
\b
Examples:
  hamodel engines
  hamodel engines --format json
  hamodel check . --property single_mount --engine portfolio
"""


@click.command(epilog=EPILOG)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(form: str) -> None:
    """Print the engines: what each answers, and whether its library is installed.

    The untimed ones let a timer end at any moment. What holds there holds whatever the delays; what is violated there
    is replayed in time before anybody calls it violated.
    """
    from hamodel.engines.catalogue import CATALOGUE

    rows = [
        {
            "engine": entry.name,
            "says": entry.says,
            "answers": sorted(kind.value for kind in entry.answers),
            "untimed": entry.untimed,
            "needs": list(entry.needs),
            "installed": entry.installed() if entry.needs else "",
            "extra": entry.extra,
            "available": entry.available,
        }
        for entry in CATALOGUE.values()
    ]
    if form == "json":
        import json

        click.echo(json.dumps({"format": 1, "engines": rows}, indent=2))
        return
    for entry in CATALOGUE.values():
        time = "untimed" if entry.untimed else "in time"
        kinds = ", ".join(sorted(kind.value for kind in entry.answers))
        click.echo(f"{entry.name:<11}{entry.says}")
        library = _library(entry.needs, entry.installed(), entry.extra, entry.optional)
        there = not entry.needs or bool(entry.installed())
        told = (f"{time}; {kinds}; {library[0]}",) if there else (f"{time}; {kinds}", *library)
        for line in told:
            click.echo(f"{'':<11}{line}")


def _library(needs: tuple[str, ...], installed: str, extra: str, optional: bool) -> tuple[str, ...]:
    """What stands behind the engine; a second line says how to get what is missing."""
    if not needs:
        return ("needs nothing",)
    if installed:
        return (f"by {installed}",)
    missing = f"{' or '.join(needs)} is not installed"
    if optional:
        return (f"{missing}, so it is slow",)
    return missing, f'pip install "hamodel[{extra}]"'
