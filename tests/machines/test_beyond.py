"""More than two nodes: every survivor takes the dead node's groups, and what is not explored is said or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking import check
from hamodel.checking.of_spec import case_of
from hamodel.config.spec import Spec, read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import NotApplicable, SpecRefused
from hamodel.ir import schedule
from hamodel.ir.semantics import evaluate
from hamodel.ir.system import System
from hamodel.ir.verdict import Outcome

ROOT = Path(__file__).resolve().parents[2]
THREE = ROOT / "specs" / "45-hz20-three-nodes"


def three(**changes: object) -> Spec:
    return read_spec([THREE], None, {"through": [], **changes})


def runs(system: System, *events: str) -> dict[str, int]:
    """The steps up on each node after these events from the steady state."""
    (start,) = ClassesEngine().steady(system)
    last = schedule.timed(system, events, start).last()
    return {name: evaluate(system, last, formula) for name, formula in system.observables.items() if "up" in name}


def test_a_killed_node_keeps_what_it_runs() -> None:
    system = case_of(three()).system
    assert runs(system, "kill_beyond[node1]")["up_beyond[0,1]"] == 1


def test_a_paused_survivor_notices_when_it_resumes() -> None:
    plot = ["power_off_beyond[node1]", "pause[node2]", "hb-node-dead[node3,node1]", "resume[node2]"]
    wanted = {"faults.budget": 2, "through": [*plot, "hb-node-dead[node2,node1]"]}
    (result,) = check(three(**wanted), ["single_mount"]).results
    assert result.outcome is Outcome.VIOLATED


def test_the_pair_may_be_named() -> None:
    assert three(pair=["node1", "node3"]).thirds == ("node2",)
    with pytest.raises(SpecRefused, match="problem"):
        three(pair=["node1", "nobody"])


def test_fences_among_three_are_refused() -> None:
    with pytest.raises(NotApplicable, match="3 nodes with STONITH"):
        case_of(three(**{"stonith.nodes": ["node2"]}))
