"""The compiled engine as a searcher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hamodel.checking.search import Progress
from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.ir.expr import Expr
from hamodel.ir.property import Property
from hamodel.ir.state import State
from hamodel.ir.system import System
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
        return CompiledFound(self.engine.explore(system, starts, mode, limits=limits, progress=tell))

    def check(self, system: System, prop: Property, start: State | None, limits: Limits) -> Verdict:
        return self.engine.check(system, prop, limits, None if start is None else (start,))
