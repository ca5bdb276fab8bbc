"""A divided search answers as the undivided one does, whoever searches and with however many workers."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from hamodel.checking import division, slices
from hamodel.checking.compiled import Compiled, CompiledFound
from hamodel.checking.examine import examine
from hamodel.checking.faultsets import only, used_by
from hamodel.checking.search import Progress, Searcher, steady_starts, with_budget
from hamodel.checking.slices import actions_of, has_runs, slice_of, slices_of
from hamodel.engines._lower import merged
from hamodel.ir.expr import TRUE
from hamodel.ir.report import Report
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties import Answer, Cluster, Response, leads_to, never, sometimes
from hamodel.properties.loader import load, select
from hamodel.properties.words import Definition
from tests.disk_toy import toy, toy_case

NAMES = ("single_mount", "no_flapping", "somebody_serves", "leaves_once")


@never
def cut_and_killed(cluster: Cluster) -> Answer:
    """Not broken by fewer than two faults: the cable is cut, and a node was killed."""
    return ~cluster.observe("plugged", 0) & cluster.observe("killed_armed", cluster.nodes[0])


@leads_to(within="6s")
def reset_in_time(cluster: Cluster) -> Answer:
    """Kept: the watchdog bites after 5 s."""
    return [
        Response(cluster.observe("killed_armed", n), cluster.observe("reset", n), part=n.name) for n in cluster.nodes
    ]


@leads_to(within="6s")
def the_other_mounts(cluster: Cluster) -> Answer:
    """Broken by no fewer than two faults: the peer of a killed node mounts, unless it is killed as well."""
    one, other = cluster.nodes[:2]
    return [Response(cluster.observe("killed_armed", one), cluster.up(other, cluster.resources[0]))]


@leads_to(within="1s")
def reset_at_once(cluster: Cluster) -> Answer:
    """Broken by one fault: this deadline passes in most runs that break another claim."""
    return [Response(cluster.observe("killed_armed", n), cluster.observe("reset", n)) for n in cluster.nodes[:1]]


@never
def is_reset(cluster: Cluster) -> Answer:
    """Broken by one fault, after more than a second."""
    return cluster.observe("reset", cluster.nodes[0])


@sometimes
def two_faults_come(cluster: Cluster) -> Answer:
    """True with two faults and not with fewer."""
    return cluster.faults_spent & cluster.faulted


def definitions() -> list[Definition]:
    own = (cut_and_killed, reset_in_time, the_other_mounts, reset_at_once, is_reset, two_faults_come)
    return [*select(load(), NAMES), *own]


@pytest.fixture(scope="module")
def searcher() -> Compiled:
    return Compiled()


def answers(report: Report) -> object:
    """All a report says but times, counts, and which of equally short traces is shown."""
    told = [
        (r.name, r.outcome, r.reason, r.ways, r.measured, len(r.trace.steps) if r.trace else None)
        for r in report.results
    ]
    return told, report.never


def divided(monkeypatch: pytest.MonkeyPatch, unsplit: int = 10**6) -> None:
    monkeypatch.setattr(division, "UNDIVIDED", 1)
    monkeypatch.setattr(division, "UNSPLIT", unsplit)


@pytest.mark.parametrize(
    "limits", [{}, {"limit_cut": 1}, {"limit_kill": 1, "limit_stop": 2}, {"limit_cut": 0}], ids=str
)
@pytest.mark.parametrize("unsplit", [10**6, 40], ids=["by kind", "by action"])
def test_every_answer_is_that_of_the_undivided_search(
    limits: dict[str, int], unsplit: int, searcher: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = toy_case(budget_total=2, **limits)
    whole = answers(examine(case, definitions(), engine=searcher))
    divided(monkeypatch, unsplit)

    assert answers(examine(case, definitions(), engine=searcher)) == whole


@pytest.mark.parametrize("unsplit", [10**6, 40], ids=["by kind", "by action"])
def test_promises_with_a_deadline_are_answered_along_with_the_claims(
    unsplit: int, searcher: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One search of the slices for all of them, not one for each."""
    explored = []

    class Counted(Compiled):
        def explore(
            self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress
        ) -> CompiledFound:
            watched = {n for n, v in system.setting_value.items() if v and n.startswith("observe[")}
            explored.append((mode, frozenset(n for n in watched if n.endswith(".deadline]"))))
            return searcher.explore(system, start, mode, limits, progress)

    case = toy_case(budget_total=2)
    whole = answers(examine(case, definitions(), engine=searcher))
    divided(monkeypatch, unsplit)

    assert answers(examine(case, definitions(), engine=Counted())) == whole
    assert {len(names) for mode, names in explored if mode == "merged" and names} == {4, 3}


