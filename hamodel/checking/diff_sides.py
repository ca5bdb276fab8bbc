"""One side of a difference: its system with acts, and the two questions that are asked of it.

What are the shortest runs that show something, for each order of acts? And: under these acts, at times within these
bounds, is there a run that shows it?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hamodel.checking.case import BOOT, Case
from hamodel.checking.compiled import Compiled
from hamodel.checking.examine import silent
from hamodel.checking.faultsets import without
from hamodel.checking.search import Clock, is_interrupted, steady_starts, with_budget
from hamodel.engines.classes import Exploration
from hamodel.ir.acts import (
    FIRST,
    MOST,
    TICKS,
    Order,
    act,
    all_came,
    held_to,
    in_time,
    is_act,
    noting,
    seen,
    with_acts,
)
from hamodel.ir.expr import FALSE, Expr, and_, not_, or_
from hamodel.ir.observe import late_of, observe, remembered, switch_of
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.state import State
from hamodel.ir.system import Action, Kind, System
from hamodel.ir.verdict import Outcome
from hamodel.properties.bind import Bound, bind, deadline_of
from hamodel.properties.words import Definition


@dataclass(frozen=True, slots=True)
class Aim:
    """What a run shows: a promise broken, or (`label`) something that can be seen to change, one way or the other."""

    promise: str = ""
    label: str = ""
    value: bool = True

    @property
    def timed(self) -> bool:
        """Whether it matters when: what is seen is seen at a moment, a promise is broken for good."""
        return not self.promise


@dataclass(frozen=True, slots=True)
class SideRun:
    """A run that shows its aim: its events (acts by their position), the state it begins in, its acts by name."""

    names: tuple[str, ...]
    start: State | None
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideAnswer:
    """A run, or none in so many classes; `complete`: then there is none."""

    shown: SideRun | None
    complete: bool
    classes: int


@dataclass(slots=True)
class Side:
    """A configuration as one of two."""

    case: Case
    plain: System
    """The observed system, without acts."""
    system: System
    bounds: Mapping[str, Bound]
    watched: Mapping[str, Expr]
    clock: Clock
    searcher: Compiled = field(default_factory=Compiled)
    _starts: dict[tuple[int, Aim], tuple[State, ...] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, definitions: Sequence[Definition], watched: Mapping[str, Expr], clock: Clock) -> Side:
        """Raises ModelError where there are more acts than can be told apart."""
        bounds = {d.name: bind(d, case.system, case.layout, case.taken) for d in definitions}
        plain = observe(case.system, [r for b in bounds.values() for r in b.requests])
        return cls(case, plain, with_acts(plain, watched), bounds, watched, clock)

    @property
    def at_rest(self) -> bool:
        return self.case.start != BOOT

    # ---- what is asked

    def shows(self, aim: Aim) -> Expr:
        """The formula that says that a run shows it; false where this side has nothing of the kind."""
        if not aim.promise:
            return seen(aim.label, self.watched[aim.label], value=aim.value)
        return in_time(self.violation(aim.promise))

    def violation(self, promise: str) -> Expr:
        """The promise is broken here, or late by now where it has a deadline; false for one about the end."""
        bound = self.bounds.get(promise)
        if bound is None or bound.skipped:
            return FALSE
        parts = [p for p in bound.properties if p.kind is PropertyKind.ALWAYS or p.within is not None]
        found: list[Expr] = [
            not_(p.formula) if p.kind is PropertyKind.ALWAYS else remembered(late_of(deadline_of(p.name)))
            for p in parts
        ]
        return or_(*found)

    def on(self, system: System, aim: Aim) -> System:
        """The system with what the promise remembers and times switched on."""
        bound = self.bounds.get(aim.promise)
        if bound is None or bound.skipped:
            return system
        names = [switch_of(m.switch or m.name) for m in bound.memories]
        names += [switch_of(d.name) for d in bound.deadlines]
        return (
            without(system.with_settings(**dict.fromkeys(names, 1)), bound.without)
            if names or bound.without
            else system
        )

    def endless(self, promise: str) -> tuple[Property, ...]:
        """The parts of a promise about the end of a run."""
        bound = self.bounds.get(promise)
        found = () if bound is None or bound.skipped else bound.properties
        return tuple(p for p in found if p.kind is PropertyKind.LEADS_TO and p.within is None)

    def starts(self, faults: int, aim: Aim) -> tuple[State, ...] | None:
        """Where the runs begin; None: with the boot. Raises BootUnfinished."""
        if not self.at_rest:
            return None
        if (faults, aim) not in self._starts:
            system = self.on(with_budget(self.system, faults), aim)
            self._starts[faults, aim] = steady_starts(self.searcher, system, self.clock.rest(), silent)
        return self._starts[faults, aim]

    # ---- the answers

    def every(self, faults: int, aims: Sequence[Aim]) -> tuple[list[tuple[Aim, SideRun]], bool]:
        """For each aim and each order of acts with so many faults and commands a shortest run; whether that is all."""
        system = noting(self.on(with_budget(self.system, faults), aims[0]))
        found = self._explored(system, self.starts(faults, aims[0]), None)
        orders, paid = _orders(system, found)
        shown: list[tuple[Aim, SideRun]] = []
        for aim in aims:
            known: set[tuple[str, ...]] = set()
            for index in np.flatnonzero(found.where(self.shows(aim))).tolist():
                acts = orders[index]
                if acts in known or len(acts) > MOST or paid[acts] != faults:
                    continue
                known.add(acts)
                start = found.start_of(index) if self.at_rest else None
                shown.append((aim, SideRun(self.acted(found.names_to(index)), start, acts)))
        return shown, found.complete and all(len(acts) <= MOST for acts in orders)

    def ask(self, order: Order, faults: int, aim: Aim, *, whole: bool = False) -> SideAnswer:
        """Whether some run with these acts at times within these bounds shows it; the shortest, if so.

        `whole`: it has to show it when all of the acts have come, and not only on the way.
        """
        system = self.held(order, faults, aim)
        starts = self.starts(faults, aim)
        wanted = and_(self.shows(aim), all_came(order)) if whole else self.shows(aim)
        found = self._explored(system, starts, wanted)
        index = found.first_where(wanted)
        if index is not None:
            names = tuple(name for name in found.names_to(index) if name not in TICKS)
            start = found.start_of(index) if self.at_rest else None
            return SideAnswer(SideRun(names, start, order.acts), found.complete, found.classes)
        for prop in self.endless(aim.promise):
            verdict = self.searcher.engine.check(system, prop, self.clock.rest(), starts)
            if verdict.outcome not in (Outcome.HOLDS, Outcome.VACUOUS):
                names = verdict.trace.names() if verdict.trace is not None else ()
                shown = SideRun(names, None, order.acts) if verdict.outcome is Outcome.VIOLATED else None
                return SideAnswer(shown, False, verdict.states)
        return SideAnswer(None, found.complete, found.classes)

    def held(self, order: Order, faults: int, aim: Aim) -> System:
        """The system that is held to these acts."""
        return held_to(self.on(with_budget(self.system, faults), aim), order, at_rest=self.at_rest)

    def acted(self, names: Sequence[str]) -> tuple[str, ...]:
        """The same events with each act by its position."""
        found, at = [], 0
        for name in names:
            if is_act(self.action(name)):
                found.append(FIRST if at == 0 and self.at_rest else act(at))
                at += 1
            else:
                found.append(name)
        return tuple(found)

    def action(self, name: str) -> Action:
        return self.system.actions[self.system.action_index[name]]

    def paid(self, name: str) -> bool:
        """Whether an act is a fault or a command, and no repair."""
        action = self.action(name)
        return bool(action.fault) and action.kind in (Kind.FAULT, Kind.OPERATOR)

    def at(self, start: State | None) -> State | None:
        """A state without what belongs to acts."""
        if start is None:
            return None
        return State(
            start.variables[: len(self.plain.variables)], start.queues, start.running[: len(self.plain.timers)]
        )

    def _explored(self, system: System, starts: tuple[State, ...] | None, until: Expr | None) -> Exploration:
        found = self.searcher.engine.explore(system, starts, "inclusion", limits=self.clock.rest(), until=until)
        if is_interrupted(found):
            raise KeyboardInterrupt
        return found


def _orders(system: System, found: Exploration) -> tuple[list[tuple[str, ...]], Mapping[tuple[str, ...], int]]:
    """The acts on the way to each class, and how many of each order are paid for."""
    names = [a.name if is_act(a) else "" for a in system.actions]
    costs = [int(bool(a.fault) and a.kind in (Kind.FAULT, Kind.OPERATOR)) for a in system.actions]
    orders: list[tuple[str, ...]] = []
    paid: dict[tuple[str, ...], int] = {(): 0}
    one_more: dict[tuple[tuple[str, ...], int], tuple[str, ...]] = {}
    for parent, via in zip(found.parent.tolist(), found.via.tolist(), strict=True):
        before = orders[parent] if parent >= 0 else ()
        if parent < 0 or not names[via]:
            orders.append(before)
            continue
        if (before, via) not in one_more:
            one_more[before, via] = (*before, names[via])
            paid[one_more[before, via]] = paid[before] + costs[via]
        orders.append(one_more[before, via])
    return orders, paid
