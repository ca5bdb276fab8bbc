"""The ladder: first no fault at all, then one, then two. What breaks on a step breaks with the fewest faults there are.

A step is exhausted before the next is begun, so the number of faults in a counterexample is the smallest, and a search
that ends early still says how many faults it has excluded. "No fault can come any more" is true on each step after as
many faults as the step has, so claims about the time after the last fault are checked for every number of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from hamodel.checking.case import BOOT, Case
from hamodel.checking.deadlines import never_late, on_time, watching, without_late
from hamodel.checking.division import Division, Query
from hamodel.checking.evidence import certified
from hamodel.checking.faultsets import coming, without
from hamodel.checking.looking import keeps_its_invariants, looked
from hamodel.checking.measuring import Measuring, lengths_of
from hamodel.checking.reading import Breakers, Reading, wider
from hamodel.checking.search import (
    BootUnfinished,
    Clock,
    Found,
    OneByOne,
    Progress,
    Searcher,
    is_interrupted,
    steady_starts,
    with_budget,
)
from hamodel.checking.side_by_side import SideBySide
from hamodel.checking.standing import Standing, many, remembering, scope_of
from hamodel.errors import EngineLimit
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Outcome, Verdict
from hamodel.properties.bind import length_of, paid


@dataclass(slots=True)
class Ladder:
    """One check under way."""

    case: Case
    system: System
    standings: list[Standing]
    searcher: Searcher
    clock: Clock
    side: SideBySide
    came: set[str] | None = None
    """The kinds of faults and commands that come about; None until the whole budget is explored to its end."""

    endless: frozenset[str] = frozenset()
    split: frozenset[str] = frozenset()
    """What the question about states has learnt of the slices (see `checking.slices`): those it did not come to the
    end of, and those it had to divide once more. The questions after it, side by side, all know the same."""

    @property
    def progress(self) -> Progress:
        return self.side.progress

    def climb(self, budget: int) -> None:
        """Every step from no fault to the whole budget; ends early when all is decided."""
        for faults in range(budget + 1):
            slices = sorted({s.bound.without for s in self.standings if s.open})
            for left_out in slices:
                self._slice(faults, left_out)
        for standing in self.standings:
            if standing.open:
                self._conclude(standing)

    def _conclude(self, standing: Standing) -> None:
        """Every step was exhausted and showed no violation."""
        if standing.bound.kind is PropertyKind.SOMETIMES:
            standing.decide(Outcome.VIOLATED, "it never happens, whatever comes")
        elif not standing.witnessed and standing.perhaps:
            standing.decide(Outcome.UNKNOWN, "no run was found to the situation it speaks of, and it is not excluded")
        elif not standing.witnessed and any(p.witness is not None for p in standing.bound.properties):
            standing.decide(Outcome.VACUOUS, "the situation it speaks of is never reached")
        else:
            standing.decide(Outcome.HOLDS, standing.scope)

    def _slice(self, faults: int, left_out: tuple[str, ...]) -> None:
        waiting = [s for s in self.standings if s.open and s.bound.without == left_out]
        system = without(with_budget(self.system, faults), left_out)
        starts: Sequence[State | None] = (None,)
        if self.case.start != BOOT:
            try:
                starts = steady_starts(self.searcher, system, self.clock.rest(), self.progress)
            except BootUnfinished as limit:
                for standing in waiting:
                    standing.decide(Outcome.BOUNDED, limit.message)
                return
            if not starts:
                for standing in waiting:
                    standing.decide(Outcome.UNKNOWN, "without any fault the cluster never comes to rest after its boot")
                return
        for start in starts:
            promises = self._states(faults, system, start, [s for s in waiting if s.open])
            self.side.map(partial(self._responses, faults, system, start), promises)
        for standing in waiting:
            if standing.open:
                standing.exhausted = faults

    def _states(
        self, faults: int, system: System, start: State | None, waiting: Sequence[Standing]
    ) -> Sequence[Standing]:
        """One exploration answers every claim about single states, and a divided one the promises with a deadline, too.

        Returns the promises that are still to be asked.
        """
        standings, promises = [s for s in waiting if not s.is_promise], [s for s in waiting if s.is_promise]
        if isinstance(self.searcher, OneByOne):
            steps = 1 + self.system.setting_value.get(BUDGET_TOTAL, 0) - faults
            questions = steps * sum(s.open for s in self.standings)
            for done, standing in enumerate(standings):
                share = self.clock.shared(questions - done)
                self._one_by_one(self.searcher, faults, system, start, standing, share)
            return promises
        along = [s for s in promises if s.bound.deadlines]
        if not standings and not along:
            return promises
        plain, watched = remembering(system, standings), watching(system, [*standings, *along])
        self.progress(many(faults), 0)
        whole = system.enabled == self.system.enabled and faults == self.system.setting_value.get(BUDGET_TOTAL, 0)
        unseen = set(paid(system)) - (self.came or set()) if whole else set()

        def read(claims: Sequence[Property], part: System, found: Found, shown: Breakers) -> Reading:
            reading = looked(found, shown, claims)
            if not is_interrupted(found):
                keeps_its_invariants(part, found)
                reading.came = coming(part, found, unseen & set(paid(part)))
            return reading

        claims = [prop for standing in standings for prop in standing.bound.properties]
        late = [never_late(p) for s in along for p in s.bound.properties]
        try:
            reading = self.division.read(
                Query(plain, partial(read, claims)),
                start,
                Query(watched, partial(read, [*claims, *late]), lengths_of(watched, late)),
            )
        except EngineLimit as error:
            for standing in standings:
                standing.decide(Outcome.UNKNOWN, error.message)
            return promises
        self.endless |= frozenset(reading.unfinished) | frozenset(reading.hulls)
        self.split |= frozenset(reading.split)
        own = without_late(reading)
        for standing in standings:
            standing.take_reading(faults, plain, start, standing.bound.properties, own)
        if reading.divided:

            def take(promise: Standing) -> None:
                mine = remembering(system, [promise])
                self._take_promise(faults, mine, start, promise, promise.bound.properties, reading)

            self.side.map(take, along)
            promises = [s for s in promises if not s.bound.deadlines]
        if is_interrupted(reading):
            raise KeyboardInterrupt
        if whole and reading.complete:
            self.came = (self.came or set()) | reading.came
        return promises

    @property
    def division(self) -> Division:
        return Division(self.searcher, self.side, self.clock.rest, self.endless, self.split)

    @property
    def measuring(self) -> Measuring:
        return Measuring(self.searcher, self.side, self.clock, self.endless, self.split)

    def _one_by_one(
        self, engine: OneByOne, faults: int, system: System, start: State | None, standing: Standing, clock: Clock
    ) -> None:
        """The claims of one property, each asked by itself, in its share of the time."""
        system = remembering(system, [standing])
        standing.proof = ()
        for prop in standing.bound.properties:
            try:
                verdict = engine.verdict(system, prop, start, clock.rest(), self.progress)
            except EngineLimit as error:
                standing.decide(Outcome.UNKNOWN, error.message)
                return
            standing.states, standing.seconds = max(standing.states, verdict.states), standing.seconds + verdict.seconds
            standing.by = verdict.engine
            lines = [text for what, text in verdict.details if what == "invariant"]
            standing.proof = (*standing.proof, *lines)
            standing.scope = scope_of(verdict)
            if verdict.trace is not None and prop.kind is PropertyKind.SOMETIMES:
                standing.decide(Outcome.HOLDS)
                standing.evidence = certified(system, verdict.trace.names(), start, prop.formula)
            elif prop.kind is PropertyKind.SOMETIMES and verdict.outcome is Outcome.VIOLATED:
                continue
            elif verdict.outcome is Outcome.BOUNDED:
                standing.decide(Outcome.BOUNDED, f"{standing.excluded}with {many(faults)} {verdict.reason}")
            else:
                self._take(faults, system, start, standing, prop, verdict)
            if not standing.open:
                return

    def never(self) -> tuple[str, ...]:
        """The kinds that the scenario pays for and that come about in no run; none where not every run was explored."""
        return tuple(kind for kind in paid(self.system) if kind not in self.came) if self.came is not None else ()

    def _timed(self, faults: int, system: System, start: State | None, standing: Standing, prop: Property) -> None:
        """A promise with a deadline, by itself."""
        late = [never_late(prop)]
        query = Query(
            on_time(system, [prop]),
            lambda _part, found, shown: looked(found, shown, late),
            lengths_of(system, late),
        )
        self._take_promise(faults, system, start, standing, [prop], self.division.read(query, start))

    def _take_promise(
        self,
        faults: int,
        system: System,
        start: State | None,
        standing: Standing,
        props: Sequence[Property],
        reading: Reading,
    ) -> None:
        """What was read off about a promise with a deadline, or some parts of it, and how long it takes to keep it."""
        broken = [p for p in props if reading.sets.get(p.name)][:1]
        asked, own = broken or props, without_late(reading, broken)
        standing.take_reading(faults, on_time(system, asked), start, [never_late(p) for p in asked], own)
        if is_interrupted(reading):
            raise KeyboardInterrupt
        if reading.divided and not reading.complete and not broken:
            return
        used = next(iter(standing.sets), None)
        for name in (length_of(p.name) for p in asked):
            if broken:
                standing.measured = self.measuring.measured(system, start, name, used, reading.classes)
            elif not reading.divided:
                took = self.measuring.measured(system, start, name, None, reading.classes)
                standing.measured = wider(standing.measured, took)
            elif reading.timed:
                standing.measured = wider(standing.measured, reading.took.get(name))
            else:
                standing.measured = None

    def _responses(self, faults: int, system: System, start: State | None, standing: Standing) -> None:
        system = remembering(system, [standing])
        for prop in standing.bound.properties:
            self.progress(f"{prop.name}, {many(faults)}", 0)
            try:
                if prop.within is not None:
                    self._timed(faults, system, start, standing, prop)
                    if not standing.open:
                        return
                    continue
                verdict = self.searcher.check(system, prop, start, self.clock.rest())
            except EngineLimit as error:
                standing.decide(Outcome.UNKNOWN, error.message)
                return
            standing.states, standing.seconds = max(standing.states, verdict.states), standing.seconds + verdict.seconds
            self._take(faults, system, start, standing, prop, verdict)
            if not standing.open:
                return

    def _take(
        self, faults: int, system: System, start: State | None, standing: Standing, prop: Property, verdict: Verdict
    ) -> None:
        """One answer of an engine; a ladder that wants less of it reads it its own way."""
        standing.take(faults, system, start, prop, verdict)
