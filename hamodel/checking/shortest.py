"""The cheapest combinations of changes that suffice: branch and bound over sets of changes, borders by bisection.

Sets are tried by their cost, and none that contains a set that suffices already. Two numbers together have many values:
such sets come last, and only those that are cheaper than what was found. A change with a number brings a ladder of
values; of a set that suffices somewhere on its ladders each number is moved back to the border.
Nothing is known here of clusters: `ask` says how good a choice is, `helpless` may say that no number will help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Protocol

MOST_NUMBERS = 2
"""How many changes with a number one set may have."""
NEAR = 6
"""Of two numbers together so many rungs of each ladder are tried on either side."""


class Movable(Protocol):
    """What the search has to know of a change."""

    @property
    def key(self) -> str: ...
    @property
    def cost(self) -> int: ...
    @property
    def now(self) -> int: ...
    @property
    def values(self) -> tuple[int, ...]: ...
    @property
    def step(self) -> int: ...


Choice = tuple[tuple[Movable, int], ...]
"""Changes, each with its value (0 for one that has none)."""


@dataclass(frozen=True, slots=True)
class Score:
    """How good a choice is. The lesser rank is the smaller violation; a refused choice has no score at all."""

    whole: bool
    rank: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A choice that suffices; for each of its numbers the nearest value that was seen not to."""

    choice: Choice
    borders: Mapping[int, int] = field(default_factory=dict)
    """By the identity of the change."""

    @property
    def cost(self) -> int:
        return sum(change.cost for change, _ in self.choice)


@dataclass(slots=True)
class Search:
    """One search under way; `over` says when to end it early."""

    changes: Sequence[Movable]
    ask: Callable[[Choice], Score | None]
    helpless: Callable[[Choice], bool] = lambda _choice: False
    over: Callable[[], bool] = lambda: False
    alternatives: int = 3
    most: int = 3
    found: list[Found] = field(default_factory=list)
    short: list[tuple[Choice, Score]] = field(default_factory=list)
    """What did not suffice: each set of changes with the value at which it was best."""
    tried: int = 0
    exhausted: bool = False
    """Whether every set was tried, so that there are no others than those found."""
    ended: bool = False
    """Whether `over` has ended it: then there may be cheaper ones."""

    def run(self) -> None:
        """Until there are as many alternatives as were asked for and no cheaper ones, or nothing is left."""
        self.exhausted = True
        for chosen in self.sets():
            if self.over():
                self.exhausted, self.ended = False, True
                break
            if any({id(c) for c, _ in f.choice} <= {id(c) for c in chosen} for f in self.found):
                continue
            if len(self.found) >= self.alternatives and sum(c.cost for c in chosen) >= self._dearest():
                self.exhausted = False
                continue
            self.tried += 1
            self._try(chosen)
        if self.over():
            self.exhausted, self.ended = False, True
        self.exhausted = self.exhausted and len(self.found) <= self.alternatives
        self.found = sorted(self.found, key=lambda f: f.cost)[: self.alternatives]

    def _dearest(self) -> int:
        """What the last of the alternatives costs."""
        return sorted(f.cost for f in self.found)[self.alternatives - 1]

    def sets(self) -> Iterator[tuple[Movable, ...]]:
        """Every set of changes that go together: few numbers first, then the cheapest, of equal cost the smallest."""
        every = [s for size in range(1, self.most + 1) for s in combinations(self.changes, size)]
        fitting = [s for s in every if len({c.key for c in s}) == len(s)]
        fitting = [s for s in fitting if _numbers(s) <= MOST_NUMBERS]
        yield from sorted(fitting, key=lambda s: (_numbers(s) > 1, sum(c.cost for c in s), len(s)))

    def _try(self, chosen: tuple[Movable, ...]) -> None:
        plain: Choice = tuple((c, 0) for c in chosen if not c.values)
        numbers = [c for c in chosen if c.values]
        if not numbers:
            score = self.ask(plain)
            if score is not None and score.whole:
                self.found.append(Found(plain))
            elif score is not None:
                self.short.append((plain, score))
            return
        if all(c.now for c in numbers) and self.helpless(plain):
            return
        best: tuple[Score, Choice] | None = None
        for values in rungs(numbers):
            if self.over():
                return
            choice = (*zip(numbers, values, strict=True), *plain)
            score = self.ask(choice)
            if score is not None and score.whole:
                self._back(choice)
                return
            if score is not None and (best is None or score.rank < best[0].rank):
                best = score, choice
        if best is not None:
            self.short.append((best[1], best[0]))

    def _back(self, choice: Choice) -> None:
        """Move each number of a choice that suffices as near to where it was as it goes."""
        values = dict(choice)
        borders: dict[int, int] = {}
        for change in [c for c, _ in choice if c.values]:

            def enough(value: int, change: Movable = change) -> bool:
                score = self.ask(tuple((c, value if c is change else values[c]) for c in values))
                return score is not None and score.whole

            if change.now and enough(change.now):
                return
            nearer = [v for v in change.values if (v < values[change]) == (change.now < values[change])]
            nearer = [v for v in nearer if min(change.now, values[change]) < v < max(change.now, values[change])]
            failing = change.now
            for value in sorted(nearer, key=lambda v: -abs(v - change.now)):
                if not enough(value):
                    failing = value
                    break
                values[change] = value
            values[change], borders[id(change)] = border(enough, values[change], failing, change.step)
        self.found.append(Found(tuple(values.items()), borders))


def _numbers(changes: Sequence[Movable]) -> int:
    """How many of these changes have a number."""
    return sum(1 for change in changes if change.values)


def border(enough: Callable[[int], bool], good: int, bad: int, step: int = 1) -> tuple[int, int]:
    """Two values `step` apart, the first of which suffices and the second not, between one that does and one that does
    not.

    >>> border(lambda v: v >= 34, 100, 0)
    (34, 33)
    """
    while abs(good - bad) > step:
        middle = bad + (good - bad) // (2 * step) * step if abs(good - bad) >= 2 * step else bad
        if middle in (good, bad):
            break
        if enough(middle):
            good = middle
        else:
            bad = middle
    return good, bad


def rungs(numbers: Sequence[Movable]) -> Iterator[tuple[int, ...]]:
    """The values to try, the nearest to where they are first."""
    ladders = [c.values if len(numbers) == 1 else near(c) for c in numbers]
    rank = [{value: place for place, value in enumerate(ladder)} for ladder in ladders]
    order = sorted(product(*ladders), key=lambda vs: (sum(r[v] for r, v in zip(rank, vs, strict=True)), vs))
    yield from order


def near(change: Movable) -> tuple[int, ...]:
    """The nearer rungs of a ladder, in their order."""
    below = [v for v in change.values if v < change.now][: 2 * NEAR if change.now else 0]
    above = [v for v in change.values if v > change.now][:NEAR]
    kept = {*below, *above}
    return tuple(v for v in change.values if v in kept)
