"""One question to the model: is there a run with these kinds of faults that writes the landmarks in time?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hamodel.checking.fit_result import Kinds, LogLine, Prefix
from hamodel.checking.fit_subject import LATE, Subject
from hamodel.errors import EngineLimit
from hamodel.ir import schedule
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.fit import Given, Told
from hamodel.ir.fit_rules import BEGIN, DONE, STAGE, TICK
from hamodel.ir.state import State
from hamodel.ir.system import Kind
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits

PRICE = 6
"""So many openings and closings of windows further a run must come for one more fault, before it is followed first."""
LEAD = 2_000
"""The log of a start begins so many ms before its first line."""
PREFIXES = 4
"""So many of the furthest prefixes are told."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A landmark of the log, and its line."""

    told: Told
    line: LogLine


@dataclass(frozen=True, slots=True)
class Piece:
    """The landmarks of a log in ms since `begin`, and where the cluster may have been when it began."""

    begin: datetime
    landmarks: tuple[Landmark, ...]
    end: int
    deaf: frozenset[str]
    given: tuple[Given, ...]
    starts: tuple[State | None, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one question."""

    fits: bool | None
    kinds: Kinds
    classes: int
    reached: int
    """Landmarks that the furthest run writes."""
    trace: Trace | None = None
    events: tuple[tuple[int, str], ...] = ()
    used: Kinds = ()
    allowed: tuple[str, ...] = ()
    breaks: tuple[Prefix, ...] = ()
    reason: str = ""


def attempt(subject: Subject, piece: Piece, kinds: Kinds, limits: Limits, lost: int = 0) -> Attempt:
    """The answer for runs with at most as many faults as `kinds` has, all of its kinds."""
    listens = subject.listener.hearing([m.told for m in piece.landmarks], piece.end, piece.deaf, piece.given, lost)
    listens = listens.with_enabled(subject.enabled(kinds)).with_settings(**{BUDGET_TOTAL: len(kinds)})
    starts = {subject.placed(listens, state): state for state in piece.starts}
    guided = None
    try:
        guided = subject.engine.guided(listens, list(starts), subject.listener.rank(PRICE), (STAGE, DONE), limits)
        end = guided.next_end()
    except EngineLimit as limit:
        return Attempt(None, kinds, 0 if guided is None else guided.stored, 0, reason=limit.message)
    if end is None:
        places = [subject.listener.place(stream) for stream in subject.listener.streams]
        reached, breaks = _breaks(subject, piece, kinds, guided.furthest(places).tolist())
        answer = None if guided.stopped else False
        return Attempt(answer, kinds, guided.stored, reached, breaks=breaks, reason=guided.stopped)
    explored = guided.result()
    placed = explored.start_of(end)
    heard = schedule.timed(listens, explored.names_to(end), placed)
    return _replayed(subject, heard, starts[placed], Attempt(True, kinds, guided.stored, len(piece.landmarks)))


def _replayed(subject: Subject, heard: Trace, state: State | None, found: Attempt) -> Attempt:
    """The run at times at which its lines are in their windows, replayed without the log by the reference."""
    times = {step.action: step.at or 0 for step in heard.steps if step.action == BEGIN}
    own = [(step.action, (step.at or 0) - times[BEGIN]) for step in heard.steps if step.action not in (BEGIN, TICK)]
    system, start = subject.unplaced(state)
    trace = schedule.replay(system, [name for name, _ in own], [at for _, at in own], start)
    actions = {a.name: a for a in system.actions}
    loose = [(at, name) for name, at in own if actions[name].timer is None]
    faults = [actions[name].fault for _, name in loose if actions[name].kind is Kind.FAULT]
    late = tuple(name for _, name in loose if actions[name].fault == LATE)
    used = tuple(sorted(f for f in faults if f != LATE))
    return replace(found, trace=trace, events=tuple(loose), used=used, allowed=late)


def _breaks(
    subject: Subject, piece: Piece, kinds: Kinds, furthest: Sequence[Sequence[int]]
) -> tuple[int, tuple[Prefix, ...]]:
    """How many landmarks the furthest run writes, and the lines at which the furthest runs end."""
    by_stream: dict[str, list[Landmark]] = {}
    for mark in piece.landmarks:
        own = by_stream.setdefault(mark.told.mark.stream, [])
        if not (own and mark.told.mark.lasting and own[-1].told.mark == mark.told.mark):
            own.append(mark)
    total = sum(len(own) for own in by_stream.values())
    found: dict[tuple[LogLine, ...], Prefix] = {}
    rows = sorted(furthest, key=lambda row: -sum(row))
    for row in rows:
        due = [
            by_stream[stream][written]
            for stream, written in zip(subject.listener.streams, row, strict=True)
            if written < len(by_stream.get(stream, ()))
        ]
        if not due:
            continue
        first = min(m.told.hi for m in due)
        at = tuple(m.line for m in sorted(due, key=lambda m: (m.told.hi, m.line.place)) if m.told.hi == first)
        if at not in found:
            found[at] = Prefix(sum(row), total, kinds, at)
    best = max((sum(row) for row in rows), default=0)
    return best, tuple(found.values())[:PREFIXES]
