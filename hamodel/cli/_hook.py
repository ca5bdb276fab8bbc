"""A command of the user's that is called with an event: no shell, the event on its standard input."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hamodel.incident.changes import Event

PATIENCE = 60
"""Seconds after which a hook that has not ended is ended."""


class Hook:
    """The command, split into words as a shell does, and run without one: nothing a log says is ever a command."""

    def __init__(self, command: str, patience: float = PATIENCE) -> None:
        try:
            self._words = shlex.split(command)
        except ValueError as error:
            raise click.UsageError(f"--exec {command}: {error}") from None
        if not self._words or shutil.which(self._words[0]) is None:
            raise click.UsageError(f"--exec {command}: there is no such program; for a shell write sh -c '...'")
        self._patience = patience

    def call(self, event: Event) -> None:
        """Run it to its end. What it writes is passed on; what goes wrong is told, and the watch goes on."""
        from hamodel.renderers.watch import as_json

        try:
            done = subprocess.run(
                self._words,
                input=as_json(event) + "\n",
                text=True,
                encoding="utf-8",
                env=os.environ | _facts(event),
                timeout=self._patience,
                check=False,
            )
        except subprocess.TimeoutExpired:
            click.echo(f"{self._words[0]}: ended, it ran longer than {self._patience:g} s", err=True)
        except OSError as error:
            click.echo(f"{self._words[0]}: {error.strerror or error}", err=True)
        else:
            if done.returncode:
                click.echo(f"{self._words[0]}: exit code {done.returncode}", err=True)


def _facts(event: Event) -> dict[str, str]:
    from hamodel.renderers.watch import data

    said = data(event)
    facts = {
        "EVENT": said["event"],
        "TIME": said["time"],
        "NODE": event.node,
        "NODES": " ".join(event.nodes),
        "RESOURCE": event.resource,
        "TEXT": event.text,
        "CAUSE": event.cause,
        "LINES": " ".join(said["lines"]),
    }
    return {f"HAMODEL_{name}": value.replace("\0", "") for name, value in facts.items()}
