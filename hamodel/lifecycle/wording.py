"""How names and formulas of the model are said in a diagram."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hamodel.ir import expr as e
from hamodel.ir.system import System

if TYPE_CHECKING:
    from hamodel.lifecycle.chart import Arrow

MOST_PLACES = 3
_SIGNS = {e.Op.EQ: "=", e.Op.NE: "≠", e.Op.LE: "≤", e.Op.GE: "≥"}
_NEGATED = {
    e.Op.EQ: e.Op.NE, e.Op.NE: e.Op.EQ, e.Op.LT: e.Op.GE, e.Op.GE: e.Op.LT, e.Op.LE: e.Op.GT, e.Op.GT: e.Op.LE,
}  # fmt: skip


def split(name: str) -> tuple[str, tuple[str, ...]]:
    """A name and what stands in its brackets.

    >>> split("script_step_ends[node1,queue]")
    ('script_step_ends', ('node1', 'queue'))
    """
    match = re.fullmatch(r"([^\[]*)\[(.*)\]", name)
    return (match[1], tuple(match[2].split(","))) if match else (name, ())


def short(action: str, own: Sequence[str]) -> str:
    """An event as the thing itself would say it: without its own name, and in words.

    >>> short("peer_fell_silent[node1]", ["node1"]), short("kill[node2]", ["node1"])
    ('peer fell silent', 'kill node2')
    """
    base, places = split(action)
    rest = [p for p in places if p not in own]
    return " ".join([base.replace("_", " "), *rest])


def identifier(action: str) -> str:
    """An event as a Python name, for a trigger.

    >>> identifier("cut[node1:eth0]")
    'cut_node1_eth0'
    """
    name = re.sub(r"\W+", "_", action).strip("_")
    return name if name.isidentifier() else f"event_{name}"


def in_words(system: System, expr: e.Expr, truth: bool = True) -> str:
    """A formula as one would read it aloud: `view[0] = dead`, `silence[0] runs`."""
    match expr:
        case e.Not(arg):
            return in_words(system, arg, not truth)
        case e.Binary(e.Op.NE, left, e.Const(0)) if not isinstance(left, e.Read) or _is_switch(system, left):
            return in_words(system, left, truth)
        case e.Binary(e.Op.EQ, left, e.Const(0)) if not isinstance(left, e.Read) or _is_switch(system, left):
            return in_words(system, left, not truth)
        case e.And(args) | e.Or(args):
            word = " and " if isinstance(expr, e.And) is truth else " or "
            return word.join(_bracketed(system, a, truth) for a in args)
        case e.Binary(op, left, right) if op.compares:
            sign = op if truth else _NEGATED[op]
            return f"{_term(system, left)} {_SIGNS.get(sign, sign.value)} {_term(system, right, left)}"
        case e.Running(timer):
            return f"{timer} {'runs' if truth else 'is off'}"
        case e.Length(queue):
            return f"{queue} {'is not empty' if truth else 'is empty'}"
        case _:
            return ("" if truth else "not ") + _term(system, expr)


def _is_switch(system: System, read: e.Read) -> bool:
    variable = system.variables[system.variable_index[read.variable]]
    return variable.hi == 1 and not variable.labels


def _bracketed(system: System, expr: e.Expr, truth: bool) -> str:
    text = in_words(system, expr, truth)
    return f"({text})" if isinstance(expr, e.And | e.Or) else text


def _term(system: System, expr: e.Expr, beside: e.Expr | None = None) -> str:
    match expr:
        case e.Const(value) if isinstance(beside, e.Read):
            labels = system.variables[system.variable_index[beside.variable]].labels
            return labels[value] if value < len(labels) else str(value)
        case e.Const(value):
            return str(value)
        case e.Read(name) | e.Option(name) | e.Local(name) | e.Running(name):
            return name
        case e.Length(queue):
            return f"length of {queue}"
        case e.Value(procedure, _):
            return procedure
        case e.Binary(op, left, right):
            return f"{_term(system, left)} {op.value} {_term(system, right)}"
        case _:
            return in_words(system, expr)


def lines(arrows: Sequence[Arrow], most: int) -> tuple[str, ...]:
    """What stands beside the arrows between two modes: events of one rule together, what was never seen in brackets."""
    merged: dict[tuple[str, bool], list[str]] = {}
    for arrow in arrows:
        merged.setdefault((split(arrow.action)[0], arrow.count > 0), []).append(arrow.label)
    texts = []
    for (rule, taken), labels in merged.items():
        base = rule.replace("_", " ")
        places = [label.removeprefix(base).strip() for label in dict.fromkeys(labels)]
        text = f"{base} {' | '.join(p for p in places if p)}".strip() if len(places) <= MOST_PLACES else f"{base} …"
        texts.append(text if taken else f"({text})")
    if len(texts) > most:
        return (*texts[: most - 1], f"and {len(texts) - most + 1} more")
    return tuple(texts)
