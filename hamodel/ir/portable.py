"""A system as plain JSON, for readers that know nothing of this program: the system inside a receipt.

Everything a state consists of is a cell: a variable, the length and the places of a queue, whether a timer runs. An
expression is a number or [operator, ...], a statement [verb, ...]. What only writes a log line is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, assert_never

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.expr import Op
from hamodel.ir.system import System

Tree = Any
"""Numbers, texts, lists and dictionaries."""
OPERATORS = {
    Op.ADD: "add", Op.SUB: "sub", Op.MUL: "mul", Op.DIV: "floordiv", Op.MOD: "mod", Op.EQ: "eq", Op.NE: "ne",
    Op.LT: "lt", Op.LE: "le", Op.GT: "gt", Op.GE: "ge", Op.BITAND: "and_", Op.BITOR: "or_",
}  # fmt: skip


def runs(timer: str) -> str:
    """The cell that says whether a timer runs."""
    return f"{timer} runs"


def length(queue: str) -> str:
    """The cell with the number of messages in a queue; its places follow."""
    return f"{queue} length"


def cells(system: System) -> list[list[Tree]]:
    """Every cell in order: [name, kind, least, most, first]."""
    found: list[list[Tree]] = [[v.name, "variable", v.lo, v.hi, v.initial] for v in system.variables]
    for queue in system.queues:
        found.append([length(queue.name), "queue", 0, queue.capacity, 0])
        found += [[f"{queue.name} place {i}", "place", 0, 255, 0] for i in range(queue.capacity)]
    for timer in system.timers:
        kind = "far" if timer.far else "stopwatch" if timer.stopwatch else "near"
        found.append([runs(timer.name), kind, 0, 1, 0])
    return found


def portable(system: System) -> dict[str, Tree]:
    """The system without names of files, texts and log lines. Raises ModelError where a log line has an effect."""
    number = {cell[0]: at for at, cell in enumerate(cells(system))}
    actions = [
        [a.name, None if a.timer is None else number[runs(a.timer)], a.procedure, expression(a.guard)]
        for a in system.actions
    ]
    invariants = [[text, expression(formula)] for text, formula in system.invariants]
    roots = [
        system.initial,
        *([system.after] if system.after is not None else []),
        *(a.procedure for a in system.actions),
    ]
    written: dict[str, Tree] = {}
    todo = [*roots, *_called([invariants, [a[3] for a in actions]])]
    while todo:
        name = todo.pop()
        if name not in written:
            procedure = system.procedures[name]
            written[name] = [list(procedure.params), block(procedure.body)]
            todo += _called(written[name][1])
    return {
        "cells": cells(system),
        "settings": dict(sorted(system.setting_value.items())),
        "procedures": dict(sorted(written.items())),
        "actions": actions,
        "initial": system.initial,
        "after": system.after,
        "enabled": None if system.enabled is None else sorted(system.enabled),
        "invariants": invariants,
    }


def fingerprint(system: Tree) -> str:
    """The digest of a portable system."""
    return hashlib.sha256(json.dumps(system, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def expression(expr: e.Expr) -> Tree:
    """A number, or a list that begins with its operator."""
    match expr:
        case e.Const(value):
            return value
        case e.Read(variable):
            return ["get", variable]
        case e.Running(timer):
            return ["get", runs(timer)]
        case e.Length(queue):
            return ["get", length(queue)]
        case e.Local(name):
            return ["local", name]
        case e.Option(name):
            return ["option", name]
        case e.Not(arg):
            return ["not", expression(arg)]
        case e.And(args):
            return ["and", *map(expression, args)]
        case e.Or(args):
            return ["or", *map(expression, args)]
        case e.Binary(op, left, right):
            return [OPERATORS[op], expression(left), expression(right)]
        case e.Value(procedure, args):
            return ["call", procedure, *map(expression, args)]
        case _:
            assert_never(expr)


def block(statements: Sequence[s.Statement]) -> list[Tree]:
    """Statements in order, without those that only write log lines."""
    return [written for one in statements for written in _statement(one)]


def _statement(statement: s.Statement) -> Iterator[Tree]:
    match statement:
        case s.Assign(variable, value):
            yield ["set", variable, expression(value)]
        case s.Bind(name, value):
            yield ["let", name, expression(value)]
        case s.If(test, then, otherwise):
            yield ["if", expression(test), block(then), block(otherwise)]
        case s.While(test, body):
            yield ["while", expression(test), block(body)]
        case s.Call(procedure, args):
            yield ["call", procedure, *map(expression, args)]
        case s.Start(timer, lo, hi):
            yield ["start", runs(timer), expression(lo), expression(hi)]
        case s.Cancel(timer):
            yield ["cancel", runs(timer)]
        case s.Hasten(timer, hi):
            yield ["hasten", runs(timer), expression(hi)]
        case s.Push(queue, value):
            yield ["push", length(queue), expression(value)]
        case s.Take(name, queue):
            yield ["let", name, ["take", length(queue)]]
        case s.Clear(queue):
            yield ["while", ["get", length(queue)], [["let", "cleared", ["take", length(queue)]]]]
        case s.Log(_, key, fields):
            if _called([expression(v) for _, v in fields if not isinstance(v, str)]):
                raise ModelError(f"the log line {key} calls a procedure; it might have an effect")
        case s.Overflow(what):
            yield ["overflow", what]
        case s.Return(value):
            yield ["return", 0 if value is None else expression(value)]
        case _:
            assert_never(statement)


def _called(tree: Tree) -> list[str]:
    """The procedures that are called anywhere in this tree."""
    found: list[str] = []
    todo = [tree]
    while todo:
        each = todo.pop()
        if isinstance(each, list):
            if each[:1] == ["call"]:
                found.append(each[1])
            todo += each
    return found
