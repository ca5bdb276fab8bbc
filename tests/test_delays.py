"""What holds is told apart: whatever the delays, or because of these."""

from __future__ import annotations

import pytest

from hamodel.checking import delays
from hamodel.checking.examine import examine
from hamodel.ir.report import Result
from hamodel.ir.verdict import Outcome
from hamodel.properties.loader import load, select
from tests.disk_toy import toy_case


def single_mount(*, asked: bool = True, **options: int) -> Result:
    report = examine(toy_case(**options), select(load(), ["single_mount"]), engine="reference", delays=asked)
    (result,) = report.results
    return result


def test_an_early_watchdog_protects_the_disk_because_of_its_delay() -> None:
    result = single_mount(watchdog=3000, limit_cut=0)

    assert (result.outcome, result.reason) == (Outcome.HOLDS, "because of these delays")


def test_an_orderly_stop_mounts_once_whatever_the_delays() -> None:
    result = single_mount(limit_cut=0, limit_kill=0, limit_stop=1)

    assert (result.outcome, result.reason) == (Outcome.HOLDS, "whatever the delays")


def test_nobody_is_told_who_did_not_ask_and_a_violation_needs_no_telling() -> None:
    assert single_mount(asked=False, budget_total=0).reason == ""
    assert single_mount().reason == ""


def test_an_abstraction_too_large_to_explore_is_admitted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delays, "MOST_STATES", 3)

    assert single_mount(limit_cut=0, limit_kill=0, limit_stop=1).reason == "with these delays; others not explored"
