"""Who hears nothing acts, and who is not heard goes on: a path fails in one direction."""

from __future__ import annotations

import pytest

from hamodel.config.spec import read_spec
from hamodel.engines._lower.exploration import Exploration
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.expr import And, Expr, Not
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster
from tests.machines.golden import ROOT

ENGINE = ClassesEngine()
LIMITS = Limits(classes=50_000)
OWNER, STANDBY = 0, 1


@pytest.fixture(scope="module")
def found() -> Exploration:
    """All that one deaf node and its repair can do to a pair with one cable."""
    spec = read_spec([ROOT / "specs" / "05-one-cable"], None, {"faults.kinds": ["deaf"]})
    system = compose_cluster(spec)
    return ENGINE.explore(system, ENGINE.steady(system, LIMITS), limits=LIMITS)


def _deaf(found: Exploration, node: int) -> Expr:
    return found.system.observables[f"deaf[{node},0]"]


def _both(found: Exploration) -> Expr:
    see = found.system.observables
    return And((see["up[0,0]"], see["up[1,0]"]))


def test_a_deaf_standby_takes_what_the_owner_keeps(found: Exploration) -> None:
    assert found.where(And((_deaf(found, STANDBY), _both(found)))).any()


def test_a_deaf_owner_makes_no_second_owner(found: Exploration) -> None:
    assert found.where(_deaf(found, OWNER)).any()
    assert not found.where(And((_deaf(found, OWNER), _both(found)))).any()


@pytest.mark.parametrize("node", (0, 1))
def test_only_a_deaf_node_ever_thinks_its_peer_dead_before_the_repair(found: Exploration, node: int) -> None:
    see = found.system.observables
    heard = And((_deaf(found, 1 - node), Not(_deaf(found, node))))

    assert found.where(And((heard, see[f"peer_dead[{1 - node}]"]))).any()
    assert not found.where(And((heard, see[f"peer_dead[{node}]"]))).any()


def test_nobody_restarts_while_a_node_is_deaf(found: Exploration) -> None:
    see = found.system.observables
    for node in (0, 1):
        for deaf in (0, 1):
            restarts = And((_deaf(found, deaf), see[f"restarting[{node}]"]))
            assert not found.where(restarts).any()
