"""The ladder: first no fault at all, then one, then two. What breaks on a step breaks with the fewest faults there are.

A step is exhausted before the next is begun, so the number of faults in a counterexample is the smallest, and a search
that ends early still says how many faults it has excluded. "No fault can come any more" is true on each step after as
many faults as the step has, so claims about the time after the last fault are checked for every number of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from hamodel.checking.case import BOOT, Case
from hamodel.checking.evidence import Certified, certified, confirm
from hamodel.checking.faultsets import coming, only, used_by, without
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
from hamodel.checking.slices import Breakers, Division, Reading, timing, wider
from hamodel.errors import EngineLimit, EnginesDisagree, ModelError
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.expr import Expr, Read, and_, not_, or_
from hamodel.ir.observe import OWNER as OBSERVED
from hamodel.ir.observe import Memory, cap_of, late_of, remembered, switch_of, unobserved
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.report import FaultSet
from hamodel.ir.rewrite import within
from hamodel.ir.state import State
from hamodel.ir.system import Measure, System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Outcome, Range, Verdict
from hamodel.properties.bind import Bound, deadline_of, length_of, paid

MEASURED_CLASSES, MEASURED_TIMES = 20_000, 2


@dataclass(slots=True)
class Standing:
    """What is known of one property so far."""

    bound: Bound
    outcome: Outcome | None = None
    states: int = 0
    seconds: float = 0.0
    witnessed: bool = False
    exhausted: int | None = None
    """The largest number of faults for which everything was explored."""
    reason: str = ""
    sets: dict[FaultSet, int] = field(default_factory=dict)
    """The smallest sets of faults that break it, that of the evidence first; each with one time from fault to end."""
    evidence: Certified | None = None
    start: State | None = None
    system: System | None = None
    measured: Range | None = None
    details: tuple[tuple[str, str], ...] = ()
    """What the engine has said besides: assumptions, and how the answer was computed."""
    by: str = ""
    """The engine that answered, where the searcher asks several."""
    scope: str = ""
    """For what it holds, where that is more than these delays."""
    proof: tuple[str, ...] = ()
    """An invariant that excludes every violation, line by line."""

    @property
    def open(self) -> bool:
        return self.outcome is None

    def decide(self, outcome: Outcome, reason: str = "") -> None:
        self.outcome, self.reason = outcome, reason


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
    idle: dict[str, set[str]] = field(default_factory=dict)
    """And for each promise the slices in which its situation never comes about."""

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
                    standing.decide(Outcome.BOUNDED, str(limit))
                return
            if not starts:
                for standing in waiting:
                    standing.decide(Outcome.UNKNOWN, "without any fault the cluster never comes to rest after its boot")
                return
        states = [s for s in waiting if s.bound.kind is not PropertyKind.LEADS_TO]
        for start in starts:
            self.idle = {}
            self._states(faults, system, start, [s for s in states if s.open])
            promises = [s for s in waiting if s.open and s.bound.kind is PropertyKind.LEADS_TO]
            self.side.map(partial(self._responses, faults, system, start), promises)
        for standing in waiting:
            if standing.open:
                standing.exhausted = faults

    def _states(self, faults: int, system: System, start: State | None, standings: list[Standing]) -> None:
        """One exploration answers every claim about single states, and says what need not be asked of promises."""
        if not standings:
            return
        if isinstance(self.searcher, OneByOne):
            for standing in standings:
                self._one_by_one(self.searcher, faults, system, start, standing)
            return
        system = remembering(system, standings)
        self.progress(f"{faults} faults" if faults != 1 else "1 fault", 0)
        whole = system.enabled == self.system.enabled and faults == self.system.setting_value.get(BUDGET_TOTAL, 0)
        props = [prop for standing in standings for prop in standing.bound.properties]
        beside = [s for s in self.standings if s.open and s.bound.without == standings[0].bound.without]
        promises = [p for s in beside for p in s.bound.properties if p.kind is PropertyKind.LEADS_TO]
        unseen = set(paid(system)) - (self.came or set()) if whole else set()

        def read(part: System, found: Found, shown: Breakers) -> Reading:
            reading = _looked(found, shown, props)
            if not is_interrupted(found):
                _keeps_its_invariants(part, found)
                reading.came = coming(part, found, unseen & set(paid(part)))
                reading.idle = {p.name for p in promises if _is_idle(part, found, p)}
            return reading

        try:
            reading = self.division.read(system, start, read)
        except EngineLimit as error:
            for standing in standings:
                standing.decide(Outcome.UNKNOWN, error.message)
            return
        for standing in standings:
            self._take_reading(faults, system, start, standing, standing.bound.properties, reading)
        if is_interrupted(reading):
            raise KeyboardInterrupt
        self.endless |= frozenset(reading.unfinished)
        self.split |= frozenset(reading.split)
        self.idle = reading.idle_in
        if whole and reading.complete:
            self.came = (self.came or set()) | reading.came

    @property
    def division(self) -> Division:
        return Division(self.searcher, self.side, self.clock.rest, self.endless, self.split)

    def division_for(self, prop: Property) -> Division:
        """The same without the slices in which the situation of a promise never comes about."""
        return replace(self.division, idle=frozenset(self.idle.get(prop.name, ())))

    def _one_by_one(
        self, engine: OneByOne, faults: int, system: System, start: State | None, standing: Standing
    ) -> None:
        """The claims of one property, each asked by itself."""
        system = remembering(system, [standing])
        standing.proof = ()
        for prop in standing.bound.properties:
            try:
                verdict = engine.verdict(system, prop, start, self.clock.rest(), self.progress)
            except EngineLimit as error:
                standing.decide(Outcome.UNKNOWN, error.message)
                return
            standing.states, standing.seconds = max(standing.states, verdict.states), standing.seconds + verdict.seconds
            standing.by = verdict.engine
            lines = [text for what, text in verdict.details if what == "invariant"]
            standing.proof = (*standing.proof, *lines)
            standing.scope = _scope(verdict)
            if verdict.trace is not None and prop.kind is PropertyKind.SOMETIMES:
                standing.decide(Outcome.HOLDS)
                standing.evidence = certified(system, verdict.trace.names(), start, prop.formula)
            elif prop.kind is PropertyKind.SOMETIMES and verdict.outcome is Outcome.VIOLATED:
                continue
            elif verdict.outcome is Outcome.BOUNDED:
                done = "" if standing.exhausted is None else f"excluded for up to {_many(standing.exhausted)}; "
                standing.decide(Outcome.BOUNDED, f"{done}with {_many(faults)} {verdict.reason}")
            else:
                self._take(faults, system, start, standing, prop, verdict)
            if not standing.open:
                return

    def never(self) -> tuple[str, ...]:
        """The kinds that the scenario pays for and that come about in no run; none where not every run was explored."""
        return tuple(kind for kind in paid(self.system) if kind not in self.came) if self.came is not None else ()

    def _take_reading(
        self, faults: int, system: System, start: State | None, standing: Standing, props: Sequence[Property],
        reading: Reading,
    ) -> None:  # fmt: skip
        """Decide a claim by what was read off an exploration."""
        standing.states, standing.seconds = max(standing.states, reading.classes), standing.seconds + reading.seconds
        for prop in props:
            sets = reading.sets.get(prop.name)
            if sets:
                holds = prop.kind is PropertyKind.SOMETIMES
                standing.decide(Outcome.HOLDS if holds else Outcome.VIOLATED)
                shown = {f: certified(system, names, start, _wanted(prop)) for f, names in sets.items()}
                standing.sets = {f: _since_fault(each.trace, system) for f, each in shown.items()}
                standing.evidence = next(iter(shown.values()))
                standing.system, standing.start = system, start
            elif prop.name in reading.witnessed:
                standing.witnessed = True
        if standing.open and not reading.complete:
            standing.decide(Outcome.BOUNDED, how_far(standing, faults, reading.classes, reading.stopped))

    def _timed(self, faults: int, system: System, start: State | None, standing: Standing, prop: Property) -> None:
        """A goal with a deadline: the deadline is a timer, and the claim that it never ends first."""
        system = system.with_settings(**{switch_of(deadline_of(prop.name)): 1})
        late = replace(prop, formula=not_(remembered(late_of(deadline_of(prop.name)))), kind=PropertyKind.ALWAYS)
        watch = self.measure_called(length_of(prop.name))
        division = self.division_for(prop)
        reading = division.read(system, start, lambda _part, found, shown: _looked(found, shown, [late]), watch)
        self._take_reading(faults, system, start, standing, [late], reading)
        if is_interrupted(reading):
            raise KeyboardInterrupt
        if reading.divided and not standing.sets:
            if reading.complete:
                standing.measured = wider(standing.measured, reading.took)
            return
        plain = standing.system.with_settings(**{switch_of(deadline_of(prop.name)): 0}) if standing.system else system
        used = next(iter(standing.sets), None)
        took = self.measured(plain, start, length_of(prop.name), used, reading.classes)
        standing.measured = took if standing.sets else wider(standing.measured, took)

    def _responses(self, faults: int, system: System, start: State | None, standing: Standing) -> None:
        system = remembering(system, [standing])
        for prop in standing.bound.properties:
            self.progress(f"{prop.name}, {faults} fault{'s' if faults != 1 else ''}", 0)
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
        self,
        faults: int,
        system: System,
        start: State | None,
        standing: Standing,
        prop: Property,
        verdict: Verdict,
    ) -> None:
        standing.details = tuple(dict.fromkeys((*standing.details, *verdict.details)))
        match verdict.outcome:
            case Outcome.VIOLATED:
                if verdict.trace is None:
                    raise EnginesDisagree(
                        f"the engine says that {prop.name} is violated and shows no run",
                        help="please report this, with the configuration",
                    )
                promise = prop.kind is PropertyKind.LEADS_TO
                plain = unobserved(system) if promise else system
                if promise:
                    evidence = confirm(plain, verdict.trace, start, prop)
                else:
                    evidence = certified(plain, verdict.trace.names(), start, _wanted(prop))
                standing.decide(Outcome.VIOLATED, verdict.reason)
                standing.sets = {used_by(system, verdict.trace.names()): _since_fault(verdict.trace, system)}
                standing.evidence = evidence
                standing.system, standing.start = plain, start
            case Outcome.HOLDS:
                standing.witnessed = True
            case Outcome.BOUNDED:
                standing.decide(Outcome.BOUNDED, how_far(standing, faults, verdict.states, ""))
                if "interrupt" in verdict.reason.lower():
                    raise KeyboardInterrupt
            case Outcome.UNKNOWN:
                standing.decide(Outcome.UNKNOWN, verdict.reason)
            case Outcome.VACUOUS:
                pass

    def measure(self, standing: Standing, name: str, faults: FaultSet) -> Range | None:
        """The exact range of a measure, over every run in which only these kinds of faults come."""
        if standing.system is None:
            return None
        return self.measured(standing.system, standing.start, name, faults, standing.states)

    def earliest(self, standing: Standing, name: str, faults: FaultSet, known: int) -> int | None:
        """The least time of a measure of which one run is known to take `known` ms."""
        if standing.system is None:
            return None
        system = standing.system.with_settings(**{cap_of(name): known + 1})
        took = self.measured(system, standing.start, name, faults, standing.states, endless=False)
        return None if took is None else min(took.lo, known)

    def measure_called(self, name: str) -> Measure | None:
        return next((m for m in self.system.measures if m.name == name), None)

    def measured(
        self,
        system: System,
        start: State | None,
        name: str,
        faults: FaultSet | None,
        classes: int,
        *,
        endless: bool = True,
    ) -> Range | None:
        """A range as exact as it can be had for a few times the work of the search itself, which had so many classes.

        A duration with no end is known as soon as one run shows it; whatever else is unfinished is not told.
        """
        measure = self.measure_called(name)
        if measure is None:
            return None
        slice = system if faults is None else only(system, [kind for kind, _ in faults])
        rest = self.clock.rest()
        limits = replace(rest, classes=min(rest.classes, MEASURED_CLASSES + MEASURED_TIMES * classes))
        self.progress(name, 0)
        try:
            reading = Division(self.searcher, self.side, lambda: limits, self.endless, self.split, share=1).read(
                slice.with_settings(**{measure.switch: 1}),
                start,
                timing(lambda _part, _found, _shown: Reading(), measure),
            )
        except EngineLimit:
            return None
        if is_interrupted(reading):
            raise KeyboardInterrupt
        took = reading.took
        if reading.complete:
            return took
        return Range(0, None) if endless and took is not None and took.hi is None else None


def _scope(verdict: Verdict) -> str:
    """For which delays a claim holds, and who said so where several were asked."""
    if verdict.outcome is not Outcome.HOLDS:
        return ""
    told = dict(verdict.details)
    who = f"by {told['answered by']}" if "answered by" in told else ""
    agreed = f"{who}, as {told['agreed']}" if "agreed" in told else who
    return ", ".join(part for part in (verdict.reason, agreed) if part)


def _wanted(prop: Property) -> Expr:
    """What shows a claim, or breaks it."""
    return prop.formula if prop.kind is PropertyKind.SOMETIMES else not_(prop.formula)


def _looked(found: Found, shown: Breakers, props: Sequence[Property]) -> Reading:
    """Read claims off an exploration: what shows or breaks each, and whether its situation comes about."""
    reading = Reading()
    for prop in props:
        sets = shown(_wanted(prop))
        if sets:
            reading.sets[prop.name] = sets
        elif prop.witness is not None and len(found.where(prop.witness)) > 0:
            reading.witnessed.add(prop.name)
    return reading


def _is_idle(system: System, found: Found, prop: Property) -> bool:
    """Whether no state that was reached begins the situation of a promise, or shows that it comes about.

    A memory is only known where it is switched on, so what reads one is not called idle.
    """
    over = or_(*(e for e in (prop.goal, prop.release) if e is not None))
    begins = and_(prop.formula, not_(over))
    memories = {v.name for v in system.variables if v.owner == OBSERVED}
    asked = [begins] if prop.witness is None else [begins, prop.witness]
    if any(isinstance(term, Read) and term.variable in memories for e in asked for term in within(e)):
        return False
    return not any(len(found.where(e)) > 0 for e in asked)


def _keeps_its_invariants(system: System, found: Found) -> None:
    """What a machine promises about itself has to be true in every state that was reached."""
    for text, formula in system.invariants:
        broken = list(found.where(not_(formula))[:1])
        if broken:
            names = " ".join(found.names_to(broken[0]))
            raise ModelError(f"the model breaks its own invariant: {text}", seen=[f"after {names}"])


def _since_fault(trace: Trace, system: System) -> int:
    """The time from the first fault or command of a trace to its end."""
    paid = [step.at for step in trace.steps if system.actions[system.action_index[step.action]].fault]
    last = trace.steps[-1].at if trace.steps else 0
    return (last or 0) - (paid[0] or 0) if paid else (last or 0)


def remembering(system: System, standings: Sequence[Standing]) -> System:
    """The system with the memories of these properties switched on."""
    switches = {switch_of(m.switch or m.name): 1 for s in standings for m in s.bound.memories if isinstance(m, Memory)}
    return system.with_settings(**switches) if switches else system


def how_far(standing: Standing, faults: int, classes: int, why: str) -> str:
    done = "" if standing.exhausted is None else f"excluded for up to {_many(standing.exhausted)}; "
    counted = f"{classes:,}".replace(",", " ")
    return f"{done}with {_many(faults)} the search ended after {counted} classes" + (f": {why}" if why else "")


def _many(faults: int) -> str:
    return f"{faults} fault" if faults == 1 else f"{faults} faults"
