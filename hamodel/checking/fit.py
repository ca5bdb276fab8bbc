"""Does a run of the model write these lines? The search behind the explanation of an incident.

Explanations are tried in the order of their cost: no fault, one of each kind, then more, where those sets go on first
that have come furthest. Commands of operators are free, but the log must show them. A run that is found is replayed by
the reference semantics. That no run fits is said only of what was searched to its end: of no fault, of single faults,
and of those larger sets that were tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hamodel.checking.fit_evidence import commands, suspects
from hamodel.checking.fit_marks import read
from hamodel.checking.fit_result import Fit, Kinds, LogLine, Near, Prefix
from hamodel.checking.fit_search import LEAD, Attempt, Landmark, Piece, attempt
from hamodel.checking.fit_subject import Subject
from hamodel.checking.search import Clock
from hamodel.ir.fit import Given, Told
from hamodel.ir.verdict import Limits

SLACKS = (1_000, 3_000)
"""How much earlier or later than its line an event may have been, in ms, one attempt after the other."""
MOST_FAULTS = 4
WIDTH = 2
"""So many sets of faults of one size go on to the next size."""
BRIEF, CLASSES = 8_000, 60_000
"""Classes of one question: at first, half a second, and where nothing fits, some seconds."""
SECONDS = 120.0
LOST = 2
"""So many lines may be missing in the nearest explanation."""
NO_OFFSETS: Mapping[str, tuple[int, int]] = {}
Offsets = Mapping[str, tuple[int, int]]
"""How far the clock of a node is ahead of the first node's, in ms, at least and at most."""


def fit(
    subject: Subject,
    lines: Mapping[str, Sequence[LogLine]],
    offsets: Offsets = NO_OFFSETS,
    candidates: Sequence[Kinds] | None = None,
    limits: Limits | None = None,
    slacks: Sequence[int] = SLACKS,
) -> Fit:
    """Whether a run writes the lines of these nodes; `candidates`: only these sets of faults are tried."""
    clock = Clock.start(limits or Limits(seconds=SECONDS))
    answer: Fit | None = None
    for number, slack in enumerate(slacks, 1):
        piece = piece_of(subject, lines, offsets, slack)
        if not piece.landmarks:
            return Fit(None, slack, 0, reason="no line of these logs is one that the model writes")
        search = _Search(subject, piece, _share(clock, len(slacks) - number + 1))
        every = [line for own in lines.values() for line in own]
        search.run(candidates, *suspects(every, subject.fault_kinds()))
        found = replace(search.fit(slack), seconds=round(clock.elapsed, 3))
        if found.fits:
            return found
        answer = found if answer is None or found.fits is not None else answer
    assert answer is not None
    return answer


def _share(clock: Clock, parts: int) -> Clock:
    rest = clock.rest()
    return Clock.start(rest if rest.seconds is None else replace(rest, seconds=rest.seconds / parts))


def landmarks_of(subject: Subject, lines: Mapping[str, Sequence[LogLine]]) -> list[tuple[LogLine, Told]]:
    """The landmarks that the model can write, without windows yet."""
    found = []
    for node in subject.nodes:
        for line in lines.get(node, ()):
            mark = read(node, line.entry.text, line.entry.level, subject.nodes)
            if mark is not None and mark in subject.listener.codes:
                found.append((line, Told(mark, 0, 0)))
    return found


def piece_of(subject: Subject, lines: Mapping[str, Sequence[LogLine]], offsets: Offsets, slack: int) -> Piece:
    """The landmarks with their windows, and the states in which the log may begin."""
    found = landmarks_of(subject, lines)
    started = [n for n in subject.nodes if lines.get(n) and _starts(found, n)]
    running = [n for n in subject.nodes if n not in started]
    lead = LEAD + slack
    if running:
        lead += 8_000 + max(subject.system.setting_value.get(f"deadtime[{n}]", 0) for n in (0, 1))
    begin = min(_at(line, offsets, 1) for line, _ in found) - timedelta(milliseconds=lead) if found else datetime.min
    marks = []
    for line, told in found:
        delay = subject.reader.delays.get(told.mark, 0)
        lo, hi = _window(line, offsets, slack, begin)
        marks.append(Landmark(replace(told, lo=lo - delay, hi=hi - delay), line))
    given = []
    for own in lines.values():
        for command, line, (before, after) in commands(own):
            lo, hi = _window(line, offsets, slack, begin)
            others = subject.nodes if command[0].startswith("takeover") else (command[1],)
            given += [Given((command[0], node), lo - before, hi + after) for node in others]
    silent = frozenset(
        s for s in subject.listener.streams for n in subject.nodes if not lines.get(n) and s.startswith(f"{n}: ")
    )
    end = max((m.told.hi for m in marks), default=0)
    return Piece(begin, tuple(marks), end, silent, tuple(given), tuple(subject.rests(running)))


def _starts(found: Sequence[tuple[LogLine, Told]], node: str) -> bool:
    first = next((told.mark.text for line, told in found if line.node == node), "")
    return first == "starts"


def _window(line: LogLine, offsets: Offsets, slack: int, begin: datetime) -> tuple[int, int]:
    """Between which ms since `begin` a line was written."""
    lo, hi = (round((_at(line, offsets, side) - begin) / timedelta(milliseconds=1)) for side in (1, 0))
    return lo - slack, hi + 999 + slack


