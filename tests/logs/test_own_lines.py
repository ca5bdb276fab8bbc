"""Along a recording the model's nodes write what the daemon's nodes wrote, up to a published list."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from hamodel.checking.own_lines import Line, common, compare_lines, compared, lines_of, recorded_lines, run_along
from hamodel.logs.formats import parse
from hamodel.renderers.halog import node_logs
from hamodel.scenarios.recording import read_recording
from tests.shared import TRACES, needs_shared

LISTED = tomllib.loads(Path(__file__).with_name("not_modelled.toml").read_text(encoding="utf-8"))
SHARES = tomllib.loads(Path(__file__).with_name("own_lines.toml").read_text(encoding="utf-8"))
RUNS = (
    "both_start",
    "config_deadtime_refused",
    "hz07_unequal_deadtime",
    "hz17_stop_lies",
    "hz22_authkeys_differ",
    "hz49_generation_back",
    "kill_mcp_no_watchdog",
    "seed5_kill9_no_watchdog",
    "standby_no_peer",
)
"""Recordings that take a few seconds each; all of them are measured by `tests.benchmarks.own_lines`."""


@needs_shared
@pytest.mark.parametrize("name", RUNS)
def test_whatever_differs_is_published(name: str) -> None:
    found = compare_lines(read_recording(TRACES / name))

    assert set(found.missing) <= set(LISTED["missing"])
    assert set(found.surplus) <= set(LISTED["surplus"])
    assert found.share >= SHARES[name]


@needs_shared
def test_every_recording_has_a_share_and_every_difference_a_reason() -> None:
    assert set(SHARES) == {folder.name for folder in TRACES.iterdir() if folder.is_dir()}
    assert set(LISTED["astray"]) <= set(SHARES)
    assert all(reason for table in LISTED.values() for reason in table.values())


@needs_shared
def test_an_empty_standby_follows_a_join_with_auto_failback_on() -> None:
    """The joiner's ipfail reads the first count when both are stable again, and gives up what it does not hold."""
    found = compare_lines(read_recording(TRACES / "node2_alone"))

    assert not {"ipfail-giving-up-foreign", "ipfail-giveup", "hbr-wants-standby", "hbr-can-take"} & set(found.missing)


@needs_shared
def test_a_watchdog_that_takes_no_time_is_complained_of_at_every_start() -> None:
    """Its five seconds are the dead time of four and a bit, in whole seconds."""
    recording = read_recording(TRACES / "kill9_watchdog")
    log = (recording.folder / "node1" / "messages").read_text(encoding="utf-8")
    told = re.findall(r"ERROR: (WDIOC_SETTIMEOUT.*)", log)

    found = run_along(recording)
    assert found is not None
    first = node_logs(*found)[0]

    assert [said.text for said in first.lines if "WDIOC" in said.text] == told and len(told) == 2


@needs_shared
def test_claims_are_sent_before_the_request_that_follows_from_them() -> None:
    """Else they would be news behind the request, and both sides would say once more that the other is stable."""
    found = compare_lines(read_recording(TRACES / "seed_timers"))

    assert "hbr-remote-stable" not in found.surplus


@needs_shared
def test_a_killed_process_of_the_daemon_is_told_and_begun_again() -> None:
    """hz24_watchdog_hole: what is missing is the test bed's watchdog and a card that is heard late."""
    found = compare_lines(read_recording(TRACES / "hz24_watchdog_hole"))

    assert set(found.missing) <= {"kernel: watchdog stand", "ipfail-link-status"}
    assert not found.surplus


@needs_shared
def test_a_killed_ipfail_is_told_and_begun_again() -> None:
    found = compare_lines(read_recording(TRACES / "unplug_public_ipfail_killed"))

    assert not found.missing and not found.surplus


@needs_shared
def test_a_run_that_writes_late_is_found_beside_those_that_write_early() -> None:
    """stonith_repaired_late: among the runs most alike at each step alone none has the second death of the owner."""
    found = compare_lines(read_recording(TRACES / "stonith_repaired_late"))

    assert "hb-node-dead" not in found.missing and found.share >= SHARES["stonith_repaired_late"]


def test_each_child_that_asks_a_device_is_a_stream_of_its_own() -> None:
    head = "Nov 22 10:46:24 node1 heartbeat: [155]: info: "
    texts = (
        "Checking status of STONITH device [hbtest STONITH device]",
        "Resetting node node2 with [hbtest STONITH device]",
    )

    asks, resets = lines_of(entry for text in texts if (entry := parse(head + text)) is not None)

    assert asks.stream != resets.stream


@needs_shared
def test_a_recording_compared_with_itself_lacks_nothing() -> None:
    recorded = recorded_lines(read_recording(TRACES / "both_start"))

    found = compared("both_start", recorded, recorded)

    assert found.share == 1.0 and not found.missing and not found.surplus


def line(text: str, stream: str = "heartbeat") -> Line:
    return Line(text, stream, "info", text)


def test_order_counts_within_a_stream_and_not_between_two() -> None:
    recorded = [[line("a"), line("b"), line("x", "ipfail")], []]
    written = [[line("x", "ipfail"), line("b"), line("a")], []]

    found = compared("sample", recorded, written)

    assert (found.recorded, found.produced) == (3, 2)
    assert sum(found.missing.values()) == sum(found.surplus.values()) == 1


def test_numbers_do_not_count_but_names_of_nodes_and_cards_do() -> None:
    head = "Nov 22 08:52:13 node1 heartbeat: [132]: info: "
    entries = [parse(head + text) for text in ("Link node2:eth1 up.", "Link node2:eth0 up.", "Link node1:eth1 up.")]
    numbers = [parse(f"{head}Heartbeat generation: {n}") for n in (7, 1795337533)]

    found = list(lines_of(e for e in (*entries, *numbers) if e is not None))

    assert len(set(found[:3])) == 3 and found[3] == found[4]
    assert found[0] == replace(found[0], id="hb-link-status")


def test_debug_lines_are_left_out() -> None:
    entry = parse("Nov 22 08:52:13 node1 heartbeat: [132]: debug: whatever")

    assert entry is not None and list(lines_of([entry])) == []


def test_the_longest_common_sequence_is_found() -> None:
    pairs = common("abcbdab", "bdcaba")

    assert len(pairs) == 4 and pairs == sorted(pairs)
    assert all("abcbdab"[i] == "bdcaba"[j] for i, j in pairs)