def test_three_faults_and_two_workers(searcher: Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    case = toy_case(budget_total=3, limit_stop=1)
    whole = answers(examine(case, definitions(), engine=searcher))
    divided(monkeypatch, 40)
    alone = examine(case, definitions(), engine=searcher)
    together = examine(case, definitions(), Limits(jobs=2), engine=searcher)

    assert answers(alone) == whole
    assert answers(together) == whole
    assert [r.states for r in alone.results] == [r.states for r in together.results]
    assert [r.trace for r in alone.results] == [r.trace for r in together.results]


def test_every_run_has_a_slice_and_every_slice_has_its_faults_only(searcher: Searcher) -> None:
    system = with_budget(toy(limit_stop=1, budget_total=2), 2)
    (start,) = steady_starts(searcher, system, Limits(), lambda _what, _classes: None)
    whole = {s.faults: s for s in slices_of(system, start)}

    assert set(whole) == {(("cut", 2),), (("cut", 1), ("kill", 1)), (("cut", 1), ("stop", 1)), (("kill", 2),),
                          (("kill", 1), ("stop", 1))}  # fmt: skip
    for faults, slice in whole.items():
        found = searcher.explore(slice.system, slice.start, "merged", Limits(), lambda _what, _classes: None)
        (last,) = found.where(TRUE)[-1:]
        used = dict(used_by(system, found.names_to(last)))
        assert found.complete
        assert all(n <= dict(faults)[kind] for kind, n in used.items())


def test_a_slice_of_kinds_falls_into_slices_of_actions() -> None:
    system = with_budget(toy(budget_total=2), 2)

    both = slice_of(system, None, (("kill", 2),), 2)
    mixed = slice_of(system, None, (("cut", 1), ("kill", 1)), 2)

    assert [s.text for s in actions_of(both)] == ["kill[node1] + kill[node2]"]
    assert [s.text for s in actions_of(mixed)] == ["cut[eth0] + kill[node1]", "cut[eth0] + kill[node2]"]


def test_the_runs_of_a_slice_are_those_of_a_system_with_its_faults_and_budget() -> None:
    two, one = (with_budget(toy(budget_total=2), n) for n in (2, 1))

    assert has_runs(two, "cut[eth0] + kill[node1]") and has_runs(two, "cut + kill")
    assert not has_runs(one, "cut[eth0] + kill[node1]")
    assert not has_runs(only(two, ["cut"]), "cut[eth0] + kill[node1]")


def test_of_the_ways_with_several_faults_only_the_first_are_timed(
    searcher: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("hamodel.checking.examine"), "TIMED_WAYS", 0)

    ways = {r.name: r.ways for r in examine(toy_case(budget_total=2), definitions(), engine=searcher).results}

    assert [way.earliest for way in ways["cut_and_killed"]] == [None]
    assert all(way.earliest is not None for way in ways["single_mount"])


def test_a_slice_that_does_not_end_is_named_and_nothing_is_said_to_hold(
    searcher: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided(monkeypatch, 40)
    wanted = select(load(), ["leaves_once"])

    (result,) = examine(toy_case(budget_total=2), wanted, Limits(classes=40), engine=searcher).results

    assert result.outcome is Outcome.BOUNDED
    assert "excluded for up to" in result.reason
    assert "not all runs with cut[eth0]" in result.reason


@pytest.mark.parametrize("kept", [1, 8])
def test_a_slice_that_does_not_end_is_answered_by_hulls(
    kept: int, searcher: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may leave a claim undecided; what they decide is so, and a time that they do not know is not told."""
    case = toy_case(budget_total=2)
    exact = {r.name: r for r in examine(case, definitions(), engine=searcher).results}
    divided(monkeypatch, 5)
    monkeypatch.setattr(division, "APART", 5)
    monkeypatch.setattr(merged, "FIRST_SLICE", 1)
    monkeypatch.setattr(merged, "KEPT_APART", kept)

    loose = {r.name: r for r in examine(case, definitions(), engine=searcher).results}

    outcomes = {name: (r.outcome, exact[name].outcome) for name, r in loose.items()}
    assert all(one in (other, Outcome.BOUNDED) for one, other in outcomes.values()), outcomes
    assert loose["somebody_serves"].outcome is exact["somebody_serves"].outcome
    assert loose["single_mount"].ways == exact["single_mount"].ways
    for name, result in loose.items():
        assert result.measured in (None, exact[name].measured)
        assert not result.hulls or result.outcome is Outcome.HOLDS
    assert any(r.hulls for r in loose.values()) == (kept == 1)


class Impatient(Compiled):
    """Somebody presses Ctrl-C in the slice after so many."""

    def __init__(self, patience: int) -> None:
        super().__init__()
        self.patience, self.asked = patience, 0

    def explore(
        self, system: System, start: State | None, mode: str, limits: Limits, progress: Progress
    ) -> CompiledFound:
        self.asked += mode == "merged"
        found = super().explore(system, start, mode, limits, progress)
        return (
            CompiledFound(replace(found.inner, stopped="interrupted", complete=False))
            if self.asked > self.patience
            else found
        )


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupt_keeps_what_the_finished_slices_have_shown(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    divided(monkeypatch)

    states = [*select(load(), NAMES), cut_and_killed]

    report = examine(toy_case(budget_total=2), states, Limits(jobs=jobs), engine=Impatient(4))

    outcomes = {r.name: r.outcome for r in report.results}
    assert report.interrupted
    assert outcomes["single_mount"] is Outcome.VIOLATED
    assert outcomes["leaves_once"] is not Outcome.HOLDS
    assert Outcome.BOUNDED in outcomes.values()


def test_what_the_interrupted_slice_itself_has_shown_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    divided(monkeypatch)

    report = examine(toy_case(budget_total=2), [cut_and_killed], Limits(jobs=1), engine=Impatient(4))

    assert report.interrupted
    assert report.results[0].outcome is Outcome.VIOLATED


def test_too_many_slices_are_one_merged_search(searcher: Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    case = toy_case(budget_total=2)
    whole = examine(case, definitions(), engine=searcher)
    divided(monkeypatch)
    monkeypatch.setattr(slices, "MOST_SLICES", 0)

    merged = examine(case, definitions(), engine=searcher)

    assert [(r.name, r.outcome, r.measured) for r in merged.results] == [
        (r.name, r.outcome, r.measured) for r in whole.results
    ]
