"""The model's answer in a terminal: one word, the episodes of a long log, how far runs came, what else would fit."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from hamodel.incident.report import Episode, Fit, Reached
from hamodel.renderers.explain_times import Times, where
from hamodel.renderers.language import Say

ANSWERS = {True: "yes: a run of the model writes the landmarks of these lines", False: "no", None: "not decided"}
WORDS = {True: "fits", False: "no run", None: "given up"}
MOST = 3
"""So many of the lines at which runs end are told; they are due within a second of each other."""
STYLES = {True: "green", False: "bold red", None: "yellow"}


def answer(fit: Fit, say: Say, times: Times) -> RenderableType:
    """All of it; episodes only where there are several."""
    parts: list[RenderableType] = [_rows(_head(fit, say))]
    if len(fit.episodes) > 1:
        parts += [Text(), _episodes(fit, say, times)]
    return Group(*parts)


def _rows(rows: Iterator[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, text in rows:
        grid.add_row(name, Text(text))
    return grid


def _head(fit: Fit, say: Say) -> Iterator[tuple[str, str]]:
    yield say("answer"), say(ANSWERS[fit.fits]) + (f"{say(': ')}{fit.reason}" if fit.reason else "")
    if len(fit.episodes) == 1:
        yield from _broken(fit.episodes[0], say)
    for place, text in enumerate(fit.expected if len(fit.episodes) <= 1 else ()):
        yield "" if place else say("instead"), text
    for each in fit.faults:
        yield say("faults"), each


def _broken(part: Episode, say: Say) -> Iterator[tuple[str, str]]:
    for place, reached in enumerate(part.reached):
        yield "" if place else say("runs end at"), _reached(reached, say)


def _reached(reached: Reached, say: Say) -> str:
    """The lines at which the runs end, and what they wrote before."""
    each = [f"{where(p)} {text}" for p, text in zip(reached.missing, reached.texts, strict=True)]
    lines = "; ".join(each[:MOST]) + (" ..." if len(each) > MOST else "")
    faults = " and ".join(reached.faults) or "none"
    how = say(f"({reached.written} of {reached.of} landmarks written, faults: {faults})")
    return f"{lines} {how}"


def _episodes(fit: Fit, say: Say, times: Times) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for part in fit.episodes:
        texts = list(_said(part, say))
        for place, text in enumerate(texts or [""]):
            first = place == 0
            word = Text(say(WORDS[part.fits]) if first else "", style=STYLES[part.fits])
            table.add_row(times.span(part.begin, part.end) if first else "", word, Text(text))
    return table


def _said(part: Episode, say: Say) -> Iterator[str]:
    if part.fits:
        yield f"{say('faults')}{say(': ')}{'; '.join(part.faults)}"
    else:
        yield from (_reached(reached, say) for reached in part.reached)
        if part.reason:
            yield part.reason
        for near in part.nearest:
            yield f"{say('instead')}{say(': ')}{near.text}; faults: {' and '.join(near.faults) or 'none'}"
    if not part.follows:
        yield say("begins anew: no run goes on from the episode before")
