"""Does a run of the model write these lines? The search behind the explanation of an incident.

Explanations are tried in the order of their cost: no fault, one of each kind, then more, where those sets go on first
that have come furthest. Commands of operators are free, but the log must show them. A run that is found is replayed by
the reference semantics. That no run fits is said only of what was searched to its end: of no fault, of single faults,
and of those larger sets that were tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hamodel.checking.fits.evidence import suspects
from hamodel.checking.fits.piece import ALONE, Around, Offsets, piece_of
from hamodel.checking.fits.result import Fit, Kinds, LogLine, Prefix
from hamodel.checking.fits.search import Attempt, Piece, attempt
from hamodel.checking.fits.subject import Subject
from hamodel.checking.search import Clock
from hamodel.ir.state import State
from hamodel.ir.verdict import Limits

SLACKS = (1_000, 3_000)
"""How much earlier or later than its line an event may have been, in ms, one attempt after the other."""
MOST_FAULTS = 4
WIDTH = 2
"""So many sets of faults of one size go on to the next size."""
GLANCE, BRIEF, CLASSES = 3_000, 8_000, 150_000
"""Classes of one question: of faults that the lines do not speak of where others fit, at first, and later."""
SWEPT, ABREAST = 1_000_000, 30_000
"""Classes of one question at last, and how many of them are followed at each turn of the log."""
SECONDS = 120.0
NO_OFFSETS: Mapping[str, tuple[int, int]] = {}


def fit(
    subject: Subject,
    lines: Mapping[str, Sequence[LogLine]],
    offsets: Offsets = NO_OFFSETS,
    candidates: Sequence[Kinds] | None = None,
    limits: Limits | None = None,
    slacks: Sequence[int] = SLACKS,
    around: Around = ALONE,
) -> Fit:
    """Whether a run writes the lines of these nodes; `candidates`: only these sets of faults are tried."""
    clock = Clock.start(limits or Limits(seconds=SECONDS))
    answer: Fit | None = None
    for number, slack in enumerate(slacks, 1):
        piece = piece_of(subject, lines, offsets, slack, around)
        if not piece.landmarks:
            return Fit(None, slack, 0, reason="no line of these logs is one that the model writes")
        search = _Search(subject, piece, _share(clock, len(slacks) - number + 1))
        every = [line for own in lines.values() for line in own]
        search.run(candidates, *suspects(every, subject.fault_kinds()))
        found = replace(search.fit(slack), seconds=round(clock.elapsed, 3), begin=piece.begin)
        if found.fits:
            return found
        answer = found if answer is None or found.fits is not None else answer
    assert answer is not None
    return answer


def _share(clock: Clock, parts: int) -> Clock:
    rest = clock.rest()
    return Clock.start(rest if rest.seconds is None else replace(rest, seconds=rest.seconds / parts))


def _ends(found: Sequence[Attempt]) -> tuple[State, ...]:
    return tuple(dict.fromkeys(a.trace.last() for a in found if a.trace is not None))


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
        if candidates is not None:
            self._ask(candidates, CLASSES, anywhere=False)
            self._sweep(candidates)
            self._ask(candidates, CLASSES)
            self._ask(candidates, 2 * CLASSES)
            return
        self._ask([()], CLASSES)
        if self.found:
            return
        if self._deeper(spoken, BRIEF, MOST_FAULTS, anywhere=False):
            self._ask([(kind,) for kind in others] if len(self.found[0].used) == 1 else [], GLANCE, anywhere=False)
            return
        if self._deeper([*spoken, *others], CLASSES, 2, anywhere=False):
            return
        self._sweep([a.kinds for a in sorted(self.tried.values(), key=lambda a: -a.reached)[:WIDTH]])
        if not self.found:
            self._deeper([*spoken, *others], CLASSES, MOST_FAULTS)

    def _deeper(self, kinds: Sequence[str], classes: int, most: int, anywhere: bool = True) -> bool:
        best: list[Kinds] = [()]
        for size in range(1, most + 1):
            if self.found:
                break
            self.skipped = self.skipped or size > 1
            self._ask([(*chosen, kind) for chosen in best for kind in kinds], classes, anywhere)
            own = sorted((a for k, a in self.tried.items() if len(k) == size), key=lambda a: -a.reached)
            best = [a.kinds for a in own[:WIDTH]]
        return bool(self.found)

    def _sweep(self, sets: Sequence[Kinds]) -> None:
        """Once more those sets of which it is not known: through time, where some runs are left out at each turn."""
        for each in sets:
            chosen = tuple(sorted(each))
            known, rest = self.tried.get(chosen), self.clock.rest()
            late = rest.seconds is not None and rest.seconds <= 0
            if known is None or known.fits or known.fits is False or late:
                continue
            most = replace(rest, classes=min(rest.classes, SWEPT))
            new = attempt(self.subject, self.piece, chosen, most, anywhere=False, width=ABREAST)
            if new.fits or new.reached > known.reached:
                self.tried[chosen] = replace(new, asked=(not chosen, known.asked[1]))

    def _ask(self, sets: Sequence[Kinds], classes: int, anywhere: bool = True) -> None:
        for each in sets:
            chosen = tuple(sorted(each))
            known = self.tried.get(chosen)
            wider = anywhere or not chosen
            if known is not None and (known.fits or known.excluded or known.asked >= (wider, classes)):
                continue
            rest = self.clock.rest()
            if rest.seconds is not None and rest.seconds <= 0:
                self.skipped = True
                return
            most = replace(rest, classes=min(rest.classes, classes))
            new = replace(
                attempt(self.subject, self.piece, chosen, most, anywhere=wider),
                asked=(wider, classes),
            )
            if known is not None and known.reached > new.reached:
                new = replace(new, reached=known.reached, breaks=known.breaks)
            self.tried[chosen] = new

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
                best.trace, best.allowed, classes=classes, ends=_ends(self.found),
            )  # fmt: skip
        reason = next((a.reason for a in self.tried.values() if a.reason), "")
        over = any(not a.excluded for a in self.tried.values())
        if not reason and (self.skipped or over):
            reason = "not all sets of faults were tried"
        return Fit(None if reason else False, slack, marks, breaks=self._furthest(), classes=classes, reason=reason)

    def _is_complete(self, size: int) -> bool:
        """All sets of this size were searched to their end."""
        if size == 0:
            return True
        own = [a for k, a in self.tried.items() if len(k) == size]
        return size == 1 and len(own) == len(self.subject.fault_kinds()) and all(a.fits or a.excluded for a in own)

    def _furthest(self) -> tuple[Prefix, ...]:
        every = [p for a in self.tried.values() for p in a.breaks]
        most = max((p.written for p in every), default=0)
        unique: dict[tuple[LogLine, ...], Prefix] = {}
        for prefix in every:
            if prefix.written == most:
                unique.setdefault(prefix.at, prefix)
        return tuple(unique.values())
