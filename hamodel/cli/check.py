"""`hamodel check`: every property, every run, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Read, config_options, fault_options, paths_argument, properties_option, spec_of
from hamodel.cli._language import language_option
from hamodel.cli._limits import limits_of
from hamodel.cli._logs import log_options

if TYPE_CHECKING:
    from hamodel.config.spec import Spec
    from hamodel.ir.report import Report
    from hamodel.ir.verdict import Limits
    from hamodel.logs.style import LogStyle
    from hamodel.properties.words import Definition

ENGINES = ["classes", "reference", "explicit", "symbolic", "ic3", "bmc", "portfolio"]

EPILOG = """
\b
Examples:
  hamodel check /etc/ha.d
  hamodel check specs/01-plain --budget 2 --faults kill=1,cut=1
  hamodel check . --property single_mount --set deadtime=30
  hamodel check . --through 'cut[eth1]' --through 'resource-started[node2*'
  hamodel check . --never "up[node1,/dev/sdb5] and up[node2,/dev/sdb5]"
  hamodel check . --leads-to "healthy ~> up[node1,/dev/sdb5] given weak(plug)"
  hamodel check . --property single_mount --faults cut=1 --engine portfolio
  hamodel check . --property orderly_stop_never_resets --delays
  hamodel check . --format json --quiet > report.json
  hamodel check . --receipt receipts/
  hamodel check . --skew node2=-71000 --log-begin '2007-11-26 09:04:09'
  hamodel check . --lang zh

\b
Exit codes:
  0    every property holds
  1    a property is violated (with --expect: a verdict is not the expected one)
  2    usage, configuration, or a property file
  3    inconclusive: bounded or unknown
  4    vacuous: the situation a property speaks of never comes
  5    engines disagree: trust neither, please report
  70   our own fault, please report
  130  interrupted; what was undecided is reported as bounded
"""


@click.command(epilog=EPILOG)
@paths_argument
@config_options
@fault_options
@click.option("--through", multiple=True, metavar="EVENT",
              help="Only runs in which these happen in this order (repeatable; * is any text).")  # fmt: skip
@click.option("--property", "names", multiple=True, metavar="NAME", help="Only this property (repeatable).")
@properties_option
@click.option("--always", multiple=True, metavar="EXPR", help="A formula that must hold in every state.")
@click.option("--never", multiple=True, metavar="EXPR", help="A formula that must hold in no state.")
@click.option("--sometimes", multiple=True, metavar="EXPR", help="A formula that must hold in some state.")
@click.option("--leads-to", "leads_to", multiple=True, metavar="PROMISE",
              help="EXPR ~> EXPR: after each state with the first comes one with the second.")  # fmt: skip
@click.option("--engine", type=click.Choice(ENGINES), help="Who answers (default: classes); see `hamodel engines`.")
@click.option("--delays", is_flag=True,
              help="Say of what holds whether it does whatever the delays, or because of these.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 64), help="How many threads (default: one for each core).")
@click.option("--timeout", metavar="TIME", help="Give up after so long: 90s, 10min.")
@click.option("--memory", metavar="SIZE", help="Give up at so much memory: 512M, 4G (default: 3/4 of the machine's).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Where evidence goes (default: counterexamples).")
@log_options
@click.option("--receipt", type=click.Path(path_type=Path), metavar="FILE|DIR",
              help="Write the proofs of the verdicts, to be checked by others (`hamodel receipt`).")  # fmt: skip
@click.option("--no-evidence", is_flag=True, help="Write no files.")
@click.option(
    "--expect", is_flag=True, help="Compare with what spec.toml expects; the exit code says whether it is so."
)
@click.option("--quiet", is_flag=True, help="No progress, no warnings; only the report.")
@language_option
def command(
    paths: tuple[Path, ...],
    heartbeat: str | None,
    settings: tuple[str, ...],
    budget: int | None,
    faults: str | None,
    through: tuple[str, ...],
    names: tuple[str, ...],
    folders: tuple[Path, ...],
    always: tuple[str, ...],
    never: tuple[str, ...],
    sometimes: tuple[str, ...],
    leads_to: tuple[str, ...],
    engine: str | None,
    delays: bool,
    jobs: int | None,
    timeout: str | None,
    memory: str | None,
    form: str,
    out: Path | None,
    log_style: LogStyle,
    receipt: Path | None,
    no_evidence: bool,
    expect: bool,
    quiet: bool,
) -> None:
    """Check every property of a cluster.

    PATHS is a directory with ha.cf, haresources and perhaps spec.toml; two directories, one a node; or the files
    themselves. Without any it is the current directory. Of a spec with a plot (`through`) the properties it names are
    checked, unless others are asked for.
    """
    from hamodel.cli._codes import code_for
    from hamodel.cli._receipts import demand_one

    demand_one(receipt, sum(map(len, (names, always, never, sometimes, leads_to))))
    texts = {"always": always, "never": never, "sometimes": sometimes, "leads_to": leads_to}
    own = [definition for kind, typed in texts.items() for definition in _typed(kind, typed)]
    limits = limits_of(timeout, memory, jobs)
    with spec_of(paths, heartbeat, settings, faults, budget, through) as read:
        log_style.skew_ms(read.spec.cluster.nodes)
        if not quiet:
            _warn(read)
        if read.spec.through and not (through or names or folders or own):
            names = tuple(read.spec.expect)
        report = _run(read, names, folders, own, limits, engine, quiet, delays=delays)
        if not expect and (settings or faults or through or budget is not None):
            report = _unpromised(report)
        if not no_evidence:
            from hamodel.checking.kept import keep

            report = keep(report, read.spec, read.material, out, read.overrides, log_style)
        if receipt is not None:
            from hamodel.cli._receipts import write

            typed = {d.name: (kind, text) for d, (kind, text) in zip(own, _each(texts), strict=True)}
            write(receipt, report, read, folders, own, typed, limits, quiet)
    click.echo(_rendered(_titled(report, read.spec), form), nl=False)
    click.get_current_context().exit(code_for(report, expectations=expect))


def _titled(report: Report, spec: Spec) -> Report:
    """The spec's own title in the language of the reader, where it has one."""
    from hamodel.cli._language import chosen

    return replace(report, cluster=spec.about.title_zh) if chosen() == "zh" and spec.about.title_zh else report


