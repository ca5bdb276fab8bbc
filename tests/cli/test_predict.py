"""`hamodel predict`: what it prints and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from hamodel.cli import command
from tests.scenarios.small import CUT, cut_at, write_recording


def _run(*words: str) -> Result:
    return CliRunner().invoke(command, ["predict", *words])


def test_a_scenario_is_told_in_eighty_columns(tmp_path: Path) -> None:
    (tmp_path / "cut.toml").write_text(CUT)

    result = _run(str(tmp_path / "cut.toml"))

    assert result.exit_code == 0
    assert "vip    at the end: node1 and node2" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_a_recording_that_was_predicted_exits_with_zero(tmp_path: Path) -> None:
    folder = write_recording(tmp_path / "cut", cut_at(20.0))

    result = _run("--recording", str(folder), "--format", "json")

    data = json.loads(result.output)
    assert result.exit_code == 0
    assert (data["agrees"], data["sharp"], data["differences"]) == (True, True, [])
    (outcome,) = data["outcomes"]
    assert outcome["final_owners"]["mount"] == ["node1", "node2"]
    assert outcome["gap_ms"] == {"vip": [0, 0], "mount": [0, 0]}
    assert outcome["overlap_ms"]["vip"][0] < data["recorded"]["overlap_ms"]["vip"] < outcome["overlap_ms"]["vip"][1]


def test_a_recording_that_was_not_predicted_exits_with_one_and_the_difference(tmp_path: Path) -> None:
    folder = write_recording(tmp_path / "cut", cut_at(20.0), overlap=0.0)

    result = _run("--recording", str(folder))

    assert result.exit_code == 1
    assert "mount at the end: node1, predicted node1 and node2" in result.output


def test_what_is_not_modelled_yet_is_named_and_exits_with_three(tmp_path: Path) -> None:
    folder = write_recording(tmp_path / "odd", {"t": 20.0, "event": "flood", "node": "node1"})

    result = _run("--recording", str(folder), "--format", "json")

    assert result.exit_code == 3
    assert json.loads(result.stdout)["not_modelled"] == "not modelled yet: flood on node1"


def test_other_nodes_than_those_of_the_test_bed_are_no_usage_error(tmp_path: Path) -> None:
    start = 'event = [{ do = "start", node = "both" }]\n'
    (tmp_path / "odd.toml").write_text(start + '[ha_cf]\nbcast = ["eth1", "eth0"]\nnode = ["node1", "node3"]\n')

    assert _run(str(tmp_path / "odd.toml")).exit_code == 3


def test_a_limit_leaves_it_open(tmp_path: Path) -> None:
    (tmp_path / "cut.toml").write_text(CUT)

    result = _run(str(tmp_path / "cut.toml"), "--classes", "50")

    assert result.exit_code == 3
    assert "these can happen, others may" in result.output


def test_a_recorded_ending_found_at_the_limit_agrees_and_one_not_found_stays_open(tmp_path: Path) -> None:
    there = write_recording(tmp_path / "there", cut_at(20.0))
    other = write_recording(tmp_path / "other", cut_at(20.0), overlap=2.0)

    found, missed = (_run("--recording", str(f), "--classes", "50", "--format", "json") for f in (there, other))

    assert (found.exit_code, missed.exit_code) == (0, 3)
    data, missing = json.loads(found.stdout), json.loads(missed.stdout)
    assert (data["agrees"], data["complete"], data["sharp"]) == (True, False, False)
    assert (missing["agrees"], missing["complete"]) == (None, False)
    assert missing["differences"]


def test_neither_or_both_is_a_usage_error(tmp_path: Path) -> None:
    assert _run().exit_code == 2
    assert _run("a.toml", "--recording", str(tmp_path)).exit_code == 2
    assert _run(str(tmp_path / "none.toml")).exit_code == 2


def test_a_file_without_events_predicts_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("")

    said = _run(str(tmp_path / "empty.toml"))

    assert said.exit_code == 2
    assert "has no event: nothing would happen" in said.output


def test_help_says_what_is_approximated() -> None:
    assert "What is approximated" in _run("--help").output
