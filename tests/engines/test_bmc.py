"""Bounded model checking beyond what the conformance suite asks of every engine."""

from __future__ import annotations

import pytest

from hamodel.engines.bmc import Bmc
from hamodel.engines.reference import Reference
from hamodel.errors import EngineLimit, PropertyError
from hamodel.ir.expr import FALSE, TRUE, Expr, Not
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome
from tests.conformance import toys
from tests.conformance.toys import eq


def always(formula: Expr) -> Property:
    return Property("claim", PropertyKind.ALWAYS, formula, "")


def test_a_state_that_is_bad_from_the_beginning_needs_no_step() -> None:
    verdict = Bmc().check(toys.race(), always(FALSE))

    assert verdict.outcome is Outcome.VIOLATED
    assert verdict.trace is not None
    assert verdict.trace.names() == ()


def test_without_a_violation_the_depth_is_said() -> None:
    verdict = Bmc().check(toys.blinker(), always(TRUE), Limits(depth=4))

    assert (verdict.outcome, verdict.reason) == (Outcome.BOUNDED, "nothing found in runs of up to 4 steps")


def test_the_time_is_over_while_the_relation_is_still_built() -> None:
    verdict = Bmc().check(toys.race(), always(FALSE), Limits(seconds=0.0))

    assert (verdict.outcome, verdict.reason) == (Outcome.BOUNDED, "the limit of 0 seconds was reached")


def test_where_no_run_is_longer_everything_was_seen() -> None:
    verdict = Bmc().check(toys.race(), always(TRUE), Limits(depth=9))

    assert (verdict.outcome, verdict.reason) == (Outcome.HOLDS, "no run is longer than 2 steps")


@pytest.mark.parametrize("system", [toys.too_small(), toys.mailbox(capacity=2)], ids=lambda s: s.name)
def test_a_model_that_is_too_small_says_so(system: System) -> None:
    with pytest.raises(EngineLimit):
        Bmc().check(system, always(TRUE), Limits(depth=4))


def test_a_violation_one_step_too_deep_is_not_found() -> None:
    claim = always(Not(eq("seen", 27)))

    assert Bmc().check(toys.mailbox(), claim, Limits(depth=2)).outcome is Outcome.BOUNDED
    assert Bmc().check(toys.mailbox(), claim, Limits(depth=3)).outcome is Outcome.VIOLATED


def test_a_run_may_start_at_rest() -> None:
    rest = Reference().explore(toys.budget(1)).quiescent()[-1]

    verdict = Bmc().check(toys.budget(1), always(TRUE), Limits(depth=3), rest)

    assert verdict.reason == "no run is longer than 0 steps"


def test_promises_are_not_answered() -> None:
    promise = Property("promise", PropertyKind.LEADS_TO, TRUE, "", goal=TRUE)

    with pytest.raises(PropertyError, match="`always` and `sometimes` only"):
        Bmc().check(toys.race(), promise)
