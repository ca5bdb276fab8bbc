"""Observers look on and never take part."""

from __future__ import annotations

import pytest

from hamodel.engines.reference import Reference
from hamodel.errors import ModelError
from hamodel.ir.expr import Read, not_
from hamodel.ir.observe import Deadline, Memory, Stopwatch, cap_of, late_of, observe, remembered, switch_of
from hamodel.ir.semantics import evaluate, fire, initial_state
from hamodel.ir.system import System
from tests.disk_toy import toy

UP = Read("up[0]")


def _switched(system: System, *names: str) -> System:
    return system.with_settings(**{switch_of(n): 1 for n in names})


def test_without_requests_a_system_stays_what_it_is() -> None:
    system = toy()

    assert observe(system, []) is system


def test_an_observer_that_is_off_changes_no_run() -> None:
    system = toy()
    observed = observe(system, [Stopwatch("s", UP, not_(UP)), Memory("m", UP)])

    plain, watched = (Reference().explore(s) for s in (system, observed))

    assert (plain.classes, plain.edges) == (watched.classes, watched.edges)


def test_a_memory_lasts_until_it_is_to_be_forgotten() -> None:
    system = _switched(observe(toy(), [Memory("m", UP, not_(Read("alive[0]")))]), "m")
    state, _, _ = initial_state(system)
    seen = [evaluate(system, state, remembered("m"))]

    for name in ("mounted[node1]", "kill[node1]"):
        effect = fire(system, state, system.actions[system.action_index[name]])
        assert effect is not None
        state = effect.state
        seen.append(evaluate(system, state, remembered("m")))

    assert seen == [0, 1, 0]


def test_a_stopwatch_measures_from_the_start_to_the_stop() -> None:
    system = _switched(observe(toy(budget_total=0), [Stopwatch("s", Read("alive[0]"), UP)]), "s")

    found = Reference().explore(system).measured["s"].range()

    assert found is not None
    assert (found.lo, found.hi) == (200, 600)


def test_a_release_stops_the_watch_as_the_goal_does() -> None:
    system = _switched(observe(toy(budget_total=0), [Stopwatch("s", Read("alive[0]"), Read("up[1]"), UP)]), "s")

    found = Reference().explore(system).measured["s"].range()

    assert found is not None
    assert (found.lo, found.hi) == (200, 600)


def test_a_stopwatch_that_times_once_gives_up_at_its_cap() -> None:
    watch = Stopwatch("s", Read("alive[0]"), Read("up[1]"), once=True)
    system = _switched(observe(toy(), [watch]), "s").with_settings(**{cap_of("s"): 5000})

    found = Reference().explore(system).measured["s"].range()

    assert found is not None
    assert (found.lo, found.hi) == (3700, 5000)


def test_a_deadline_passes_one_millisecond_after_the_time_allowed() -> None:
    def late(within: int) -> bool:
        system = observe(toy(budget_total=0), [Deadline("d", within, Read("alive[0]"), UP)])
        states = Reference().explore(_switched(system, "d")).states
        return any(evaluate(system, state, Read(late_of("d"))) for state in states)

    assert late(599)
    assert not late(600)


def test_memories_of_one_property_share_a_switch() -> None:
    system = observe(toy(), [Memory("a", UP, switch="both"), Memory("b", remembered("a"), switch="both")])

    assert [s.name for s in system.settings if s.name.startswith("observe")] == ["observe[both]"]


def test_two_observers_of_one_name_are_refused() -> None:
    with pytest.raises(ModelError, match="called"):
        observe(toy(), [Memory("m", UP), Memory("m", UP)])


def test_observers_may_be_added_to_observers() -> None:
    once = observe(toy(), [Memory("a", UP)])
    twice = observe(once, [Memory("b", remembered("a"))])

    assert twice.after is not None
    assert twice.after != once.after
    assert {"a", "b"} <= set(twice.variable_index)
