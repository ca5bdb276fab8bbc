"""Ping lines that differ: each node counts its own, and 2.0.8 takes the other's for a machine (HZ-21)."""

from __future__ import annotations

import pytest

from hamodel.config.daemon import Version
from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.expr import And, Read
from hamodel.ir.script import Event, moment, scripted
from hamodel.machines import compose_cluster
from tests.machines.golden import PINGS, ROOT

ENGINE = ClassesEngine()
FOLDER = ROOT / "specs" / PINGS
JOINS_LATE = ("start_heartbeat[node1]", 0), ("start_heartbeat[node2]", 180_000)
"""node1 is alone for its initdead and takes its group; then node2 asks it for the node list."""


def owners_after(version: Version, *events: tuple[str, int]) -> set[tuple[bool, bool]]:
    """Who may hold the group a minute after these events, each so many ms after the one before."""
    system = compose_cluster(read_spec([FOLDER], version)).with_settings(started=0)
    play = scripted(system, [Event(action, after, after) for action, after in events], 60_000)
    found = ENGINE.explore(play)
    ended = found.via == play.action_index[moment(len(events))]
    assert ended.any()
    first, second = (found.where(system.observables[f"owns[{n},0]"])[ended] for n in (0, 1))
    return {(bool(a), bool(b)) for a, b in zip(first, second, strict=True)}


def test_each_node_waits_for_its_own_ping_node_and_not_for_the_other() -> None:
    script = ("ping_dies[192.168.60.2]", 0), ("start_heartbeat[node1]", 0), ("start_heartbeat[node2]", 0)

    system = compose_cluster(read_spec([FOLDER], Version.V3_0_6)).with_settings(started=0)
    play = scripted(system, [Event(action, after, after) for action, after in script], 60_000)
    found = ENGINE.explore(play)
    ended = found.via == play.action_index[moment(len(script))]

    assert bool(found.where(system.observables["active[0]"])[ended].all())
    assert not bool(found.where(system.observables["active[1]"])[ended].any())


@pytest.mark.parametrize(("version", "owners"), [(Version.V3_0_6, (False, True)), (Version.V2_0_8, (False, False))])
def test_beside_a_phantom_the_peer_is_not_replaced_when_it_dies(version: Version, owners: tuple[bool, bool]) -> None:
    assert owners_after(version, *JOINS_LATE, ("power_off[node1]", 120_000)) == {owners}


def test_a_peer_that_dies_as_its_phantom_does_is_replaced_or_not() -> None:
    """Half a minute after the joiner's comm up against half a minute after the peer's last beat: a race."""
    owners = owners_after(Version.V2_0_8, *JOINS_LATE, ("power_off[node1]", 500))

    assert owners == {(False, True), (False, False)}


@pytest.mark.parametrize(("version", "twice"), [(Version.V3_0_6, False), (Version.V2_0_8, True)])
def test_a_phantoms_death_starts_what_the_peer_runs(version: Version, twice: bool) -> None:
    """auto_failback is off: node2 has the group, and node1, back again, takes its own beside it."""
    system = compose_cluster(read_spec([FOLDER], version, {"faults.kinds": ["stop"], "faults.budget": 1}))
    both = And((system.observables["up[0,1]"], system.observables["up[1,1]"]))

    found = ENGINE.explore(system, ENGINE.steady(system))

    assert found.complete
    assert bool(found.where(both).any()) == twice


def test_only_a_fence_that_lies_lets_a_phantom_be_replaced() -> None:
    for outcome, twice in (("works", False), ("lies", True)):
        fence = {"stonith.nodes": ["node1", "node2"], "stonith.outcome": outcome}
        spec = read_spec([FOLDER], Version.V2_0_8, {"faults.kinds": ["stop"], "faults.budget": 1, **fence})
        system = compose_cluster(spec)
        both = And((system.observables["up[0,1]"], system.observables["up[1,1]"]))

        found = ENGINE.explore(system, ENGINE.steady(system))

        assert bool(found.where(both).any()) == twice


def test_a_mach_down_that_waits_for_a_running_start_is_gone_with_its_machine() -> None:
    """node2 takes the group for 20 s while its phantom dies; the take-over waits in the queue, and power goes."""
    slow = {"durations.Filesystem.start": [20_000, 20_000]}
    system = compose_cluster(read_spec([FOLDER], Version.V2_0_8, slow)).with_settings(started=0)
    script = (*JOINS_LATE, ("hb_standby[node1]", 25_000), ("power_off[node2]", 12_000))
    play = scripted(system, [Event(action, after, after) for action, after in script], 1_000)

    found = ENGINE.explore(play)
    ended = found.via == play.action_index[moment(len(script))]

    assert bool(found.where(Read("queued[1]")).any())
    assert ended.any()
    assert not bool(found.where(Read("queued[1]"))[ended].any())


def test_a_cluster_whose_ping_lines_agree_has_no_room_for_phantoms() -> None:
    plain = read_spec([ROOT / "specs" / "01-webdata"], Version.V2_0_8)

    for system, has in ((compose_cluster(plain), False), (compose_cluster(read_spec([FOLDER], Version.V2_0_8)), True)):
        assert any(v.owner == "hamodel.machines.phantom" for v in system.variables) == has
