"""The report as one reads it in a terminal: first the table, then for each broken claim its story."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import PurePath

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hamodel.ir.report import Report, Result, StoryLine, faults_in_words
from hamodel.ir.verdict import Outcome
from hamodel.renderers.words import at_most, because, count, how_soon, seconds

STYLES = {
    Outcome.HOLDS: "green",
    Outcome.VIOLATED: "bold red",
    Outcome.BOUNDED: "yellow",
    Outcome.UNKNOWN: "yellow",
    Outcome.VACUOUS: "magenta",
}


def render(report: Report, *, width: int = 80, colour: bool = False) -> str:
    """The whole report; without colour it is plain text that any log can hold."""
    return _printed(_parts(report), width, colour)


def render_story(story: tuple[StoryLine, ...], *, width: int = 80, colour: bool = False) -> str:
    """A story alone."""
    return _printed(iter((_story(story),)), width, colour).rstrip("\n")


def _printed(parts: Iterator[RenderableType], width: int, colour: bool) -> str:
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).rstrip("\n") + "\n"


def _parts(report: Report) -> Iterator[RenderableType]:
    yield _head(report)
    yield Text()
    yield _table(report)
    if report.skipped:
        yield Text()
        yield _skipped(report)
    for result in report.results:
        if result.outcome is Outcome.VIOLATED:
            yield Text()
            yield _violation(result)
        elif result.provided or result.computed:
            yield Text()
            yield _kept(result)
        elif result.proof:
            yield Text()
            yield _proof(result)
    yield Text()
    yield _summary(report)


def _pairs(rows: Iterator[tuple[str, RenderableType]], indent: int = 2) -> Padding:
    """Names at the left, what they say at the right."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, what in rows:
        grid.add_row(name, what)
    return Padding(grid, (0, 0, 0, indent))


def _head(report: Report) -> RenderableType:
    def rows() -> Iterator[tuple[str, RenderableType]]:
        yield "cluster", f"{report.cluster}: {' and '.join(report.nodes)}, Heartbeat {report.heartbeat}"
        if report.beyond:
            what = "runs its groups and may die; what it says or takes over is not explored"
            yield "beyond", f"{' and '.join(report.beyond)}: {what}"
        begin = "from the boot of both nodes" if report.start == "boot" else "from the steady state"
        most = f"{report.budget} fault{'s' if report.budget != 1 else ''} or command{'s' if report.budget != 1 else ''}"
        yield "checked", f"every run {begin} with at most {most}"
        if report.faults:
            yield (
                "of these",
                ", ".join(
                    k if n == report.budget else f"{k} (at most {n})" for k, n in report.faults if k not in report.never
                ),
            )
        if report.never:
            yield "never come", f"{', '.join(report.never)}: no run has room for them"
        if report.through:
            yield "in runs by", Text(", ".join(report.through), overflow="fold")
        kept = "; kept from an earlier check" if report.cached else ""
        yield "engine", f"{report.engine}, {report.seconds:.1f} s{kept}"

    return Group(Text(f"hamodel {report.version}".rstrip(), style="bold"), _pairs(rows(), 0))


