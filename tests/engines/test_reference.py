"""The reference engine beyond what the conformance suite asks of every engine."""

from __future__ import annotations

import pytest

from hamodel.engines.reference import Reference
from hamodel.errors import ModelError, PropertyError
from hamodel.ir.expr import TRUE
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.schedule import timed
from hamodel.ir.verdict import Limits, Outcome
from tests.conformance import toys
from tests.conformance.toys import eq


def test_the_zone_after_a_race_knows_that_the_loser_is_late() -> None:
    found = Reference().explore(toys.race())

    after_a = found.zones[found.states.index(timed(toys.race(), ["a"]).last())]

    assert (after_a["b", "now"], after_a["now", "b"]) == (3, 0)


def test_a_tie_leaves_no_time_to_the_second() -> None:
    found = Reference().explore(toys.tie())

    assert (found.zones[1]["b", "now"], found.zones[1]["now", "b"]) == (0, 0)


def test_a_fault_lets_time_pass_and_keeps_differences() -> None:
    system = toys.system(
        "apart",
        variables={"x": 1},
        initial=[toys.start("a", 5, 5), toys.start("b", 8, 8)],
        ends={"a": [], "b": []},
        free={"fault": (eq("x", 0), [toys.put("x", 1)])},
    )

    found = Reference().explore(system)
    zone = found.zones[next(i for i in range(found.classes) if found.names(i) == ("fault",))]

    assert (zone["a", "now"], zone["now", "a"], zone["b", "a"], zone["a", "b"]) == (5, 0, 3, -3)


def test_classes_are_numbered_breadth_first_and_know_their_shortest_trace() -> None:
    found = Reference().explore(toys.budget())

    assert [found.names(i) for i in range(found.classes)] == [
        ("break", "mend", "break", "mend")[:length] for length in range(5)
    ]


def test_resting_states_are_listed_once() -> None:
    found = Reference().explore(toys.included())

    assert [s.variables for s in found.quiescent()] == [(0,), (2,)]


def test_a_search_may_start_at_rest_and_nowhere_else() -> None:
    system = toys.outage()
    rest = Reference().explore(system).quiescent()[-1]

    assert Reference().explore(system, start=rest).classes == 1
    with pytest.raises(ModelError, match="no clock runs"):
        Reference().explore(toys.race(), start=timed(toys.race(), ["a"]).last())


@pytest.mark.parametrize("limits", [Limits(classes=2), Limits(depth=1), Limits(seconds=0.0)])
def test_every_limit_makes_a_search_incomplete(limits: Limits) -> None:
    assert not Reference().explore(toys.race(), limits=limits).complete


def test_a_search_that_just_fits_is_complete() -> None:
    assert Reference().explore(toys.race(), limits=Limits(classes=4, depth=3)).complete


def test_a_search_ends_at_the_state_it_was_looking_for() -> None:
    found = Reference().explore(toys.race(), until=lambda s: s.variables == (0, 1))

    assert (found.classes, found.complete) == (3, False)


def test_there_are_two_modes() -> None:
    with pytest.raises(ValueError, match="equality, inclusion"):
        Reference().explore(toys.race(), "guesswork")


def test_hastening_a_timer_that_cannot_end_so_early_is_an_error_of_the_model() -> None:
    from hamodel.ir.expr import Const
    from hamodel.ir.statement import Hasten

    system = toys.system(
        "stubborn",
        variables={"x": 1},
        initial=[toys.start("slow", 9, 9), toys.start("rush", 2, 2)],
        ends={"slow": [], "rush": [Hasten("slow", Const(3))]},
    )

    with pytest.raises(ModelError, match="cannot end so early"):
        Reference().explore(system)


def test_a_deadline_needs_a_measure() -> None:
    promise = Property("promise", PropertyKind.LEADS_TO, TRUE, "", goal=TRUE, within=5)

    with pytest.raises(PropertyError, match="no measure"):
        Reference().check(toys.race(), promise)


@pytest.mark.parametrize(
    ("kind", "reason", "names"),
    [
        ("waits", "it can stay so for ever", ("fault", "notice")),
        ("far", "it can last an hour or more", ("fault", "notice")),
        ("free", "it can stay so for ever", ("fault", "notice")),
    ],
)
def test_a_deadline_without_a_bound_says_why_and_shows_where(kind: str, reason: str, names: tuple[str, ...]) -> None:
    promise = Property(
        "promise", PropertyKind.LEADS_TO, eq("down", 1), "", goal=eq("down", 0), within=5, measure="outage"
    )

    verdict = Reference().check(toys.endless_outage(kind), promise)

    assert (verdict.outcome, verdict.reason) == (Outcome.VIOLATED, reason)
    assert verdict.trace is not None
    assert verdict.trace.names() == names
