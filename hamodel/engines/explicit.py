"""Explicit search of the untimed abstraction: what holds there holds whatever the delays.

The system is made untimed, sliced to what the question depends on, and every state of it is listed: packed and in
machine code where llvmlite is there, else by numpy, many states at a time. A violation found so is possible with some
delays; only a run that fits the delays of the system itself makes it one of the system, and where none of those tried
does, the verdict is `unknown` and says so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from hamodel.engines._lower.abstraction import (
    TOO_SMALL,
    Question,
    asked,
    feasible,
    in_time,
    replayed,
    verdict,
    verdict_on_absence,
)
from hamodel.engines._lower.numpy_search import NumpySearch
from hamodel.engines._lower.remembering import RememberingSearch
from hamodel.engines._lower.search import Stop
from hamodel.engines._lower.untimed_search import PlainSearch, Tell, UntimedSearch
from hamodel.errors import EngineLimit, EngineUnavailable, ModelError
from hamodel.ir.expr import FALSE, Expr
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome, Verdict

NO_LIMITS = Limits()
CANDIDATES = 200
"""So many runs are tried in time before it is said that none was found."""
OTHERWISE = "with other delays it comes about"
SHOWN = 8
"""Runs of more events are told by their first and last ones."""


@dataclass(frozen=True, slots=True)
class Explored:
    """A search at its end."""

    system: System
    """The untimed system that was searched."""
    search: UntimedSearch
    engine: str
    seconds: float

    @property
    def states(self) -> int:
        return self.search.states

    @property
    def edges(self) -> int:
        return self.search.edges

    @property
    def depth(self) -> int:
        """Steps to the farthest state."""
        return self.search.depth

    @property
    def deadlocks(self) -> int:
        """States without a step."""
        return self.search.deadlocks

    @property
    def hits(self) -> list[int]:
        """For each asked formula, in how many states it holds."""
        return self.search.hits

    @property
    def firsts(self) -> list[int | None]:
        """For each asked formula, the first state in which it holds."""
        return self.search.firsts

    @property
    def complete(self) -> bool:
        return not self.search.stopped and self.search.error is None

    @property
    def stopped(self) -> str:
        """Why it is not complete."""
        return self.search.stopped

    def names_to(self, index: int) -> tuple[str, ...]:
        """The events of the first of the shortest runs to a state."""
        return tuple(self.system.actions[a].name for a in self.search.path(index))

    def state(self, index: int) -> State:
        return self.search.state(index)


class ExplicitEngine:
    """Every state of the untimed abstraction, one by one."""

    name: ClassVar[str] = "explicit"
    answers: ClassVar[frozenset[PropertyKind]] = frozenset({PropertyKind.ALWAYS, PropertyKind.SOMETIMES})

    def __init__(self, *, how: str | None = None) -> None:
        """`how`: "compiled", "numpy", "remembering" or "plain" (the measure of the others).

        None: the fastest there is; HAMODEL_PURE=1 forbids compiling.
        """
        self.how = how

    def explore(
        self,
        system: System,
        formulas: Sequence[Expr] = (),
        limits: Limits = NO_LIMITS,
        *,
        until: Sequence[int] = (),
        tell: Tell | None = None,
    ) -> Explored:
        """Every state of an untimed system (see `ir.untimed`), as far as the limits allow.

        The search ends after the layer in which one of the formulas numbered in `until` holds. Counts, order and runs
        do not depend on the number of threads (`limits.jobs`). Raises EngineUnavailable for compiled code without
        llvmlite, ModelError for a system with clocks, EngineLimit for states of more bits than a search can number.
        """
        search, name = self._search(system, formulas, limits.jobs)
        began = time.monotonic()
        search.run(Stop(limits), sum(1 << f for f in until), tell)
        return Explored(system, search, name, time.monotonic() - began)

    def _search(self, system: System, formulas: Sequence[Expr], jobs: int) -> tuple[UntimedSearch, str]:
        if system.timers or system.queues or system.after is not None:
            raise ModelError("only untimed systems are searched state by state")
        if self.how in (None, "compiled") and os.environ.get("HAMODEL_PURE") != "1":
            try:
                from hamodel.engines._lower.packed_program import compile_packed
                from hamodel.engines._lower.packed_search import PackedSearch

                program = compile_packed(system, formulas)
                first = [program.packing.pack(initial_state(system)[0].variables)]
                return PackedSearch(program, first, jobs), self.name
            except EngineUnavailable:
                if self.how is not None:
                    raise
        if self.how == "compiled":
            raise EngineUnavailable("HAMODEL_PURE=1 forbids compiled code", help="unset HAMODEL_PURE")
        if self.how in (None, "numpy"):
            try:
                return NumpySearch(system, formulas, jobs), f"{self.name} (numpy)"
            except EngineLimit:
                if self.how is not None:
                    raise
        kind = PlainSearch if self.how == "plain" else RememberingSearch
        return kind(system, formulas), f"{self.name} (plain Python)"

    def check(
        self,
        system: System,
        prop: Property,
        limits: Limits = NO_LIMITS,
        start: State | None = None,
        tell: Tell | None = None,
    ) -> Verdict:
        """The verdict on one property of a timed system, from its beginning or from a state in which no timer runs.

        `holds` means whatever the delays. A trace is one of the timed system, with its times.
        """
        return _Search(self, asked(system, prop, start), limits, tell).answer()

    def breaks_with_other_delays(
        self,
        system: System,
        prop: Property,
        limits: Limits = NO_LIMITS,
        start: State | None = None,
        tell: Tell | None = None,
    ) -> bool | None:
        """Whether an `always` that holds with these delays is broken in some run with others; None: not known."""
        found = _Search(self, asked(system, prop, start), limits, tell).explored(further=False)
        if found.firsts[WANTED] is not None:
            return True
        return None if not found.complete or found.hits[EXCEEDED] else False


WANTED, EXCEEDED, WITNESS = 0, 1, 2
"""What is asked of every state, by its number."""


@dataclass(frozen=True, slots=True)
class _Search:
    """One question about one timed system."""

    engine: ExplicitEngine
    question: Question
    limits: Limits
    tell: Tell | None

    def explored(self, *, further: bool) -> Explored:
        """`further`: behind the first layer in which the wanted is found."""
        ask = self.question
        formulas = [ask.wanted, ask.limit, FALSE if ask.witness is None else ask.witness]
        until = () if further else (WANTED,)
        return self.engine.explore(ask.system, formulas, self.limits, until=until, tell=self.tell)

    def answer(self) -> Verdict:
        found = self.explored(further=False)
        trace = self.fitting(found)
        if trace is None and found.firsts[WANTED] is not None and found.stopped == "found":
            found = self.explored(further=True)
            trace = self.fitting(found)
        if trace is not None:
            outcome = Outcome.HOLDS if self.question.sometimes else Outcome.VIOLATED
            return replace(self.verdict(found, outcome), trace=trace)
        first = found.firsts[WANTED]
        if first is not None:
            reason = f"{OTHERWISE} ({told(found.names_to(first))}); no run was found that fits these"
            return self.verdict(found, Outcome.UNKNOWN, reason)
        if found.search.error is not None:
            return self.verdict(found, Outcome.UNKNOWN, f"with other delays the model breaks: {found.stopped}")
        if not found.complete:
            reason = f"the search ended after {found.states} states: {found.stopped}"
            return self.verdict(found, Outcome.BOUNDED, reason)
        if found.hits[EXCEEDED]:
            return self.verdict(found, Outcome.UNKNOWN, TOO_SMALL)
        absence = verdict_on_absence(self.question, found.engine, witnessed=self.witnessed(found), states=found.states)
        return replace(absence, edges=found.edges)

    def witnessed(self, found: Explored) -> bool | None:
        """Whether the situation the claim speaks of comes about; None: only in the abstraction, as far as is known."""
        if self.question.witness is None:
            return True
        if not found.hits[WITNESS]:
            return False
        return True if any(feasible(self.question, names) for names in self.runs(found, WITNESS)) else None

    def fitting(self, found: Explored) -> Trace | None:
        """A run of the timed system to what is wanted, if one of the first that were found is such a run."""
        for names in self.runs(found, WANTED):
            trace = in_time(self.question, names) if feasible(self.question, names) else None
            if trace is not None:
                replayed(self.question, names, self.question.wanted)
                return trace
        return None

    def runs(self, found: Explored, formula: int) -> Iterator[tuple[str, ...]]:
        """The shortest runs to the first states in which a formula holds."""
        return (found.names_to(index) for index in found.search.where(formula, CANDIDATES))

    def verdict(self, found: Explored, outcome: Outcome, reason: str = "") -> Verdict:
        return verdict(self.question, found.engine, outcome, reason, found.states, edges=found.edges)


def told(run: Sequence[str]) -> str:
    """The events of a run, in few words.

    >>> told(["cut", "hear", "hear", "die"])
    'cut hear hear die'
    >>> told(["cut", *["hear"] * 40, "die"])
    'cut hear hear hear ... hear hear die, 42 steps'
    """
    if len(run) <= SHOWN:
        return " ".join(run)
    return f"{' '.join(run[:4])} ... {' '.join(run[-3:])}, {len(run)} steps"
