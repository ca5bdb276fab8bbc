"""The options about accepted findings, and what they do to answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hamodel.cli._language import speak, speaker

if TYPE_CHECKING:
    from hamodel.checking.accepted import Judge
    from hamodel.config.baseline import Baseline
    from hamodel.ir.answers import Answers, Said

F = TypeVar("F", bound=Callable[..., Any])


def baseline_options(function: F) -> F:
    """The options about accepted findings."""
    for option in reversed(
        [
            click.option("--baseline", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                         help="What is accepted, why, and until when (TOML); the rest counts."),
            click.option("--write-baseline", is_flag=True,
                         help="Bring the list up to date with what is found now, and pass."),
            click.option("--today", metavar="DATE", help="Judge the list as of this day: 2027-01-31."),
        ]
    ):  # fmt: skip
        function = option(function)
    return function


@dataclass(frozen=True)
class Acceptance:
    """The list of the command line, if there is one."""

    baseline: Baseline | None
    write: bool
    today: datetime.date

    @classmethod
    def of(cls, path: Path | None, write: bool, today: str | None) -> Acceptance:
        """Read the list before anything is explored. Raises what `read_baseline` raises."""
        if write and path is None:
            raise click.UsageError("--write-baseline needs --baseline FILE: where to write")
        try:
            day = datetime.date.fromisoformat(today) if today else datetime.date.today()
        except ValueError:
            raise click.UsageError(f"--today {today}: write a day such as 2027-01-31") from None
        if path is None:
            return cls(None, False, day)
        from hamodel.checking.rebase import empty
        from hamodel.config.baseline import read_baseline

        return cls(empty(path) if write else read_baseline(path), write, day)

    def judge(self) -> Judge | None:
        """One who knows the list."""
        from hamodel.checking.accepted import Judge

        return Judge(self.baseline, self.today) if self.baseline is not None else None

    def passes(self, path: str, said: Said) -> bool:
        """Whether somebody lives with a finding."""
        from hamodel.ir.answers import Checked

        judge = self.judge()
        return judge is not None and bool(judge.one(Checked(path, path, said=(said,))).said[0].accepted)

    def judged(self, answers: Answers, folders: Sequence[Path], typed: Sequence[str], quiet: bool) -> Answers:
        """The answers with what is accepted marked; with `write` after the list was brought up to date."""
        judge = self.judge()
        if judge is None or self.baseline is None:
            return answers
        from hamodel.properties.loader import load

        known = [*(d.name for d in load(folders)), *typed]
        judged = judge.judged(answers, known)
        if not self.write:
            return judged
        from hamodel.checking.rebase import written
        from hamodel.config.baseline import read_baseline

        try:
            text = written(self.baseline, judged, self.today)
            self.baseline.path.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise click.UsageError(f"--baseline {self.baseline.path}: {problem}") from None
        again = read_baseline(self.baseline.path)
        if not quiet:
            speak(f"baseline: {len(again.entries)} accepted in {self.baseline.path}", err=True)
        return Acceptance(again, False, self.today).judged(answers, folders, typed, quiet)


def tell_remarks(answers: Answers) -> None:
    """What has to be said about the list, on standard error."""
    for said in answers.remarks:
        where = f"{said.span.file}:{said.span.line}: " if said.span is not None else ""
        say = speaker()
        click.echo(f"{say(said.level)}: {where}{say(said.message)}", err=True)
