"""When the events of a trace can have happened."""

from __future__ import annotations

import pytest

from hamodel.engines.reference import Reference
from hamodel.errors import CannotReplay
from hamodel.ir.schedule import between, feasible, replay, shrink, timed
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Range
from tests.conformance import toys
from tests.conformance.random_systems import random_system


def moments(trace: Trace) -> list[int | None]:
    return [step.at for step in trace.steps]


def test_every_event_is_as_early_as_it_can_be() -> None:
    assert moments(timed(toys.race(), ["a", "b"])) == [2, 3]
    assert moments(timed(toys.race(), ["b", "a"])) == [3, 3]
    assert moments(timed(toys.interrupted(), ["fault", "repair", "job"])) == [0, 2, 7]


def test_a_restarted_timer_counts_from_its_last_start() -> None:
    assert moments(timed(toys.restarted(), ["short", "long", "rival"])) == [4, 14, 15]


def test_a_span_is_stretched_to_its_longest_and_the_rest_stays_early() -> None:
    assert moments(timed(toys.outage(), ["fault", "notice", "heal"], longest=(1, 3))) == [0, 6, 16]
    assert moments(timed(toys.outage(), ["fault", "notice", "heal"], longest=(2, 3))) == [0, 4, 14]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, 1, Range(0, None)), (1, 2, Range(4, 6)), (1, 3, Range(5, 16)), (2, 3, Range(1, 10))],
)
def test_the_time_between_two_events_has_an_exact_range(first: int, last: int, expected: Range) -> None:
    assert between(toys.outage(), ["fault", "notice", "heal"], first, last) == expected


def test_a_hastened_timer_has_two_deadlines() -> None:
    assert between(toys.hastened(), ["rush", "letter"], 0, 2) == Range(10, 15)
    assert between(toys.hastened(), ["letter", "rush"], 0, 1) == Range(0, 10)


def test_an_hour_is_at_least_its_lower_bound_and_has_no_upper_one() -> None:
    names = ["fault", "notice", "hour"]

    assert between(toys.endless_outage("far"), names, 2, 3) == Range(3_600_000, None)


def test_time_decides_what_can_come_first() -> None:
    assert feasible(toys.decided_race(), ["a", "b"])
    assert not feasible(toys.decided_race(), ["b", "a"])
    assert not feasible(toys.decided_race(), ["a", "a"])


def test_a_replay_has_the_states_the_rules_and_the_times_it_was_given() -> None:
    trace = replay(toys.race(), ["b", "a"], [3, 4])

    assert trace.names() == ("b", "a")
    assert moments(trace) == [3, 4]
    assert [step.state.variables for step in trace.steps] == [(0, 1), (1, 1)]
    assert trace.steps[0].rules == ("on_b",)


def test_a_replay_without_times_has_none() -> None:
    assert moments(replay(toys.race(), ["b", "a"])) == [None, None]


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([1, 3], "event 1, a, at 1 ms is 1 ms too early"),
        ([2, 7], "event 2, b, at 7 ms is 2 ms too late"),
        ([6, 7], "event 1, a, at 6 ms is 2 ms too late"),
        ([4, 3], "event 2, b, at 3 ms is 1 ms too early"),
        ([3], "2 events but 1 times"),
    ],
)
def test_a_replay_says_how_far_off_a_time_is(times: list[int], message: str) -> None:
    with pytest.raises(CannotReplay, match=message):
        replay(toys.race(), ["a", "b"], times)


def test_a_replay_names_the_first_event_that_is_not_enabled_and_why() -> None:
    with pytest.raises(CannotReplay, match="event 2, a, is not enabled") as caught:
        replay(toys.race(), ["a", "a"])
    assert caught.value.help == "its timer a does not run"

    with pytest.raises(CannotReplay, match="event 1, mend") as caught:
        replay(toys.budget(), ["mend"])
    assert caught.value.help == "its guard is false here"

    with pytest.raises(CannotReplay, match="event 1, hour") as caught:
        replay(toys.far(), ["hour"])
    assert "only where no nearer one runs" in caught.value.help

    with pytest.raises(CannotReplay, match="no action called nonsense"):
        replay(toys.far(), ["nonsense"])


def test_a_replay_says_which_timers_exclude_an_order() -> None:
    with pytest.raises(CannotReplay, match="event 1, b, cannot happen at any time") as caught:
        replay(toys.decided_race(), ["b", "a"])

    assert caught.value.seen == ("b takes at least 3 ms", "a ends at most 2 ms after event 0")


def test_a_trace_may_start_where_nothing_runs() -> None:
    (rest,) = Reference().explore(toys.outage().with_enabled(frozenset())).quiescent()

    assert moments(timed(toys.outage(), ["fault", "notice"], rest)) == [0, 4]


def test_a_trace_cannot_start_where_a_clock_runs() -> None:
    running = timed(toys.race(), ["a"]).last()

    with pytest.raises(CannotReplay, match="a run cannot start where b runs"):
        replay(toys.race(), ["b"], start=running)


def test_a_story_is_told_without_the_faults_it_does_not_need() -> None:
    def dark(trace: Trace) -> bool:
        return trace.last().variables[1] == 1

    assert shrink(toys.budget(), ["break", "mend", "break"], dark) == ("break",)


def test_what_no_longer_happens_is_left_out_with_the_fault_that_caused_it() -> None:
    def done(trace: Trace) -> bool:
        return trace.last().value(toys.interrupted(), "done") == 1

    assert shrink(toys.interrupted(), ["fault", "repair", "job"], done) == ("job",)


@pytest.mark.parametrize("seed", range(20))
def test_every_shortest_trace_of_a_random_system_has_times_that_replay(seed: int) -> None:
    system = random_system(seed)
    found = Reference().explore(system, "equality", Limits(classes=100))

    for number in range(found.classes):
        trace = timed(system, found.names(number))
        times = [at for at in moments(trace) if at is not None]
        assert replay(system, trace.names(), times).last() == found.state(number)
