"""Proofs beyond what the conformance suite asks: the certificate, and what happens where it is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hamodel.engines._lower import clauses, inductive
from hamodel.engines._lower.abstraction import asked
from hamodel.engines._lower.pdr import Cube, Pdr, Proof, Reached
from hamodel.engines.ic3 import Ic3
from hamodel.errors import EnginesDisagree, EngineUnavailable, PropertyError
from hamodel.ir.expr import FALSE, TRUE, And, Expr, Not
from hamodel.ir.invariant import Invariant, Literal
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.verdict import Limits, Outcome
from tests.conformance import toys
from tests.conformance.random_systems import random_formula, random_system
from tests.conformance.test_untimed_engines import by_hand
from tests.conformance.toys import eq

pytest.importorskip("pysat")


def always(formula: Expr) -> Property:
    return Property("claim", PropertyKind.ALWAYS, formula, "")


CLAIM = always(eq("early", 0))


def proved() -> Invariant:
    verdict = Ic3().check(toys.far(), CLAIM)
    assert verdict.certificate is not None
    return verdict.certificate


def objections(invariant: Invariant) -> tuple[str, ...]:
    question = asked(toys.far(), CLAIM)
    return inductive.objections(question.system, invariant, [question.wanted, question.limit])


def test_every_reachable_state_meets_the_invariant_and_no_bad_one_does() -> None:
    from hamodel.ir.semantics import evaluate

    question, invariant = asked(toys.far(), CLAIM), proved()

    states = by_hand(question.system)
    assert all(evaluate(question.system, state, f) for state in states for f in invariant.formulas())
    assert objections(invariant) == ()


def test_an_invariant_without_what_it_needs_is_refused() -> None:
    invariant = proved()

    refused = [
        objections(replace(invariant, clauses=invariant.clauses[:i] + invariant.clauses[i + 1 :]))
        for i in range(len(invariant.clauses))
    ]

    assert any("does not exclude" in text for texts in refused for text in texts)
    assert any("leads out of it" in text for texts in refused for text in texts)


def test_an_invariant_that_is_not_true_at_the_start_is_refused() -> None:
    wrong = replace(proved(), clauses=((Literal("n", "!=", 0),),))

    assert any("not true at the start" in text for text in objections(wrong))


def test_an_invariant_is_told_as_what_never_comes() -> None:
    lines = proved().lines(asked(toys.far(), CLAIM).whole)

    assert "never early" in lines
    assert any("runs" in line for line in lines)


def test_a_proof_that_z3_refuses_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pdr, "run", lambda _self: Proof(()))

    with pytest.raises(EnginesDisagree, match="z3 does not accept"):
        Ic3().check(toys.race(), always(Not(eq("x", 1))))


def test_a_run_that_cannot_be_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pdr, "run", lambda _self: Reached(("a", "a")))

    with pytest.raises(EnginesDisagree, match="not enabled"):
        Ic3().check(toys.race(), always(Not(eq("x", 1))))


def test_a_search_that_blocks_too_much_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(_self: Pdr, cube: Cube, _level: int) -> Cube:
        return frozenset(sorted(cube)[:1])

    monkeypatch.setattr(Pdr, "enters", careless)

    with pytest.raises(EnginesDisagree):
        Ic3().check(toys.race(), always(Not(And((eq("x", 1), eq("y", 1))))))


@pytest.mark.parametrize("seed", [3, 19, 23])
def test_solvers_that_are_made_anew_answer_the_same(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    system, claim = random_system(seed), always(Not(random_formula(seed)))
    expected = Ic3().check(system, claim)

    monkeypatch.setattr(clauses, "REBUILT_AFTER", 1)
    found = Ic3().check(system, claim)

    assert found.outcome is expected.outcome


@pytest.mark.parametrize(("formula", "outcome"), [(TRUE, Outcome.HOLDS), (FALSE, Outcome.VIOLATED)])
def test_the_trivial_claims_are_answered(formula: Expr, outcome: Outcome) -> None:
    assert Ic3().check(toys.blinker(), always(formula)).outcome is outcome


def test_bounded_says_how_far_one_looked() -> None:
    claim = always(Not(And((eq("left", 0), eq("dark", 0)))))

    verdict = Ic3().check(toys.budget(), claim, Limits(depth=1))

    assert verdict.outcome is Outcome.BOUNDED
    assert "up to 1 steps" in verdict.reason


def test_promises_are_not_answered() -> None:
    with pytest.raises(PropertyError, match="`always` and `sometimes`"):
        Ic3().check(toys.race(), Property("promise", PropertyKind.LEADS_TO, TRUE, "", goal=TRUE))


def test_without_its_library_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pysat.solvers", None)

    with pytest.raises(EngineUnavailable, match=r"hamodel\[proofs\]"):
        Ic3().check(toys.race(), always(Not(eq("x", 1))))
