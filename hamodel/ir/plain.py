"""Terms said more plainly, with the same value: no `!= 0` around what is 0 or 1 anyway, no double negation."""

from __future__ import annotations

from hamodel.ir.expr import (
    FALSE,
    TRUE,
    And,
    Binary,
    Const,
    Expr,
    Length,
    Local,
    Not,
    Op,
    Option,
    Or,
    Read,
    Running,
    Value,
    and_,
    binary,
    not_,
    or_,
)
from hamodel.ir.rewrite import rebuilt
from hamodel.ir.system import System

OPPOSITE = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LT: Op.GE, Op.GE: Op.LT, Op.GT: Op.LE, Op.LE: Op.GT}


def is_bit(expr: Expr, system: System | None = None) -> bool:
    """Known to be 0 or 1 without looking into procedures."""
    match expr:
        case Const(value):
            return value in (0, 1)
        case Read(name):
            if system is None:
                return False
            variable = system.variables[system.variable_index[name]]
            return variable.lo >= 0 and variable.hi <= 1
        case Not() | And() | Or() | Running():
            return True
        case Binary(op, _, _):
            return op.compares
        case Local() | Option() | Length() | Value():
            return False


def simplified(expr: Expr, system: System | None = None) -> Expr:
    """The same value, said more plainly."""
    return rebuilt(expr, lambda term: _plain(term, system))


def _plain(expr: Expr, system: System | None) -> Expr:
    match expr:
        case Not(Binary(op, left, right)) if op.compares:
            return _plain(binary(OPPOSITE[op], left, right), system)
        case Not(Not(arg)) if is_bit(arg, system):
            return arg
        case Binary(Op.NE, arg, Const(0)) if is_bit(arg, system):
            return arg
        case Binary(Op.EQ, arg, Const(0)) if is_bit(arg, system):
            return _plain(not_(arg), system)
        case Binary(Op.EQ, arg, Const(1)) if is_bit(arg, system):
            return arg
        case Binary(Op.NE, arg, Const(1)) if is_bit(arg, system):
            return _plain(not_(arg), system)
        case And(args):
            return _single(and_(*dict.fromkeys(truth(a) for a in args)), system)
        case Or(args):
            return _single(or_(*dict.fromkeys(truth(a) for a in args)), system)
        case _:
            return expr


def _single(expr: Expr, system: System | None) -> Expr:
    return _plain(expr, system) if isinstance(expr, Binary) else expr


def truth(expr: Expr) -> Expr:
    """For a place that asks only whether the term is 0: the same answer, said more plainly."""
    match expr:
        case Binary(Op.NE, arg, Const(0)):
            return truth(arg)
        case Binary(Op.EQ, arg, Const(0)):
            return not_(truth(arg))
        case Not(arg):
            inner = truth(arg)
            return truth(inner.arg) if isinstance(inner, Not) else not_(inner)
        case Const(value):
            return TRUE if value else FALSE
        case _:
            return expr
