"""What a search tries first: the faults that the lines themselves tell, in the model's words and at their times."""

from __future__ import annotations

from functools import cache

import pytest

from hamodel.checking.fits.case import Case
from hamodel.checking.fits.guesses import Guess, guesses
from hamodel.incident.report import Certainty, Fault
from tests.incident.recorded import explanation, measured, moment
from tests.shared import TRACES, needs_shared

pytestmark = needs_shared


@cache
def _case(name: str) -> Case:
    return Case.read(explanation(name), [TRACES / name], TRACES / name)


def _guesses(name: str) -> tuple[Guess, ...]:
    case = _case(name)
    return guesses(case.subject.system, case.subject.nodes, case.explanation.faults)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("seed3_power_off", [("power",), ("kill",), ("pause",)]),
        ("kill_mcp_no_watchdog", [("kill_mcp",)]),
        ("seed4_cut_all", [("cut", "cut")]),
        ("hz08_one_way_loss", [("deaf", "deaf")]),
        ("hz09_ipfail_then_cut", [("cut", "cut", "delay")]),
        ("hz14_legacy_start_stonith_fails", [("cut", "cut", "device")]),
        ("hz40_start_fail_failback", [("power", "start_fails"), ("kill", "start_fails"), ("pause", "start_fails")]),
        ("seed1_stop_start", []),
    ],
)
def test_a_fault_that_the_lines_tell_is_tried_as_what_it_may_have_been(name: str, kinds: list[tuple[str, ...]]) -> None:
    assert list(dict.fromkeys(guess.kinds for guess in _guesses(name))) == kinds


@pytest.mark.parametrize(
    ("name", "events", "action"),
    [
        ("kill_mcp_no_watchdog", [("kill_mcp", 0)], "kill_mcp[node1]"),
        ("seed4_cut_all", [("unplug", 0), ("unplug", 1)], "cut[eth1]"),
        ("sigstop_mcp", [("sigstop", 0)], "pause[node1]"),
    ],
)
def test_it_comes_when_it_was_done_and_to_whom(name: str, events: list[tuple[str, int]], action: str) -> None:
    first = _guesses(name)[0]
    rows = measured(name, "events.jsonl")
    times = [moment(name, [row for row in rows if row["event"] == event][i]["t"]) for event, i in events]

    assert action in first.actions
    assert all(any(lo <= at <= hi for lo, hi in first.windows) for at in times)
    assert sum(hi - lo for lo, hi in first.windows) < 30_000


def test_what_the_cluster_did_by_itself_is_no_fault() -> None:
    case = _case("seed1_stop_start")
    fenced = Fault("fenced", "node1", "node2", 0, 1_000, None, Certainty.CERTAIN, "node2 had node1 reset")

    assert guesses(case.subject.system, case.subject.nodes, [fenced]) == ()


def test_scripts_and_boots_take_what_the_lines_show() -> None:
    overrides = _case("hz12_switch_slow").files.overrides

    assert overrides["boot"] == [1_002, 4_998]
    assert overrides["stonith.latency"] == [15_001, 16_999]


def test_a_delay_is_as_long_as_the_slow_script() -> None:
    case = _case("hz09_ipfail_then_cut")
    options = case.subject.system.setting_value

    assert case.files.overrides["faults.delay"] == 1
    assert options["late_stop_lo[0]"] <= 20_000 <= options["late_stop_hi[0]"]
