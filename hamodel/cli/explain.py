"""`hamodel explain`: what happened, by the logs?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._language import language_option, speaker

if TYPE_CHECKING:
    from hamodel.incident.report import Explanation

EPILOG = """
\b
Examples:
  hamodel explain /var/log/ha-log
  hamodel explain node1/ha-log node2/ha-log --config /etc/ha.d
  hamodel explain incident.tar.gz
  hamodel explain incident.tar.gz --lang zh
  hamodel explain traces/seed4_cut_all --fit
  hamodel explain a.log b.log --node web1=a.log --node web2=b.log --format json

\b
LOG is a file (plain, .gz, .bz2, .xz), an archive, `-`, or a folder with a
subfolder per node. ha.cf and haresources are taken from --config, else from
a folder that was given.

\b
What is told:
  - Times are those of the first node's clock; the others' are shifted by what
    causes and effects in both logs say. Lines carry whole seconds. A clock that
    was set is told, and the step is taken out; a year that no line tells is not
    claimed.
  - "certain" rests on lines alone; "possible" is what they do not exclude.
  - Lines that cannot follow from each other are named, and nothing is certain
    then: some are lost, altered, or from elsewhere.
  - A node that falls silent may be off, hung, or without heartbeat: what it had
    is then possibly still there until a boot, a reset or a stop is seen.

\b
Exit codes:
  0    nothing unsafe in these lines
  1    unsafe: two nodes certainly had the same resource
  2    usage, or something that cannot be read
  3    inconclusive: two nodes may have had the same resource, the lines
       contradict each other, a node's log is not here or begins too late, or
       no line is Heartbeat's
  70   our own fault, please report
  130  interrupted
"""


@click.command(epilog=EPILOG)
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--config", "config", type=click.Path(path_type=Path), metavar="DIR",
              help="Where ha.cf and haresources are.")  # fmt: skip
@click.option("--node", "names", multiple=True, metavar="NAME=FILE", help="Whose log a file is, where it does not say.")
@click.option(
    "--year", type=click.IntRange(1970, 9999), help="The year of the first line, which syslog does not write."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--fit", is_flag=True, help="Ask the model whether a run of it writes these lines, and with which faults."
)
@click.option(
    "--seconds", type=click.FloatRange(min=1), default=120.0, show_default=True, help="How long --fit may take."
)
@click.option("--quiet", is_flag=True, help="No progress; only the answer.")
@language_option
def command(
    logs: tuple[Path, ...],
    config: Path | None,
    names: tuple[str, ...],
    year: int | None,
    form: str,
    fit: bool,
    seconds: float,
    quiet: bool,
) -> None:
    """Explain an incident from its logs.

    Who owned what and when, how far the clocks were apart, which faults must have happened, when two nodes first had
    the same resource, why, what would have prevented it, and whether the files fit the lines.
    """
    from hamodel.cli._reading import reading
    from hamodel.incident.case import explained

    whose = _pairs(names)
    with reading(quiet) as tell:
        report = explained(logs, config, whose, year=year, progress=tell)
    if fit:
        report = _searched(report, logs, config, whose, year, seconds)
    click.echo(_rendered(report, form), nl=False)
    click.get_current_context().exit(_code(report))


def _searched(
    report: Explanation,
    logs: tuple[Path, ...],
    config: Path | None,
    whose: dict[Path, str],
    year: int | None,
    seconds: float,
) -> Explanation:
    from hamodel.checking.fits.incident import searched
    from hamodel.ir.verdict import Limits

    folder = config or next((path for path in logs if path.is_dir()), None)
    if folder is None:
        raise click.UsageError("--fit needs ha.cf and haresources: give --config DIR")
    return searched(report, logs, folder, Limits(seconds=seconds), names=whose, year=year)


def _pairs(names: tuple[str, ...]) -> dict[Path, str]:
    found = {}
    for text in names:
        name, equals, file = text.partition("=")
        if not equals or not name.strip() or not file.strip():
            raise click.UsageError(f"--node {text}: write NAME=FILE")
        found[Path(file.strip())] = name.strip()
    return found


def _rendered(report: Explanation, form: str) -> str:
    if form == "json":
        from hamodel.renderers.explain_json import render as as_json
        from hamodel.renderers.explain_said import said

        return as_json(said(report, speaker()))
    from hamodel.cli._terminal import colour, width
    from hamodel.renderers.explain import render

    return render(report, width=width(), colour=colour(), say=speaker())


def _code(report: Explanation) -> int:
    from hamodel.cli._codes import HOLDS, INCONCLUSIVE, VIOLATED
    from hamodel.incident.report import Verdict

    codes = {Verdict.SAFE: HOLDS, Verdict.NOT_STARTED: HOLDS, Verdict.UNSAFE: VIOLATED}
    return codes.get(report.verdict, INCONCLUSIVE)
