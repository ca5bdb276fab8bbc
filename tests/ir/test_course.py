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


def test_a_long_course_is_counted_to_its_end() -> None:
    lines = ["kill-9", "hb-node-dead", "no-stonith", "hbr-resources-acquired-from", "mach-down-begin", "acquire-group"]
    plot = ["kill[node1]", f"{lines[0]}[node1*", *(f"{key}[node2*" for key in lines[1:])]
    both = [f"{key}[node2*" for key in ("resource-start", "resource-started", "resource-start", "resource-started")]
    assert outcome(spec(*plot, *both)) is Outcome.VIOLATED
    assert outcome(spec(*plot, *both, "power_off[node1]", kinds=("kill", "power"), budget=2)) is not Outcome.VACUOUS
    assert outcome(spec(*plot, *both, "resource-start[node2*")) is Outcome.VACUOUS


def test_too_long_a_course_is_refused() -> None:
    with pytest.raises(OutOfRange, match="16 milestones"):
        case_of(spec(*["*"] * 16))


def test_one_compilation_serves_every_course() -> None:
    one, other = (case_of(spec(name)).system for name in ("kill[node1]", "hb-node-dead[node2*"))
    assert one.procedures == other.procedures
    assert one.actions == other.actions
    assert one.variables == other.variables


def test_order_matters() -> None:
    assert outcome(spec("resource-started[node2*]", "kill[node1]", "hb-node-dead[node2*]")) is not Outcome.VIOLATED


def test_an_unknown_milestone_is_refused_with_a_near_one() -> None:
    with pytest.raises(OutOfRange, match="called kil") as refused:
        case_of(spec("kil[node1]"))
    assert "kill[node1]" in str(refused.value.help)


def test_no_course_changes_nothing() -> None:
    plain = read_spec([WEBDATA])
    assert case_of(plain).system.variables == case_of(spec(budget=1)).system.variables
