"""Engines side by side: who is heard, who is stopped, and what is said where two contradict."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping

import pytest

from hamodel.engines.portfolio import Portfolio, _Race
from hamodel.errors import EngineLimit, EnginesDisagree, EngineUnavailable, HamodelError
from hamodel.ir import schedule
from hamodel.ir.expr import TRUE, And, Not
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome, Verdict
from tests.conformance import toys
from tests.conformance.toys import eq

CLAIM = Property("claim", PropertyKind.ALWAYS, Not(And((eq("x", 1), eq("y", 1)))), "")


def race(answers: Mapping[str, Verdict], failed: Mapping[str, HamodelError] | None = None) -> _Race:
    """A race in which everybody has answered."""
    found = _Race(toys.race(), CLAIM, Limits(), None, [], 0, None)
    found.answers.update(answers)
    found.failed.update(failed or {})
    return found


def said(engine: str, outcome: Outcome, trace: Trace | None = None, reason: str = "") -> Verdict:
    return Verdict("claim", outcome, engine, trace=trace, reason=reason)


def test_two_engines_find_the_same_and_nobody_goes_on_afterwards() -> None:
    before = {child.pid for child in multiprocessing.active_children()}

    verdict = Portfolio(("reference", "bmc"), grace=20).check(toys.race(), CLAIM)

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert dict(verdict.details)["answered by"] in ("reference", "bmc")
    assert dict(verdict.details)["agreed"] in ("reference", "bmc")
    assert {child.pid for child in multiprocessing.active_children()} <= before


def test_an_answer_that_is_none_does_not_win() -> None:
    trace = schedule.timed(toys.race(), ("a", "b"))
    answers = {"ic3": said("ic3", Outcome.UNKNOWN), "classes": said("classes", Outcome.VIOLATED, trace)}

    verdict = race(answers).judged()

    assert (verdict.outcome, verdict.engine) == (Outcome.VIOLATED, "portfolio (classes)")


@pytest.mark.parametrize("other", [Outcome.HOLDS, Outcome.VACUOUS])
def test_engines_that_contradict_each_other_are_named(other: Outcome) -> None:
    answers = {"ic3": said("ic3", other), "classes": said("classes", Outcome.VIOLATED)}

    with pytest.raises(EnginesDisagree) as refusal:
        race(answers).judged()

    assert refusal.value.seen == (f"ic3: {other.value}", "classes: violated")


def test_vacuous_says_more_than_holds() -> None:
    answers = {"ic3": said("ic3", Outcome.HOLDS), "classes": said("classes", Outcome.VACUOUS)}

    verdict = race(answers).judged()

    assert (verdict.outcome, dict(verdict.details)["agreed"]) == (Outcome.VACUOUS, "ic3")


def test_a_trace_is_replayed_before_it_counts() -> None:
    trace = schedule.timed(toys.tie(), ("a", "b"))

    with pytest.raises(EnginesDisagree, match="cannot be replayed"):
        race({"classes": said("classes", Outcome.VIOLATED, trace)}).judged()


def test_where_nobody_answers_each_is_quoted() -> None:
    answers = {"bmc": said("bmc", Outcome.BOUNDED, reason="10 steps"), "ic3": said("ic3", Outcome.UNKNOWN, reason="x")}

    verdict = race(answers, {"explicit": EngineLimit("too large")}).judged()

    assert verdict.outcome is Outcome.BOUNDED
    assert verdict.reason == "bmc: bounded, 10 steps; ic3: unknown, x; explicit: too large"


def test_a_disagreement_inside_one_engine_is_not_hidden() -> None:
    answers = {"classes": said("classes", Outcome.HOLDS)}

    with pytest.raises(EnginesDisagree, match="z3"):
        race(answers, {"ic3": EnginesDisagree("z3 refuses")}).judged()


def test_if_all_fail_the_first_failure_is_told() -> None:
    with pytest.raises(EngineLimit, match="too large"):
        race({}, {"classes": EngineLimit("too large"), "ic3": EngineLimit("small")}).judged()


def test_only_engines_that_answer_such_a_claim_take_part() -> None:
    promise = Property("promise", PropertyKind.LEADS_TO, TRUE, "", goal=TRUE)

    with pytest.raises(EngineUnavailable, match="no engine"):
        Portfolio(("ic3", "bmc", "symbolic")).check(toys.race(), promise)
