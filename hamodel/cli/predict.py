"""`hamodel predict`: what will come of exactly these faults?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._language import language_option, speak, speaker
from hamodel.cli._logs import log_options

if TYPE_CHECKING:
    from hamodel.ir.prediction import Prediction
    from hamodel.logs.style import LogStyle

EPILOG = """
\b
Examples:
  hamodel predict cut_and_heal.toml
  hamodel predict --recording traces/seed4_cut_all
  hamodel predict --recording traces/seed4_cut_all --format json
  hamodel predict cut_and_heal.toml --logs logs --skew node2=-71000

\b
What is approximated:
  - Nodes are listed once, however often they restart, are reset or ask.
  - The overlap of an ending is [0, 0] where it has none; otherwise all
    endings share one interval per resource, that of one single overlap
    over all runs. The same holds for gaps, which count from the first
    owner on and up to the end of the run.
  - `wait` is exact: the script goes on once the condition has held for
    0.3 to 0.6 s, or when its timeout is over. Of the log lines only
    "Initial resource acquisition complete" can be waited for: it stands
    for the node being stable. `client:N` stands for N alone having the
    address.
  - `at` after a `wait` counts from the earliest to the latest moment at
    which the wait can end, so it allows more than can happen.
  - A scenario with too many runs to list is not complete: after the limit
    some runs are followed to their end, by chance but the same each time,
    and first those that go as the recording went. Each ending told then can
    happen, with the times of the runs found; others may come as well.
  - The moments of a recording are known to 150 ms each, one relative to
    the one before; lengths are compared within 300 ms.

\b
Exit codes:
  0   done; with --recording: the recorded ending is a predicted one
  1   the recorded ending is none of the predicted
  2   usage, or a file that cannot be read
  3   something in the scenario is not modelled yet; or a limit was reached
      and the recorded ending is none of those found so far
"""
AGREES, DIFFERS, OPEN = 0, 1, 3


@click.command(epilog=EPILOG)
@click.argument("scenario", required=False, type=click.Path(path_type=Path))
@click.option("--recording", type=click.Path(path_type=Path), metavar="DIR",
              help="Predict a recorded run from its files and faults, and compare.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Answer after so long; half of it goes into the listing.",
)
@click.option("--classes", type=click.IntRange(min=1), default=1_000_000, show_default=True,
              help="List no more classes than this; then follow single runs.")  # fmt: skip
@click.option("--logs", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Write the logs of one such run there; with --recording of the one nearest to it.")  # fmt: skip
@log_options
@language_option
def command(
    scenario: Path | None,
    recording: Path | None,
    form: str,
    timeout: float | None,
    classes: int,
    logs: Path | None,
    log_style: LogStyle,
) -> None:
    """Predict every ending of one timed fault script.

    SCENARIO is a scenario file of the test bed: changes to its default ha.cf, haresources, and a list of events. The
    model runs under exactly this script; its own delays and the moments of the events stay as open as they are on the
    test bed. What follows is every way it can end.
    """
    from hamodel.checking.predict import predict_file, predict_folder
    from hamodel.errors import NotModelled
    from hamodel.ir.prediction import Prediction
    from hamodel.ir.verdict import Limits

    if (scenario is None) == (recording is None):
        raise click.UsageError("give one SCENARIO.toml, or --recording DIR")
    limits = Limits(classes=classes, seconds=timeout)
    try:
        found = predict_file(scenario, limits) if scenario is not None else predict_folder(recording or Path(), limits)
    except NotModelled as missing:
        if form == "json":
            empty = Prediction((scenario or recording or Path()).stem, ())
            click.echo(_rendered(empty, form, missing.message), nl=False)
        raise
    click.echo(_rendered(found, form), nl=False)
    if logs is not None:
        from hamodel.checking.kept import put
        from hamodel.checking.logged import logs_of_recording, logs_of_scenario

        if scenario is not None:
            files = logs_of_scenario(scenario, log_style, timeout)
        else:
            files = logs_of_recording(recording or Path(), log_style)
        for name in put(logs, files):
            speak(f"wrote {name}", err=True)
    click.get_current_context().exit(_code(found))


def _rendered(found: Prediction, form: str, not_modelled: str | None = None) -> str:
    from hamodel.renderers.prediction import render_json, render_text

    return render_json(found, not_modelled) if form == "json" else render_text(found, say=speaker())


def _code(found: Prediction) -> int:
    if found.agrees is not None:
        return AGREES if found.agrees else DIFFERS
    return AGREES if found.complete else OPEN
