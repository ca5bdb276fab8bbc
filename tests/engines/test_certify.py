"""z3 and the schedule must agree on every trace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hamodel.engines.certify import certify, demand
from hamodel.engines.reference import Reference
from hamodel.errors import EnginesDisagree
from hamodel.ir.schedule import feasible, replay, timed
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits
from tests.conformance import toys
from tests.conformance.random_systems import random_system
from tests.conformance.toys import TOYS


@pytest.mark.parametrize("toy", TOYS)
def test_every_shortest_trace_of_every_toy_is_certified(toy: str) -> None:
    found = Reference().explore(TOYS[toy])

    for number in range(found.classes):
        certificate = demand(TOYS[toy], timed(TOYS[toy], found.names(number)))
        assert (certificate.order, certificate.times) == (True, True)


@pytest.mark.parametrize("seed", range(20))
def test_z3_and_the_schedule_agree_on_which_orders_are_possible(seed: int) -> None:
    system = random_system(seed)
    found = Reference().explore(system, limits=Limits(classes=25))
    names = [found.names(i) for i in range(found.classes)]

    for prefix in names:
        for action in system.actions:
            tried = (*prefix, action.name)
            try:
                untimed = replay_untimed(system, tried)
            except KeyError:
                continue
            assert certify(system, untimed).order == feasible(system, tried)


def replay_untimed(system: System, names: tuple[str, ...]) -> Trace:
    """The trace of enabled events, whether or not any times fit; KeyError where one is not enabled."""
    from hamodel.errors import CannotReplay
    from hamodel.ir.constraints import run

    try:
        return run(system, names).trace()
    except CannotReplay as error:
        raise KeyError from error


def test_a_trace_without_times_is_certified_for_its_order() -> None:
    certificate = certify(toys.race(), replay(toys.race(), ["b", "a"]))

    assert (certificate.order, certificate.times, certificate.valid) == (True, None, True)


def test_impossible_times_are_refused_with_the_claims_that_exclude_them() -> None:
    trace = timed(toys.race(), ["a", "b"])
    late = replace(trace, steps=(trace.steps[0], replace(trace.steps[1], at=6)))

    certificate = certify(toys.race(), late)

    assert (certificate.order, certificate.times) == (True, False)
    assert any("b takes [3, 5]" in claim for claim in certificate.conflict)
    assert "event 2 is at 6 ms" in certificate.conflict
    with pytest.raises(EnginesDisagree, match="z3 finds a trace impossible"):
        demand(toys.race(), late)


def test_an_impossible_order_is_refused() -> None:
    certificate = certify(toys.decided_race(), replay_untimed(toys.decided_race(), ("b", "a")))

    assert (certificate.order, certificate.valid) == (False, False)


def test_a_trace_with_forged_states_is_refused() -> None:
    trace = timed(toys.race(), ["a", "b"])
    forged = replace(trace, steps=(replace(trace.steps[0], state=trace.last()), trace.steps[1]))

    with pytest.raises(EnginesDisagree, match="does not lead to the state"):
        certify(toys.race(), forged)


def test_a_trace_with_an_event_that_cannot_happen_is_refused() -> None:
    trace = timed(toys.race(), ["a", "b"])
    forged = replace(trace, steps=(trace.steps[0], replace(trace.steps[1], action="a")))

    with pytest.raises(EnginesDisagree, match="event 2, a, is not enabled"):
        certify(toys.race(), forged)


def test_a_trace_may_start_at_rest() -> None:
    system = toys.outage()
    rest = Reference().explore(system.with_enabled(frozenset())).quiescent()[0]

    assert demand(system, timed(system, ["fault", "notice"], rest)).times
