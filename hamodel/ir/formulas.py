"""Formulas without calls: guards and asked formulas have no place for statements.

The procedures they ask become cases. Such procedures change nothing; what they bind and test is put into the formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.plain import simplified, truth
from hamodel.ir.rewrite import rebuilt
from hamodel.ir.system import System

CASES = 256
"""Most ways a term of a guard may take through the procedures it asks."""
Ways = list[tuple[e.Expr, Mapping[str, e.Expr], e.Expr | None]]
"""Ways through a block: when each is taken, the local names at its end, the result where it returns one."""
Cases = list[tuple[e.Expr, e.Expr]]
"""Terms, each with the condition under which it is the value; exactly one condition holds."""


def without_calls(system: System, formula: e.Expr) -> e.Expr:
    """The condition under which the term is not 0. Raises ModelError where a procedure it asks is no plain term."""
    return _Terms(system).formula(formula)


@dataclass(frozen=True, slots=True)
class _Terms:
    """Formulas without calls, by cases; for guards and questions, which change nothing."""

    system: System

    def formula(self, expr: e.Expr) -> e.Expr:
        """The condition under which the term is not 0."""
        return truth(simplified(self.decided(expr), self.system))

    def decided(self, expr: e.Expr) -> e.Expr:
        match expr:
            case e.Not(arg):
                return e.not_(self.decided(arg))
            case e.And(args):
                return e.and_(*(self.decided(a) for a in args))
            case e.Or(args):
                return e.or_(*(self.decided(a) for a in args))
            case _:
                return e.or_(*(e.and_(when, value) for when, value in self.cases(expr)))

    def cases(self, expr: e.Expr) -> Cases:
        match expr:
            case e.Not() | e.And() | e.Or():
                return [(e.TRUE, self.decided(expr))]
            case e.Binary(op, left, right):
                found = [(e.and_(a, b), e.binary(op, x, y)) for a, x in self.cases(left) for b, y in self.cases(right)]
                return self.few(found)
            case e.Value(name, args):
                given: list[tuple[e.Expr, tuple[e.Expr, ...]]] = [(e.TRUE, ())]
                for arg in args:
                    given = [(e.and_(a, b), (*xs, y)) for a, xs in given for b, y in self.cases(arg)]
                procedure = self.system.procedures[name]
                results: Cases = []
                for when, values in given:
                    names = dict(zip(procedure.params, values, strict=True))
                    for also, _, result in self.ways(procedure.body, names, name):
                        results.append((e.and_(when, also), e.FALSE if result is None else result))
                return self.few(results)
            case _:
                return [(e.TRUE, expr)]

    def few(self, found: Cases) -> Cases:
        possible = [(simplified(when, self.system), value) for when, value in found]
        possible = [(when, value) for when, value in possible if when != e.FALSE]
        if len(possible) > CASES:
            raise ModelError(f"a guard or a formula takes more than {CASES} ways through the procedures it asks")
        return possible

    def ways(self, body: Sequence[s.Statement], names: Mapping[str, e.Expr], here: str) -> Ways:
        """The ways through a block: when it is taken, the local names at its end, the result where it returns one."""
        if not body:
            return [(e.TRUE, names, None)]
        first, rest = body[0], body[1:]
        match first:
            case s.Return(value):
                if value is None:
                    return [(e.TRUE, names, e.FALSE)]
                known = self.cases(self.said(value, names))
                return [(when, names, result) for when, result in known]
            case s.Bind(name, value):
                return [
                    (e.and_(when, also), last, result)
                    for when, known in self.cases(self.said(value, names))
                    for also, last, result in self.ways(rest, {**names, name: known}, here)
                ]
            case s.If(test, then, otherwise):
                taken = self.decided(self.said(test, names))
                found: Ways = []
                for when, part in ((taken, then), (e.not_(taken), otherwise)):
                    for inside, local, result in self.ways(part, names, here):
                        condition = simplified(e.and_(when, inside), self.system)
                        if result is not None:
                            found.append((condition, local, result))
                        elif condition != e.FALSE:
                            found += [(e.and_(condition, w), n, r) for w, n, r in self.ways(rest, local, here)]
                return found
            case s.Log():
                return self.ways(rest, names, here)
            case _:
                what = type(first).__name__
                raise ModelError(f"{here} is asked in a guard or a formula and is no plain term: {what}")

    def said(self, expr: e.Expr, names: Mapping[str, e.Expr]) -> e.Expr:
        """The term of a procedure with its local names put in."""
        return rebuilt(expr, lambda t: names.get(t.name, t) if isinstance(t, e.Local) else t)