def _unpromised(report: Report) -> Report:
    """What spec.toml expects is said of its own scenario, not of another one from the command line."""
    return replace(report, results=tuple(replace(r, expected=None, expected_faults=None) for r in report.results))


def _typed(kind: str, texts: Sequence[str]) -> list[Definition]:
    if not texts:
        return []
    from hamodel.properties.loader import from_text

    return [from_text(kind, text, number) for number, text in enumerate(texts, 1)]


def _each(texts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The typed formulas in the order of their properties, each with its kind."""
    return [(kind, text) for kind, typed in texts.items() for text in typed]


def _run(
    read: Read,
    names: Sequence[str],
    folders: Sequence[Path],
    own: list[Definition],
    limits: Limits,
    engine: str | None,
    quiet: bool,
    *,
    delays: bool = False,
) -> Report:
    """Check the named properties; without names all there are, or only the formulas that were typed."""
    from hamodel.checking import compare, examine
    from hamodel.checking.of_spec import case_of
    from hamodel.cli._progress import progress
    from hamodel.properties.loader import load, select

    known = load(folders)
    chosen = [d.name for d in select(known, names)] if names or folders or not own else []
    only = [*chosen, *(d.name for d in own)]
    with progress(quiet) as tell:
        report = examine(
            case_of(read.spec),
            [*known, *own],
            limits,
            engine=engine,
            asked=names,
            only=only,
            delays=delays,
            progress=tell,
        )
    return compare(report, read.spec)


def _warn(read: Read) -> None:
    """The findings of the reader, one line each, errors and warnings only."""
    from hamodel.config.findings import Severity

    findings = [f for f in read.spec.cluster.findings if f.severity is not Severity.NOTE]
    for finding in findings:
        where = f"{finding.span}: " if finding.span is not None else ""
        click.echo(f"{finding.severity.value}[{finding.code}]: {where}{finding.message}", err=True)
    more = len(read.spec.cluster.findings) - len(findings)
    if findings or more:
        notes = f" and {more} note{'s' if more != 1 else ''}" if more else ""
        many = f"{len(findings)} warning{'s' if len(findings) != 1 else ''}"
        click.echo(f"{many}{notes}: see `hamodel config` for all of them\n", err=True)


def _rendered(report: Report, form: str) -> str:
    if form == "json":
        from hamodel.renderers.json import render as as_json

        return as_json(report)
    from hamodel.cli._language import speaker
    from hamodel.cli._terminal import colour, width
    from hamodel.renderers.text import render

    return render(report, width=width(), colour=colour(), say=speaker())
