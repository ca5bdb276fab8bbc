"""`hamodel explain` as people and programs meet it: text in 80 columns, fixed keys, exit codes, and no bad input."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hamodel.cli.explain import command
from hamodel.incident.case import explained
from tests.incident.recorded import NAMES, explanation
from tests.shared import SHARED, TRACES, needs_shared

KEYS = ["lines", "fits", "breaks_at", "offset_ms", "ownership", "unsafe_from", "faults", "cause", "prevented_by"]


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def data(*words: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*words, "--format", "json").stdout)
    return found


@needs_shared
@pytest.mark.parametrize(
    ("name", "code"), [("seed1_stop_start", 0), ("seed4_cut_all", 1), ("seed3_power_off", 3), ("hz08_one_way_loss", 1)]
)
def test_the_exit_code_says_whether_it_was_unsafe(name: str, code: int) -> None:
    assert run(TRACES / name).exit_code == code


@needs_shared
def test_programs_find_the_keys_they_rely_on() -> None:
    found = data(TRACES / "seed4_cut_all")

    assert list(found)[: len(KEYS)] == KEYS
    assert {"inferred", "differs", "story"} <= found.keys()
    assert found["lines"]["total"] >= found["lines"]["own"] >= found["lines"]["recognised"] > 500
    assert found["fits"] is None
    assert found["offset_ms"][0] <= 0 <= found["offset_ms"][1]
    assert found["unsafe_from"] == "2026-11-22T08:53:44.000"
    assert {(each["resource"], each["node"]) for each in found["ownership"]} == {
        (resource, node) for resource in ("192.168.60.200", "/dev/sdb5") for node in ("node1", "node2")
    }
    assert all(each["certainty"] in ("certain", "possible") for each in found["ownership"])
    assert {fault["kind"] for fault in found["faults"]} >= {"cut"}
    assert [each["option"] for each in found["prevented_by"]] == ["stonith", "media"]
    assert all(":" in line for each in found["story"] for line in each["lines"])


@needs_shared
@pytest.mark.parametrize("name", NAMES)
def test_the_text_fits_into_80_columns_and_is_the_same_each_time(name: str) -> None:
    from hamodel.renderers.explain import render

    text = render(explanation(name), width=80)

    assert max(len(line) for line in text.splitlines()) <= 80
    assert text == render(explained([TRACES / name]), width=80)


@needs_shared
def test_the_bars_show_two_owners_above_each_other() -> None:
    text = run(TRACES / "seed4_cut_all").stdout
    bars = text.split("who had what")[1].split("what befell")[0].splitlines()
    marks = [line for line in bars if "^" in line and "two" not in line]

    assert "UNSAFE from 08:53:44 on" in text
    assert "its data is lost or damaged" in " ".join(text.split())
    assert len(marks) == 2
    for mark in marks:
        above = bars[bars.index(mark) - 2 : bars.index(mark)]
        columns = [place for place, sign in enumerate(mark) if sign == "^"]
        assert all(bar[place] == "█" for bar in above for place in columns[1:-1])


@needs_shared
def test_one_node_s_log_alone_is_enough_to_ask() -> None:
    found = data(TRACES / "seed5_kill9_no_watchdog" / "node2" / "ha-log")

    assert found["nodes"] == ["node2"]
    assert found["offset_ms"] is None
    assert [fault["kind"] for fault in found["faults"]] == ["silent"]
    assert set(found["faults"][0]["alternatives"]) >= {"power-lost", "killed", "partition"}


@needs_shared
def test_a_file_without_a_name_gets_one() -> None:
    log = SHARED / "samples" / "one-line-per-event" / "log.txt"

    assert data(log)["nodes"] == ["this node"]
    assert data(log, "--node", f"web1={log}")["nodes"] == ["web1"]


@needs_shared
def test_the_configuration_may_lie_elsewhere() -> None:
    logs = [TRACES / "seed4_cut_all" / node / "ha-log" for node in ("node1", "node2")]
    other = SHARED / "samples" / "redundant-bcast-ipfail"

    assert data(*logs, "--config", TRACES / "seed4_cut_all")["differs"] == []
    assert data(*logs, "--config", other)["differs"] != []


CHANGED_FILES = {"hz19d_line_removed_stop"}
"""Runs whose files were changed while they ran, and show it."""


@needs_shared
@pytest.mark.parametrize("name", NAMES)
def test_the_recorded_lines_contradict_the_recorded_files_only_where_these_were_changed(name: str) -> None:
    assert bool(explanation(name).differs) is (name in CHANGED_FILES)


def test_a_folder_without_a_configuration_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "ha-log"
    log.write_text("Nov 26 07:52:21 node1 heartbeat: [3689]: info: heartbeat: version 2.0.8\n", "utf-8")

    refused = run(log, "--config", tmp_path)

    assert refused.exception is not None
    assert "has no ha.cf" in str(refused.exception)


def test_a_node_without_a_file_is_refused() -> None:
    assert run("a.log", "--node", "web1").exit_code == 2


def test_a_log_without_a_line_of_heartbeat_s_is_not_called_safe(tmp_path: Path) -> None:
    (tmp_path / "ha-log").write_text("", "utf-8")

    answer = run(tmp_path / "ha-log")

    assert answer.exit_code == 3
    assert "NOTHING TO EXPLAIN" in answer.stdout


LINE = "Nov 26 07:52:21 node1 heartbeat: [3689]: info: "


@pytest.mark.parametrize(
    "lines",
    [
        [LINE + "heartbeat: version 3.0.6"],
        [LINE + "Link node2:eth0 dead."],
        [LINE + "Received shutdown notice from 'node2'."],
        [LINE + "node node2 now reset."],
        [LINE + "Running /etc/ha.d/resource.d/ start"],
        [LINE + "node1 wants to go standby [all]"],
        ["Nov 26 07:52:21 node1 ResourceManager[1]: info: Running /etc/ha.d/resource.d/IPaddr  stop"],
        ["Nov 26 07:52:21 node1 IPaddr[1]: INFO: Success"],
    ],
)
def test_a_single_line_is_explained_as_far_as_it_goes(lines: list[str], tmp_path: Path) -> None:
    log = tmp_path / "ha-log"
    log.write_text("\n".join(lines) + "\n", "utf-8")

    assert run(log).exit_code in (0, 3)


@needs_shared
@pytest.mark.parametrize("seed", range(12))
def test_logs_with_holes_doubled_and_mixed_lines_are_still_explained(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    name = chance.choice(NAMES)
    for node in ("node1", "node2"):
        lines = (TRACES / name / node / "ha-log").read_text("utf-8", "replace").splitlines(keepends=True)
        kept = [line for line in lines for _ in range(chance.choice((0, 1, 1, 1, 2)))]
        for _ in range(len(kept) // 20):
            one, two = chance.randrange(len(kept)), chance.randrange(len(kept))
            kept[one], kept[two] = kept[two], kept[one]
        (tmp_path / node).mkdir()
        (tmp_path / node / "ha-log").write_text("".join(kept), "utf-8")

    answer = run(tmp_path)

    assert answer.exit_code in (0, 1, 3), answer.exception
    assert "lines" in answer.stdout
