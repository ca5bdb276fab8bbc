"""Written out or set apart, calls do the same: the same states, steps and violations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hamodel.engines.reference import Reference
from hamodel.errors import ModelError
from hamodel.ir.bounds import bounds, local_bounds
from hamodel.ir.expr import And, Binary, Const, Expr, Local, Not, Op, Or, Read, Value
from hamodel.ir.flat import flat
from hamodel.ir.formulas import without_calls
from hamodel.ir.rewrite import statements, terms, within
from hamodel.ir.settled import settled
from hamodel.ir.state import State
from hamodel.ir.statement import Assign, Bind, Call, If, Procedure, Return, Statement, While
from hamodel.ir.system import System
from hamodel.ir.untimed import untimed
from tests.conformance.random_systems import random_system
from tests.conformance.toys import TOYS, add, eq, more, put, system

MODELS = [*TOYS.values(), *(random_system(seed) for seed in range(25))]


def written_out(given: System) -> System:
    """The system whose actions are its flat actions."""
    whole = flat(given)
    bodies = {f"flat {a.name}": Procedure(f"flat {a.name}", (), a.body) for a in whole.actions}
    actions = tuple(replace(a.action, procedure=f"flat {a.name}", guard=a.guard) for a in whole.actions)
    return replace(given, procedures={**given.procedures, **bodies}, actions=actions, after=None)


def graph(given: System) -> tuple[list[State], list[tuple[int, int, str]]]:
    found = Reference().explore(given)
    names = [given.actions[a].name for a in found.actions]
    return found.states, list(zip(found.sources, found.targets, names, strict=True))


@pytest.mark.parametrize("given", MODELS, ids=lambda s: s.name)
def test_flat_actions_do_the_same_and_call_nothing(given: System) -> None:
    plain = untimed(given)
    out = written_out(plain)

    for action in flat(plain).actions:
        for statement in statements(action.body):
            assert not isinstance(statement, Call | Return)
            assert not any(isinstance(t, Value) for u in terms(statement) for t in within(u))
    assert graph(out) == graph(plain)


@pytest.mark.parametrize("given", MODELS[::3], ids=lambda s: s.name)
def test_settled_calls_do_the_same(given: System) -> None:
    plain = untimed(given)

    assert graph(settled(plain)) == graph(plain)


def value(name: str, *args: Expr) -> Value:
    return Value(name, args)


def counting(body: list[Statement]) -> System:
    """`bump(n)` adds n to x and returns the new x; `sign(v)` returns early; the body is one free action."""
    bump = Procedure("bump", ("n",), (Assign("x", Binary(Op.ADD, Read("x"), Local("n"))), Return(Read("x"))))
    sign = Procedure(
        "sign",
        ("v",),
        (
            If(Binary(Op.EQ, Local("v"), Const(0)), (Return(Const(7)),)),
            If(more("y", 0), (If(more("y", 1), (Return(Const(2)),)), put("z", 1))),
            put("w", 1),
            Return(Const(1)),
        ),
    )
    until = Procedure("until", (), (While(Const(1), (If(more("x", 3), (Return(Read("x")),)), add("x", 1))),))
    plain = system(
        "counting",
        variables={"x": 9, "y": 9, "z": 1, "w": 1, "left": 1},
        initial=[put("left", 1)],
        free={"go": (eq("left", 1), [put("left", 0), *body])},
        procedures=[bump, sign, until],
    )
    return untimed(plain)


@pytest.mark.parametrize(
    "body",
    [
        [Assign("y", Binary(Op.ADD, Read("x"), value("bump", Const(2))))],
        [Assign("y", Binary(Op.ADD, value("bump", Const(2)), Read("x")))],
        [Assign("y", Binary(Op.SUB, value("bump", Const(2)), value("bump", Const(1)))), put("w", 1)],
        [Assign("y", And((Read("x"), value("bump", Const(1)))))],
        [Assign("y", Or((Not(Read("x")), value("bump", Const(1)))))],
        [Assign("y", Or((Read("x"), value("bump", Const(1)), value("bump", Const(1)))))],
        [If(value("bump", Const(1)), (Assign("z", Read("x")),))],
        [While(Binary(Op.LT, value("bump", Const(1)), Const(4)), (add("y", 1),))],
        [Assign("y", value("sign", Const(0)))],
        [put("y", 1), Assign("x", value("sign", Const(3)))],
        [put("y", 2), Assign("x", value("sign", Const(3)))],
        [Call("sign", (value("bump", Const(2)),))],
        [Assign("y", value("until"))],
        [Bind("n", Const(4)), Assign("y", value("bump", Local("n")))],
    ],
    ids=range(14),
)
def test_the_order_of_evaluation_is_that_of_the_rules(body: list[Statement]) -> None:
    """Each body ends in one state; a call too early, too late, twice or not at all would end in another."""
    plain = counting(body)

    expected = graph(plain)
    assert len(expected[0]) == 2
    assert graph(written_out(plain)) == expected
    assert graph(settled(plain)) == expected


def test_a_guard_asks_procedures_by_cases() -> None:
    plain = untimed(TOYS["budget"])

    guard = flat(plain).actions[0].guard

    assert not any(isinstance(t, Value) for t in within(guard))


def test_a_guard_that_does_something_is_refused() -> None:
    with pytest.raises(ModelError, match="bump is asked in a guard"):
        without_calls(counting([]), value("bump", Const(1)))


def test_a_local_name_that_grows_can_be_anything() -> None:
    plain = counting([])
    body = (Bind("n", Const(1)), While(Local("n"), (Bind("n", Binary(Op.ADD, Local("n"), Local("n"))),)))

    known = local_bounds(body, plain)

    assert known["n"][0] <= -(2**30) and known["n"][1] >= 2**30
    assert bounds(Binary(Op.MOD, Local("n"), Const(4)), plain, known) == (0, 3)
    assert bounds(Binary(Op.SUB, Read("x"), Read("y")), plain) == (-9, 9)
