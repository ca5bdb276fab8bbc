"""The line of a program that sets the clock is evidence: when it was set and by how much, which nobody need infer."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli.explain import command
from hamodel.incident.case import explained
from hamodel.incident.clock import clocks
from hamodel.incident.clock_lines import set_by
from hamodel.incident.facts import Fact
from hamodel.incident.report import Certainty, Explanation, Proof
from hamodel.incident.told_steps import told
from tests.incident.test_clock import moved
from tests.incident.test_clock import told as happened
from tests.shared import TRACES, needs_shared

NODES = ("node1", "node2")
LINES = (
    ("ntpd[3691]: time reset {by:+.6f} s", "ntpd"),
    ("ntpd[790]: ntpd: time set {by:+.6f} s", "ntpd"),
    ("ntpd[102]: set local clock to Thu Oct 13 09:54:41 CIT 2011 (offset {by:.6f}s)", "ntpd"),
    ("ntpdate[6316]: step time server 91.189.94.4 offset {by:.6f} sec", "ntpdate"),
    ("chronyd[840]: System clock was stepped by {by:.6f} seconds", "chronyd"),
)


def stepped(folder: Path, name: str, seconds: int, line: str, *, early: bool = False) -> Path:
    """A recording's syslogs, in the middle of node1's its clock is set; the `line` bears the new time, or the old one.

    Around it stand lines of other programs.
    """
    for node in NODES:
        (folder / node).mkdir(parents=True)
        lines = (TRACES / name / node / "messages").read_text("utf-8", "replace").splitlines(keepends=True)
        if node == "node1":
            place = len(lines) // 2
            later = moved("".join(lines[place:]), seconds)
            stamp = lines[place - 1][:15] if early else later[:15]
            told = f"{stamp} node1 {line}\n{stamp} node1 crond[99]: (root) CMD (run-parts /etc/cron.hourly)\n"
            lines = [*lines[:place], told if line else "", later]
        (folder / node / "messages").write_text("".join(lines), "utf-8")
    return folder


def plain(folder: Path, name: str) -> Explanation:
    return explained([stepped(folder, name, 0, "")])


def unset(report: Explanation) -> object:
    """What happened but for the clock."""
    return happened(replace(report, story=tuple(each for each in report.story if "sets its clock" not in each.text)))


@needs_shared
@pytest.mark.parametrize("seconds", [-7200, 7200, 90_000])
@pytest.mark.parametrize(("line", "program"), LINES)
def test_a_program_tells_that_it_set_the_clock_and_by_how_much(
    line: str, program: str, seconds: int, tmp_path: Path
) -> None:
    folder = stepped(tmp_path / "set", "hz49_generation_back", seconds, line.format(by=seconds + 0.123456))
    report = explained([folder])
    (step,) = report.steps
    (text,) = (each.text for each in report.story if "its clock" in each.text)

    assert (step.node, step.by, step.said, step.least) == ("node1", seconds * 1000 + 123, program, False)
    assert text.startswith(f"{program} sets its clock {'back' if seconds < 0 else 'ahead'} by {abs(seconds)} s (")
    assert report.silences == ()
    assert unset(report) == unset(plain(tmp_path / "plain", "hz49_generation_back"))


@needs_shared
@pytest.mark.parametrize("seconds", [-7200, 7200])
@pytest.mark.parametrize("name", ["seed4_cut_all", "hz10_stop_partition", "seed1_stop_start", "kill_mcp_no_watchdog"])
def test_a_step_that_is_told_changes_nothing_else(name: str, seconds: int, tmp_path: Path) -> None:
    report = explained([stepped(tmp_path / "set", name, seconds, LINES[0][0].format(by=seconds))])

    assert [step.by for step in report.steps] == [seconds * 1000]
    assert unset(report) == unset(plain(tmp_path / "plain", name))


@needs_shared
def test_a_step_that_no_message_follows_is_no_obstacle_for_the_model_where_a_line_tells_it(tmp_path: Path) -> None:
    folder = stepped(tmp_path, "hz10_stop_partition", -300, LINES[0][0].format(by=-300))
    for file in ("ha.cf", "haresources"):
        shutil.copy(TRACES / "hz10_stop_partition" / file, folder / file)
    data = json.loads(CliRunner().invoke(command, [str(folder), "--format", "json", "--fit"]).stdout)

    assert data["fits"] is True
    assert data["clock_steps"][0]["by_program"] == "ntpd"


@needs_shared
@pytest.mark.parametrize("seconds", [-7200, 7200])
def test_a_line_that_bears_the_old_time_is_as_good(seconds: int, tmp_path: Path) -> None:
    line = LINES[3][0].format(by=seconds)
    report = explained([stepped(tmp_path / "set", "hz10_stop_partition", seconds, line, early=True)])

    assert [step.by for step in report.steps] == [seconds * 1000]
    assert unset(report) == unset(plain(tmp_path / "plain", "hz10_stop_partition"))


@needs_shared
@pytest.mark.parametrize("line", ["systemd[1]: Time has been changed", "chronyd[610]: Forward time jump detected!"])
def test_a_line_that_does_not_say_how_far_makes_nothing_certain(line: str, tmp_path: Path) -> None:
    folder = stepped(tmp_path, "hz49_generation_back", 7200, line)
    report = explained([folder])
    texts = [" ".join(CliRunner().invoke(command, [str(folder), "--lang", each]).output.split()) for each in
             ("en", "zh")]  # fmt: skip

    assert [(each.node, each.noticed) for each in report.silences] == [("node1", True)]
    assert report.unsafe is Certainty.POSSIBLE
    assert any("sees that its clock was set" in each.text for each in report.story)
    assert "the clock of node1 was set at 12:" in texts[0]
    assert "被调过，没有日志行写明调了多少" in texts[1]


@needs_shared
def test_who_only_notices_a_step_that_another_tells_adds_nothing(tmp_path: Path) -> None:
    line = "chronyd[554]: System clock was stepped by 7200.000000 seconds"
    folder = stepped(tmp_path, "hz49_generation_back", 7200, line)
    log = folder / "node1" / "messages"
    more = [f"{each[:15]} node1 systemd[1]: Time has been changed\n" for each in log.open() if line in each]
    log.write_text("".join(each + more[0] if line in each else each for each in log.read_text().splitlines(True)))
    report = explained([folder])

    assert report.silences == ()
    assert [each.text for each in report.story if "clock" in each.text] == [
        "chronyd sets its clock ahead by 7200 s (2 h 0 min)"
    ]


@needs_shared
def test_another_machine_in_the_same_log_is_no_node_of_the_cluster(tmp_path: Path) -> None:
    folder = stepped(tmp_path, "seed1_stop_start", 0, "")
    with (folder / "node1" / "messages").open("a") as log:
        log.write("Nov 22 23:00:00 www1 ntpd[3691]: time reset +173.389768 s\n")
        log.write("Nov 22 23:00:00 www1 systemd[1]: Time has been changed\n")

    assert explained([folder]).nodes == NODES


@pytest.mark.parametrize(
    ("key", "by", "told"),
    [
        ("clock-reset-ntpd", "+173.389768", 173_390),
        ("clock-step-chronyd", "-32400.283303", -32_400_283),
        ("clock-reset-ntpd", "+0.225678", None),
        ("clock-slewed-ntpdate", "90.5", None),
        ("clock-step-ntpdate", "1e9999", None),
        ("clock-step-ntpdate", "9" * 40, None),
        ("clock-step-ntpdate", "", None),
    ],
)
def test_only_a_step_of_a_second_or_more_is_one(key: str, by: str, told: int | None) -> None:
    assert set_by(key, {"by": by}) == told


def facts(node: str, *lines: tuple[int, str, str]) -> list[Fact]:
    """Facts of a node at these seconds; those of the clock with the seconds by which it was set."""
    found = []
    for number, (second, key, by) in enumerate(lines):
        at = round(datetime(2026, 3, 4, 10, tzinfo=UTC).timestamp() + second) * 1000
        fields = {"by": by, "node": "b" if node == "a" else "a", "status": "active"}
        found.append(Fact(node, at, at, key, fields, Proof(node, number), "ntpd", 7, 1, at))
    return found


def test_the_step_is_where_the_time_jumps() -> None:
    late = facts("a", (0, "x", ""), (1, "x", ""), (901, "x", ""), (902, "clock-reset-ntpd", "900"), (990, "x", ""))
    early = facts("a", (0, "x", ""), (1, "clock-reset-ntpd", "900"), (950, "x", ""), (990, "x", ""))
    back = facts("a", (0, "x", ""), (9, "x", ""), (-890, "x", ""), (-889, "clock-reset-ntpd", "-900"), (-800, "x", ""))

    assert [step.place for log in (late, early, back) for step in told("a", log)] == [2, 2, 2]


def test_a_small_step_back_widens_what_is_not_known_of_the_clock() -> None:
    ours = facts("a", (0, "hb-local-status-set", ""), (5, "hb-node-status", ""), (6, "clock-reset-ntpd", "-4"))
    theirs = facts("b", (1, "hb-node-status", ""), (4, "hb-local-status-set", ""))
    with_it, _ = clocks({"a": ours, "b": theirs})
    without_it, _ = clocks({"a": ours[:2], "b": theirs})

    assert with_it.steps["a"] == ()
    assert (with_it.slack("b") or 0) == (without_it.slack("b") or 0) + 4000
