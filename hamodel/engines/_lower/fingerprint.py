"""A system's fingerprint: the same for the same behaviour whatever its option values, and cheaper than lowering it."""

from __future__ import annotations

import hashlib
import io
import pickle
import weakref
from collections.abc import Callable, Sequence
from copyreg import dispatch_table
from typing import Any

from hamodel.ir import expr, statement
from hamodel.ir.system import Action, System

_KNOWN: dict[int, bytes] = {}
_FIELDS: dict[type, tuple[str, ...]] = {
    expr.Const: ("value",),
    expr.Read: ("variable",),
    expr.Local: ("name",),
    expr.Option: ("name",),
    expr.Running: ("timer",),
    expr.Length: ("queue",),
    expr.Not: ("arg",),
    expr.And: ("args",),
    expr.Or: ("args",),
    expr.Value: ("procedure", "args"),
    statement.Assign: ("variable", "value"),
    statement.Bind: ("name", "value"),
    statement.If: ("test", "then", "otherwise"),
    statement.While: ("test", "body"),
    statement.Call: ("procedure", "args"),
    statement.Start: ("timer", "lo", "hi"),
    statement.Cancel: ("timer",),
    statement.Hasten: ("timer", "hi"),
    statement.Push: ("queue", "value"),
    statement.Take: ("name", "queue"),
    statement.Clear: ("queue",),
    statement.Overflow: ("what",),
    statement.Return: ("value",),
    statement.Procedure: ("params", "body"),
    Action: ("timer", "guard", "procedure"),
}


def fingerprint(system: System) -> bytes:
    """Everything that lowered code depends on. Log lines, texts, option values and enabled actions are left out.

    It is worked out once for each system that lives: nothing of a system changes.
    """
    known = _KNOWN.get(id(system))
    if known is None:
        known = _KNOWN[id(system)] = _of(system)
        weakref.finalize(system, _KNOWN.pop, id(system))
    return known


def _of(system: System) -> bytes:
    return _print(
        (
            [(v.name, v.lo, v.hi) for v in system.variables],
            [(t.name, t.far, t.stopwatch) for t in system.timers],
            [(q.name, q.capacity) for q in system.queues],
            [s.name for s in system.settings],
            list(system.procedures.items()),
            system.actions,
            system.initial,
            system.after,
        )
    )


def formulas_print(formulas: Sequence[expr.Expr]) -> bytes:
    """The same for formulas."""
    return _print(list(formulas))


def _print(what: object) -> bytes:
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=5)
    pickler.fast = True
    pickler.dispatch_table = _TABLE
    pickler.dump(what)
    return hashlib.sha256(buffer.getbuffer()).digest()


def _reducer(name: str, fields: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    source = f"lambda x: (tuple, (({name!r}, {', '.join(f'x.{f}' for f in fields)}),))"
    reducer: Callable[[Any], tuple[Any, ...]] = eval(source)
    return reducer


_TABLE: dict[type, Callable[[Any], Any]] = dict(dispatch_table)
_TABLE.update({kind: _reducer(kind.__name__, fields) for kind, fields in _FIELDS.items()})
_TABLE[expr.Binary] = lambda x: (tuple, (("Binary", x.op.value, x.left, x.right),))
_TABLE[statement.Log] = lambda x: (tuple, (("Log",),))
