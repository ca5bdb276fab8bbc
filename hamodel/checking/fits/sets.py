"""The sets of faults that are tried on one piece of a log, in the order of what they cost, and what came of them.

First what the lines themselves say befell the cluster, as it is and with one fault more; then every set by its size,
where those go on first that have come furthest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hamodel.checking.fits.guesses import Guess
from hamodel.checking.fits.result import Fit, How, Kinds, LogLine, Prefix
from hamodel.checking.fits.search import Attempt, Piece, attempt
from hamodel.checking.fits.subject import Subject
from hamodel.checking.search import Clock
from hamodel.ir.state import State

MOST_FAULTS = 4
WIDTH = 2
"""So many sets of faults of one size go on to the next size."""
GLANCE, BRIEF, WIDER, CLASSES = 3_000, 8_000, 40_000, 150_000
"""Classes of one question: of faults that the lines do not speak of where others fit, at first, and later twice."""
SWEPT, ABREAST = 1_000_000, 30_000
"""Classes of one question at last, and how many of them are followed at each turn of the log."""


def _ends(found: Sequence[Attempt]) -> tuple[State, ...]:
    return tuple(dict.fromkeys(a.trace.last() for a in found if a.trace is not None))


@dataclass(slots=True)
class Sets:
    """The sets of faults that were tried, and what came of them."""

    subject: Subject
    piece: Piece
    clock: Clock
    spoken: Sequence[str]
    """Kinds of faults that the lines speak of, and all others, each in the order in which they are tried."""
    others: Sequence[str]
    guesses: Sequence[Guess] = ()
    guessed: dict[tuple[Guess, Kinds], Attempt] = field(default_factory=dict)
    """What came of the guesses, with the kinds of faults that each was given more."""
    tried: dict[Kinds, Attempt] = field(default_factory=dict)
    skipped: bool = True
    """Some sets were left out, or not searched to their end."""

    @property
    def found(self) -> list[Attempt]:
        return [a for a in (*self.guessed.values(), *self.tried.values()) if a.fits]

    def told(self, candidates: Sequence[Kinds]) -> None:
        """These sets and no others."""
        self.skipped = False
        self._ask(candidates, CLASSES, anywhere=False)
        self._sweep(candidates)
        self._ask(candidates, CLASSES)
        self._ask(candidates, 2 * CLASSES)

    def quick(self) -> None:
        """No fault, and what the lines say befell the cluster: exactly that."""
        self._ask([()], GLANCE if self.guesses else CLASSES)
        for guess in self.guesses if not self.found else ():
            self._try(guess, (), GLANCE if self.found else BRIEF)
        self._alike(self.kinds)

    def deep(self) -> None:
        """The same longer and with one fault more; then all sets by size, those the lines speak of before others."""
        if self._guess():
            self._alike(self.kinds)
            return
        self.skipped = False
        self._ask([()], CLASSES)
        if self.found or self._deeper(self.spoken, BRIEF, MOST_FAULTS, anywhere=False):
            self._alike(self.others)
            return
        if self._deeper(self.kinds, CLASSES, 2, anywhere=False):
            return
        self._sweep([a.kinds for a in sorted(self.tried.values(), key=lambda a: -a.reached)[:WIDTH]])
        if not self.found:
            self._deeper(self.kinds, CLASSES, MOST_FAULTS)

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds in the order in which they are tried."""
        return (*self.spoken, *self.others)

    def _alike(self, kinds: Sequence[str]) -> None:
        """Where one fault was enough: whether another one is, too."""
        if self.found and len(self.found[0].used) == 1:
            self._ask(
                [(kind,) for kind in kinds if (kind,) not in {a.used for a in self.found}], GLANCE, anywhere=False
            )

    def _guess(self) -> bool:
        """What the lines say: with one fault more, and for longer."""
        asked: list[tuple[Guess, Kinds, int, int | None]] = []
        for guess in self.guesses[:WIDTH]:
            asked += [(guess, (kind,), GLANCE, None) for kind in self.kinds]
            asked += [(guess, (), WIDER, None), (guess, (), SWEPT, ABREAST)]
        more = [(guess, (kind,), BRIEF, None) for guess in self.guesses[:WIDTH] for kind in self.kinds]
        for one in (*asked, *more):
            if self.found:
                break
            self._try(*one)
        return bool(self.found)

    def _try(self, guess: Guess, more: Kinds, classes: int, width: int | None = None) -> None:
        known, rest = self.guessed.get((guess, more)), self.clock.rest()
        if (known is not None and known.fits is not None) or self.clock.is_over:
            return
        kinds = tuple(sorted((*guess.kinds, *more)))
        most = replace(rest, classes=min(rest.classes, classes))
        new = attempt(self.subject, self.piece, kinds, most, anywhere=False, guess=guess, width=width)
        if known is None or new.fits or new.reached >= known.reached:
            self.guessed[guess, more] = new

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
            if known is None or known.fits or known.fits is False or self.clock.is_over:
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
            if self.clock.is_over:
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
        every = (*self.guessed.values(), *self.tried.values())
        classes = sum(a.classes for a in every)
        marks = len(self.piece.landmarks)
        if self.found:
            sets = sorted({a.used: a for a in reversed(self.found)}.values(), key=lambda a: len(a.used))
            fewest = [a for a in sets if len(a.used) == len(sets[0].used)]
            order = [*(guess.kinds for guess in self.guesses), *(a.used for a in self.found)]
            fewest.sort(key=lambda a: order.index(a.used))
            best = fewest[0]
            return Fit(
                True, slack, marks, tuple(a.used for a in fewest), self._is_complete(len(best.used)), best.events,
                best.trace, best.allowed, classes=classes, ends=_ends(self.found), how=self._how(best),
            )  # fmt: skip
        reason = next((a.reason for a in self.tried.values() if a.reason), "")
        over = any(not a.excluded for a in self.tried.values())
        if not reason and (self.skipped or over):
            reason = "not all sets of faults were tried"
        return Fit(None if reason else False, slack, marks, breaks=self._furthest(), classes=classes, reason=reason)

    def _how(self, best: Attempt) -> How:
        if not best.used:
            return How.NO_FAULT
        for (_, more), a in self.guessed.items():
            if a is best:
                return How.ONE_MORE if more else How.INFERRED
        return How.INFERRED if best.used in [guess.kinds for guess in self.guesses] else How.SEARCHED

    def _is_complete(self, size: int) -> bool:
        """All sets of this size were searched to their end."""
        if size == 0:
            return True
        own = [a for k, a in self.tried.items() if len(k) == size]
        return size == 1 and len(own) == len(self.subject.fault_kinds()) and all(a.fits or a.excluded for a in own)

    def _furthest(self) -> tuple[Prefix, ...]:
        every = [p for a in (*self.guessed.values(), *self.tried.values()) for p in a.breaks]
        most = max((p.written for p in every), default=0)
        unique: dict[tuple[LogLine, ...], Prefix] = {}
        for prefix in every:
            if prefix.written == most:
                unique.setdefault(prefix.at, prefix)
        return tuple(unique.values())
