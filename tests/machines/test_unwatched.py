"""What Heartbeat does not watch: a service that dies, disks that stall, a switch that takes both machines' cables."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking.examine import examine
from hamodel.checking.of_spec import case_of
from hamodel.config.spec import Spec, read_spec
from hamodel.engines._lower.exploration import Exploration
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.expr import And, Expr, Not
from hamodel.ir.script import Event, moment, scripted
from hamodel.ir.verdict import Outcome
from hamodel.machines import compose_cluster, structure
from hamodel.properties.loader import load, select
from tests.machines.golden import ROOT
from tests.machines.recordings import predicted

ENGINE = ClassesEngine()
RECORDED = Path(__file__).with_name("recorded")
PLAIN, CABLE, LEGACY = (ROOT / "specs" / name for name in ("01-webdata", "05-one-cable", "07-legacy-pair"))
ADDRESS, DISK = 0, 1


def spec_with(folder: Path, *kinds: str, **more: object) -> Spec:
    """Each of these kinds once."""
    limits = {f"faults.{kind}": 1 for kind in kinds}
    return read_spec([folder], None, {"faults.kinds": list(kinds), "faults.budget": len(kinds), **limits, **more})


def everything(spec: Spec) -> Exploration:
    system = compose_cluster(spec)
    found = ENGINE.explore(system, ENGINE.steady(system))
    assert found.complete
    return found


def may(found: Exploration, *all_of: Expr) -> bool:
    """Whether all of these can hold at once."""
    return bool(found.where(And(all_of) if len(all_of) > 1 else all_of[0]).any())


@pytest.mark.parametrize("run", ["stall_owner", "stall_slow_release", "stall_watchdog", "service_dies", "pings_differ"])
def test_the_recorded_outcome_is_one_the_model_allows(run: str) -> None:
    prediction = predicted(RECORDED / run)

    assert prediction.complete
    assert prediction.differences == ()


# ---- a service dies --------------------------------------------------------------------------------------------------


def test_nobody_notices_that_a_service_is_dead() -> None:
    found = everything(spec_with(CABLE, "service_dies"))
    see = found.system.observables

    assert may(found, see[f"service_dead[0,{DISK}]"], see["claims_local[0]"], Not(see[f"up[0,{DISK}]"]))
    assert not may(found, see[f"up[1,{ADDRESS}]"])
    assert not may(found, see[f"service_dead[0,{DISK}]"], see[f"up[0,{DISK}]"])


def test_a_standby_that_has_nothing_to_do_with_it_brings_a_dead_service_back() -> None:
    found = everything(spec_with(CABLE, "service_dies", "standby"))
    see = found.system.observables

    assert may(found, see["owns[1,0]"])
    assert not may(found, see["owns[1,0]"], see[f"service_dead[0,{DISK}]"])


def test_a_service_that_stays_dead_is_a_promise_broken() -> None:
    report = examine(case_of(spec_with(CABLE, "service_dies")), select(load(), ["served_again", "single_mount"]))

    outcomes = {result.name: result.outcome for result in report.results}
    assert outcomes == {"served_again": Outcome.VIOLATED, "single_mount": Outcome.HOLDS}


def test_in_legacy_mode_a_group_whose_first_resource_is_dead_is_given_away_without_a_stop() -> None:
    found = everything(spec_with(LEGACY, "stop", "service_dies"))
    see = found.system.observables

    assert may(found, see[f"up[0,{DISK}]"], see[f"up[1,{DISK}]"])


# ---- a stall ---------------------------------------------------------------------------------------------------------


def test_what_stands_still_is_neither_killed_nor_woken_by_a_signal() -> None:
    found = everything(spec_with(CABLE, "stall", "kill"))
    see = found.system.observables

    assert may(found, see["stalled[0]"])
    assert not may(found, see["stalled[0]"], Not(see["paused[0]"]))
    assert not may(found, see["stalled[0]"], Not(see["daemon_up[0]"]))


def test_a_stall_in_a_slow_release_keeps_the_disk_that_the_peer_mounts_without_a_fence() -> None:
    """HZ-09: the claim is gone, the stop stands still. A pause of the daemon alone lets the release go on."""
    fence = {"stonith.nodes": ["node1", "node2"], "durations.Filesystem.stop": [200, 900]}
    for kind, twice in (("stall", True), ("pause", False)):
        found = everything(spec_with(CABLE, "standby", kind, **fence))
        see = found.system.observables

        still, dropped = see["paused[0]"], Not(see["claims_local[0]"])
        assert may(found, still, dropped, see[f"up[0,{DISK}]"], see[f"up[1,{DISK}]"]) == twice, kind


def test_a_script_that_hangs_has_not_ended_when_its_paused_daemon_goes_on() -> None:
    disk = "Filesystem::/dev/sdb5::/webdata::ext3"
    script = (
        (f"hang[node1,{disk}]", 200_000),
        ("hb_standby[node1]", 1000),
        ("pause[node1]", 5000),
        ("resume[node1]", 1000),
    )
    system = compose_cluster(read_spec([CABLE]))
    play = scripted(system, [Event(action, after, after) for action, after in script], 5000)

    found = ENGINE.explore(play)
    ended = found.via == play.action_index[moment(len(script))]

    assert ended.any()
    assert bool(found.where(system.observables[f"up[0,{DISK}]"])[ended].all())
    assert not bool(found.where(system.observables[f"up[1,{DISK}]"])[ended].any())


# ---- a switch --------------------------------------------------------------------------------------------------------


def test_a_switch_takes_the_clients_from_both_and_moves_nothing() -> None:
    spec = spec_with(CABLE, "switch")
    found = everything(spec)
    see = found.system.observables
    dark = Not(see[f"plugged[{structure(spec).cables.index('switch of eth0')}]"])

    assert may(found, dark, see["owns[0,0]"])
    assert not may(found, dark, see["serves[0,0]"])
    assert not may(found, see[f"up[1,{ADDRESS}]"])
    names = {action.name for action in found.system.actions}
    assert {"switch_off[switch of eth0]", "switch_on[switch of eth0]"} <= names
    assert "cut[switch of eth0]" not in names


def test_cards_on_one_switch_fall_together_on_both_machines() -> None:
    together = {"topology.together": [["eth0", "eth1"]]}
    found = everything(spec_with(CABLE, "switch", **together))
    see = found.system.observables

    assert may(found, see[f"up[0,{DISK}]"], see[f"up[1,{DISK}]"])


def test_kinds_that_no_spec_names_cost_nothing() -> None:
    plain = compose_cluster(read_spec([PLAIN]))

    assert {a.fault for a in plain.actions}.isdisjoint({"service_dies", "stall", "switch"})
    assert not any(v.owner.rsplit(".", 1)[-1] in ("service", "stall", "switch", "phantom") for v in plain.variables)
    assert not any("switch" in v.name for v in plain.variables)
