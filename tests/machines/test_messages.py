"""What befalls messages, clocks and media: reordering, loss, starves, writers that are stuck, numbers that go back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hamodel.config.daemon import Version
from hamodel.config.spec import read_spec
from hamodel.engines._lower.exploration import Exploration
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.expr import Const, Expr, Length, Op, Read, and_, binary, not_
from hamodel.ir.script import Event, scripted
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster
from hamodel.machines.membership import View
from hamodel.machines.node import Daemon
from hamodel.machines.resources import Rs
from hamodel.machines.standby import Standby
from tests.machines.golden import ROOT, once

ENGINE = ClassesEngine()
LIMITS = Limits(classes=100_000)
OWNER, STANDBY = 0, 1


def explored(spec: str, changes: Mapping[str, object], heartbeat: str, deleted: str = "") -> Exploration:
    """All that these faults can do to the cluster, from its steady state, perhaps without one rule."""
    system = compose_cluster(
        read_spec([ROOT / "specs" / spec], Version(heartbeat), dict(changes)), frozenset({deleted} - {""})
    )
    return ENGINE.explore(system, ENGINE.steady(system, LIMITS), limits=LIMITS)


def both(found: Exploration) -> Expr:
    see = found.system.observables
    return and_(see["up[0,0]"], see["up[1,0]"])


def forgotten(believer: int) -> Expr:
    """Both are up and stable and nothing travels, yet one takes it that the other, who claims its groups, has none."""
    facts = {f"peer_local[{believer}]": 0, f"peer_foreign[{believer}]": 0, f"claims_local[{1 - believer}]": 1}
    facts |= {f"view[{believer}]": View.ACTIVE}
    for node in (0, 1):
        facts |= {f"daemon[{node}]": Daemon.ACTIVE, f"rs[{node}]": Rs.STABLE, f"state[{node}]": Standby.NOT}
    equal = (binary(Op.EQ, Read(name), Const(int(value))) for name, value in facts.items())
    return and_(*equal, *(binary(Op.EQ, Length(f"inbox[{node}]"), Const(0)) for node in (0, 1)))


@pytest.mark.parametrize(("heartbeat", "stops"), [("2.0.8", True), ("3.0.6", False)])
def test_one_stuck_write_process_stops_a_healthy_node_in_the_old_version_only(heartbeat: str, stops: bool) -> None:
    found = explored("01-webdata", {"faults.kinds": ["stuck"]}, heartbeat)

    assert found.complete
    assert bool(found.where(not_(found.system.observables[f"active[{OWNER}]"])).any()) is stops


@pytest.mark.parametrize("heartbeat", ["2.0.8", "3.0.6"])
def test_a_stalled_daemon_restarts_itself_and_a_paused_one_in_the_new_version_too(heartbeat: str) -> None:
    starved = explored("05-one-cable", {"faults.kinds": ["starve"]}, heartbeat)
    without = explored("05-one-cable", {"faults.kinds": ["starve"]}, heartbeat, "starve.own_heartbeat")

    assert (starved.classes, starved.edges) != (without.classes, without.edges)
    assert starved.where(starved.system.observables[f"restarting[{OWNER}]"]).any()


def test_a_node_that_loses_packets_takes_what_its_peer_keeps() -> None:
    found = explored("05-one-cable", {"faults.kinds": ["loss"]}, "2.0.8")

    assert found.complete
    assert found.where(both(found)).any()


@pytest.mark.parametrize(
    ("heartbeat", "method", "kind", "goes_back"),
    [
        ("3.0.6", "file", "generation", False),
        ("3.0.6", "time", "generation", True),
        ("2.0.8", "file", "generation", True),
        ("3.0.6", "file", "restore", True),
        ("3.0.6", "time", "restore", False),
    ],
)
def test_a_generation_goes_back_only_where_it_comes_from(
    heartbeat: str, method: str, kind: str, goes_back: bool
) -> None:
    system = compose_cluster(
        read_spec([ROOT / "specs" / "01-webdata"], Version(heartbeat), dict(once("power", kind)))
    ).with_settings(**{f"generation_by_clock[{n}]": int(method == "time") for n in (0, 1)})

    found = ENGINE.explore(system, ENGINE.steady(system, LIMITS), limits=LIMITS)

    assert found.complete
    assert bool(found.where(Read("replayed[0]")).any()) is goes_back


@pytest.mark.parametrize("believer", [OWNER, STANDBY])
def test_an_old_claim_that_comes_late_hides_what_the_peer_holds(believer: int) -> None:
    usual = explored("05-one-cable", once("stop"), "3.0.6")
    late = explored("05-one-cable", once("stop", "reorder"), "3.0.6")

    assert usual.complete
    assert not usual.where(forgotten(believer)).any()
    assert late.where(forgotten(believer)).any()


@pytest.mark.parametrize(
    ("heartbeat", "wins", "restarts"), [("3.0.6", 1, True), ("3.0.6", 0, False), ("2.0.8", 1, False)]
)
def test_after_a_pause_a_scan_that_comes_before_the_packets_makes_a_living_peer_dead(
    heartbeat: str, wins: int, restarts: bool
) -> None:
    """Recorded on 3.0.6 (N8b after the scan); 2.0.8 does not measure how late it is."""
    system = compose_cluster(read_spec([ROOT / "specs" / "01-webdata"], Version(heartbeat)))
    events = [Event("pause[node2]", 100_000, 100_000), Event("resume[node2]", 40_000, 40_000)]

    found = ENGINE.explore(scripted(system.with_settings(scan_may_win=wins), events, 60_000), mode="merged")

    assert found.complete
    assert bool(found.where(system.observables["restarting[1]"]).any()) is restarts
    assert found.where(not_(system.observables["restarting[1]"])).any()
