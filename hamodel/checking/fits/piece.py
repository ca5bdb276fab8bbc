"""From lines to landmarks in time: windows, commands, and where the cluster may have been when the log begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations

from hamodel.checking.fits.evidence import commands, symptoms
from hamodel.checking.fits.links import own_ways
from hamodel.checking.fits.marks import marks_of
from hamodel.checking.fits.result import LogLine
from hamodel.checking.fits.search import LEAD, Landmark, Piece
from hamodel.checking.fits.subject import Subject
from hamodel.incident.report import Fault
from hamodel.ir.fit import Given, Told
from hamodel.ir.fit_rules import Command
from hamodel.ir.state import State

SECOND = 1_000
"""A line tells the second; where it ends the next one begins."""
Offsets = Mapping[str, tuple[int, int]]
"""How far the clock of a node is ahead of the first node's, in ms, at least and at most."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known about lines that are only a part of what was logged."""

    starts: tuple[State | None, ...] | None = None
    """Where the cluster may have been; None: wherever the lines let it have been."""
    logged: frozenset[str] | None = None
    """The nodes that have a log, with or without lines in this part; None: those that have lines."""
    quiet: int = 0
    """For so many ms after the last line none of these nodes wrote anything that counts."""
    anytime: tuple[Command, ...] = ()
    """Commands that may have been given once at any moment, though no line speaks of them."""
    deaf: frozenset[str] = frozenset()
    """Streams of which nothing is taken to be known."""
    faults: tuple[Fault, ...] = ()
    """What befell the cluster, as far as the lines alone tell it."""


ALONE = Around()
"""These lines are all there is."""


def landmarks_of(subject: Subject, lines: Mapping[str, Sequence[LogLine]]) -> list[tuple[LogLine, Told]]:
    """The landmarks that the model can write, without windows yet."""
    found = []
    for node in subject.nodes:
        for line, mark in marks_of(node, lines.get(node, ()), subject.nodes):
            if mark in subject.listener.codes:
                found.append((line, Told(mark, 0, 0)))
    return found


def piece_of(
    subject: Subject, lines: Mapping[str, Sequence[LogLine]], offsets: Offsets, slack: int, around: Around = ALONE
) -> Piece:
    """The landmarks with their windows, and the states in which the log may begin."""
    odd = own_ways(lines, subject.nodes, subject.listener.streams)
    deaf = odd | around.deaf
    found = [(line, told) for line, told in landmarks_of(subject, lines) if told.mark.stream not in deaf]
    logged = around.logged if around.logged is not None else frozenset(n for n in subject.nodes if lines.get(n))
    started = [n for n in subject.nodes if lines.get(n) and _starts(found, n)]
    running = [n for n in subject.nodes if n not in started]
    options = subject.system.setting_value
    lead = LEAD + slack
    if running or (around.starts is not None and any(around.starts)):
        lead += 8_000 + max(options.get(f"deadtime[{n}]", 0) for n in (0, 1))
    if around.starts is not None and any(around.starts):
        lead += options.get("boot_hi", 0)
    begin = min(_at(line, offsets, 1) for line, _ in found) - timedelta(milliseconds=lead) if found else datetime.min
    marks = []
    for line, told in found:
        delay = subject.reader.delays.get(told.mark, 0)
        lo, hi = _window(line, offsets, slack, begin)
        first, last = _window(line, _known(offsets), slack, begin)
        marks.append(Landmark(replace(told, lo=lo - delay, hi=hi - delay), line, (first - delay, last - delay)))
    end = max((m.told.hi for m in marks), default=0) + around.quiet
    given = [Given(command, 0, end) for command in around.anytime]
    for own in lines.values():
        for command, line, (before, after) in commands(own):
            lo, hi = _window(line, offsets, slack, begin)
            others = subject.nodes if command[0].startswith("takeover") else (command[1],)
            given += [Given((command[0], node), lo - before, hi + after) for node in others]
    silent = frozenset(
        s for s in subject.listener.streams for n in subject.nodes if n not in logged and s.startswith(f"{n}: ")
    )
    names = [f"{word}[{n}]" for word in ("deadtime", "deadping") for n in (0, 1)]
    dead = max(subject.system.setting_value.get(name, 0) for name in names)
    starts = around.starts if around.starts is not None else _beginnings(subject, lines, running)
    return Piece(
        begin, tuple(marks), end, silent | deaf, tuple(given), starts,
        symptoms(marks, dead), {n: (lo, hi) for n, (lo, hi) in offsets.items() if lines.get(n) and lo < hi},
    )  # fmt: skip


def _beginnings(
    subject: Subject, lines: Mapping[str, Sequence[LogLine]], running: Sequence[str]
) -> tuple[State | None, ...]:
    """Where the cluster may have been; a node without a log may have run or not."""
    return at_rest(subject, [n for n in running if lines.get(n)], [n for n in running if not lines.get(n)])


def midway(subject: Subject, lines: Mapping[str, Sequence[LogLine]]) -> tuple[State | None, ...]:
    """Where the cluster may have been when these lines began, of which nothing is known but that others came before.

    A node whose lines go on ran; one that starts in them may have been off, or have run and died without a word.
    """
    found = landmarks_of(subject, lines)
    known = [n for n in subject.nodes if lines.get(n) and not _starts(found, n)]
    return at_rest(subject, known, [n for n in subject.nodes if n not in known])


def at_rest(subject: Subject, running: Sequence[str], perhaps: Sequence[str]) -> tuple[State | None, ...]:
    """The states of rest in which the nodes `running` run, and any of those that did `perhaps`."""
    found: list[State | None] = []
    for size in range(len(perhaps) + 1):
        for more in combinations(perhaps, size):
            found += subject.rests([n for n in subject.nodes if n in running or n in more])
    return tuple(dict.fromkeys(found))


def _known(offsets: Offsets) -> Offsets:
    """The offsets that are known exactly."""
    return {node: (lo, hi) for node, (lo, hi) in offsets.items() if lo == hi}


def _starts(found: Sequence[tuple[LogLine, Told]], node: str) -> bool:
    first = next((told.mark.text for line, told in found if line.node == node), "")
    return first == "starts"


def _window(line: LogLine, offsets: Offsets, slack: int, begin: datetime) -> tuple[int, int]:
    """Between which ms since `begin` a line was written."""
    lo, hi = (round((_at(line, offsets, side) - begin) / timedelta(milliseconds=1)) for side in (1, 0))
    return lo - slack, hi + SECOND + slack


def _at(line: LogLine, offsets: Offsets, side: int) -> datetime:
    """The earliest (side 1) or the latest (side 0) moment of a line by the clock of the first node."""
    lo, hi = offsets.get(line.node, (0, 0))
    return line.entry.when - timedelta(milliseconds=hi if side else lo)
