"""Inductive invariants: what is true at the start, stays true with every step, and excludes what must not be.

Data that anybody can check without knowing how it was found. Each clause is a list of literals of which one is true;
each variable has a set of values, which is a clause of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hamodel.ir.expr import TRUE, Binary, Const, Expr, Op, Read, and_, or_
from hamodel.ir.system import System

RUNNING = "running["


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """`variable == value`, or `!=`."""

    variable: str
    op: str
    value: int

    def expr(self) -> Expr:
        return Binary(Op(self.op), Read(self.variable), Const(self.value))


@dataclass(frozen=True, slots=True)
class Invariant:
    """Values a variable never leaves (of several), and clauses; all of it together is inductive."""

    domains: tuple[tuple[str, tuple[int, ...]], ...]
    clauses: tuple[tuple[Literal, ...], ...]

    def formulas(self) -> tuple[Expr, ...]:
        """Everything it says: the sets of values, then the clauses."""
        sets = [or_(*(Binary(Op.EQ, Read(name), Const(v)) for v in values)) for name, values in self.domains]
        return (*sets, *(or_(*(literal.expr() for literal in clause)) for clause in self.clauses))

    def expr(self) -> Expr:
        return and_(*self.formulas()) if self.domains or self.clauses else TRUE

    def lines(self, system: System) -> tuple[str, ...]:
        """The clauses as one would say them: which situation never comes. `system` has the names of the values."""
        labels = {v.name: v.labels for v in system.variables}
        many = {v.name for v in system.variables if v.hi > 1}
        return tuple(
            f"never {' and '.join(_never(clause, dict(self.domains), labels, many))}" for clause in self.clauses
        )


def _never(
    clause: tuple[Literal, ...],
    domains: Mapping[str, tuple[int, ...]],
    labels: Mapping[str, tuple[str, ...]],
    many: set[str],
) -> list[str]:
    """What is true where no literal of the clause is: one phrase for each variable."""
    excluded: dict[str, set[int]] = {}
    for literal in clause:
        values = set(domains.get(literal.variable, (0, 1)))
        hit = {literal.value} if literal.op == "==" else values - {literal.value}
        excluded.setdefault(literal.variable, set()).update(hit)
    return [_phrase(name, set(domains.get(name, (0, 1))) - out, labels, many) for name, out in sorted(excluded.items())]


def _phrase(name: str, values: set[int], labels: Mapping[str, tuple[str, ...]], many: set[str]) -> str:
    own = labels.get(name, ())
    said = " or ".join(own[v] if v < len(own) else str(v) for v in sorted(values))
    if name.startswith(RUNNING):
        return f"{name[len(RUNNING) : -1]} {'runs' if values == {1} else 'does not run'}"
    if not own and name not in many:
        return name if values == {1} else f"not {name}"
    return f"{name} = {said}"
