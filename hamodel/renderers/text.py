"""The report as one reads it in a terminal: first the table, then for each broken claim its story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import PurePath

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Report, Result, StoryLine, faults_in_words
from hamodel.ir.verdict import Outcome
from hamodel.renderers.language import Say, english
from hamodel.renderers.words import at_most, because, count, how_soon, seconds, whose

STYLES = {
    Outcome.HOLDS: "green",
    Outcome.VIOLATED: "bold red",
    Outcome.BOUNDED: "yellow",
    Outcome.UNKNOWN: "yellow",
    Outcome.VACUOUS: "magenta",
}


PROOF_LINES = 12
"""Longer proofs are told in part; `--format json` has all of them."""


def render(report: Report, *, width: int = 80, colour: bool = False, say: Say = english) -> str:
    """The whole report; without colour it is plain text that any log can hold."""
    return _printed(_Page(say).parts(report), width, colour)


def render_story(story: tuple[StoryLine, ...], *, width: int = 80, colour: bool = False, say: Say = english) -> str:
    """A story alone."""
    return _printed(iter((_Page(say).story(story),)), width, colour).rstrip("\n")


def _printed(parts: Iterator[RenderableType], width: int, colour: bool) -> str:
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).rstrip("\n") + "\n"


@dataclass(frozen=True, slots=True)
class _Page:
    """The parts of a report, in one language."""

    say: Say

    def parts(self, report: Report) -> Iterator[RenderableType]:
        yield self._head(report)
        yield Text()
        yield self._table(report)
        if report.skipped:
            yield Text()
            yield self._skipped(report)
        for result in report.results:
            if result.outcome is Outcome.VIOLATED:
                yield Text()
                yield self._violation(result)
            elif result.provided or result.computed:
                yield Text()
                yield self._kept(result)
            elif result.proof:
                yield Text()
                yield self._proof(result)
        yield Text()
        yield self._summary(report)

    def _pairs(self, rows: Iterator[tuple[str, RenderableType]], indent: int = 2) -> Padding:
        """Names at the left, what they say at the right."""
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column()
        for name, what in rows:
            grid.add_row(self.say(name), what)
        return Padding(grid, (0, 0, 0, indent))

    def _head(self, report: Report) -> RenderableType:
        say = self.say

        def rows() -> Iterator[tuple[str, RenderableType]]:
            yield "cluster", whose(f"{report.cluster}: {' and '.join(report.nodes)}, Heartbeat {report.heartbeat}", say)
            if report.beyond:
                what = "runs its groups and may die; what it says or takes over is not explored"
                yield "beyond", say(f"{' and '.join(report.beyond)}: {what}")
            begin = "from the boot of both nodes" if report.start == "boot" else "from the steady state"
            most = f"{report.budget} {'fault or command' if report.budget == 1 else 'faults or commands'}"
            yield "checked", say(f"every run {begin} with at most {most}")
            if report.faults:
                yield (
                    "of these",
                    ", ".join(
                        k if n == report.budget else say(f"{k} (at most {n})")
                        for k, n in report.faults
                        if k not in report.never
                    ),
                )
            if report.never:
                yield "never come", say(f"{', '.join(report.never)}: no run has room for them")
            if report.through:
                yield "in runs by", Text(", ".join(report.through), overflow="fold")
            loose = dict.fromkeys(slice for result in report.results for slice in result.hulls)
            if loose:
                how = "looked at with more readings of the clocks than can be: what holds in them holds"
                yield "by hulls", say(f"{', '.join(loose)}: {how}")
            kept = "; kept from an earlier check" if report.cached else ""
            yield "engine", say(f"{report.engine}, {report.seconds:.1f} s{kept}")

        return Group(Text(f"hamodel {report.version}".rstrip(), style="bold"), self._pairs(rows(), 0))

    def _table(self, report: Report) -> RenderableType:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        table.add_column(self.say("property"), no_wrap=True)
        table.add_column(self.say("verdict"), no_wrap=True)
        table.add_column("", ratio=1)
        table.add_column(self.say("states"), justify="right", no_wrap=True)
        for result in report.results:
            verdict = Text(self.say(result.outcome.value), style=STYLES[result.outcome])
            if not result.as_expected and result.expected is not None:
                faults = f" by {result.expected_faults}" if result.other_number else ""
                verdict.append(self.say(f" (expected: {result.expected.value}{faults})"), style="bold red")
            if result.accepted:
                verdict.append(self.say(" (accepted)"), style="")
            table.add_row(result.name, verdict, self.say(because(result)), count(result.states))
        return table

    def _skipped(self, report: Report) -> RenderableType:
        names = Table.grid(padding=(0, 2, 0, 0))
        names.add_column(style="dim", no_wrap=True)
        names.add_column(style="dim")
        for skipped in report.skipped:
            names.add_row(skipped.name, self.say(f"not asked: {skipped.reason}"))
        return names

    def _violation(self, result: Result) -> RenderableType:
        def rows() -> Iterator[tuple[str, RenderableType]]:
            if result.accepted:
                yield "accepted", result.accepted
            if result.reason:
                yield "because", self.say(result.reason)
            if result.bound is not None:
                yield "allowed", seconds(result.bound)
                yield "it takes", self.say(at_most(result.measured))
            if result.ways:
                yield "enough", self._ways(result)
            if result.story:
                yield "story", self.story(result.story)
            if result.rests_on:
                yield "rests on", self._rests_on(result)
            if result.certified:
                yield "trace", ", ".join(map(self.say, result.certified))
            yield from self._terms(result)
            if result.evidence:
                yield "evidence", Text("\n".join(result.evidence), overflow="fold")

        return Group(
            Text.assemble((result.name, "bold"), self.say(" is "), (self.say("violated"), STYLES[Outcome.VIOLATED])),
            Padding(Text(self.say(result.doc)), (0, 0, 0, 2)),
            self._pairs(rows()),
        )

    def _terms(self, result: Result) -> Iterator[tuple[str, RenderableType]]:
        """What an answer about the end of all runs assumes, and how often it was computed."""
        if result.provided:
            yield "provided", "\n".join(map(self.say, result.provided))
        if result.computed:
            yield "computed", self.say(result.computed.removeprefix("computed "))

    def _kept(self, result: Result) -> RenderableType:
        return Group(
            Text.assemble((result.name, "bold"), " ", (self.say(result.outcome.value), STYLES[result.outcome])),
            self._pairs(self._terms(result)),
        )

    def _proof(self, result: Result) -> RenderableType:
        """The invariant, as the situations that never come; z3 has checked it."""
        shown = result.proof[:PROOF_LINES]
        rest = len(result.proof) - len(shown)
        more = [self.say(f"and {rest} more: --format json")] if rest else []

        def rows() -> Iterator[tuple[str, RenderableType]]:
            yield "engine", result.engine
            yield "proof", Text("\n".join([*shown, *more]), overflow="fold")
            yield "checked", self.say("by z3, which found it true at the start and kept by every step")

        return Group(
            Text.assemble(
                (result.name, "bold"),
                " ",
                (self.say("holds"), STYLES[Outcome.HOLDS]),
                f" {self.say(result.reason)}".rstrip(),
            ),
            self._pairs(rows()),
        )

    def _ways(self, result: Result) -> RenderableType:
        measured = any(w.length is not None or w.earliest is not None for w in result.ways)
        if not measured and (result.kind is not PropertyKind.ALWAYS or all(not w.faults for w in result.ways)):
            return self.say("; or ".join(faults_in_words(w.faults) for w in result.ways))
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
        for title in ("faults", "soonest after the first", "lasts at most"):
            table.add_column(self.say(title), no_wrap=True)
        for way in result.ways:
            table.add_row(faults_in_words(way.faults), self.say(how_soon(way)), self.say(at_most(way.length)))
        return table

    def story(self, story: tuple[StoryLine, ...]) -> RenderableType:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column(ratio=1)
        for line in story:
            at = "" if line.at is None else f"{line.at / 1000:.3f} s"
            text = f"{line.node} {self.say(line.text)}" if line.node else self.say(line.text)
            grid.add_row(Text(at, style="dim"), Text(text, style="bold" if line.cause else ""))
        return grid

    def _rests_on(self, result: Result) -> RenderableType:
        """Files by their last name, where that is enough to tell them apart."""
        files = {line.file for line in result.rests_on if line.line}
        short = len({PurePath(f).name for f in files}) == len(files)
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True)
        grid.add_column()
        for line in result.rests_on:
            name = PurePath(line.file).name if short else line.file
            grid.add_row(f"{name}:{line.line}" if line.line else name, Text(self.say(line.text)))
        return grid

    def _summary(self, report: Report) -> RenderableType:
        words = []
        for outcome in Outcome:
            number = sum(1 for r in report.results if r.outcome is outcome)
            if number:
                words.append(f"{number} {self.say(outcome.value)}")
        text = Text(", ".join(words) or self.say("nothing to check"))
        if report.interrupted:
            text.append(self.say("; interrupted, so what is open is only bounded"), style="yellow")
        return text
