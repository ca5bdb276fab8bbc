"""State classes in machine code: every run in exact time, a million classes a second.

The same system the reference reads is lowered to machine code together with the search (`_lower/`), once per machine
and content; where llvmlite is missing the rules are run as plain Python, slower, and the result says so. Reachability
and measured durations are asked under inclusion, large searches with merged zones (`_lower/merged.py`), promises
without a deadline under equality.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, assert_never

import numpy as np

from hamodel.engines._lower.exploration import Exploration, MeasureResult
from hamodel.engines._lower.fair import provided
from hamodel.engines._lower.fast import FastSearch
from hamodel.engines._lower.guided import Beam, Guided, OneByOne, Rank, Steered
from hamodel.engines._lower.merged import MergedSearch
from hamodel.engines._lower.pending import promise, refuse_stopwatches
from hamodel.engines._lower.program import Program, compile_system
from hamodel.engines._lower.search import Order, Progress, Stop
from hamodel.engines._lower.slow import SlowSearch
from hamodel.engines._lower.steered import SteeredSearch
from hamodel.engines._lower.walks import Led, Walks
from hamodel.errors import EngineUnavailable, HamodelError, ModelError, PropertyError
from hamodel.ir import constraints, schedule
from hamodel.ir.expr import Expr, Not, or_
from hamodel.ir.observe import unobserved
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.state import State
from hamodel.ir.system import Measure, System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome, Range, Verdict

__all__ = ["ClassesEngine", "Exploration", "Guided", "MeasureResult", "Walks"]

Starts = Sequence[State] | None
NO_LIMITS = Limits()


class ClassesEngine:
    """The work horse. It keeps the machine code of the systems it has seen; several threads may share one."""

    name: ClassVar[str] = "classes"
    answers: ClassVar[frozenset[PropertyKind]] = frozenset(PropertyKind)

    def __init__(self, *, pure: bool | None = None, debug: bool = False) -> None:
        """`pure`: never compile (None: unless HAMODEL_PURE=1 or llvmlite is missing). `debug`: check every index."""
        self.pure = os.environ.get("HAMODEL_PURE") == "1" if pure is None else pure
        self._required = pure is False
        self.debug = debug
        self._programs: list[tuple[System, Program]] = []
        self._lock = threading.Lock()

    # -- exploring

    def explore(
        self,
        system: System,
        starts: Starts = None,
        mode: str = "inclusion",
        edges: bool = False,
        limits: Limits = NO_LIMITS,
        progress: Progress | None = None,
        until: Expr | None = None,
        zones: bool = False,
    ) -> Exploration:
        """All classes reachable from the initial state or from quiescent `starts`, as far as the limits allow.

        Each `mode` keeps fewer classes than the one before: "equality", "inclusion", "merged", which lists no edges and
        numbers states, and "hulls", which may hold more than is reached (see `_lower.hulls`). With `until` the search
        ends soon after a class in which it holds. Ctrl-C ends it with what was found so far.
        With `zones` the zones of its classes can be read afterwards.
        Raises EngineLimit where a fixed size of the model was exceeded.
        """
        order = Order(None if starts is None else tuple(starts), mode, edges, until, zones)
        found, error = self._search(system, order, limits, progress)
        if error is not None:
            raise error
        return found

    def led(self, system: System) -> Led:
        """A search that expands what it is told to. Classes are told apart exactly, so every path in it is a run."""
        search = self._led(system, "equality")
        if search.error is not None:
            raise search.error
        return search

    def _led(self, system: System, mode: str) -> SlowSearch | FastSearch:
        order = Order(None, mode, edges=True)
        program = self.program(system)
        search = SlowSearch(system, order) if program is None else FastSearch(system, program, order)
        search.begin()
        return search

    def walks(self, system: System, end: Expr, seed: int, limits: Limits = NO_LIMITS) -> Walks:
        """Random runs to classes without successors in which `end` holds, as many as one asks for."""
        search = self._led(system, "inclusion")
        if search.error is not None:
            raise search.error
        return Walks(search, end, seed, Stop(limits))

    def guided(
        self,
        system: System,
        starts: Starts,
        rank: Rank,
        ends: tuple[str, int],
        limits: Limits = NO_LIMITS,
        beam: Beam | None = None,
    ) -> Guided:
        """The runs to classes in which a variable has a value, those first that get on (see `Guided`)."""
        program = self.program(system)
        if program is None:
            plain = SlowSearch(system, Order(_tuple(starts), "inclusion", edges=True))
            plain.begin()
            search: Steered = OneByOne(plain)
        else:
            search = steered = SteeredSearch(system, program, Order(_tuple(starts), "merged"))
            steered.begin()
        if search.error is not None:
            raise search.error
        return Guided(search, rank, ends, Stop(limits), beam)

    def steady(self, system: System, limits: Limits = NO_LIMITS) -> list[State]:
        """The states in which an undisturbed start comes to rest, in the order they are found."""
        quiet = system.with_enabled(frozenset())
        found = self.explore(quiet, limits=limits)
        return list(dict.fromkeys(found.state(int(i)) for i in np.flatnonzero(found.quiescent())))

    def _search(
        self, system: System, order: Order, limits: Limits, progress: Progress | None = None
    ) -> tuple[Exploration, HamodelError | None]:
        stop = Stop(limits)
        program = self.program(system)
        search = _begun(system, program, order)
        search.begin()
        ready = stop.elapsed()
        began = time.monotonic()
        search.run(stop, progress)
        found = replace(search.result(), seconds=time.monotonic() - began, seconds_to_ready=ready)
        return found, search.error

    def program(self, system: System) -> Program | None:
        """The machine code of `system`, or None where there is only plain Python."""
        if self.pure:
            return None
        with self._lock:
            for known, program in self._programs:
                if _same_code(known, system):
                    return program
            try:
                program = compile_system(system, debug=self.debug)
            except EngineUnavailable:
                if self._required:
                    raise
                self.pure = True
                return None
            self._programs.append((system, program))
            return program

    # -- checking

    def check(self, system: System, prop: Property, limits: Limits = NO_LIMITS, starts: Starts = None) -> Verdict:
        """The verdict on one property; its trace is replayed and timed by the reference semantics."""
        match prop.kind:
            case PropertyKind.ALWAYS | PropertyKind.SOMETIMES:
                return self._reachable(system, prop, limits, starts)
            case PropertyKind.LEADS_TO:
                if prop.within is None:
                    return self._leads_to(system, prop, limits, starts)
                return self._within(system, prop, prop.within, limits, starts)
            case _:
                assert_never(prop.kind)

    def _reachable(self, system: System, prop: Property, limits: Limits, starts: Starts) -> Verdict:
        wanted = prop.kind is PropertyKind.SOMETIMES
        target = prop.formula if wanted else Not(prop.formula)
        found, error = self._asked(system, Order(_tuple(starts), "inclusion", until=target), limits)
        index = found.first_where(target)
        if index is None:
            if error is not None:
                raise error
            if wanted:
                outcome = Outcome.VIOLATED if found.complete else Outcome.BOUNDED
                return _verdict(prop, found, outcome, reason=f"not reached in {found.classes} classes{_why(found)}")
            return _nothing_found(prop, found)
        trace = _certified(found, index)
        verdict = _verdict(prop, found, Outcome.HOLDS if wanted else Outcome.VIOLATED, trace)
        verdict = replace(verdict, states=index + 1)
        if not wanted and prop.measure is not None and error is None:
            verdict = replace(verdict, measured=self._length(system, prop, limits, starts))
        return verdict

    def _length(self, system: System, prop: Property, limits: Limits, starts: Starts) -> Range | None:
        """How long the violation can last; None where the limits end the search before that is known."""
        measure = _measure(system, prop)
        found, error = self._search(_observed(system, measure), Order(_tuple(starts), "inclusion"), limits)
        return found.measures[measure.name].range() if found.complete and error is None else None

    def _within(self, system: System, prop: Property, within: int, limits: Limits, starts: Starts) -> Verdict:
        """A deadline is met if the longest measured duration is."""
        measure = _measure(system, prop)
        system = _observed(system, measure)
        found, error = self._asked(system, Order(_tuple(starts), "inclusion"), limits)
        seen = found.measures[measure.name]
        if seen.unbounded or (seen.hi is not None and seen.hi > within):
            verdict = _verdict(prop, found, Outcome.VIOLATED, _longest(found, seen, measure))
            return replace(verdict, measured=seen.range())
        if error is not None:
            raise error
        return replace(_nothing_found(prop, found), measured=seen.range() if found.complete else None)

    def _leads_to(self, system: System, prop: Property, limits: Limits, starts: Starts) -> Verdict:
        system = unobserved(system)
        found, error = self._asked(system, Order(_tuple(starts), "equality", edges=True), limits)
        if error is not None:
            raise error
        if not found.complete:
            return _nothing_found(prop, found)
        refuse_stopwatches(found)
        over = or_(*(e for e in (prop.goal, prop.release) if e is not None))
        answer = promise(found, found.where(prop.formula), found.where(over), prop.fairness).answer()
        details = (*provided(system, prop.fairness), ("computed", answer.computed))
        if answer.violation is None:
            return replace(_nothing_found(prop, found), details=details)
        assert found.actions is not None
        names = [system.actions[int(found.actions[e])].name for e in answer.violation.edges]
        start = found.state(answer.violation.start) if found.starts else None
        trace = replace(schedule.timed(system, names, start), loop=answer.violation.loop)
        reason = "it waits for ever" if answer.violation.loop is None else "it goes in a circle"
        return replace(_verdict(prop, found, Outcome.VIOLATED, trace, reason), details=details)

    def _asked(self, system: System, order: Order, limits: Limits) -> tuple[Exploration, HamodelError | None]:
        """A search for a verdict: what it passes through must keep the invariants of the model."""
        found, error = self._search(system, order, limits)
        for text, formula in system.invariants:
            broken = found.first_where(Not(formula))
            if broken is not None:
                names = " ".join(found.names_to(broken))
                raise ModelError(f"the model breaks its own invariant: {text}", seen=(f"after {names}",))
        return found, error


def _begun(system: System, program: Program | None, order: Order) -> SlowSearch | FastSearch | MergedSearch:
    """Plain Python does not merge: under inclusion it finds the same states and the same durations."""
    if program is None:
        return SlowSearch(system, order)
    if order.mode in ("merged", "hulls"):
        return MergedSearch(system, program, order)
    return FastSearch(system, program, order)


def _same_code(one: System, other: System) -> bool:
    """Two systems that differ at most in option values and in what may happen."""
    return (
        one.procedures is other.procedures
        and one.variables is other.variables
        and one.timers is other.timers
        and one.queues is other.queues
        and one.actions is other.actions
        and one.after == other.after
        and one.initial == other.initial
        and [s.name for s in one.settings] == [s.name for s in other.settings]
    )


def _tuple(starts: Starts) -> tuple[State, ...] | None:
    return None if starts is None else tuple(starts)


def _measure(system: System, prop: Property) -> Measure:
    measure = next((m for m in system.measures if m.name == prop.measure), None)
    if measure is None:
        raise PropertyError(f"{prop.name} needs the measure {prop.measure}, which the system does not have")
    return measure


def _observed(system: System, measure: Measure) -> System:
    """The system with this measure switched on."""
    return system.with_settings(**{measure.switch: 1}) if measure.switch in system.setting_value else system


def _verdict(
    prop: Property, found: Exploration, outcome: Outcome, trace: Trace | None = None, reason: str = ""
) -> Verdict:
    return Verdict(prop.name, outcome, found.engine, found.classes, found.edges, found.seconds, trace, reason)


def _why(found: Exploration) -> str:
    return f": {found.stopped}" if found.stopped else ""


def _nothing_found(prop: Property, found: Exploration) -> Verdict:
    """No violation: a claim about all that was explored, vacuous where the interesting situation never came."""
    if not found.complete:
        reason = f"the search ended after {found.classes} classes{_why(found)}"
        return _verdict(prop, found, Outcome.BOUNDED, reason=reason)
    if prop.witness is not None and found.first_where(prop.witness) is None:
        return _verdict(prop, found, Outcome.VACUOUS, reason="the situation it speaks of is never reached")
    return _verdict(prop, found, Outcome.HOLDS)


def _start(found: Exploration, index: int) -> State | None:
    return found.start_of(index) if found.starts else None


def _certified(found: Exploration, index: int) -> Trace:
    return schedule.timed(found.system, found.names_to(index), _start(found, index))


def _longest(found: Exploration, seen: MeasureResult, measure: Measure) -> Trace:
    """The trace that shows the longest duration: stretched between the steps that start and stop the watch."""
    if seen.unbounded_at is not None:
        return _certified(found, seen.unbounded_at)
    assert seen.hi_edge is not None
    source, action = seen.hi_edge
    names = (*found.names_to(source), found.system.actions[action].name)
    run = constraints.run(found.system, names, _start(found, source))
    begun = [i for i, effect in enumerate(run.effects, 1) if measure.timer in effect.started]
    return run.trace(schedule.earliest(run, (begun[-1] if begun else 0, len(names))))
