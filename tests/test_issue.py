"""From a report to receipts: the toy pair that runs steadily before the first fault, with every kind of verdict."""

from __future__ import annotations

import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hamodel import receipt
from hamodel.checking.examine import examine
from hamodel.checking.issue import Issued, Issuer
from hamodel.checking.material import Material
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Report
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.loader import from_text, load
from hamodel.receipt import Refuted, judge
from tests.disk_toy import toy_case


def silent(*_: object) -> None:
    """Nobody looks."""


@cache
def report(budget: int = 1) -> Report:
    return examine(toy_case(budget_total=budget), load(), engine="reference")


def issued_for(budget: int, limits: Limits, found: Report) -> tuple[Issued, ...]:
    issuer = Issuer(toy_case(budget_total=budget), load(), Material((), {}, {}), limits=limits)
    return tuple(issuer.all_of(found, silent))


@cache
def issued(budget: int = 1) -> tuple[Issued, ...]:
    return issued_for(budget, Limits(), report(budget))


def content_of(name: str, budget: int = 1) -> Any:  # noqa: ANN401
    (found,) = (each for each in issued(budget) if each.name == name)
    return json.loads(zlib.decompress(found.content, 31).partition(b"\n")[2])


def refused(content: object) -> str:
    try:
        judge(content)
    except Refuted as problem:
        return str(problem)
    except Exception as problem:
        return f"unreadable: {type(problem).__name__}"
    return ""


def test_every_verdict_has_a_receipt_that_is_verified() -> None:
    verdicts = {(r.kind, r.outcome) for budget in (0, 1) for r in report(budget).results}
    assert {o for _, o in verdicts} == {Outcome.HOLDS, Outcome.VIOLATED, Outcome.VACUOUS}
    assert {k for k, _ in verdicts} == set(PropertyKind)
    for budget in (0, 1):
        assert [each.reason for each in issued(budget) if not each.content] == []
        for each in issued(budget):
            assert refused(content_of(each.name, budget)) == "", each.name


def test_what_is_bounded_has_no_receipt_and_says_so() -> None:
    few = Limits(classes=3)
    cut = examine(toy_case(), load(), few, engine="reference", only=["single_mount", "served_again"])
    bounded = {r.name for r in cut.results if r.outcome is Outcome.BOUNDED}
    assert bounded

    found = issued_for(1, few, cut)

    assert all(not each.content and "bounded" in each.reason for each in found if each.name in bounded)


def test_a_proof_that_is_too_long_to_be_searched_for_is_no_receipt() -> None:
    (found,) = issued_for(
        1,
        Limits(classes=20),
        examine(toy_case(), load(), engine="reference", only=["watchdog_reboots_after_kill"]),
    )

    assert not found.content
    assert "ended after" in found.reason


def held() -> Any:  # noqa: ANN401
    name = next(r.name for r in report().results if r.outcome is Outcome.HOLDS and r.kind is not PropertyKind.SOMETIMES)
    return content_of(name)


def test_no_number_of_faults_may_be_left_out() -> None:
    content = held()
    steps = content["claims"][0]["steps"]
    assert [step["budget"] for step in steps] == [0, 1]
    for fewer in (steps[:1], steps[1:], steps[::-1], [steps[0], steps[0]]):
        content["claims"][0]["steps"] = fewer
        assert "budget" in refused(content)


def test_the_steady_states_are_proved_too() -> None:
    """Without its last class the boot is not closed; without the classes where it rests no run begins anywhere."""
    content = held()
    boot = content["claims"][0]["steps"][1]["boot"]
    kept = boot["classes"]
    boot["classes"] = kept[:-1]
    assert "not in the set" in refused(content)
    boot["classes"] = []
    assert "begin" in refused(content)


def test_a_start_may_not_be_missing_from_all_parts() -> None:
    content = held()
    steps = content["claims"][0]["steps"]
    steps[1]["parts"] = steps[0]["parts"]
    assert "start" in refused(content)
    content["start"] = "boot"
    assert "start" in refused(content)


def test_a_run_has_to_begin_with_a_boot_that_comes_to_rest() -> None:
    content = content_of("single_mount")
    step = content["claims"][0]["steps"][0]
    assert refused(content) == ""
    boot = step["boot"]
    step["boot"] = boot[:-1]
    assert "rest" in refused(content)
    step["boot"] = [*boot, *step["events"][:1]]
    assert refused(content)
    step["boot"] = [[name, at - 1] for name, at in boot]
    assert refused(content)


@pytest.mark.parametrize("shift", [-1, 1])
def test_no_time_of_the_earliest_run_can_be_moved(shift: int) -> None:
    """The last event is as early as can be, and the one before it at its only time."""
    content = content_of("single_mount")
    events = content["claims"][0]["steps"][0]["events"]
    events[-1][1] += shift if shift < 0 else 10**6
    assert refused(content)


def test_what_assumes_fairness_says_so_in_its_receipt(tmp_path: Path) -> None:
    own = from_text("leads_to", "not active[node1] ~> active[node1] given weak(plug)", 1)
    found = examine(toy_case(budget_total=1), [own], engine="reference")
    issuer = Issuer(toy_case(budget_total=1), [own], Material((), {}, {}))

    (each,) = issuer.all_of(found, silent)
    (file := tmp_path / "fair.receipt").write_bytes(each.content)
    content = receipt.read(str(file))

    assert found.results[0].provided
    assert content["claims"][0]["given"]
    assert {strength for strength, _ in content["claims"][0]["given"]} == {"weak"}
    assert refused(content) == ""
