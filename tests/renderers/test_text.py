"""The report in a terminal and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest

from hamodel.checking.examine import examine
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Report, Result, Way
from hamodel.ir.verdict import Outcome, Range
from hamodel.properties.loader import load
from hamodel.renderers import json as as_json
from hamodel.renderers import text
from hamodel.renderers.words import at_most, because, count, seconds
from tests.disk_toy import toy_case


@cache
def _report() -> Report:
    report = examine(toy_case(), load(), engine="reference")
    results = tuple(replace(r, seconds=0.0) for r in report.results)
    return replace(report, seconds=0.25, version="1.2.3", results=results)


def test_no_line_is_wider_than_80_columns_and_none_ends_in_blanks() -> None:
    lines = text.render(_report()).split("\n")

    assert max(len(line) for line in lines) <= 80
    assert not [line for line in lines if line != line.rstrip()]


def test_the_table_has_one_line_for_each_property_with_its_verdict() -> None:
    lines = text.render(_report()).split("\n")

    assert "single_mount                 violated  by 1 cut or 1 kill      22" in lines
    assert "watchdog_reboots_after_kill  holds     in 5 s at most          20" in lines


def test_the_head_names_budget_start_and_engine() -> None:
    head = text.render(_report()).split("\n")[:5]

    assert head == [
        "hamodel 1.2.3",
        "cluster   disk toy: node1 and node2, Heartbeat 3.0.6",
        "checked   every run from the steady state with at most 1 fault or command",
        "of these  cut, kill",
        "engine    reference, 0.2 s",
    ]


def test_a_violation_shows_how_long_and_how_soon_for_each_set_of_faults() -> None:
    shown = text.render(_report())

    assert "1 cut    3.7 s                     for ever" in shown
    assert "1 kill   3.7 s                     1.3 s" in shown


def test_a_story_has_one_line_an_event_with_its_time() -> None:
    shown = text.render(_report())

    assert "story   0.000 s  the cable eth0 is cut" in shown
    assert "        3.700 s  node2 has mounted /dev/sdb5" in shown


def test_plain_text_holds_no_escape_sequence_and_coloured_text_does() -> None:
    assert "\x1b" not in text.render(_report())
    assert "\x1b[" in text.render(_report(), colour=True)


def test_an_unexpected_verdict_says_what_was_expected() -> None:
    first = replace(_report().results[0], expected=Outcome.HOLDS)
    report = replace(_report(), results=(first, *_report().results[1:]))

    assert "violated (expected: holds)" in text.render(report)


def test_an_interrupted_report_says_so() -> None:
    assert "interrupted, so what is open is only bounded" in text.render(replace(_report(), interrupted=True))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert text.render(_report()) == text.render(_report())
    assert as_json.render(_report()) == as_json.render(_report())


def test_json_has_the_promised_keys() -> None:
    data = json.loads(as_json.render(_report()))

    assert {"cluster", "faults", "properties"} <= set(data)
    wanted = {"name", "outcome", "engine", "states", "seconds", "faults_used", "overlap_ms", "story", "evidence"}
    assert all(wanted <= set(entry) for entry in data["properties"])


def test_json_gives_the_overlap_of_the_first_way_and_of_all() -> None:
    data = json.loads(as_json.render(_report()))
    mount = next(entry for entry in data["properties"] if entry["name"] == "single_mount")

    assert mount["faults_used"] == {"cut": 1}
    assert mount["overlap_ms"] == {"least": 0, "most": None}
    assert mount["ways"][1] == {"faults": {"kill": 1}, "overlap_ms": {"least": 400, "most": 1300}, "earliest_ms": 3700}


@pytest.mark.parametrize(
    ("ms", "words"), [(0, "0 ms"), (999, "999 ms"), (1000, "1 s"), (4100, "4.1 s"), (7_200_000, "2 h")]
)
def test_a_time_is_said_in_the_largest_unit_that_fits(ms: int, words: str) -> None:
    assert seconds(ms) == words


def test_what_was_not_measured_is_not_called_short() -> None:
    assert at_most(None) == "not measured"
    assert at_most(Range(0, None)) == "for ever"
    assert count(1234567) == "1 234 567"


def test_of_many_ways_the_first_is_named_and_of_one_way_all_faults() -> None:
    faults = (("kill_scripts", 1), ("power", 1), ("stop", 1))
    one = Result("x", "X.", PropertyKind.ALWAYS, Outcome.VIOLATED, ways=(Way(faults),))

    assert because(one) == "by 1 kill_scripts + 1 power + 1 stop"
    assert because(replace(one, ways=one.ways * 3)) == "by 1 kill_scripts + 1 power + 1 stop or 2 other ways"


def test_a_way_that_was_not_measured_says_so_in_the_report() -> None:
    """The limits ended the search for how soon and how long: that is no reason to be silent."""
    mount = next(r for r in _report().results if r.name == "single_mount")
    unmeasured = replace(mount, ways=(Way((("cut", 2),)),))

    lines = text.render(replace(_report(), results=(unmeasured,))).split("\n")

    assert any("2 cut" in line and line.count("not measured") == 2 for line in lines)
