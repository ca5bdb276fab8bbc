"""A formula over many states at once: each variable is a column, the answer a column of truth values."""

from __future__ import annotations

from typing import Any, Protocol, assert_never

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.layout import Layout
from hamodel.ir.expr import And, Binary, Const, Expr, Length, Local, Not, Op, Option, Or, Read, Running, Value
from hamodel.ir.system import System

Column = npt.NDArray[Any]


class Rows(Protocol):
    """Rows of bytes, of which a column can be had."""

    def __len__(self) -> int: ...
    def __getitem__(self, at: tuple[slice, int], /) -> Column: ...


def holds(system: System, layout: Layout, rows: Rows, formula: Expr) -> npt.NDArray[np.bool_]:
    """Where `formula` is not 0. Calls and locals have no place in a property."""
    result = np.asarray(_value(system, layout, rows, formula)) != 0
    return np.array(np.broadcast_to(result, (len(rows),)))


def _value(system: System, layout: Layout, rows: Rows, expr: Expr) -> Column | int:
    match expr:
        case Const(value):
            return value
        case Option(name):
            return system.setting_value[name]
        case Read(variable):
            return _at(rows, layout.variables[variable])
        case Running(timer):
            return _at(rows, layout.flag(timer))
        case Length(queue):
            return _at(rows, layout.queues[queue].offset)
        case Not(arg):
            return ~_column(system, layout, rows, arg)
        case And(args):
            every: Column = np.logical_and.reduce([_column(system, layout, rows, arg) for arg in args])
            return every
        case Or(args):
            some: Column = np.logical_or.reduce([_column(system, layout, rows, arg) for arg in args])
            return some
        case Binary(op, left, right):
            return _operation(op, _value(system, layout, rows, left), _value(system, layout, rows, right))
        case Local() | Value():
            raise TypeError(f"a property may not call procedures or use local names: {expr}")
        case _:
            assert_never(expr)


def _at(rows: Rows, offset: int) -> Column:
    return rows[:, offset]


def _column(system: System, layout: Layout, rows: Rows, expr: Expr) -> Column:
    return np.broadcast_to(np.not_equal(_value(system, layout, rows, expr), 0), (len(rows),))


def _operation(op: Op, left: Column | int, right: Column | int) -> Column:
    match op:
        case Op.EQ:
            return np.equal(left, right)
        case Op.NE:
            return np.not_equal(left, right)
        case Op.LT:
            return np.less(left, right)
        case Op.LE:
            return np.less_equal(left, right)
        case Op.GT:
            return np.greater(left, right)
        case Op.GE:
            return np.greater_equal(left, right)
        case _:
            pass
    a, b = np.asarray(left, np.int64), np.asarray(right, np.int64)
    match op:
        case Op.ADD:
            return a + b
        case Op.SUB:
            return a - b
        case Op.MUL:
            return a * b
        case Op.DIV:
            return a // b
        case Op.MOD:
            return a % b
        case Op.BITAND:
            return a & b
        case Op.BITOR:
            return a | b
        case _:
            assert_never(op)
