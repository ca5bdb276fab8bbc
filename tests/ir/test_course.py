"""A course counts its milestones in their order, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking import check
from hamodel.checking.of_spec import case_of
from hamodel.config.spec import Spec, read_spec
from hamodel.errors import OutOfRange
from hamodel.ir.verdict import Outcome

ROOT = Path(__file__).resolve().parents[2]
WEBDATA = ROOT / "specs" / "01-webdata"


def spec(*through: str, kinds: tuple[str, ...] = ("kill",), budget: int = 1) -> Spec:
    wanted = {"faults.kinds": list(kinds), "faults.budget": budget, "through": list(through)}
    return read_spec([WEBDATA], None, wanted)


def outcome(found: Spec, name: str = "single_mount") -> Outcome:
    (result,) = check(found, [name]).results
    return result.outcome


def test_a_course_that_leads_to_the_violation_leaves_it() -> None:
    assert outcome(spec("kill[node1]", "hb-node-dead[node2*]", "resource-started[node2*]")) is Outcome.VIOLATED


def test_the_violating_trace_takes_the_course() -> None:
    plot = ("cut[eth1]", "plug[eth1]", "kill[node1]", "hb-node-dead[node2*]")
    (result,) = check(spec(*plot, kinds=("cut", "kill"), budget=2), ["single_mount"]).results
    assert result.trace is not None
    names = result.trace.names()
    assert names[:3] == ("cut[eth1]", "plug[eth1]", "kill[node1]")


def test_faults_come_only_where_the_course_names_them() -> None:
    assert outcome(spec("cut[eth1]", "ping_dies[*]", kinds=("cut", "ping", "kill"), budget=3)) is Outcome.HOLDS


def test_a_course_nobody_takes_is_vacuous() -> None:
    assert outcome(spec("hb-node-dead[node2*]", "kill[node1]", "kill[node1]")) is Outcome.VACUOUS


def test_order_matters() -> None:
    assert outcome(spec("resource-started[node2*]", "kill[node1]", "hb-node-dead[node2*]")) is not Outcome.VIOLATED


def test_an_unknown_milestone_is_refused_with_a_near_one() -> None:
    with pytest.raises(OutOfRange, match="called kil") as refused:
        case_of(spec("kil[node1]"))
    assert "kill[node1]" in str(refused.value.help)


def test_no_course_changes_nothing() -> None:
    plain = read_spec([WEBDATA])
    assert case_of(plain).system.variables == case_of(spec(budget=1)).system.variables
