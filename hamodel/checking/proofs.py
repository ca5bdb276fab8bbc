"""What a search has found becomes a proof that others can check: a closed set of classes, ranks, or one run.

The search may have looked at a larger system, with the observers of other properties switched off: of its classes only
the cells of the system in the receipt are written. Nothing here is trusted; a mistake would only make a receipt that is
refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hamodel.checking.search import Progress, with_budget
from hamodel.engines._lower.pending import promise
from hamodel.engines._lower.ranking import ranking
from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.errors import EngineLimit
from hamodel.ir import schedule
from hamodel.ir.compose import BUDGET, BUDGET_TOTAL
from hamodel.ir.expr import Expr, or_
from hamodel.ir.fairness import named
from hamodel.ir.observe import late_of, remembered, switch_of
from hamodel.ir.portable import cells, expression, length, runs
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.bind import deadline_of

Tree = Any
Bits = npt.NDArray[np.bool_]
STEADY = "steady"


def goal_of(prop: Property) -> Expr:
    """What ends the waiting of a promise."""
    return or_(*(e for e in (prop.goal, prop.release) if e is not None))


def claim_of(prop: Property, outcome: Outcome, system: System) -> dict[str, Tree]:
    """What has to be proved for this outcome. A deadline is an observer of the system: it is never late.

    `given`: the actions that are assumed not to be put off for ever, each with the strength of the assumption.
    """
    if outcome is Outcome.VACUOUS:
        assert prop.witness is not None
        return {"always": _never(expression(prop.witness))}
    formula = expression(prop.formula)
    if prop.kind is PropertyKind.LEADS_TO:
        if prop.within is None:
            given = [[f.strength.value, system.actions[i].name] for f in prop.fairness for i in named(system, f)]
            return {"after": formula, "goal": expression(goal_of(prop)), "given": given}
        formula = _never(expression(remembered(late_of(deadline_of(prop.name)))))
    wanted = prop.kind is PropertyKind.SOMETIMES
    if wanted == (outcome is Outcome.HOLDS):
        return {"sometimes": formula if wanted else _never(formula)}
    return {"always": _never(formula) if wanted else formula}


def _never(formula: Tree) -> Tree:
    """The formula that is true where this one is not."""
    return formula[1] if isinstance(formula, list) and formula[0] == "not" else ["not", formula]


@dataclass(frozen=True)
class Prover:
    """Explores `explored`, and writes down what concerns the cells of `written`."""

    engine: ClassesEngine
    explored: System
    written: System
    start: str
    limits: Limits
    progress: Progress

    @property
    def ladder(self) -> str | None:
        """The setting with the number of faults."""
        return BUDGET_TOTAL if BUDGET_TOTAL in self.written.setting_value else None

    def every_run(self, claim: dict[str, Tree], prop: Property, observe: Sequence[str] = ()) -> dict[str, Tree]:
        """The claim with its proof: for each number of faults the boot, and a set of classes that no step leaves."""
        budgets = range(self.written.setting_value[BUDGET_TOTAL] + 1) if self.ladder else (0,)
        return {**claim, "observe": list(observe), "steps": [self._closed(b, claim, prop, observe) for b in budgets]}

    def _closed(self, budget: int, claim: dict[str, Tree], prop: Property, observe: Sequence[str]) -> dict[str, Tree]:
        system = with_budget(self.explored, budget)
        boot, starts = None, None
        if self.start == STEADY:
            found = self._explore(system.with_enabled(frozenset()))
            boot, starts = self.part(found), self._resting(found)
        comes = "goal" in claim
        mode = "equality" if comes else "inclusion"
        found = self._explore(system.with_settings(**dict.fromkeys(observe, 1)), starts, mode, edges=comes)
        ranks = self._ranks(found, prop) if comes else None
        return {"budget": budget, "boot": boot, "parts": [self.part(found, ranks)]}

    def _ranks(self, found: Exploration, prop: Property) -> list[Tree]:
        """For each class the levels of its rank; a timer is the number of its cell in the written system."""
        asked = promise(found, found.where(prop.formula), found.where(goal_of(prop)), prop.fairness)
        number = {cell[0]: at for at, cell in enumerate(cells(self.written))}
        duty: dict[tuple[str, ...], list[Tree]] = {d.sign: list(d.sign) for d in asked.fair}
        duty |= {("runs", t.name): ["runs", number[runs(t.name)]] for t in self.written.timers}
        duty |= {(): [], ("time",): ["time"]}
        return [[[place, *duty[undone.sign if undone else ()]] for place, undone in rank] for rank in ranking(asked)]

    def some_run(self, claim: dict[str, Tree], trace: Trace, observe: Sequence[str] = ()) -> dict[str, Tree]:
        """The claim with the run that shows it, and with the boot before it where runs begin at rest."""
        budget = trace.initial.variables[self.explored.variable_index[BUDGET]] if self.ladder else 0
        boot = None
        if self.start == STEADY:
            system = with_budget(self.explored, budget).with_enabled(frozenset())
            found = self._explore(system)
            index = next(int(i) for i in np.flatnonzero(found.quiescent()) if found.state(int(i)) == trace.initial)
            boot = _events(schedule.timed(system, found.names_to(index)))
        step = {"budget": budget, "boot": boot, "events": _events(trace), "loop": trace.loop}
        return {**claim, "observe": list(observe), "steps": [step]}

    def _explore(
        self, system: System, starts: Sequence[State] | None = None, mode: str = "inclusion", edges: bool = False
    ) -> Exploration:
        def tell(classes: int, _edges: int, _seconds: float) -> None:
            self.progress("receipt", classes)

        found = self.engine.explore(system, starts, mode, edges, self.limits, tell, zones=True)
        if found.stopped == "interrupted":
            raise KeyboardInterrupt
        if not found.complete:
            raise EngineLimit(f"the search for a proof ended after {found.classes} classes: {found.stopped}")
        return found

    def _resting(self, found: Exploration) -> list[State]:
        return list(dict.fromkeys(found.state(int(i)) for i in np.flatnonzero(found.quiescent())))

    def part(self, found: Exploration, ranks: Sequence[Tree] | None = None) -> dict[str, Tree]:
        """The classes of a search, each as the changes against the class it was first reached from."""
        assert found.zone is not None
        rows = found.states[:, self._columns(found)]
        classes: list[Tree] = []
        for number, parent in enumerate(found.parent.tolist()):
            base = rows[parent] if parent >= 0 else np.zeros(rows.shape[1], np.uint8)
            changed = np.flatnonzero(rows[number] != base)
            changes = np.stack((changed, rows[number][changed]), axis=1).ravel().tolist()
            classes.append([parent, changes, list(found.zone(number))])
        return {"classes": classes, "ranks": None if ranks is None else list(ranks)}

    def _columns(self, found: Exploration) -> list[int]:
        """Where the cells of the written system lie in a row of the search."""
        layout = found.layout
        columns = [layout.variables[v.name] for v in self.written.variables]
        for queue in self.written.queues:
            columns += range(layout.queues[queue.name].offset, layout.queues[queue.name].offset + queue.capacity + 1)
        return columns + [layout.flag(t.name) for t in self.written.timers]


def invariant_part(system: System, clauses: Sequence[Sequence[tuple[str, str, int]]]) -> dict[str, Tree]:
    """An inductive invariant of the untimed system: clauses of (name, comparison, value), one of which has to be true.

    A name is that of a variable, of a timer (1 while it runs), of a queue (how many messages it holds) or of a cell.
    """
    cell = {q.name: length(q.name) for q in system.queues} | {t.name: runs(t.name) for t in system.timers}
    words = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
    known = {name: name for name, *_ in cells(system)} | cell
    return {"clauses": [[[known[name], words[op], value] for name, op, value in clause] for clause in clauses]}


def awaited(system: System, trace: Trace, prop: Property) -> bool:
    """Whether a promise is open at the end of a trace."""
    waits = False
    for state in (trace.initial, *(step.state for step in trace.steps)):
        waits = (waits or evaluate(system, state, prop.formula) != 0) and not evaluate(system, state, goal_of(prop))
    return waits


def observers_of(prop: Property) -> tuple[str, ...]:
    """The switch of the deadline of a timed promise."""
    timed = prop.kind is PropertyKind.LEADS_TO and prop.within is not None
    return (switch_of(deadline_of(prop.name)),) if timed else ()


def _events(trace: Trace) -> list[Tree]:
    return [[step.action, step.at] for step in trace.steps]
