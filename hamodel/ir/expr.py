"""Terms and formulas.

What a rule may ask about a state. Everything is an integer; a formula is an integer that is 0 or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import assert_never


class Op(Enum):
    """Arithmetic and comparison; `//` and `%` floor as in Python."""

    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "//"
    MOD = "%"
    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    BITAND = "&"
    BITOR = "|"

    @property
    def compares(self) -> bool:
        return self in _COMPARING


_COMPARING = {Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE}


@dataclass(frozen=True, slots=True)
class Const:
    value: int


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a state variable."""

    variable: str


@dataclass(frozen=True, slots=True)
class Local:
    """A parameter or a local name of the procedure it stands in."""

    name: str


@dataclass(frozen=True, slots=True)
class Option:
    """A run-time option of the system: a duration in ms or a switch. Never a constant in compiled code."""

    name: str


@dataclass(frozen=True, slots=True)
class Running:
    """1 while the timer runs, else 0."""

    timer: str


@dataclass(frozen=True, slots=True)
class Length:
    """How many messages a queue holds."""

    queue: str


@dataclass(frozen=True, slots=True)
class Not:
    arg: Expr


@dataclass(frozen=True, slots=True)
class And:
    """Evaluated left to right and only as far as needed; 0 or 1."""

    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """`left op right`; a comparison yields 0 or 1."""

    op: Op
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Value:
    """What a procedure returns (0 where it returns nothing)."""

    procedure: str
    args: tuple[Expr, ...] = ()


Expr = Const | Read | Local | Option | Running | Length | Not | And | Or | Binary | Value

TRUE, FALSE = Const(1), Const(0)


def arithmetic(op: Op, left: int, right: int) -> int:
    """The meaning of the operators, shared by every reader."""
    match op:
        case Op.ADD:
            return left + right
        case Op.SUB:
            return left - right
        case Op.MUL:
            return left * right
        case Op.DIV:
            return left // right
        case Op.MOD:
            return left % right
        case Op.EQ:
            return int(left == right)
        case Op.NE:
            return int(left != right)
        case Op.LT:
            return int(left < right)
        case Op.LE:
            return int(left <= right)
        case Op.GT:
            return int(left > right)
        case Op.GE:
            return int(left >= right)
        case Op.BITAND:
            return left & right
        case Op.BITOR:
            return left | right
        case _:
            assert_never(op)


def not_(arg: Expr) -> Expr:
    """The negation, folded where the argument is known."""
    if isinstance(arg, Const):
        return Const(int(arg.value == 0))
    return Not(arg)


def and_(*args: Expr) -> Expr:
    """The conjunction without its known parts."""
    rest: list[Expr] = []
    for arg in args:
        if isinstance(arg, Const):
            if arg.value == 0:
                return FALSE
        elif isinstance(arg, And):
            rest.extend(arg.args)
        else:
            rest.append(arg)
    if not rest:
        return TRUE
    return And(tuple(rest)) if len(rest) > 1 else Binary(Op.NE, rest[0], FALSE)


def or_(*args: Expr) -> Expr:
    """The disjunction without its known parts."""
    rest: list[Expr] = []
    for arg in args:
        if isinstance(arg, Const):
            if arg.value != 0:
                return TRUE
        elif isinstance(arg, Or):
            rest.extend(arg.args)
        else:
            rest.append(arg)
    if not rest:
        return FALSE
    return Or(tuple(rest)) if len(rest) > 1 else Binary(Op.NE, rest[0], FALSE)


def binary(op: Op, left: Expr, right: Expr) -> Expr:
    """An operation, computed at once where both sides are known."""
    if isinstance(left, Const) and isinstance(right, Const) and not (op in (Op.DIV, Op.MOD) and right.value == 0):
        return Const(arithmetic(op, left.value, right.value))
    return Binary(op, left, right)
