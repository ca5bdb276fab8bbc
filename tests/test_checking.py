"""From a case to a report: the toy pair with one disk, small enough to know every answer by heart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hamodel.checking.case import BOOT
from hamodel.checking.examine import examine
from hamodel.checking.plain import Plain, PlainFound
from hamodel.checking.search import Progress
from hamodel.errors import EngineLimit, EnginesDisagree, ModelError
from hamodel.ir.expr import FALSE, Read
from hamodel.ir.report import Report, Result
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome, Range
from hamodel.properties import Answer, Cluster, Response, always, leads_to, sometimes
from hamodel.properties.loader import load, select
from hamodel.properties.words import Definition
from tests.disk_toy import toy_case


def _report(*names: str, engine: str = "reference", **options: int) -> Report:
    return examine(toy_case(**options), select(load(), names), engine=engine)


def _result(name: str, engine: str = "reference", **options: int) -> Result:
    (result,) = _report(name, engine=engine, **options).results
    return result


def test_one_fault_is_enough_for_two_mounts_and_both_kinds_are_named() -> None:
    result = _result("single_mount")

    assert result.outcome is Outcome.VIOLATED
    assert [way.faults for way in result.ways] == [(("cut", 1),), (("kill", 1),)]


def test_a_kill_mounts_twice_for_the_watchdog_time_minus_the_takeover() -> None:
    result = _result("single_mount", limit_cut=0)

    assert result.ways[0].length == Range(400, 1300)
    assert result.ways[0].earliest == 3700


def test_a_cut_mounts_twice_for_ever() -> None:
    result = _result("single_mount", limit_kill=0)

    assert result.ways[0].length is not None
    assert result.ways[0].length.hi is None


def test_without_faults_everything_holds_or_has_nothing_to_say() -> None:
    report = _report(budget_total=0)

    found = {r.name: r.outcome for r in report.results}
    assert found["single_mount"] is Outcome.HOLDS
    assert found["watchdog_reboots_after_kill"] is Outcome.VACUOUS
    assert found["failback_converges"] is Outcome.VACUOUS


def test_the_smallest_set_of_faults_is_found_whatever_the_budget() -> None:
    result = _result("single_mount", budget_total=2)

    assert result.faults_used == (("cut", 1),)


def test_a_deadline_is_measured_to_the_millisecond() -> None:
    result = _result("watchdog_reboots_after_kill")

    assert result.outcome is Outcome.HOLDS
    assert result.measured == Range(5000, 5000)


def test_a_deadline_that_is_missed_is_told_with_the_time_it_takes() -> None:
    @leads_to(within="4s")
    def reset_soon(cluster: Cluster) -> Answer:
        """Soon."""
        return [Response(cluster.observe("killed_armed", n), cluster.observe("reset", n)) for n in cluster.nodes[:1]]

    (result,) = examine(toy_case(), [reset_soon], engine="reference").results

    assert result.outcome is Outcome.VIOLATED
    assert result.measured == Range(5000, 5000)
    assert (result.story[-1].at, result.story[-1].text) == (4001, "the time allowed is over")


def test_a_promise_without_a_deadline_is_broken_by_waiting_for_ever() -> None:
    result = _result("failback_converges")

    assert result.outcome is Outcome.VIOLATED
    assert result.faults_used == (("cut", 1),)
    assert result.story[-1].text.startswith("and so it stays")


def test_a_group_stays_where_it_is_only_with_failback_off() -> None:
    on, off = _report(auto_failback=1), _report(auto_failback=0)

    assert "owner_stays" in {s.name for s in on.skipped}
    assert {r.name: r.outcome for r in off.results}["owner_stays"] is Outcome.HOLDS


def test_commands_alone_reset_nobody() -> None:
    result = _result("orderly_stop_never_resets", limit_stop=1)

    assert result.outcome is Outcome.HOLDS


def test_a_property_with_nothing_to_say_is_skipped_unless_it_was_asked_for() -> None:
    definitions = select(load(), ["single_owner"])

    quiet = examine(toy_case(), definitions, engine="reference")
    asked = examine(toy_case(), definitions, engine="reference", asked=["single_owner"])

    assert [s.name for s in quiet.skipped] == ["single_owner"]
    assert [r.outcome for r in asked.results] == [Outcome.VACUOUS]


def test_what_can_never_happen_is_a_violation_of_sometimes() -> None:
    @sometimes
    def miracle(cluster: Cluster) -> Answer:
        """A miracle."""
        return cluster.observe("reset", 0) & cluster.observe("reset", 1)

    (result,) = examine(toy_case(), [miracle], engine="reference").results

    assert (result.outcome, result.reason) == (Outcome.VIOLATED, "it never happens, whatever comes")


def test_a_limit_makes_a_verdict_bounded_and_says_what_was_excluded() -> None:
    report = examine(toy_case(), select(load(), ["single_mount"]), Limits(classes=6), engine="reference")

    (result,) = report.results
    assert result.outcome is Outcome.BOUNDED
    assert "excluded for up to 0 faults" in result.reason


def test_from_the_boot_more_can_happen_than_from_the_steady_state() -> None:
    steady = examine(toy_case(), select(load(), ["single_mount"]), engine="reference")
    boot = examine(replace(toy_case(), start=BOOT), select(load(), ["single_mount"]), engine="reference")

    assert boot.results[0].states > steady.results[0].states


def test_every_trace_is_replayed_and_confirmed_by_z3() -> None:
    for result in _report().results:
        if result.outcome is Outcome.VIOLATED:
            assert result.certified == ("replayed by the reference semantics", "times confirmed by z3")


def test_a_story_tells_the_fault_the_death_and_the_mount_with_their_times() -> None:
    result = _result("single_mount", limit_cut=0)

    assert [(s.at, s.node, s.text) for s in result.story] == [
        (0, "", "heartbeat is killed on node1 (kill -9)"),
        (3500, "node2", "declares node1 dead"),
        (3700, "node2", "has mounted /dev/sdb5"),
        (3700, "", "here the claim is broken"),
    ]


def test_the_compiled_engine_reports_the_same_to_the_last_number() -> None:
    plain, compiled = _report(), _report(engine="classes")

    assert [_facts(r) for r in plain.results] == [_facts(r) for r in compiled.results]


def _facts(result: Result) -> tuple[object, ...]:
    return (result.name, result.outcome, result.ways, result.measured, result.story)


class Liar(Plain):
    """An engine that finds traces nobody can follow."""

    def explore(self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress) -> PlainFound:
        return LyingFound(super().explore(system, start, mode, limits, progress).inner)


class LyingFound(PlainFound):
    """Its traces lack their first event."""

    def names_to(self, index: int) -> tuple[str, ...]:
        return super().names_to(index)[1:]


def test_a_trace_that_does_not_stand_a_second_look_stops_everything() -> None:
    with pytest.raises(EnginesDisagree):
        examine(toy_case(), select(load(), ["single_mount"]), engine=Liar())


class Full(Plain):
    """An engine that is always too small."""

    def explore(self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress) -> PlainFound:
        if start is not None:
            raise EngineLimit("the queue is full")
        return super().explore(system, start, mode, limits, progress)


def test_a_full_queue_makes_a_verdict_unknown_and_never_holds() -> None:
    (result,) = examine(toy_case(), select(load(), ["single_mount"]), engine=Full()).results

    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "the queue is full")


class Interrupted(Plain):
    """Somebody presses Ctrl-C as soon as a fault may come."""

    def explore(self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress) -> PlainFound:
        if start is not None and system.setting_value["budget_total"] == 1:
            raise KeyboardInterrupt
        return super().explore(system, start, mode, limits, progress)


def test_an_interrupt_leaves_a_report_that_says_how_far_it_came() -> None:
    report = examine(toy_case(), select(load(), ["single_mount"]), engine=Interrupted())

    assert report.interrupted
    assert report.results[0].outcome is Outcome.BOUNDED
    assert "excluded for up to 0 faults" in report.results[0].reason


def test_a_broken_invariant_of_the_model_is_no_verdict() -> None:
    case = toy_case()
    broken = replace(case, system=replace(case.system, invariants=(("nobody ever dies", Read("alive[0]")),)))

    with pytest.raises(ModelError, match="nobody ever dies"):
        examine(broken, select(load(), ["single_mount"]), engine="reference")


def test_a_cluster_that_never_rests_is_unknown_from_the_steady_state() -> None:
    class Restless(Plain):
        def explore(
            self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress
        ) -> PlainFound:
            return Tireless(super().explore(system, start, mode, limits, progress).inner)

    class Tireless(PlainFound):
        def quiescent_states(self) -> tuple[State, ...]:
            return ()

    (result,) = examine(toy_case(), select(load(), ["single_mount"]), engine=Restless()).results

    assert result.outcome is Outcome.UNKNOWN


def test_a_claim_whose_witness_never_comes_is_vacuous() -> None:
    from hamodel.properties import Formula

    def impossible(cluster: Cluster) -> Formula:
        return Formula(FALSE)

    @always(witness=impossible)
    def trivial(cluster: Cluster) -> Answer:
        """Trivial."""
        return cluster.quiet | ~cluster.quiet

    (result,) = examine(toy_case(), _definitions(trivial), engine="reference").results

    assert result.outcome is Outcome.VACUOUS


def _definitions(*found: object) -> Sequence[Definition]:
    return [f for f in found if isinstance(f, Definition)]


def test_two_threads_answer_as_one_does() -> None:
    alone = examine(toy_case(), load(), limits=Limits(jobs=1), engine="reference")
    together = examine(toy_case(), load(), limits=Limits(jobs=2), engine="reference")

    assert [(r.name, r.outcome, r.states, r.story) for r in together.results] == [
        (r.name, r.outcome, r.states, r.story) for r in alone.results
    ]
