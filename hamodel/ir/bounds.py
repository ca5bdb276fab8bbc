"""Between which numbers a term can lie, for languages whose arithmetic or types depend on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from hamodel.ir import statement as s
from hamodel.ir.expr import And, Binary, Const, Expr, Length, Local, Not, Op, Option, Or, Read, Running, Value
from hamodel.ir.rewrite import statements
from hamodel.ir.system import System

Bounds = tuple[int, int]
MOST = 2**31 - 1
ANY: Bounds = (-MOST - 1, MOST)
BIT: Bounds = (0, 1)
ROUNDS = 12
"""After so many rounds a local name that still grows can be anything."""


def bounds(expr: Expr, system: System, local: Mapping[str, Bounds] | None = None) -> Bounds:
    """The least and the greatest value of a term; a local name that is not given can be anything."""
    match expr:
        case Const(value):
            return value, value
        case Read(name):
            variable = system.variables[system.variable_index[name]]
            return variable.lo, variable.hi
        case Local(name):
            return ANY if local is None else local.get(name, ANY)
        case Option(name):
            return system.setting_value[name], system.setting_value[name]
        case Length(queue):
            return 0, system.queues[system.queue_index[queue]].capacity
        case Running() | Not() | And() | Or():
            return BIT
        case Value():
            return ANY
        case Binary(op, left, right):
            if op.compares:
                return BIT
            return _operated(op, bounds(left, system, local), bounds(right, system, local))
        case _:
            assert_never(expr)


def _operated(op: Op, left: Bounds, right: Bounds) -> Bounds:
    (a, b), (c, d) = left, right
    match op:
        case Op.ADD:
            return _held(a + c, b + d)
        case Op.SUB:
            return _held(a - d, b - c)
        case Op.MUL:
            ends = [x * y for x in left for y in right]
            return _held(min(ends), max(ends))
        case Op.MOD if c > 0:
            return 0, min(b, d - 1) if a >= 0 else d - 1
        case Op.DIV if c > 0:
            ends = [x // y for x in left for y in right]
            return _held(min(ends), max(ends))
        case Op.BITAND if a >= 0 and c >= 0:
            return 0, min(b, d)
        case Op.BITOR if a >= 0 and c >= 0:
            return max(a, c), (1 << max(b, d).bit_length()) - 1
        case _:
            return ANY


def _held(lo: int, hi: int) -> Bounds:
    return max(lo, ANY[0]), min(hi, ANY[1])


def local_bounds(body: Sequence[s.Statement], system: System) -> dict[str, Bounds]:
    """The bounds of the local names of a block without calls, wherever they are bound; unbound they are 0."""
    bound = [x for x in statements(body) if isinstance(x, s.Bind | s.Take)]
    found: dict[str, Bounds] = {x.name: (0, 0) for x in bound}
    for count in range(2 * ROUNDS):
        before = dict(found)
        for statement in bound:
            here = bounds(statement.value, system, found) if isinstance(statement, s.Bind) else (0, 255)
            lo, hi = found[statement.name]
            found[statement.name] = (min(lo, here[0]), max(hi, here[1]))
        if found == before:
            return found
        if count >= ROUNDS:
            found = {name: known if known == before[name] else ANY for name, known in found.items()}
    return dict.fromkeys(found, ANY)