def _at(line: LogLine, offsets: Offsets, side: int) -> datetime:
    """The earliest (side 1) or the latest (side 0) moment of a line by the clock of the first node."""
    lo, hi = offsets.get(line.node, (0, 0))
    return line.entry.when - timedelta(milliseconds=hi if side else lo)


@dataclass(slots=True)
class _Search:
    """The sets of faults that were tried, and what came of them."""

    subject: Subject
    piece: Piece
    clock: Clock
    tried: dict[Kinds, Attempt] = field(default_factory=dict)
    skipped: bool = False
    """Some sets were left out, or not searched to their end."""

    @property
    def found(self) -> list[Attempt]:
        return [a for a in self.tried.values() if a.fits]

    def run(self, candidates: Sequence[Kinds] | None, spoken: Sequence[str], others: Sequence[str]) -> None:
        """Sets of faults by size, until one fits: first those the lines speak of, and each not for long."""
        self._ask([()], CLASSES)
        if candidates is not None:
            self._ask(candidates, CLASSES)
            return
        if self.found or self._deeper(spoken, BRIEF, MOST_FAULTS):
            self._ask([(kind,) for kind in others] if self.found and len(self.found[0].used) == 1 else [], BRIEF)
            return
        self._deeper([*spoken, *others], BRIEF, 1)
        self._deeper([*spoken, *others], CLASSES, MOST_FAULTS)

    def _deeper(self, kinds: Sequence[str], classes: int, most: int) -> bool:
        best: list[Kinds] = [()]
        for size in range(1, most + 1):
            if self.found:
                break
            self.skipped = self.skipped or size > 1
            self._ask([(*chosen, kind) for chosen in best for kind in kinds], classes)
            own = sorted((a for k, a in self.tried.items() if len(k) == size), key=lambda a: -a.reached)
            best = [a.kinds for a in own[:WIDTH]]
        return bool(self.found)

    def _ask(self, sets: Sequence[Kinds], classes: int) -> None:
        for each in sets:
            chosen = tuple(sorted(each))
            known = self.tried.get(chosen)
            if known is not None and (known.fits is not None or known.classes >= classes):
                continue
            rest = self.clock.rest()
            if rest.seconds is not None and rest.seconds <= 0:
                self.skipped = True
                return
            self.tried[chosen] = attempt(
                self.subject, self.piece, chosen, replace(rest, classes=min(rest.classes, classes))
            )

    def fit(self, slack: int) -> Fit:
        """What was found, or how far the furthest runs came."""
        classes = sum(a.classes for a in self.tried.values())
        marks = len(self.piece.landmarks)
        if self.found:
            sets = sorted({a.used: a for a in reversed(self.found)}.values(), key=lambda a: len(a.used))
            fewest = [a for a in sets if len(a.used) == len(sets[0].used)]
            order = {a.used: i for i, a in enumerate(self.found)}
            fewest.sort(key=lambda a: order.get(a.used, 0))
            best = fewest[0]
            return Fit(
                True, slack, marks, tuple(a.used for a in fewest), self._is_complete(len(best.used)), best.events,
                best.trace, best.allowed, classes=classes,
            )  # fmt: skip
        none = self.tried.get(())
        over = none is None or none.fits is None
        reason = next((a.reason for a in self.tried.values() if a.reason), "")
        if not reason and self.skipped:
            reason = "not all sets of faults were tried"
        return Fit(
            None if over or reason else False, slack, marks, breaks=self._furthest(), classes=classes, reason=reason
        )

    def _is_complete(self, size: int) -> bool:
        """All sets of this size were searched to their end."""
        if size == 0:
            return True
        own = [a for k, a in self.tried.items() if len(k) == size]
        return size == 1 and len(own) == len(self.subject.fault_kinds()) and all(a.fits is not None for a in own)

    def _furthest(self) -> tuple[Prefix, ...]:
        every = [p for a in self.tried.values() for p in a.breaks]
        most = max((p.written for p in every), default=0)
        unique: dict[tuple[LogLine, ...], Prefix] = {}
        for prefix in every:
            if prefix.written == most:
                unique.setdefault(prefix.at, prefix)
        return tuple(unique.values())


def nearest(
    subject: Subject, lines: Mapping[str, Sequence[LogLine]], found: Fit, offsets: Offsets, limits: Limits
) -> tuple[Near, ...]:
    """What would explain the lines: some that are lost, or one that is none of this cluster's."""
    clock = Clock.start(limits)
    sets = list(dict.fromkeys([*(p.kinds for p in found.breaks), ()]))
    near: list[Near] = []
    piece = piece_of(subject, lines, offsets, found.slack)
    for lost in range(1, LOST + 1):
        for kinds in sets:
            a = attempt(subject, piece, kinds, replace(clock.rest(), classes=CLASSES), lost)
            if a.fits and not near:
                near.append(Near(f"{lost} line{'s' if lost > 1 else ''} of the logs lost", a.used))
    for prefix in found.breaks:
        for line in prefix.at:
            fewer = {n: [x for x in own if x is not line] for n, own in lines.items()}
            a = attempt(
                subject,
                piece_of(subject, fewer, offsets, found.slack),
                prefix.kinds,
                replace(clock.rest(), classes=CLASSES),
            )
            if a.fits:
                near.append(Near(f"without the line {line.place}", a.used))
    return tuple(near)
