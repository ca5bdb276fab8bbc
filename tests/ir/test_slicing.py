"""A slice behaves the same, seen through the asked formulas; and it really is smaller."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamodel.engines.explicit import ExplicitEngine, Explored
from hamodel.ir.expr import TRUE, Binary, Const, Expr, Local, Op, Read, Running, arithmetic
from hamodel.ir.possible import operated, possible
from hamodel.ir.slicing import sliced
from hamodel.ir.statement import Assign, Call, If, Procedure, Return
from hamodel.ir.system import System
from hamodel.ir.untimed import LIMIT, untimed, untimed_formula
from tests.conformance import toys
from tests.conformance.random_systems import random_formula, random_system
from tests.conformance.toys import TOYS, eq, more, put

PLAIN = ExplicitEngine(how="plain")
RANDOM = [(random_system(seed), [random_formula(seed), Running("t"), eq("z", 1)]) for seed in range(40)]
SMALL: list[tuple[System, list[Expr]]] = [(toy, [eq(v.name, 1) for v in toy.variables[:2]]) for toy in TOYS.values()]
BOTH = pytest.mark.parametrize(("system", "formulas"), RANDOM + SMALL, ids=lambda x: getattr(x, "name", ""))


def seen(found: Explored, formulas: int) -> list[tuple[int | None, bool]]:
    """For each formula how many steps lead to it, and whether it is ever false."""
    first = [None if i is None else len(found.names_to(i)) for i in found.firsts[:formulas]]
    return [(steps, hits < found.states) for steps, hits in zip(first, found.hits, strict=False)]


@BOTH
def test_a_slice_shows_the_same(system: System, formulas: Sequence[Expr]) -> None:
    asked = [*(untimed_formula(system, f) for f in formulas), Read(LIMIT)]
    whole = untimed(system)

    slice_ = sliced(whole, asked)

    full, less = PLAIN.explore(whole, asked), PLAIN.explore(slice_.system, slice_.formulas)
    assert full.complete
    assert seen(less, len(asked)) == seen(full, len(asked))
    assert less.states <= full.states


@BOTH
def test_nothing_has_a_value_that_was_held_impossible(system: System, formulas: Sequence[Expr]) -> None:
    whole = untimed(system)
    known = possible(whole)

    found = PLAIN.explore(whole)

    happened = {found.names_to(i)[-1] for i in range(1, found.states)}
    assert happened <= set(known.actions)
    for index in range(found.states):
        for variable, value in zip(whole.variables, found.state(index).variables, strict=True):
            assert value in known.variables[variable.name]


@given(st.sampled_from(list(Op)), st.frozensets(st.integers(0, 7)), st.frozensets(st.integers(0, 7)))
def test_an_operation_on_sets_is_that_on_all_pairs(op: Op, left: frozenset[int], right: frozenset[int]) -> None:
    zero = op in (Op.DIV, Op.MOD)

    pairs = {arithmetic(op, a, b) for a in left for b in right if not (zero and b == 0)}

    assert operated(op, left, right) == pairs


def test_what_is_never_read_is_left_out() -> None:
    system = toys.system(
        "diary", variables={"x": 1, "pages": 9}, initial=[], free={"go": (eq("x", 0), [put("x", 1), put("pages", 7)])}
    )

    less = sliced(untimed(system), [eq("x", 1)])

    assert [v.name for v in less.system.variables] == ["x"]


def test_what_can_never_happen_is_left_out_with_all_it_would_do() -> None:
    system = toys.system(
        "locked",
        variables={"key": 1, "open": 1, "x": 1},
        initial=[],
        free={"enter": (eq("open", 1), [put("x", 1)]), "turn": (eq("key", 1), [put("open", 1)])},
    )

    less = sliced(untimed(system), [eq("x", 1)])

    assert less.system.actions == ()
    assert less.formulas == (Const(0),)


def test_a_test_that_always_returns_hides_what_comes_after() -> None:
    returns = Procedure("returns", (), (If(eq("x", 0), (Return(),), (Return(),)), put("y", 1)))
    system = toys.system(
        "early", variables={"x": 1, "y": 1}, initial=[], free={"go": (TRUE, [Call("returns")])}, procedures=[returns]
    )

    assert sliced(untimed(system), [eq("y", 1)]).formulas == (Const(0),)


def test_a_loop_and_the_value_of_a_call_are_followed() -> None:
    twice = Procedure("twice", ("n",), (Return(Binary(Op.ADD, Local("n"), Local("n"))),))
    system = toys.system(
        "doubling",
        variables={"x": 8, "y": 8},
        initial=[put("x", 1)],
        free={"go": (more("x", 0), [Assign("y", toys.value("twice", Read("x"))), put("x", 0)])},
        procedures=[twice],
    )
    less = sliced(untimed(system), [eq("y", 2)])

    found = PLAIN.explore(less.system, less.formulas)

    assert [v.name for v in less.system.variables] == ["x", "y"]
    assert (found.states, found.firsts) == (2, [1])
