"""Formulas are what a property says about one state; `&`, `|` and `~` join them, `and` would be too early."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from hamodel.errors import NotAFormula
from hamodel.ir.expr import FALSE, TRUE, Const, Expr, Op, and_, binary, or_
from hamodel.ir.expr import not_ as negation


@dataclass(frozen=True, slots=True)
class Formula:
    """A claim about one state. `==` compares two formulas; `is_` and `at_least` make new ones from a number."""

    expr: Expr

    def __and__(self, other: Formula) -> Formula:
        return Formula(and_(self.expr, _expr(other)))

    def __or__(self, other: Formula) -> Formula:
        return Formula(or_(self.expr, _expr(other)))

    def __invert__(self) -> Formula:
        return Formula(negation(self.expr))

    def is_(self, value: int) -> Formula:
        """The number is exactly this."""
        return Formula(binary(Op.EQ, self.expr, number(value)))

    def at_least(self, value: int) -> Formula:
        """The number is this or more."""
        return Formula(binary(Op.GE, self.expr, number(value)))

    def __bool__(self) -> bool:
        raise NotAFormula("without a state a formula is neither true nor false", help="join formulas with & | ~")


def _expr(other: object) -> Expr:
    if not isinstance(other, Formula):
        raise NotAFormula(f"{other!r} is no formula", help="join formulas with & | ~, and use true() and false()")
    return other.expr


def number(value: int) -> Expr:
    """A number as a term."""
    return Const(value)


def true() -> Formula:
    """Holds everywhere."""
    return Formula(TRUE)


def false() -> Formula:
    """Holds nowhere."""
    return Formula(FALSE)


def not_(formula: Formula) -> Formula:
    """The same as `~formula`."""
    return ~formula


def all_of(formulas: Iterable[Formula]) -> Formula:
    """Every one holds; true where there is none."""
    return Formula(and_(*(_expr(f) for f in formulas)))


def any_of(formulas: Iterable[Formula]) -> Formula:
    """At least one holds; false where there is none."""
    return Formula(or_(*(_expr(f) for f in formulas)))


def at_most_one(formulas: Iterable[Formula]) -> Formula:
    """No two hold together."""
    return all_of(~(one & other) for one, other in combinations(tuple(formulas), 2))


def exactly_one(formulas: Iterable[Formula]) -> Formula:
    """One holds, and no other."""
    listed = tuple(formulas)
    return any_of(listed) & at_most_one(listed)


def implies(cause: Formula, effect: Formula) -> Formula:
    """Where the cause holds, the effect holds."""
    return ~cause | effect
