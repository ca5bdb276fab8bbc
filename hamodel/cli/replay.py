"""`hamodel replay`: does this trace still stand?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import properties_option
from hamodel.cli._language import language_option, speak, speaker
from hamodel.cli._logs import log_options

if TYPE_CHECKING:
    from hamodel.logs.style import LogStyle

EPILOG = """
\b
Examples:
  hamodel replay counterexamples/01-webdata--single_mount/trace.json
  hamodel replay trace.json --logs logs --skew node2=-71000 --merged

\b
Exit codes:
  0  the trace can happen, event by event and at its times
  1  it can happen, but no longer breaks its claim
  2  it is no kept trace
  5  it cannot happen
"""


@click.command(epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@properties_option
@language_option
@click.option("--logs", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Write the logs of both nodes there.")  # fmt: skip
@log_options
def command(file: Path, folders: tuple[Path, ...], logs: Path | None, log_style: LogStyle) -> None:
    """Go through a kept trace again.

    FILE is a trace.json that `hamodel check` wrote. It holds the configuration it was found with, so nothing else is
    needed. The trace is replayed by the reference semantics and its times are confirmed by z3. A loop is gone round by
    the reference until its clocks repeat, and z3 finds the moments of a loop that goes on for ever.
    """
    from hamodel.checking.again import again
    from hamodel.checking.kept import put
    from hamodel.cli._terminal import colour, width
    from hamodel.renderers.text import render_story

    found = again(file, folders, None if logs is None else log_style)
    click.echo(f"{found.kept.property}: {speaker()(found.kept.claim)}")
    click.echo(render_story(found.story, width=width(), colour=colour(), say=speaker()))
    speak(f"{len(found.kept.names)} events, {', '.join(found.certified.by)}")
    if logs is not None:
        for name in put(logs, found.logs):
            speak(f"wrote {name}")
    if found.breaks is False:
        speak("but it does not break the claim any more")
        click.get_current_context().exit(1)
