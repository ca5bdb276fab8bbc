"""What came of asking about several configurations: for each a report, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.errors import HamodelError, RefusalGroup
from hamodel.ir.report import Report, Result
from hamodel.ir.verdict import Outcome
from hamodel.source import Span

REFUSED, ERROR, WARNING, NOTE = "refused", "error", "warning", "note"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that reading says about a configuration: a refusal, or what a reviewer should know."""

    code: str
    level: str
    """`refused` where there is no report because of it, else `error`, `warning` or `note`."""
    message: str
    span: Span | None = None
    help: str = ""
    daemon: tuple[str, ...] = ()
    """What Heartbeat itself prints about it."""
    accepted: str = ""
    """Why somebody lives with it, and until when."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One configuration and what came of it."""

    path: str
    """As the user would write it."""
    home: str
    """Its ha.cf, in the same way: where something is said that has no line."""
    report: Report | None = None
    said: tuple[Said, ...] = ()
    interrupted: bool = False
    """Whether somebody pressed Ctrl-C before there was an answer."""

    @property
    def refusals(self) -> tuple[Said, ...]:
        """Why there is no report."""
        return tuple(said for said in self.said if said.level == REFUSED)

    @property
    def findings(self) -> tuple[Said, ...]:
        """What a reviewer should know."""
        return tuple(said for said in self.said if said.level != REFUSED)

    @property
    def results(self) -> tuple[Result, ...]:
        """The verdicts; none where there is no report."""
        return self.report.results if self.report is not None else ()


@dataclass(frozen=True, slots=True)
class Answers:
    """All configurations in the order in which they were given, and what to know about the list of accepted things."""

    checked: tuple[Checked, ...]
    remarks: tuple[Said, ...] = ()
    expectations: bool = False
    """Whether a verdict passes if a spec was right about it, whatever it is."""

    @property
    def interrupted(self) -> bool:
        """Whether some configuration has no whole answer because somebody pressed Ctrl-C."""
        return any(c.interrupted or (c.report is not None and c.report.interrupted) for c in self.checked)

    def passes(self, result: Result) -> bool:
        """Whether nothing has to be done about a verdict."""
        if result.accepted:
            return True
        if self.expectations and result.expected is not None:
            return result.as_expected
        return result.outcome is Outcome.HOLDS


def said_of(error: HamodelError, level: str = REFUSED) -> tuple[Said, ...]:
    """An error as what it says; a group of them as what each of them says."""
    if isinstance(error, RefusalGroup):
        return tuple(said for each in error.errors for said in said_of(each, level))
    return (Said(error.code, level, error.message, error.span, error.help, error.daemon),)


def moved(said: Said, homes: Mapping[str, str]) -> Said:
    """What was said about a copy of the files, with the names of the files themselves."""
    if said.span is None or said.span.file not in homes:
        return said
    return replace(said, span=replace(said.span, file=homes[said.span.file]))


def at_home(report: Report, homes: Mapping[str, str]) -> Report:
    """A report about a copy of the files, with the names of the files themselves."""
    results: Sequence[Result] = [
        replace(r, rests_on=tuple(replace(c, file=homes.get(c.file, c.file)) for c in r.rests_on))
        for r in report.results
    ]
    return replace(report, results=tuple(results))
