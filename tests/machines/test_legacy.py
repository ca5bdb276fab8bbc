"""Legacy mode and haresources that differ: what the composed system says about them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hamodel.config.spec import Spec, read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import NotApplicable
from hamodel.ir.expr import And
from hamodel.ir.script import Event, moment, scripted
from hamodel.machines import compose_cluster, structure
from tests.machines.golden import ROOT
from tests.machines.recordings import predicted

ENGINE = ClassesEngine()
RECORDED = Path(__file__).with_name("recorded")
"""Runs of two real daemons (3.0.6), one in legacy mode: node1, with its group; node2 prefers a second one."""
LEGACY, NICE = ROOT / "specs" / "07-legacy-pair", ROOT / "specs" / "05-one-cable"


def pair(folder: Path, first: str, second: str, failback: tuple[str, str] = ("on", "on")) -> Spec:
    """Two nodes, each with its own haresources and failback line."""
    base = re.sub(r"auto_failback.*\n", "", (NICE / "ha.cf").read_text())
    for name, groups, mode in zip(("node1", "node2"), (first, second), failback, strict=True):
        own = folder / name
        own.mkdir(parents=True)
        (own / "ha.cf").write_text(f"{base}auto_failback {mode}\n")
        (own / "haresources").write_text(groups)
        (own / "authkeys").write_text((NICE / "authkeys").read_text())
    return read_spec([folder])


def test_legacy_mode_is_what_a_silent_file_means_and_adds_nothing_to_the_others() -> None:
    silent, said = read_spec([LEGACY]), read_spec([NICE])

    assert structure(silent).legacy
    assert any(v.owner == "hamodel.machines.legacy" for v in compose_cluster(silent).variables)
    assert not any(v.owner == "hamodel.machines.legacy" for v in compose_cluster(said).variables)


def test_nobody_can_ask_for_a_standby_in_legacy_mode() -> None:
    system = compose_cluster(read_spec([LEGACY]))

    assert {a.fault for a in system.actions}.isdisjoint({"standby", "takeover"})


def test_a_failing_fence_does_not_keep_a_starting_node_from_its_own_groups() -> None:
    fails = {"stonith.nodes": ["node1", "node2"], "stonith.outcome": "fails"}
    script = ("cut[eth1]", "start_heartbeat[node1]", "start_heartbeat[node2]")

    for folder, starts in ((LEGACY, True), (NICE, False)):
        system = compose_cluster(read_spec([folder], None, fails)).with_settings(started=0)
        play = scripted(system, [Event(action, 0, 0) for action in script], 150_000)
        found = ENGINE.explore(play)
        ended = found.via == play.action_index[moment(len(script))]
        assert ended.any()
        assert bool(found.where(system.observables["owns[0,0]"])[ended].all()) == starts


def test_a_node_that_negotiates_waits_for_ever_beside_one_that_does_not(tmp_path: Path) -> None:
    groups = "node1 webd\nnode2 maild\n"
    system = compose_cluster(pair(tmp_path, groups, groups, ("legacy", "on"))).with_settings(budget_total=0)

    found = ENGINE.explore(system)

    assert found.complete
    assert bool(found.where(system.observables["up[0,0]"]).any())
    assert not bool(found.where(system.observables["up[1,1]"]).any())


@pytest.mark.parametrize("run", ["mixed_stop_legacy", "mixed_kill_legacy", "mixed_stop_nice", "mixed_standby"])
def test_two_modes_in_one_cluster_do_what_the_real_daemons_did(run: str) -> None:
    prediction = predicted(RECORDED / run)

    assert prediction.complete
    assert prediction.sharp
    assert prediction.differences == ()


def test_lines_with_one_key_are_one_group_which_each_node_knows_in_its_own_way(tmp_path: Path) -> None:
    first = "node1 10.0.0.1 disk web\nnode1 10.0.0.2 only1\n"
    second = "node2 10.0.0.1 web\nnode2 10.0.0.3 only2\n"

    parts = structure(pair(tmp_path, first, second))

    assert [g.owners for g in parts.groups] == [(0, 1), (0, 3), (3, 1)]
    assert [s.text for s in parts.groups[0].steps] == ["10.0.0.1", "disk", "web"]
    assert parts.groups[0].order == ((0, 1, 2), (0, 2))
    assert parts.shape().tables["release_order"] == ((2, 1, 0, 4, 3), (2, 0, 6, 5))


def test_a_group_that_one_file_lacks_is_not_taken_over(tmp_path: Path) -> None:
    spec = pair(tmp_path, "node1 10.0.0.1\n", "node2 10.0.0.2\n")

    system = compose_cluster(spec)
    found = ENGINE.explore(system, ENGINE.steady(system))

    assert bool(found.where(system.observables["up[0,0]"]).any())
    assert not bool(found.where(system.observables["up[1,0]"]).any())


def test_a_resource_in_two_groups_is_one_step_which_each_node_finds_in_its_own_line(tmp_path: Path) -> None:
    spec = pair(tmp_path, "node1 webd disk\nnode1 maild\n", "node1 webd\nnode1 maild disk x y\n")

    tables = structure(spec).shape().tables

    assert [s.text for s in structure(spec).steps] == ["webd", "disk", "maild", "x", "y"]
    assert tables["step_group"] == ((0, 0, 1, 1, 1), (0, 1, 1, 1, 1))
    assert tables["take_order"] == ((0, 1, 2), (0, 2, 1, 3, 4))
    assert tables["take_end"] == ((2, 3), (1, 5))
    assert tables["release_order"] == ((1, 0, 2), (0, 4, 3, 1, 2))


def test_a_line_that_only_moves_resources_about_has_no_step_of_its_own(tmp_path: Path) -> None:
    spec = pair(tmp_path, "node1 webd disk\n", "node1 disk webd\n")

    tables = structure(spec).shape().tables

    assert tables["group_steps"] == (((0, 1), (1, 0)), ((0, 1), (1, 0)))
    assert tables["group_owner"] == ((0, 3), (3, 0))


def test_a_disk_that_each_file_gives_to_its_own_node_is_mounted_twice(tmp_path: Path) -> None:
    disk = "Filesystem::/dev/sdb5::/webdata::ext3"
    spec = pair(tmp_path, f"node1 webd {disk}\nnode2 maild\n", f"node1 webd\nnode2 maild {disk}\n")
    system = compose_cluster(spec).with_settings(budget_total=0)

    found = ENGINE.explore(system)

    assert bool(found.where(And((system.observables["up[0,1]"], system.observables["up[1,1]"]))).any())


def test_a_group_that_cannot_start_is_given_up_in_the_order_of_the_nodes_own_file(tmp_path: Path) -> None:
    """The second file has the lines and the resources the other way round; what was started must be stopped again."""
    spec = pair(tmp_path, "node1 maild\nnode1 webd disk x\n", "node1 webd x disk\nnode1 maild\n")
    system = compose_cluster(spec)
    script = [Event("start_fails[node2,disk]", 60_000, 60_000), Event("power_off[node1]", 1000, 1000)]

    play = scripted(system, script, 60_000)
    found = ENGINE.explore(play)

    ended = found.via == play.action_index[moment(len(script))]
    assert ended.any()
    for s, runs in (("up[1,1]", False), ("up[1,3]", False), ("up[1,0]", True)):
        assert bool(found.where(system.observables[s])[ended].any()) == runs, s


def test_a_line_taken_out_is_never_stopped() -> None:
    edit = {"faults.kinds": ["edit", "stop"], "faults.budget": 2}
    system = compose_cluster(read_spec([NICE], None, edit))
    both = And((system.observables["up[0,1]"], system.observables["up[1,1]"]))

    found = ENGINE.explore(system, ENGINE.steady(system))

    assert bool(found.where(both).any())


@pytest.mark.parametrize(
    ("second", "what"),
    [
        ("IPaddr::192.168.60.200/24/eth0", "IPaddr::192.168.60.200/24/eth0"),
        ("webd IPaddr::192.168.60.200/24/eth0", "IPaddr::192.168.60.200/24/eth0"),
        ("webd 192.168.60.200", "192.168.60.200"),
        ("webd Filesystem::/dev/sdb5::/elsewhere::ext3", "/dev/sdb5"),
        ("drbdupper::/dev/sdb5", "/dev/sdb5"),
        ("IPaddr::192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3", "IPaddr::192.168.60.200/24/eth0"),
    ],
)
def test_a_resource_of_two_lines_is_refused_and_named(tmp_path: Path, second: str, what: str) -> None:
    lines = f"node1 IPaddr::192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\nnode2 {second}\n"

    with pytest.raises(NotApplicable, match="stands in two lines") as refused:
        structure(pair(tmp_path, lines, lines))
    assert f"{what} stands" in str(refused.value)


def test_an_export_of_a_third_machine_may_stand_in_two_lines(tmp_path: Path) -> None:
    lines = "node1 webd Filesystem::nas:/a::/web::nfs\nnode2 mysqld Filesystem::nas:/a::/db::nfs\n"

    assert len(structure(pair(tmp_path, lines, lines)).groups) == 2
