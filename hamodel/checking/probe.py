"""Many quick answers about variants of one cluster: does it hold there?

A probe climbs the same ladder as a check, in the same engine, and leaves out what nobody reads: stories, second looks
and lengths. Its `holds` is exhaustive, its `violated` a run of the engine; whoever shows either looks again with a
check. Numbers are run-time options of the compiled system: variants that differ in numbers alone share one program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from hamodel.checking.case import Case
from hamodel.checking.compiled import Compiled
from hamodel.checking.deadlines import never_late, on_time
from hamodel.checking.faultsets import count, used_by
from hamodel.checking.ladder import Ladder
from hamodel.checking.looking import wanted
from hamodel.checking.measuring import Measuring
from hamodel.checking.search import Clock, Found, Progress, Searcher, is_interrupted, searcher
from hamodel.checking.side_by_side import SideBySide
from hamodel.checking.standing import Standing, remembering
from hamodel.errors import EngineLimit
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.expr import Expr, not_
from hamodel.ir.observe import Deadline, Memory, Request, bound_of, observe, switch_of
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.report import FaultSet
from hamodel.ir.state import State
from hamodel.ir.statement import Procedure
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome, Range, Verdict
from hamodel.properties.bind import Bound, bind
from hamodel.properties.words import Definition

Restrict = Callable[[System], System]


def unrestricted(system: System) -> System:
    """Every action of the scenario."""
    return system


@dataclass(frozen=True, slots=True)
class BreakingRun:
    """A run that breaks a claim, as the engine found it."""

    system: System
    start: State | None
    names: tuple[str, ...]
    ways: tuple[FaultSet, ...]
    """The smallest sets of faults that were seen to break it; that of the run first."""
    loop: int | None = None
    breaks: Expr | None = None
    """What its last state shows, where one state shows it."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What one probe says about one property."""

    outcome: Outcome | None
    """None: the property has nothing to say about this variant."""
    reason: str = ""
    shown: BreakingRun | None = None
    states: int = 0

    @property
    def ways(self) -> tuple[FaultSet, ...]:
        """The smallest sets of faults that were seen to break it."""
        return () if self.shown is None else self.shown.ways


@dataclass(slots=True)
class Quick(Ladder):
    """A ladder that keeps one run for each broken claim and nothing else."""

    shown: dict[str, BreakingRun] = field(default_factory=dict)

    def _look(self, system: System, start: State | None, found: Found, standing: Standing, prop: Property) -> None:
        some = prop.kind is PropertyKind.SOMETIMES
        sets = found.sets_to(wanted(prop))
        if sets:
            standing.decide(Outcome.HOLDS if some else Outcome.VIOLATED)
            standing.system, standing.start = system, start
            fewest = min(count(f) for f in sets)
            smallest = sorted((index, faults) for faults, index in sets.items() if count(faults) == fewest)
            names = found.names_to(smallest[0][0])
            breaks = None if standing.is_promise else wanted(prop)
            self.shown[standing.bound.name] = BreakingRun(
                system, start, names, tuple(f for _, f in smallest), breaks=breaks
            )
        elif prop.witness is not None and not standing.witnessed:
            standing.witnessed = len(found.where(prop.witness)) > 0

    def _take(
        self,
        faults: int,
        system: System,
        start: State | None,
        standing: Standing,
        prop: Property,
        verdict: Verdict,
    ) -> None:
        if verdict.outcome is not Outcome.VIOLATED or verdict.trace is None:
            Ladder._take(self, faults, system, start, standing, prop, verdict)
            return
        standing.decide(Outcome.VIOLATED, verdict.reason)
        standing.system, standing.start = system, start
        names = verdict.trace.names()
        self.shown[standing.bound.name] = BreakingRun(
            system, start, names, (used_by(system, names),), verdict.trace.loop
        )

    def _states(
        self, faults: int, system: System, start: State | None, waiting: Sequence[Standing]
    ) -> Sequence[Standing]:
        """One exploration, undivided: the first run that breaks a claim is enough."""
        standings, promises = [s for s in waiting if not s.is_promise], [s for s in waiting if s.is_promise]
        if not standings:
            return promises
        system = remembering(system, standings)
        try:
            found = self.searcher.explore(system, start, "inclusion", self.clock.rest(), self.progress)
        except EngineLimit as error:
            for standing in standings:
                standing.decide(Outcome.UNKNOWN, error.message)
            return promises
        for standing in standings:
            self._read(faults, system, start, standing, standing.bound.properties, found)
        if is_interrupted(found):
            raise KeyboardInterrupt
        return promises

    def _timed(self, faults: int, system: System, start: State | None, standing: Standing, prop: Property) -> None:
        system = on_time(system, [prop])
        found = self.searcher.explore(system, start, "inclusion", self.clock.rest(), self.progress)
        self._read(faults, system, start, standing, [never_late(prop)], found)
        if is_interrupted(found):
            raise KeyboardInterrupt

    def _read(
        self,
        faults: int,
        system: System,
        start: State | None,
        standing: Standing,
        props: Sequence[Property],
        found: Found,
    ) -> None:
        standing.states, standing.seconds = max(standing.states, found.classes), standing.seconds + found.seconds
        for prop in props:
            self._look(system, start, found, standing, prop)
        if standing.open and not found.complete:
            standing.decide(Outcome.BOUNDED, standing.how_far(faults, found.classes, found.stopped))


