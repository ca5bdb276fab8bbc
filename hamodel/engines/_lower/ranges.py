"""What values a term can take, so that only assignments that could leave a domain are checked at run time."""

from __future__ import annotations

from typing import assert_never

from hamodel.engines._lower.layout import Layout
from hamodel.ir.expr import And, Binary, Const, Expr, Length, Local, Not, Op, Option, Or, Read, Running, Value

Interval = tuple[int, int]
BIT: Interval = (0, 1)


def interval(expr: Expr, layout: Layout) -> Interval | None:
    """Bounds of `expr` in every state, or None where nothing is known."""
    match expr:
        case Const(value):
            return value, value
        case Read(variable):
            return layout.bounds[variable]
        case Length(queue):
            return 0, layout.queues[queue].capacity
        case Running() | Not() | And() | Or():
            return BIT
        case Local() | Option() | Value():
            return None
        case Binary(op, left, right):
            return BIT if op.compares else _arithmetic(op, interval(left, layout), interval(right, layout))
        case _:
            assert_never(expr)


def within(inner: Interval | None, outer: Interval) -> bool:
    return inner is not None and outer[0] <= inner[0] and inner[1] <= outer[1]


def pure(expr: Expr) -> bool:
    """No call and no division: may be evaluated whether needed or not."""
    match expr:
        case Const() | Read() | Local() | Option() | Running() | Length():
            return True
        case Not(arg):
            return pure(arg)
        case And(args) | Or(args):
            return all(pure(arg) for arg in args)
        case Binary(op, left, right):
            return op not in (Op.DIV, Op.MOD) and pure(left) and pure(right)
        case Value():
            return False
        case _:
            assert_never(expr)


def _arithmetic(op: Op, left: Interval | None, right: Interval | None) -> Interval | None:
    if op is Op.MOD and right is not None and right[0] > 0:
        return 0, right[1] - 1
    if left is None or right is None:
        return None
    (a, b), (c, d) = left, right
    match op:
        case Op.ADD:
            return a + c, b + d
        case Op.SUB:
            return a - d, b - c
        case Op.MUL:
            corners = (a * c, a * d, b * c, b * d)
            return min(corners), max(corners)
        case Op.BITAND if a >= 0 and c >= 0:
            return 0, min(b, d)
        case Op.BITOR if a >= 0 and c >= 0:
            return max(a, c), (1 << max(b.bit_length(), d.bit_length())) - 1
        case _:
            return None
