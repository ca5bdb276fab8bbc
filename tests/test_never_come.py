"""What holds against a fault that never fires holds for nothing, so the report names the kinds that never come."""

from __future__ import annotations

from pathlib import Path

from hamodel.checking import check
from hamodel.config.spec import read_spec
from hamodel.renderers.text import render

WEBDATA = Path(__file__).resolve().parents[1] / "specs" / "01-webdata"


def _never(budget: int, *kinds: str) -> tuple[str, ...]:
    spec = read_spec([WEBDATA], None, {"faults.kinds": list(kinds), "faults.budget": budget, "faults.kill": 1})
    return check(spec, ["single_mount", "no_flapping"]).never


def test_a_fault_without_its_object_never_comes() -> None:
    assert _never(1, "kill", "device") == ("device",)


def test_a_command_that_needs_a_fault_before_it_never_comes_with_a_budget_of_one() -> None:
    assert _never(1, "kill", "start") == ("start",)
    assert _never(2, "kill", "start", "device") == ("device",)


def test_the_report_says_so() -> None:
    spec = read_spec([WEBDATA], None, {"faults.kinds": ["kill", "device"]})
    assert "never come  device" in " ".join(render(check(spec, ["no_flapping"])).split("\n")).replace("   ", " ")
