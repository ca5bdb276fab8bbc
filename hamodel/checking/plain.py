"""The reference engine as a searcher: for small systems, and for machines without llvmlite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hamodel.checking.faultsets import used_by
from hamodel.checking.search import Progress
from hamodel.engines.reference import Exploration, Reference
from hamodel.ir.expr import Expr
from hamodel.ir.property import Property
from hamodel.ir.report import FaultSet
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Range, Verdict


@dataclass(frozen=True, slots=True)
class PlainFound:
    """An exploration of the reference engine."""

    inner: Exploration

    @property
    def complete(self) -> bool:
        return self.inner.complete

    @property
    def stopped(self) -> str:
        return "" if self.inner.complete else "a limit was reached"

    @property
    def classes(self) -> int:
        return self.inner.classes

    @property
    def seconds(self) -> float:
        return self.inner.seconds

    def where(self, formula: Expr) -> Sequence[int]:
        known: dict[State, bool] = {}
        for state in self.inner.states:
            if state not in known:
                known[state] = evaluate(self.inner.system, state, formula) != 0
        return [i for i, state in enumerate(self.inner.states) if known[state]]

    def names_to(self, index: int) -> tuple[str, ...]:
        return self.inner.names(index)

    @property
    def sure(self) -> int | None:
        return None

    def run_to(self, index: int) -> tuple[str, ...] | None:
        return self.names_to(index)

    def sets_to(self, formula: Expr) -> dict[FaultSet, int]:
        found: dict[FaultSet, int] = {}
        for index in self.where(formula):
            found.setdefault(used_by(self.inner.system, self.names_to(index)), index)
        return found

    def quiescent_states(self) -> tuple[State, ...]:
        return self.inner.quiescent()

    def measured(self, name: str) -> Range | None:
        return self.inner.measured[name].range()

    def ends(self, name: str) -> bool:
        """Whether the measured situation ends in some run."""
        return self.inner.measured[name].lo is not None


class Plain:
    """The slow engine that is right by construction."""

    @property
    def name(self) -> str:
        return "reference"

    def explore(self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress) -> PlainFound:
        known = "inclusion" if mode in ("merged", "hulls") else mode
        return PlainFound(Reference().explore(system, known, limits, start=start))

    def check(self, system: System, prop: Property, start: State | None, limits: Limits) -> Verdict:
        return Reference().check(system, prop, limits, start)
