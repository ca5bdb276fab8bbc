"""The shortest run that one configuration allows and the other does not.

A run shows something: a promise is broken, or something changes that one can see from outside. The other configuration
does not allow it where the same acts (faults, repairs, commands) at the same times cannot break that promise there, or
cannot show that change at that moment. The shortest has the fewest faults and commands, and then the fewest steps.

For each order of acts the home side gives its shortest run, and the times between the acts for which it exists. At one
such choice of times the other side is asked, with every run it has. If it can show the same, the zone of times around
for which it can is cut out, and home is asked for its shortest run in each part that is left. Runs wait in the order
of their steps, so the first that the other side cannot follow is the shortest of all.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from hamodel.checking.diff_gaps import (
    Point,
    and_any_later,
    anywhere,
    at,
    earliest_of,
    pinned,
    points,
    rest_of,
    zone,
)
from hamodel.checking.diff_sides import Aim, Side, SideAnswer, SideRun
from hamodel.checking.search import with_budget
from hamodel.engines._lower.differences import Matrix, both
from hamodel.errors import CannotReplay, EngineLimit
from hamodel.ir.acts import Order
from hamodel.ir.constraints import run
from hamodel.ir.schedule import earliest
from hamodel.ir.semantics import evaluate
from hamodel.ir.system import System
from hamodel.ir.trace import Trace


@dataclass(frozen=True, slots=True)
class Apart:
    """A run of one side with its times, and how many classes the other was searched to say that it has none."""

    aim: Aim
    faults: int
    shown: SideRun
    point: Point
    classes: int


@dataclass(slots=True)
class Tally:
    """What was looked at without finding a difference."""

    orders: int = 0
    """Pairs of an order of acts and something that it can show."""
    faults: int = -1
    """Up to so many faults and commands everything was looked at; -1: not even the runs without any."""
    open: str = ""
    """Why that is not all."""


@dataclass(slots=True)
class Hunt:
    """Home's runs against the other side."""

    home: Side
    other: Side
    tally: Tally = field(default_factory=Tally)

    def shortest(self, aims: Sequence[Aim], faults: int) -> Apart | None:
        """The first run that the other side cannot follow, of those with at most so many faults and commands."""
        for number in range(faults + 1):
            try:
                found, whole = self._with(number, aims)
            except EngineLimit as limit:
                self.tally.open = limit.message
                return None
            if found is not None:
                return found
            if not whole:
                self.tally.open = self.tally.open or f"with {number} there is more than was looked at"
                return None
            self.tally.faults = number
        return None

    def _with(self, number: int, aims: Sequence[Aim]) -> tuple[Apart | None, bool]:
        ties = count()
        waiting: list[tuple[int, int, int, Aim, SideRun, Matrix]] = []
        whole = True
        for group in _together(aims):
            runs, complete = self.home.every(number, group)
            whole = whole and complete
            for aim, each in runs:
                waiting.append((len(each.names), aims.index(aim), next(ties), aim, each, self._anywhere(aim, each)))
        heapq.heapify(waiting)
        self.tally.orders += len(waiting)
        while waiting:
            if self.home.clock.is_over:
                return None, False
            _, _, _, aim, shown, region = heapq.heappop(waiting)
            times = self._times(aim, shown, region, number)
            if times is None:
                continue
            answer = self._same(aim, shown, earliest_of(times), number)
            if answer.shown is None:
                if answer.complete:
                    return Apart(aim, number, shown, earliest_of(times), answer.classes), True
                whole = False
                continue
            for part in rest_of(region, self._covered(aim, answer.shown, earliest_of(times), number)):
                again = self.home.ask(self._order(aim, shown, part), number, aim, whole=True)
                whole = whole and (again.complete or again.shown is not None)
                if again.shown is not None:
                    heapq.heappush(
                        waiting, (len(again.shown.names), aims.index(aim), next(ties), aim, again.shown, part)
                    )
        return None, whole

    def _order(self, aim: Aim, shown: SideRun, bounds: Matrix) -> Order:
        return Order(shown.acts, self.paid(shown), bounds.tolist(), aim.timed)

    def paid(self, shown: SideRun) -> tuple[bool, ...]:
        """Which of the acts are faults and commands."""
        return tuple(self.home.paid(name) for name in shown.acts)

    def _anywhere(self, aim: Aim, shown: SideRun) -> Matrix:
        """All times for a run with these acts."""
        return anywhere(len(shown.acts) + aim.timed + (not self.home.at_rest), timed=aim.timed)

    def _wide(self, aim: Aim, shown: SideRun) -> Order:
        return self._order(aim, shown, self._anywhere(aim, shown))

    def _where(self, aim: Aim, names: Sequence[str]) -> list[int]:
        return points(names, at_rest=self.home.at_rest, timed=aim.timed)

    def _times(self, aim: Aim, shown: SideRun, region: Matrix, number: int) -> Matrix | None:
        """The times of the region at which home has this run."""
        found = run(self.home.held(self._wide(aim, shown), number, aim), shown.names, shown.start)
        return both(zone(found, self._where(aim, shown.names)), region)

    def _same(self, aim: Aim, shown: SideRun, point: Point, number: int) -> SideAnswer:
        """What the other side shows under the same acts at the same times: first tried with the same events."""
        system = self.other.held(self._wide(aim, shown), number, aim)
        where = self._where(aim, shown.names)
        for start in self.other.starts(number, aim) or (None,):
            try:
                found = run(system, shown.names, start)
                if evaluate(system, found.state, self.other.shows(aim)):
                    earliest(pinned(found, where, point[: len(where)]))
                    return SideAnswer(SideRun(shown.names, start, shown.acts), complete=False, classes=0)
            except CannotReplay:
                continue
        return self.other.ask(self._order(aim, shown, at(point)), number, aim)

    def _covered(self, aim: Aim, shown: SideRun, point: Point, number: int) -> Matrix:
        """The times for which the other side has the run it was found to have."""
        where = self._where(aim, shown.names)
        try:
            found = run(self.other.held(self._wide(aim, shown), number, aim), shown.names, shown.start)
            if len(where) == len(point):
                return zone(found, where)
            return and_any_later(zone(found, [*where, len(shown.names)]), len(point))
        except CannotReplay:
            return at(point)

    # ---- evidence

    def trace(self, found: Apart) -> Trace:
        """The run with its times, by the reference semantics, on the system without acts."""
        side, shown = self.home, found.shown
        acts = iter(shown.acts)
        names = [next(acts) if name.startswith("act") else name for name in shown.names]
        where = self._where(found.aim, shown.names)
        again = pinned(run(self.home_system(found), names, side.at(shown.start)), where, found.point[: len(where)])
        return again.trace(earliest(again))

    def home_system(self, found: Apart) -> System:
        """The system that the run is a run of."""
        return self.home.on(with_budget(self.home.plain, found.faults), found.aim)


def _together(aims: Sequence[Aim]) -> Iterator[Sequence[Aim]]:
    """What can be seen is looked for in one search; each promise has its own memories and deadlines."""
    for aim in aims:
        if aim.promise:
            yield [aim]
    seen = [aim for aim in aims if not aim.promise]
    if seen:
        yield seen