class Eager(Compiled):
    """The compiled engine, content with the first class that breaks the claim; the boot is explored to its end."""

    def __init__(self, known: Compiled, wanted: Expr) -> None:
        self.engine, self.wanted = known.engine, wanted

    def until(self, system: System, start: State | None) -> Expr | None:
        return None if start is None else self.wanted


@dataclass(slots=True)
class Prober:
    """Asks many variants; the systems they share are composed and compiled once."""

    definitions: Sequence[Definition]
    clock: Clock
    progress: Progress
    searcher: Searcher = field(default_factory=searcher)
    probes: int = 0
    classes: int = 0
    _observed: dict[tuple[object, ...], tuple[Mapping[str, Procedure], System]] = field(default_factory=dict)

    def ask(
        self,
        case: Case,
        names: Sequence[str],
        budget: int | None = None,
        within: Restrict = unrestricted,
        *,
        first: bool = False,
    ) -> dict[str, Probed]:
        """The answers for these properties, in one climb; `budget` in place of that of the scenario.

        `within` is told the observed system and may forbid some of its actions. With `first` a claim about single
        states that is asked alone is answered by the first run that breaks it: of its ways only one is told.
        """
        self.probes += 1
        system, chosen = self.observed(case, names)
        system = within(system)
        standings = [Standing(b) for b in chosen if not b.skipped]
        searcher = self.searcher
        wanted = [not_(p.formula) for s in standings for p in s.bound.properties if p.kind is PropertyKind.ALWAYS]
        if first and isinstance(searcher, Compiled) and len(standings) == len(wanted) == 1:
            searcher = Eager(searcher, wanted[0])
        quick = Quick(case, system, standings, searcher, self.clock, SideBySide(1, self.progress))
        quick.climb(system.setting_value.get(BUDGET_TOTAL, 0) if budget is None else budget)
        self.classes += max((s.states for s in standings), default=0)
        answers = {s.bound.name: _answer(s, quick.shown.get(s.bound.name)) for s in standings}
        return answers | {b.name: Probed(None, b.skipped) for b in chosen if b.skipped}

    @contextmanager
    def at_most(self, classes: int) -> Iterator[None]:
        """Meanwhile no exploration stores more classes than this."""
        before = self.clock
        limits = replace(before.limits, classes=min(before.limits.classes, classes))
        self.clock = replace(before, limits=limits)
        try:
            yield
        finally:
            self.clock = before

    def length(self, case: Case, system: System, start: State | None, name: str) -> Range | None:
        """How long a measure can last in this system."""
        side = SideBySide(1, self.progress)
        return Measuring(self.searcher, side, self.clock).measured(system, start, name, None, 0)

    def observed(self, case: Case, names: Sequence[str]) -> tuple[System, list[Bound]]:
        """The system of a case with all observers, and what these properties are there.

        Of two systems with the same rules and switches the observers are the same, but for the times of deadlines.
        """
        key = (id(case.system.procedures), tuple(s.value if not s.unit else s.value != 0 for s in case.system.settings))
        chosen = [bind(d, case.system, case.layout, case.taken) for d in self.definitions if d.name in names]
        asked = [r for b in chosen for r in b.requests]
        if key in self._observed:
            known = self._observed[key][1]
            late = {bound_of(r.name): r.within + 1 for r in asked if isinstance(r, Deadline)}
            if all(_switch(r) in known.setting_value for r in asked) and set(late) <= set(known.setting_value):
                known = replace(known, enabled=case.system.enabled)
                return known.with_settings(**case.system.setting_value, **late), chosen
        bounds = [bind(d, case.system, case.layout, case.taken) for d in self.definitions]
        found = observe(case.system, [r for b in bounds for r in b.requests])
        self._observed[key] = case.system.procedures, found
        return found, chosen


def _switch(request: Request) -> str:
    return switch_of(request.switch or request.name if isinstance(request, Memory) else request.name)


def prober_of(definitions: Sequence[Definition], limits: Limits, progress: Progress) -> Prober:
    """A prober with the compiled engine."""
    return Prober(definitions, Clock.start(limits), progress)


def _answer(standing: Standing, shown: BreakingRun | None) -> Probed:
    return Probed(standing.outcome, standing.reason, shown, standing.states)
