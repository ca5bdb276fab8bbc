"""One question to the model: is there a run with these kinds of faults that writes the landmarks in time?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hamodel.checking.fits import clocks
from hamodel.checking.fits.guesses import Guess, joined
from hamodel.checking.fits.result import Kinds, LogLine, Prefix
from hamodel.checking.fits.subject import LATE, Subject
from hamodel.engines._lower.guided import Beam
from hamodel.errors import EngineLimit
from hamodel.ir import constraints, schedule
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.fit import Given, Mark, Told
from hamodel.ir.fit_rules import BEGIN, DONE, STAGE, TICK
from hamodel.ir.state import State
from hamodel.ir.system import Kind
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits

EPOCH = datetime(1970, 1, 1)
PRICE = 6
"""So many openings and closings of windows further a run must come for one more fault, before it is followed first."""
LEAD = 2_000
"""The log of a start begins so many ms before its first line."""
RUNS = 50
"""So many runs are looked at for one that needs no clock to be ahead by different times."""
NO_CLOCK = "all runs that were found need a clock that is ahead by different times"
PREFIXES = 4
"""So many of the furthest prefixes are told."""
TOGETHER = 1_000
"""Lines that are due less than so many ms apart are missing together: a log tells no more than the second."""


def since_epoch(moment: datetime) -> int:
    """ms from the beginning of 1970, as explanations count."""
    return round((moment - EPOCH) / timedelta(milliseconds=1))


@dataclass(frozen=True, slots=True)
class Landmark:
    """A landmark of the log, and its line."""

    told: Told
    line: LogLine
    own: tuple[int, int]
    """Its window by the clock of its node; that of `told` is by the first node's, as far as that is known."""

    @property
    def mark(self) -> Mark:
        return self.told.mark

    @property
    def node(self) -> str:
        return self.line.node


@dataclass(frozen=True, slots=True)
class Piece:
    """The landmarks of a log in ms since `begin`, and where the cluster may have been when it began."""

    begin: datetime
    landmarks: tuple[Landmark, ...]
    end: int
    deaf: frozenset[str]
    given: tuple[Given, ...]
    starts: tuple[State | None, ...]
    symptoms: tuple[tuple[int, int], ...]
    """When the faults came that the log shows soon after them, if they did."""
    offsets: Mapping[str, tuple[int, int]]
    """Of the nodes whose clocks are ahead by a time that is not known exactly: its bounds in ms."""

    def since_begin(self, windows: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Windows in ms since the epoch in ms since the beginning, as far as they lie in the piece."""
        begin = since_epoch(self.begin)
        moved = ((max(0, lo - begin), min(hi - begin, self.end)) for lo, hi in windows)
        return tuple((lo, hi) for lo, hi in moved if lo <= hi)


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
    asked: tuple[bool, int] = (True, 0)
    """Whether faults were looked for anywhere, and how many classes were allowed."""

    @property
    def excluded(self) -> bool:
        """No run at all fits."""
        return self.fits is False and self.asked[0]


def attempt(
    subject: Subject,
    piece: Piece,
    kinds: Kinds,
    limits: Limits,
    *,
    lost: int = 0,
    anywhere: bool = True,
    width: int | None = None,
    guess: Guess | None = None,
) -> Attempt:
    """The answer for runs with at most as many faults as `kinds` has, all of its kinds.

    Unless `anywhere`, for those alone in which each fault comes soon before a line that speaks of one; with a `guess`,
    for those in which its faults, and as many others as `kinds` has more, come when it says or so. With a `width` the
    search goes through time and follows so many classes at each turn of the log, for each number of faults.
    """
    when = None if anywhere else piece.symptoms
    enabled = subject.enabled(kinds)
    if guess is not None:
        more = Counter(kinds) - Counter(guess.kinds)
        own = piece.since_begin(guess.windows)
        when = joined((*own, *piece.symptoms)) if more else own
        enabled -= subject.faults_of(set(guess.kinds) - set(more)) - guess.actions
    listens = subject.listener.hearing(
        [m.told for m in piece.landmarks], piece.end, piece.deaf, piece.given, lost, when=when
    )
    listens = listens.with_enabled(enabled).with_settings(**{BUDGET_TOTAL: len(kinds)})
    starts = {subject.placed(listens, state): state for state in piece.starts}
    rank, apart = (subject.listener.rank(PRICE), ()) if width is None else subject.listener.sweep()
    beam = None if width is None else Beam(width, apart)
    guided = None
    try:
        guided = subject.engine.guided(listens, list(starts), rank, (STAGE, DONE), limits, beam)
        for _ in range(RUNS):
            end = guided.next_end()
            if end is None:
                break
            explored = guided.result()
            placed = explored.start_of(end)
            heard = schedule.timed(listens, explored.names_to(end), placed)
            found = _replayed(
                subject, piece, heard, starts[placed], Attempt(True, kinds, guided.stored, len(piece.landmarks)), lost
            )
            if found is not None:
                return found
    except EngineLimit as limit:
        return Attempt(None, kinds, 0 if guided is None else guided.stored, 0, reason=limit.message)
    places = [subject.listener.place(stream) for stream in subject.listener.streams]
    reached, breaks = _breaks(subject, piece, kinds, guided.furthest(places).tolist())
    reason = guided.stopped or (NO_CLOCK if guided.ends else "")
    return Attempt(None if reason else False, kinds, guided.stored, reached, breaks=breaks, reason=reason)


def _replayed(
    subject: Subject, piece: Piece, heard: Trace, state: State | None, found: Attempt, lost: int
) -> Attempt | None:
    """The run at times at which its lines are in their windows, replayed without the log by the reference.

    None where that needs a clock that is ahead by different times.
    """
    times = {step.action: step.at or 0 for step in heard.steps if step.action == BEGIN}
    own = [(step.action, (step.at or 0) - times[BEGIN]) for step in heard.steps if step.action not in (BEGIN, TICK)]
    system, start = subject.unplaced(state)
    names, moments = [name for name, _ in own], [at for _, at in own]
    if piece.offsets and not lost:
        run = constraints.run(system, names, start)
        written = [
            (number, mark)
            for number, effect in enumerate(run.effects, 1)
            for line in effect.logs
            for mark in subject.reader.marks(line)
        ]
        known = clocks.times(run, written, piece.landmarks, piece.offsets, piece.end)
        if known is None:
            return None
        moments = known
    trace = schedule.replay(system, names, moments, start)
    actions = {a.name: a for a in system.actions}
    loose = [(at, name) for name, at in zip(names, moments, strict=True) if actions[name].timer is None]
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
        order = sorted(due, key=lambda m: (m.line.entry.when, m.line.source, m.line.number))
        at = tuple(m.line for m in order if m.told.hi < first + TOGETHER)
        if at not in found:
            found[at] = Prefix(sum(row), total, kinds, at)
    best = max((sum(row) for row in rows), default=0)
    return best, tuple(found.values())[:PREFIXES]
