"""An invariant is checked by z3, from the rules again: true at the start, kept by every action, without the bad.

Nothing of the proving engine is used here: the procedures become z3 terms by another reading (`symbolic.py`), and the
invariant is taken as what it says about variables, not as bits.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import z3

from hamodel.engines._lower.symbolic import WIDTH, Interpreter, Store, Term, truth
from hamodel.ir.expr import Expr
from hamodel.ir.invariant import Invariant
from hamodel.ir.rewrite import within
from hamodel.ir.semantics import evaluate, initial_state
from hamodel.ir.system import Action, System

ROUNDS = 17
"""Rounds of a loop, as in `bits.py`."""


class OutOfTime(Exception):
    """z3 was asked to give up."""


def objections(
    system: System, invariant: Invariant, bad: Sequence[Expr], seconds: float | None = None
) -> tuple[str, ...]:
    """What is wrong with the certificate that none of `bad` is ever reached; nothing where it is one. OutOfTime."""
    return _Check(system, invariant, None if seconds is None else time.monotonic() + seconds).objections(bad)


class _Check:
    def __init__(self, system: System, invariant: Invariant, end: float | None) -> None:
        self.system, self.invariant, self.end = system, invariant, end
        self.interpreter = Interpreter(system)
        self.interpreter.rounds = ROUNDS
        self.before: dict[str, Term] = {f"x:{v.name}": z3.BitVec(v.name, WIDTH) for v in system.variables}
        self.before["limit"] = False
        self.formulas = invariant.formulas()
        self.now = [self.formula(f, self.before) for f in self.formulas]
        self.about = [{t.variable for t in within(f) if hasattr(t, "variable")} for f in self.formulas]

    def formula(self, expr: Expr, values: dict[str, Term]) -> Any:  # noqa: ANN401
        term = truth(self.interpreter.value(expr, Store(values))[1])
        return z3.BoolVal(term) if isinstance(term, bool) else term

    def objections(self, bad: Sequence[Expr]) -> tuple[str, ...]:
        start = initial_state(self.system)[0]
        found = [f"not true at the start: {f}" for f in self.formulas if evaluate(self.system, start, f) == 0]
        for expr in bad:
            if self._possible([self.formula(expr, self.before)]):
                found.append("it does not exclude what must not be")
        found += [f"{a.name} leads out of it" for a in self.system.actions if self._leaves(a)]
        return tuple(found)

    def _leaves(self, action: Action) -> bool:
        guard = self.formula(action.guard, self.before)
        after, _ = self.interpreter.call(action.procedure, (), Store(dict(self.before)))
        if self.system.after is not None:
            after, _ = self.interpreter.call(self.system.after, (), after)
        values = {name: term for name, term in after.values.items() if name.startswith("x:")}
        written = {name[2:] for name, term in values.items() if term is not self.before[name]}
        broken = [
            z3.Not(self.formula(f, values))
            for f, about in zip(self.formulas, self.about, strict=True)
            if about & written
        ]
        limit = after.values["limit"]
        if limit is not False:
            broken.append(z3.BoolVal(True) if limit is True else limit)
        return bool(broken) and self._possible([guard, z3.Or(broken)])

    def _possible(self, formulas: Sequence[Any]) -> bool:
        """Whether some state within the invariant meets these."""
        solver = z3.SolverFor("QF_FD")
        if self.end is not None:
            left = self.end - time.monotonic()
            if left <= 0:
                raise OutOfTime
            solver.set("timeout", max(1, int(left * 1000)))
        solver.add(*self.now, *formulas)
        answer = solver.check()
        if answer == z3.unknown:
            raise OutOfTime
        return bool(answer == z3.sat)
