"""`hamodel check`: every property, every run, and the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._accepted import Acceptance, baseline_options, tell_remarks
from hamodel.cli._formats import FORMATS, MACHINES, rendered, write_summary
from hamodel.cli._inputs import Changes, Read, change_options, paths_argument, properties_option
from hamodel.cli._language import language_option, speaker
from hamodel.cli._limits import limit_options, own_memory
from hamodel.cli._logs import log_options
from hamodel.cli._many import BACKENDS, Given, Keep, checked, crew_of, evidence_of, findings_of, here, path_of
from hamodel.cli._places import several
from hamodel.errors import HamodelError
from hamodel.ir.answers import NOTE

if TYPE_CHECKING:
    from hamodel.checking.verdicts import Verdicts
    from hamodel.checking.workers import Crew
    from hamodel.ir.answers import Checked, Said
    from hamodel.ir.report import Report
    from hamodel.ir.verdict import Limits
    from hamodel.logs.style import LogStyle

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
  hamodel check . --lang zh
  hamodel check . --skew node2=-71000 --log-begin '2007-11-26 09:04:09'
  hamodel check 'fleet/*' --format junit > report.xml
  hamodel check 'fleet/**' --baseline accepted.toml --format github
  hamodel check 'fleet/*' --backend dask --scheduler tcp://host:8786

\b
Several configurations (a pattern, three folders, or --each) are checked side by side;
a broken one stops none of the others, and the worst decides the exit code (2 before 1).
What did not change since an earlier check is answered from the cache, and says so.

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
@change_options(through=True)
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
@limit_options(jobs="threads")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="github: annotations, and a summary where GITHUB_STEP_SUMMARY says.")  # fmt: skip
@baseline_options
@click.option("--each", is_flag=True, help="Each path is a configuration of its own.")
@click.option("--cache", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Where verdicts are kept (default: the user's cache).")  # fmt: skip
@click.option("--no-cache", is_flag=True, envvar="HAMODEL_NO_CACHE", help="Check anew, and keep nothing.")
@click.option("--backend", type=click.Choice(BACKENDS), default="local", show_default=True,
              help="Who checks several configurations.")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS", help="Where the Dask scheduler or the Ray head is.")
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
    changes: Changes,
    names: tuple[str, ...],
    folders: tuple[Path, ...],
    always: tuple[str, ...],
    never: tuple[str, ...],
    sometimes: tuple[str, ...],
    leads_to: tuple[str, ...],
    engine: str | None,
    delays: bool,
    limits: Limits,
    form: str,
    baseline: Path | None,
    write_baseline: bool,
    today: str | None,
    each: bool,
    cache: Path | None,
    no_cache: bool,
    backend: str,
    scheduler: str | None,
    out: Path | None,
    log_style: LogStyle,
    receipt: Path | None,
    no_evidence: bool,
    expect: bool,
    quiet: bool,
) -> None:
    """Check every property of a cluster.

    PATHS is a directory with ha.cf, haresources and perhaps spec.toml; two directories, one a node; or the files
    themselves. Without any it is the current directory. A pattern such as 'fleet/*' (in quotes) names several
    configurations. Of a spec with a plot (`through`) the properties it names are
    checked, unless others are asked for.
    """
    from hamodel.checking.question import Question
    from hamodel.checking.verdicts import Verdicts
    from hamodel.cli._codes import code_for_all
    from hamodel.cli._receipts import demand_one
    from hamodel.ir.answers import Answers

    demand_one(receipt, sum(map(len, (names, always, never, sometimes, leads_to))))
    typed = _each({"always": always, "never": never, "sometimes": sometimes, "leads_to": leads_to})
    question = Question(names, folders, tuple(typed), engine, delays, limits, own_memory=own_memory())
    question.own()
    acceptance = Acceptance.of(baseline, write_baseline, today)
    verdicts = Verdicts(cache) if cache is not None or not no_cache else None
    given = Given(question, changes, expect)
    apart = several(paths, each)
    if apart is not None:
        if receipt is not None:
            raise click.UsageError("--receipt proves the verdicts on one configuration")
        told = _all(
            apart, given, crew_of(backend, scheduler, limits), verdicts, _evidence(out, no_evidence, log_style), quiet
        )
    else:
        told = (
            _one(
                paths,
                given,
                verdicts,
                acceptance,
                form,
                _evidence(out, no_evidence, log_style)(None),
                receipt,
                log_style,
                quiet,
            ),
        )
    answers = acceptance.judged(Answers(told, expectations=expect), folders, [d.name for d in question.own()], quiet)
    if apart is None and form == "text" and not quiet:
        tell_remarks(answers)
    code = code_for_all(answers)
    click.echo(rendered(answers, form, code, many=apart is not None), nl=False)
    if form == "github":
        write_summary(answers)
    click.get_current_context().exit(code)


Evidence = Callable[[Path | None], Keep]
"""Where the evidence of a configuration goes, by the place it comes from; None: the only one."""


def _evidence(out: Path | None, nowhere: bool, style: LogStyle) -> Evidence:
    if nowhere:
        return lambda _path: lambda report, _read: report
    return lambda path: evidence_of(out, style, path)


def _all(
    folders: Sequence[Path],
    given: Given,
    crew: Crew,
    verdicts: Verdicts | None,
    evidence: Evidence,
    quiet: bool,
) -> tuple[Checked, ...]:
    """What came of each of several configurations."""
    return checked([given.read([path], evidence(path)) for path in folders], crew, verdicts, quiet)


def _one(
    paths: Sequence[Path],
    given: Given,
    verdicts: Verdicts | None,
    acceptance: Acceptance,
    form: str,
    evidence: Keep,
    receipt: Path | None,
    style: LogStyle,
    quiet: bool,
) -> Checked:
    """What came of a single configuration; a refusal is told like any answer where a program reads it."""

    def warn(read: Read) -> None:
        style.skew_ms(read.spec.cluster.nodes)
        if not quiet:
            _warn([said for said in findings_of(read) if not acceptance.passes(path_of(paths), said)])

    def keep(report: Report, read: Read) -> Report:
        report = evidence(report, read)
        if receipt is not None:
            from hamodel.cli._receipts import write

            own = given.question.own()
            typed = dict(zip((d.name for d in own), given.question.typed, strict=True))
            write(receipt, report, read, given.question.folders, own, typed, given.question.limits, quiet)
        return report

    try:
        return here(paths, given, verdicts, warn, keep, quiet)
    except HamodelError as error:
        refused = given.refused(paths, error)
        if form not in MACHINES and not all(acceptance.passes(refused.path, said) for said in refused.refusals):
            raise
        click.echo(error.render(say=speaker()), err=True)
        return refused


def _each(texts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The typed formulas in the order of their properties, each with its kind."""
    return [(kind, text) for kind, typed in texts.items() for text in typed]


def _warn(findings: Sequence[Said]) -> None:
    """The findings of the reader, one line each, errors and warnings only."""
    say = speaker()
    told = [said for said in findings if said.level != NOTE]
    for said in told:
        where = f"{said.span}: " if said.span is not None else ""
        click.echo(f"{say(said.level)}[{said.code}]: {where}{say(said.message)}", err=True)
    more = len(findings) - len(told)
    if findings:
        notes = f" and {more} note{'s' if more != 1 else ''}" if more else ""
        many = f"{len(told)} warning{'s' if len(told) != 1 else ''}"
        click.echo(say(f"{many}{notes}: see `hamodel config` for all of them") + "\n", err=True)
