"""One way to ask any engine that lists classes: what is there, along which events, and how long does it last."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from hamodel.errors import EngineLimit
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.expr import Expr
from hamodel.ir.property import Property
from hamodel.ir.report import FaultSet
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Range, Verdict

Progress = Callable[[str, int], None]
"""Told what is being explored ("": the same as before), and how many classes there are so far."""


class Found(Protocol):
    """One exploration."""

    @property
    def complete(self) -> bool: ...
    @property
    def stopped(self) -> str: ...
    @property
    def classes(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    def where(self, formula: Expr) -> Sequence[int]: ...
    def names_to(self, index: int) -> tuple[str, ...]: ...
    @property
    def sure(self) -> int | None:
        """So many of the first classes are certainly reached; None: all of them."""

    def run_to(self, index: int) -> tuple[str, ...] | None:
        """The events of a run to a class; None where there may be none."""

    def sets_to(self, formula: Expr) -> dict[FaultSet, int]: ...
    def quiescent_states(self) -> tuple[State, ...]: ...
    def measured(self, name: str) -> Range | None: ...
    def ends(self, name: str) -> bool: ...


class Searcher(Protocol):
    """An engine behind its adapter."""

    @property
    def name(self) -> str: ...
    def explore(self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress) -> Found: ...
    def check(self, system: System, prop: Property, start: State | None, limits: Limits) -> Verdict: ...


@dataclass(slots=True)
class Clock:
    """The time that is left for a whole check; every exploration gets the rest."""

    limits: Limits
    began: float

    @classmethod
    def start(cls, limits: Limits) -> Clock:
        return cls(limits, time.monotonic())

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def rest(self) -> Limits:
        """The limits of the next exploration."""
        if self.limits.seconds is None:
            return self.limits
        return replace(self.limits, seconds=max(0.0, self.limits.seconds - self.elapsed))

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.rest().seconds == 0

    def shared(self, questions: int) -> Clock:
        """The clock of the next of so many questions: what one leaves over, the others have."""
        rest = self.rest()
        return Clock.start(rest if rest.seconds is None else replace(rest, seconds=rest.seconds / questions))


class BootUnfinished(EngineLimit):
    """The limits do not even suffice for the boot, so the steady state is not known."""


def with_budget(system: System, faults: int) -> System:
    """The same system with this many faults and commands in all."""
    return system.with_settings(**{BUDGET_TOTAL: faults}) if BUDGET_TOTAL in system.setting_value else system


def steady_starts(searcher: Searcher, system: System, limits: Limits, progress: Progress) -> tuple[State, ...]:
    """The states in which a cluster that booted without any fault comes to rest, the budget still in hand."""
    found = searcher.explore(system.with_enabled(frozenset()), None, "inclusion", limits, progress)
    if is_interrupted(found):
        raise KeyboardInterrupt
    if not found.complete:
        raise BootUnfinished(f"the boot without any fault is not explored to its end: {found.stopped}")
    return found.quiescent_states()


class Ended(Protocol):
    """Whatever says why it stopped."""

    @property
    def stopped(self) -> str: ...


def is_interrupted(found: Ended) -> bool:
    """Whether somebody pressed Ctrl-C; an engine then gives back what it has."""
    return "interrupt" in found.stopped.lower()


@runtime_checkable
class OneByOne(Protocol):
    """An engine that answers one claim at a time."""

    def verdict(
        self, system: System, prop: Property, start: State | None, limits: Limits, progress: Progress | None
    ) -> Verdict: ...


def searcher(name: str | None = None) -> Searcher:
    """The engine of this name; without one the compiled engine, which is plain Python where llvmlite is missing."""
    if name == "reference":
        from hamodel.checking.plain import Plain

        return Plain()
    if name not in (None, "classes"):
        from hamodel.checking.asked import Asked

        return Asked(name)
    from hamodel.checking.compiled import Compiled

    return Compiled()


def surely(found: Found, formula: Expr) -> bool:
    """Whether the formula holds in some class that is certainly reached."""
    where = found.where(formula)
    return len(where) > 0 and (found.sure is None or where[0] < found.sure)


def each(found: Found, formula: Expr, most: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The first `most` classes in which the formula holds, with the events that lead there."""
    for index in list(found.where(formula)[:most]):
        yield int(index), found.names_to(int(index))
