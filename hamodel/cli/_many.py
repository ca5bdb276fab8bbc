"""Reading what is to be checked, and checking it: one configuration here, several side by side."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import AS_IT_IS, Changes, Read, spec_of
from hamodel.cli._language import title_of
from hamodel.errors import HamodelError

if TYPE_CHECKING:
    from hamodel.checking.fleet import Configuration
    from hamodel.checking.material import Material
    from hamodel.checking.question import Question
    from hamodel.checking.verdicts import Verdicts
    from hamodel.checking.workers import Crew
    from hamodel.ir.answers import Checked, Said
    from hamodel.ir.report import Report
    from hamodel.ir.verdict import Limits
    from hamodel.logs.style import LogStyle

BACKENDS = ["local", "dask", "ray"]
"""Who may do the work of several tasks; see `crew_of`."""

Keep = Callable[["Report", Read], "Report"]
"""What is done with a report, beyond comparing it with its spec."""


@dataclass(frozen=True)
class Given:
    """What the command line says of every configuration."""

    question: Question
    changes: Changes = AS_IT_IS
    expect: bool = False

    def opened(self, paths: Sequence[Path]) -> AbstractContextManager[Read]:
        """The configuration with all that the command line changes."""
        return spec_of(paths, self.changes)

    def compared(self, report: Report, read: Read) -> Report:
        """The report beside what its spec expects of its own scenario."""
        from hamodel.checking import compare

        found = compare(replace(report, cluster=title_of(read.spec)), read.spec)
        return found if self.expect or not self.changes.of_the_scenario else unpromised(found)

    def refused(self, paths: Sequence[Path], error: HamodelError) -> Checked:
        """The answer where there is none but a refusal."""
        from hamodel.checking.fleet import home_of
        from hamodel.ir.answers import Checked, moved, said_of

        material = _gathered(paths)
        said = tuple(moved(each, material.homes) for each in said_of(error))
        return Checked(path_of(paths), home_of(material, paths), said=said)

    def read(self, paths: Sequence[Path], keep: Keep) -> Configuration:
        """One configuration, whether Heartbeat refuses it or not."""
        from hamodel.checking.fleet import Configuration, home_of

        try:
            with self.opened(paths) as read:
                found = read
        except HamodelError as error:
            bad = self.refused(paths, error)
            return Configuration(bad.path, bad.home, None, _gathered(paths), {}, self.question, _as_it_is, bad.said)

        def finish(report: Report) -> Report:
            return keep(self.compared(report, found), found)

        question = self.question.about(found.spec, own_plot=bool(self.changes.through))
        return Configuration(
            path_of(paths), home_of(found.material, paths), found.spec, found.material, found.overrides, question,
            finish, findings_of(found),
        )  # fmt: skip


def _as_it_is(report: Report) -> Report:
    return report


def path_of(paths: Sequence[Path]) -> str:
    """A configuration as the user named it."""
    return " ".join(map(str, paths)) or "."


def _gathered(paths: Sequence[Path]) -> Material:
    from hamodel.checking.material import Material, gather

    try:
        return gather(list(paths) or [Path()])
    except OSError:
        return Material((), {}, {})


def unpromised(report: Report) -> Report:
    """What spec.toml expects is said of its own scenario, not of another one from the command line."""
    return replace(report, results=tuple(replace(r, expected=None, expected_faults=None) for r in report.results))


def findings_of(read: Read) -> tuple[Said, ...]:
    """What the reader thinks of the files."""
    from hamodel.ir.answers import Said, moved

    found = (Said(f.code, f.severity.value, f.message, f.span, f.help, f.daemon) for f in read.spec.cluster.findings)
    return tuple(moved(said, read.material.homes) for said in found)


def evidence_of(out: Path | None, style: LogStyle, path: Path | None = None) -> Keep:
    """Writes evidence; of one configuration among many into a folder for the place it comes from."""

    def keep(report: Report, read: Read) -> Report:
        from hamodel.checking.kept import keep as kept

        folder = out
        if path is not None:
            around = [part for part in path.parent.parts if part not in (path.anchor, "..", ".")]
            folder = (out or Path("counterexamples")).joinpath(*around)
        return kept(report, read.spec, read.material, folder, read.overrides, style)

    return keep


def here(
    paths: Sequence[Path],
    given: Given,
    verdicts: Verdicts | None,
    warn: Callable[[Read], None],
    keep: Keep,
    quiet: bool,
) -> Checked:
    """What came of a single configuration, checked in this process. Raises what its reader raises."""
    from hamodel.checking.fleet import home_of
    from hamodel.cli._progress import progress
    from hamodel.ir.answers import Checked, at_home

    with given.opened(paths) as read:
        warn(read)
        homes = read.material.homes
        question = given.question.about(read.spec, own_plot=bool(given.changes.through))
        report = verdicts.recall(read.spec, question, homes) if verdicts is not None else None
        if report is None:
            with progress(quiet) as tell:
                report = at_home(question.ask(read.spec, tell), homes)
            if verdicts is not None:
                verdicts.keep(read.spec, question, report, homes)
        report = keep(given.compared(report, read), read)
        return Checked(path_of(paths), home_of(read.material, paths), report, findings_of(read))


def crew_of(backend: str, scheduler: str | None, limits: Limits) -> Crew:
    """Who does the work."""
    from hamodel.checking.workers import Crew

    if scheduler and backend == "local":
        raise click.UsageError("--scheduler names a cluster: add --backend dask or --backend ray")
    if backend == "ray" and not scheduler:
        raise click.UsageError("--backend ray needs --scheduler ADDRESS, as in host:6379")
    if backend == "dask" and not scheduler:
        raise click.UsageError("--backend dask needs --scheduler ADDRESS, as in tcp://host:8786")
    return Crew(backend, scheduler, limits.jobs)


def checked(
    configurations: Sequence[Configuration], crew: Crew, verdicts: Verdicts | None, quiet: bool
) -> tuple[Checked, ...]:
    """What came of each, in the order in which they were given; after an interrupt the rest is told as interrupted."""
    from hamodel.checking.fleet import answered

    found: dict[int, Checked] = {}
    try:
        with bar(quiet, len(configurations), "checking") as step:
            for number, each in answered(configurations, crew, verdicts):
                found[number] = each
                step(each.path)
    except KeyboardInterrupt:
        for number, one in enumerate(configurations):
            if number not in found:
                found[number] = one.known(verdicts) or one.checked(None, interrupted=one.spec is not None)
    return tuple(found[number] for number in sorted(found))


@contextmanager
def bar(quiet: bool, total: int, doing: str) -> Iterator[Callable[[str], None]]:
    """A bar that moves with each finished task, on standard error where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _what: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=total)
        yield lambda what: shown.update(task, advance=1, description=what)
