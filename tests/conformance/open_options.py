"""Random systems whose bounds are options: the same statements, with `p` and `q` in place of some numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hamodel.ir.expr import Binary, Const, Expr, Op, Option
from hamodel.ir.statement import Hasten, If, Procedure, Start, Statement, While
from hamodel.ir.system import Setting, System
from tests.conformance.random_systems import ARRIVAL, random_system

LONGEST = 4
"""`p` and `q` lie between 0 and this."""


def open_system(seed: int) -> System:
    """The random system of this seed with options in the bounds of some timers, and in some branches."""
    system = random_system(seed)
    random = Random(seed)
    procedures = {
        name: Procedure(p.name, p.params, _block(p.body, random)) for name, p in sorted(system.procedures.items())
    }
    return replace(system, procedures=procedures, settings=(Setting("p", 1), Setting("q", 2)))


def _block(body: Iterable[Statement], random: Random) -> tuple[Statement, ...]:
    return tuple(_statement(s, random) for s in body)


def _statement(statement: Statement, random: Random) -> Statement:
    some = Option(random.choice("pq"))
    match statement:
        case Start(timer, lo, hi) if timer == ARRIVAL:
            return Start(timer, lo, some if random.random() < 0.5 else hi)
        case Start(timer, lo, hi):
            return random.choice(
                [Start(timer, lo, Binary(Op.ADD, lo, some)), Start(timer, some, Binary(Op.ADD, some, hi)), statement]
            )
        case Hasten(timer, _) if random.random() < 0.5:
            return Hasten(timer, some)
        case If(test, then, otherwise):
            asked: Expr = Binary(Op.LT, Option("p"), Binary(Op.ADD, Option("q"), Const(random.randint(-1, 1))))
            return If(asked if random.random() < 0.2 else test, _block(then, random), _block(otherwise, random))
        case While(test, body):
            return While(test, _block(body, random))
        case _:
            return statement
