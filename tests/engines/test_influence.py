"""What decides the outcome of a step is named, and nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hamodel.engines._lower.influence import FAILS, Effect, Influence
from hamodel.engines._lower.layout import layout_of
from hamodel.engines.explicit import ExplicitEngine
from hamodel.ir.expr import And, Binary, Const, Local, Op, Read, Value
from hamodel.ir.semantics import fire
from hamodel.ir.statement import Assign, Bind, Call, If, Procedure, Return, Statement, While
from hamodel.ir.system import System
from hamodel.ir.untimed import untimed
from tests.conformance import toys
from tests.conformance.random_systems import random_system
from tests.conformance.toys import eq, more, put
from tests.disk_toy import toy


def effect_of(*procedures: Procedure) -> Effect:
    """Of the first one; the others may be called."""
    system = untimed(toys.system("letters", variables=dict.fromkeys("abcdxy", 3), initial=[]))
    system = replace(system, procedures=dict(system.procedures) | {p.name: p for p in procedures})
    return Influence(system, layout_of(system)).procedure(procedures[0].name)


def written(body: Sequence[Statement], *others: Procedure) -> dict[str, str]:
    found = effect_of(Procedure("p", (), tuple(body)), *others).written
    return {name: "".join(sorted(names)) for name, names in found.items()}


def test_a_value_depends_on_what_it_is_computed_from() -> None:
    assert written([Assign("x", Read("a")), Assign("y", Read("x"))]) == {"x": "a", "y": "a"}


def test_what_one_branch_leaves_alone_depends_on_itself_and_on_the_test() -> None:
    assert written([If(eq("a", 1), (put("x", 2),))]) == {"x": "ax"}


def test_what_both_branches_write_depends_on_the_test_and_not_on_itself() -> None:
    assert written([If(eq("a", 1), (put("x", 2),), (Assign("x", Read("b")),))]) == {"x": "ab"}


def test_behind_a_return_everything_depends_on_whether_it_was_reached() -> None:
    inner = If(eq("b", 1), (Return(),))

    assert written([If(eq("a", 1), (inner,)), put("x", 1)]) == {"x": "ab"}


def test_a_loop_carries_from_round_to_round() -> None:
    body = (Assign("x", Read("y")), Assign("y", Read("b")), put("a", 0))

    assert written([While(more("a", 0), body)]) == {"x": "abxy", "y": "aby", "a": "a", FAILS: "a"}


def test_a_call_is_seen_from_the_caller() -> None:
    called = Procedure("q", ("n",), (If(eq("x", 0), (Assign("y", Local("n")),)), Return(Read("c"))))

    found = written([Assign("x", Read("a")), Bind("r", Value("q", (Read("b"),))), Assign("d", Local("r"))], called)

    assert found == {"x": "a", "y": "aby", "d": "c", FAILS: "abc"}


def test_what_a_term_does_depends_on_the_terms_before_it() -> None:
    called = Procedure("q", (), (put("x", 1), Return(Const(1))))

    assert written([If(And((eq("a", 1), Value("q", ()))), (put("y", 1),))], called) == {"x": "ax", "y": "ay"}


def test_what_may_go_wrong_is_named() -> None:
    share = Assign("x", Binary(Op.MOD, Binary(Op.DIV, Read("a"), Read("b")), Const(4)))

    assert written([If(eq("c", 1), (share,))])[FAILS] == FAILS + "bc"
    assert written([Assign("x", Binary(Op.ADD, Read("a"), Const(1)))])[FAILS] == "a"


def test_a_procedure_that_is_called_twice_is_put_behind_itself() -> None:
    called = Procedure("q", (), (Assign("x", Read("y")), Assign("y", Read("a"))))

    assert written([Call("q"), Call("q")], called) == {"x": "a", "y": "a"}


def systems() -> list[System]:
    return [untimed(toy(budget_total=2)), *(untimed(random_system(seed)) for seed in range(12))]


@pytest.mark.parametrize("number", range(13))
def test_states_that_agree_on_what_decides_agree_on_the_outcome(number: int) -> None:
    system = systems()[number]
    influence = Influence(system, layout_of(system))
    found = ExplicitEngine(how="plain").explore(system)
    states = [found.state(i) for i in range(min(found.states, 400))]
    place = {v.name: i for i, v in enumerate(system.variables)}
    compared = 0
    for action in system.actions:
        steps = [(state, effect.state) for state in states if (effect := fire(system, state, action)) is not None]
        effects = influence.procedure(action.procedure).written
        for name, at in place.items():
            decides = sorted(effects.get(name, {name}) - {FAILS})
            outcome: dict[tuple[int, ...], int] = {}
            for before, after in steps:
                seen = tuple(before.variables[place[d]] for d in decides)
                compared += seen in outcome
                assert outcome.setdefault(seen, after.variables[at]) == after.variables[at], (action.name, name)
    assert compared > 0 or len(states) < 2