def _table(report: Report) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("property", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("", ratio=1)
    table.add_column("states", justify="right", no_wrap=True)
    for result in report.results:
        verdict = Text(result.outcome.value, style=STYLES[result.outcome])
        if not result.as_expected and result.expected is not None:
            faults = f" by {result.expected_faults}" if result.other_number else ""
            verdict.append(f" (expected: {result.expected.value}{faults})", style="bold red")
        if result.accepted:
            verdict.append(" (accepted)", style="")
        table.add_row(result.name, verdict, because(result), count(result.states))
    return table


def _skipped(report: Report) -> RenderableType:
    names = Table.grid(padding=(0, 2, 0, 0))
    names.add_column(style="dim", no_wrap=True)
    names.add_column(style="dim")
    for skipped in report.skipped:
        names.add_row(skipped.name, f"not asked: {skipped.reason}")
    return names


def _violation(result: Result) -> RenderableType:
    def rows() -> Iterator[tuple[str, RenderableType]]:
        if result.accepted:
            yield "accepted", result.accepted
        if result.reason:
            yield "because", result.reason
        if result.bound is not None:
            yield "allowed", seconds(result.bound)
            yield "it takes", at_most(result.measured)
        if result.ways:
            yield "enough", _ways(result)
        if result.story:
            yield "story", _story(result.story)
        if result.rests_on:
            yield "rests on", _rests_on(result)
        if result.certified:
            yield "trace", ", ".join(result.certified)
        yield from _terms(result)
        if result.evidence:
            yield "evidence", Text("\n".join(result.evidence), overflow="fold")

    return Group(
        Text.assemble((result.name, "bold"), " is ", ("violated", STYLES[Outcome.VIOLATED])),
        Padding(Text(result.doc), (0, 0, 0, 2)),
        _pairs(rows()),
    )


def _terms(result: Result) -> Iterator[tuple[str, RenderableType]]:
    """What an answer about the end of all runs assumes, and how often it was computed."""
    if result.provided:
        yield "provided", "\n".join(result.provided)
    if result.computed:
        yield "computed", result.computed.removeprefix("computed ")


def _kept(result: Result) -> RenderableType:
    return Group(
        Text.assemble((result.name, "bold"), " ", (result.outcome.value, STYLES[result.outcome])),
        _pairs(_terms(result)),
    )


PROOF_LINES = 12
"""Longer proofs are told in part; `--format json` has all of them."""


def _proof(result: Result) -> RenderableType:
    """The invariant, as the situations that never come; z3 has checked it."""
    shown = result.proof[:PROOF_LINES]
    rest = len(result.proof) - len(shown)
    more = [f"and {rest} more: --format json"] if rest else []

    def rows() -> Iterator[tuple[str, RenderableType]]:
        yield "engine", result.engine
        yield "proof", Text("\n".join([*shown, *more]), overflow="fold")
        yield "checked", "by z3, which found it true at the start and kept by every step"

    return Group(
        Text.assemble((result.name, "bold"), " ", ("holds", STYLES[Outcome.HOLDS]), f" {result.reason}".rstrip()),
        _pairs(rows()),
    )


def _ways(result: Result) -> RenderableType:
    if all(w.length is None and w.earliest is None for w in result.ways):
        return "; or ".join(faults_in_words(w.faults) for w in result.ways)
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for title in ("faults", "soonest after the first", "lasts at most"):
        table.add_column(title, no_wrap=True)
    for way in result.ways:
        table.add_row(faults_in_words(way.faults), how_soon(way), at_most(way.length))
    return table


def _story(story: tuple[StoryLine, ...]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(ratio=1)
    for line in story:
        at = "" if line.at is None else f"{line.at / 1000:.3f} s"
        text = f"{line.node} {line.text}" if line.node else line.text
        grid.add_row(Text(at, style="dim"), Text(text, style="bold" if line.cause else ""))
    return grid


def _rests_on(result: Result) -> RenderableType:
    """Files by their last name, where that is enough to tell them apart."""
    files = {line.file for line in result.rests_on if line.line}
    short = len({PurePath(f).name for f in files}) == len(files)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for line in result.rests_on:
        name = PurePath(line.file).name if short else line.file
        grid.add_row(f"{name}:{line.line}" if line.line else name, Text(line.text))
    return grid


def _summary(report: Report) -> RenderableType:
    words = []
    for outcome in Outcome:
        number = sum(1 for r in report.results if r.outcome is outcome)
        if number:
            words.append(f"{number} {outcome.value}")
    text = Text(", ".join(words) or "nothing to check")
    if report.interrupted:
        text.append("; interrupted, so what is open is only bounded", style="yellow")
    return text
