"""The compiled engine as a searcher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hamodel.checking.search import Progress
from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.ir.expr import Expr
from hamodel.ir.property import Property
from hamodel.ir.report import FaultSet
from hamodel.ir.state import State
from hamodel.ir.system import Kind, System
from hamodel.ir.verdict import Limits, Range, Verdict


@dataclass(frozen=True, slots=True)
class CompiledFound:
    """An exploration of the compiled engine."""

    inner: Exploration

    @property
    def complete(self) -> bool:
        return self.inner.complete

    @property
    def stopped(self) -> str:
        return self.inner.stopped

    @property
    def classes(self) -> int:
        return self.inner.classes

    @property
    def seconds(self) -> float:
        return self.inner.seconds

    def where(self, formula: Expr) -> Sequence[int]:
        found: list[int] = np.flatnonzero(self.inner.where(formula)).tolist()
        return found

    def names_to(self, index: int) -> tuple[str, ...]:
        return self.inner.names_to(index)

    @property
    def sure(self) -> int | None:
        return None if self.inner.sure == self.inner.size else self.inner.sure

    def run_to(self, index: int) -> tuple[str, ...] | None:
        return self.inner.run_to(index)

    def sets_to(self, formula: Expr) -> dict[FaultSet, int]:
        """Every set of faults on a way to a class in which the formula holds, with the first such class."""
        inner = self.inner
        kinds = [a.fault if a.kind in (Kind.FAULT, Kind.OPERATOR) else "" for a in inner.system.actions]
        parents, actions = inner.parent.tolist(), inner.via.tolist()
        sets: list[FaultSet] = []
        with_one_more: dict[tuple[FaultSet, str], FaultSet] = {}
        for parent, action in zip(parents, actions, strict=True):
            before = sets[parent] if parent >= 0 else ()
            kind = kinds[action] if parent >= 0 else ""
            if kind and (before, kind) not in with_one_more:
                with_one_more[before, kind] = tuple(
                    sorted(Counter({**dict(before), kind: dict(before).get(kind, 0) + 1}).items())
                )
            sets.append(with_one_more[before, kind] if kind else before)
        found: dict[FaultSet, int] = {}
        for index in self.where(formula):
            found.setdefault(sets[index], index)
        return found

    def quiescent_states(self) -> tuple[State, ...]:
        return tuple(dict.fromkeys(self.inner.state(int(i)) for i in np.flatnonzero(self.inner.quiescent())))

    def measured(self, name: str) -> Range | None:
        return self.inner.measures[name].range()

    def ends(self, name: str) -> bool:
        """Whether the measured situation ends in some run."""
        return self.inner.measures[name].lo is not None


class Compiled:
    """State classes in machine code, or the same search in plain Python where llvmlite is missing."""

    def __init__(self) -> None:
        self.engine = ClassesEngine()

    @property
    def name(self) -> str:
        return f"{self.engine.name} (plain Python)" if self.engine.pure else self.engine.name

    def explore(
        self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress
    ) -> CompiledFound:
        def tell(classes: int, _edges: int, _seconds: float) -> None:
            progress("", classes)

        starts = None if start is None else (start,)
        return CompiledFound(
            self.engine.explore(system, starts, mode, limits=limits, progress=tell, until=self.until(system, start))
        )

    def until(self, _system: System, _start: State | None) -> Expr | None:
        """What ends an exploration early: nothing."""
        return None

    def check(self, system: System, prop: Property, start: State | None, limits: Limits) -> Verdict:
        return self.engine.check(system, prop, limits, None if start is None else (start,))
