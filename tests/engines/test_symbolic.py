"""Sets of states beyond what the conformance suite asks: runs read off the rings, orders, and missing libraries."""

from __future__ import annotations

import sys

import pytest

from hamodel.engines import symbolic
from hamodel.engines._lower import images
from hamodel.engines.symbolic import Symbolic
from hamodel.errors import EngineUnavailable, PropertyError
from hamodel.ir.expr import TRUE, And, Read
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate, fire, initial_state
from hamodel.ir.statement import Assign, Statement
from hamodel.ir.untimed import untimed
from hamodel.ir.verdict import Limits
from tests.conformance import toys
from tests.conformance.random_systems import random_system
from tests.conformance.test_untimed_engines import by_hand
from tests.conformance.toys import eq

pytest.importorskip("oxidd")
pytest.importorskip("dd")


@pytest.mark.parametrize("library", ["oxidd", "cudd"])
@pytest.mark.parametrize("chain", [True, False])
def test_a_run_leads_to_each_value_that_is_reached(library: str, chain: bool) -> None:
    system = untimed(random_system(11))
    found = Symbolic(library).explore(system, chain=chain)
    reached = {state.value(system, "y") for state in by_hand(system)}

    assert {value for value in range(4) if found.some(eq("y", value))} == reached
    for value in reached:
        state = initial_state(system)[0]
        for name in found.names_to(eq("y", value)):
            effect = fire(system, state, system.actions[system.action_index[name]])
            assert effect is not None
            state = effect.state
        assert evaluate(system, state, eq("y", value))
    found.close()


def test_without_chaining_a_round_is_a_step() -> None:
    system = untimed(toys.mailbox())

    deepest = len(Symbolic().explore(system, chain=False).names_to(eq("seen", 27)))

    assert deepest == 3
    assert Symbolic().explore(system, Limits(depth=2), chain=False).complete is False


@pytest.mark.parametrize("most", [1, 2])
def test_joining_many_ways_changes_nothing(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    system = untimed(random_system(23))
    expected = Symbolic().explore(system).states

    monkeypatch.setattr(images, "WAYS", most)

    assert Symbolic().explore(system).states == expected == len(by_hand(system))


def test_the_order_of_the_variables_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    system = untimed(random_system(7))
    expected = Symbolic().explore(system).states

    monkeypatch.setattr(symbolic, "ordered", lambda s: s.variables[::-1])

    assert Symbolic().explore(system).states == expected


def test_the_last_value_counts_whether_it_is_a_number_or_copied() -> None:
    """Each order of writing: a number before a copy, a copy before a number, and a copy of what was just written."""
    put, take = toys.put, Assign("x", Read("y"))
    ways: list[list[Statement]] = [[put("x", 1), take], [take, put("x", 1)], [put("y", 1), put("y", 0), take]]
    for body in ways:
        system = untimed(
            toys.system("writes", variables={"x": 3, "y": 3}, initial=[put("y", 2)], free={"go": (TRUE, body)})
        )

        found = Symbolic().explore(system)

        expected = {(state.value(system, "x"), state.value(system, "y")) for state in by_hand(system)}
        both = {(x, y) for x in range(4) for y in range(4) if found.some(And((eq("x", x), eq("y", y))))}
        assert both == expected


def test_where_counts_what_is_reached() -> None:
    system = untimed(toys.race())

    found = Symbolic().explore(system)

    assert found.sets.count(found.where(And((Read("x"), Read("y"))))) == 1
    assert found.sets.count(found.where(TRUE)) == found.states == 4
    assert found.nodes > 0


def test_promises_are_not_answered() -> None:
    with pytest.raises(PropertyError, match="`always` and `sometimes`"):
        Symbolic().check(toys.race(), Property("promise", PropertyKind.LEADS_TO, TRUE, "", goal=TRUE))


def test_without_any_library_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "oxidd.bcdd", None)
    assert Symbolic().explore(untimed(toys.race())).states == 4

    monkeypatch.setitem(sys.modules, "dd.cudd", None)
    monkeypatch.setitem(sys.modules, "dd", None)
    with pytest.raises(EngineUnavailable, match=r"hamodel\[symbolic\]"):
        Symbolic().explore(untimed(toys.race()))
