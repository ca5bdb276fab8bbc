"""Going through terms and statements: every place in them, and the same text with other terms in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from hamodel.ir import statement as s
from hamodel.ir.expr import (
    And,
    Binary,
    Const,
    Expr,
    Length,
    Local,
    Not,
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

Change = Callable[[Expr], Expr]


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The terms directly inside a term."""
    match expr:
        case Const() | Read() | Local() | Option() | Running() | Length():
            return ()
        case Not(arg):
            return (arg,)
        case And(args) | Or(args) | Value(_, args):
            return args
        case Binary(_, left, right):
            return left, right
        case _:
            assert_never(expr)


def within(expr: Expr) -> Iterator[Expr]:
    """A term and every term in it."""
    yield expr
    for part in parts(expr):
        yield from within(part)


def rebuilt(expr: Expr, change: Change) -> Expr:
    """The term with `change` made to each of its terms, the inner ones first; what becomes known is computed."""
    match expr:
        case Const() | Read() | Local() | Option() | Running() | Length():
            return change(expr)
        case Not(arg):
            return change(not_(rebuilt(arg, change)))
        case And(args):
            return change(and_(*(rebuilt(a, change) for a in args)))
        case Or(args):
            return change(or_(*(rebuilt(a, change) for a in args)))
        case Binary(op, left, right):
            return change(binary(op, rebuilt(left, change), rebuilt(right, change)))
        case Value(procedure, args):
            return change(Value(procedure, tuple(rebuilt(a, change) for a in args)))
        case _:
            assert_never(expr)


def statements(block: Iterable[s.Statement]) -> Iterator[s.Statement]:
    """All statements of a block, each before those that stand in it."""
    for statement in block:
        yield statement
        match statement:
            case s.If(_, then, otherwise):
                yield from statements((*then, *otherwise))
            case s.While(_, body):
                yield from statements(body)
            case _:
                pass


def terms(statement: s.Statement) -> tuple[Expr, ...]:
    """The terms a statement itself evaluates; those of the statements in it are not among them."""
    match statement:
        case s.Assign(_, value) | s.Bind(_, value) | s.Push(_, value) | s.Hasten(_, value):
            return (value,)
        case s.If(test, _, _) | s.While(test, _):
            return (test,)
        case s.Call(_, args):
            return args
        case s.Start(_, lo, hi):
            return lo, hi
        case s.Return(value):
            return () if value is None else (value,)
        case s.Log(_, _, fields):
            return tuple(value for _, value in fields if not isinstance(value, str))
        case s.Cancel() | s.Take() | s.Clear() | s.Overflow():
            return ()
        case _:
            assert_never(statement)
