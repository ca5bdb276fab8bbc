"""A clock that was set is told as that: the story goes on, and no line is taken for moved."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli.explain import command
from hamodel.incident.case import explained
from hamodel.incident.facts import Fact, moment
from hamodel.incident.report import Certainty, Explanation, Proof, Verdict
from hamodel.incident.steps import MOST, set_back, without
from tests.incident.recorded import NAMES, explanation
from tests.incident.test_clock import moved
from tests.shared import TRACES, needs_shared

BOTH = ("seed1_stop_start", "hz08_one_way_loss", "hz60_ping_loss_skewed", "two_groups_stop", "hz61_ping_flaps",
        "sigstop_mcp")  # fmt: skip
"""Recordings with messages between the nodes before and after their middle."""


def stepped(folder: Path, name: str, node: str, seconds: int, *nodes: str) -> Path:
    """A recording in whose middle a node's clock is set."""
    for each in nodes:
        (folder / each).mkdir(parents=True)
        lines = (TRACES / name / each / "ha-log").read_text("utf-8", "replace").splitlines(keepends=True)
        own = [place for place, line in enumerate(lines) if moved(line, 1) != line]
        middle = own[len(own) // 2] if each == node else len(lines)
        text = "".join(lines[:middle]) + (moved("".join(lines[middle:]), seconds) if lines[middle:] else "")
        (folder / each / "ha-log").write_text(text, "utf-8")
    for file in ("ha.cf", "haresources"):
        if (TRACES / name / file).is_file():
            shutil.copy(TRACES / name / file, folder / file)
    return folder


def told(report: Explanation) -> object:
    """What happened, but for clocks."""
    spans = [(s.resource, s.node, s.open_because, s.lasting, s.orderly) for s in report.owned]
    story = [(each.node, each.text) for each in report.story if "its clock is set" not in each.text]
    return report.verdict, report.cause and report.cause.text, report.contradictions, sorted(spans), sorted(story)


def said(report: Explanation) -> list[str]:
    """What is said of clocks that were set."""
    return [f"{each.node}: {each.text}" for each in report.story if "its clock is set" in each.text]


@needs_shared
@pytest.mark.parametrize("seconds", [-300, -7200])
@pytest.mark.parametrize("node", ["node1", "node2"])
@pytest.mark.parametrize("name", BOTH)
def test_a_clock_set_back_is_told_and_changes_nothing_else(name: str, node: str, seconds: int, tmp_path: Path) -> None:
    report = explained([stepped(tmp_path, name, node, seconds, "node1", "node2")])
    (step,) = said(report)
    (before, after) = report.clocks
    other = "node2" if node == "node1" else "node1"

    assert told(report) == told(explanation(name))
    assert step.startswith(f"{node}: its clock is set back by ")
    assert step.endswith(" s" if seconds > -3600 else " s (2 h 0 min)")
    assert abs(int(step.partition("back by ")[2].split()[0]) + seconds) <= 3
    assert (report.clock, before.node) == (other, node)
    assert before.lo <= 0 <= before.hi
    assert after.lo - 2000 <= seconds * 1000 <= after.hi + 2000


@needs_shared
@pytest.mark.parametrize("node", ["node1", "node2"])
@pytest.mark.parametrize("name", ["seed1_stop_start", "hz08_one_way_loss", "stonith_repaired_late", "two_groups_stop"])
def test_a_clock_set_ahead_by_hours_is_told_and_changes_nothing_else(name: str, node: str, tmp_path: Path) -> None:
    report = explained([stepped(tmp_path, name, node, 7200, "node1", "node2")])
    (step,) = said(report)

    assert told(report) == told(explanation(name))
    assert "its clock is set ahead by 7" in step
    assert " back" in step


@needs_shared
@pytest.mark.parametrize("name", BOTH)
def test_one_log_alone_tells_a_step_back_but_not_how_far_it_was(name: str, tmp_path: Path) -> None:
    report = explained([stepped(tmp_path / "set", name, "node2", -300, "node2")])
    whole = explained([stepped(tmp_path / "whole", name, "node2", 0, "node2")])
    (step,) = said(report)

    assert told(report) == told(whole)
    assert step.startswith("node2: its clock is set back by ")
    assert step.endswith(" s or more")
    assert report.begin == whole.begin
    assert whole.end - 60_000 <= report.end <= whole.end


@needs_shared
def test_a_step_that_no_message_follows_makes_nothing_certain(tmp_path: Path) -> None:
    report = explained([stepped(tmp_path, "hz10_stop_partition", "node1", -300, "node1", "node2")])

    assert said(report)[0].endswith(" or more")
    assert report.unrelated == ("node1",)
    assert explanation("hz10_stop_partition").verdict is Verdict.UNSAFE
    assert report.verdict is Verdict.INCONCLUSIVE
    assert any("nothing relates the clock of node1" in each.text for each in report.unseen)


@needs_shared
@pytest.mark.parametrize("seconds", [70, 7200, 90_000])
def test_a_clock_that_may_have_been_set_makes_no_double_ownership_certain(seconds: int, tmp_path: Path) -> None:
    folder = stepped(tmp_path, "hz49_generation_back", "node1", seconds, "node1", "node2")
    report = explained([folder])
    (silence,) = report.silences

    assert explanation("hz49_generation_back").unsafe is Certainty.POSSIBLE
    assert report.unsafe is Certainty.POSSIBLE
    assert (silence.node, silence.other, silence.after) == ("node1", "node2", True)
    assert seconds * 1000 <= silence.end - silence.begin <= seconds * 1000 + 30_000
    assert any("node1 wrote nothing for " in each.text for each in report.unseen)
    assert report.unrelated == ()


@needs_shared
@pytest.mark.parametrize("name", ["hz10_stop_partition", "hz17_stop_lies", "hz19d_line_removed_stop"])
def test_a_clock_that_may_have_been_set_makes_nothing_certainly_safe(name: str, tmp_path: Path) -> None:
    assert explained([stepped(tmp_path, name, "node2", 7200, "node1", "node2")]).verdict is not Verdict.SAFE


@needs_shared
@pytest.mark.parametrize("name", NAMES)
def test_no_recording_has_a_silence_in_which_a_clock_may_have_been_set(name: str) -> None:
    assert explanation(name).silences == ()


@needs_shared
def test_a_silence_is_told_in_both_languages_and_to_programs(tmp_path: Path) -> None:
    folder = stepped(tmp_path, "hz49_generation_back", "node1", 90_000, "node1", "node2")
    english, chinese, data = (
        CliRunner().invoke(command, [str(folder), *more]).output
        for more in (("--lang", "en"), ("--lang", "zh"), ("--format", "json"))
    )
    (silence,) = json.loads(data)["clock_silences"]

    assert "its clock may have been set then, and no later line ties it to that of node2" in " ".join(english.split())
    assert "时钟可能被调过" in chinese
    assert "1 天 1 小时" in chinese
    assert (silence["node"], silence["other"], silence["untied"]) == ("node1", "node2", "after")


@needs_shared
@pytest.mark.parametrize("seconds", [-300, 7200])
def test_a_step_is_an_answer_for_scripts_and_the_model_fits_the_lines_without_it(seconds: int, tmp_path: Path) -> None:
    folder = stepped(tmp_path, "seed1_stop_start", "node2", seconds, "node1", "node2")
    found = CliRunner().invoke(command, [str(folder), "--format", "json", "--fit"])
    data = json.loads(found.stdout)
    (step,) = data["clock_steps"]

    assert (step["node"], step["least"], step["by_program"]) == ("node2", False, None)
    assert abs(step["by_ms"] - seconds * 1000) <= 3000
    assert len(step["lines"]) == 2
    assert data["fits"] is True


@needs_shared
def test_times_are_no_question_for_the_model_where_nothing_tells_how_far_a_clock_was_set(tmp_path: Path) -> None:
    folder = stepped(tmp_path, "hz10_stop_partition", "node1", -300, "node1", "node2")
    found = CliRunner().invoke(command, [str(folder), "--format", "json", "--fit"])
    data = json.loads(found.stdout)

    assert data["fits"] is None
    assert "the clock of node1 was set, and nothing tells how far" in data["fit"]["reason"]


# ---- the lines of one node ---------------------------------------------------------------------------------------


def facts(*times: str, pid: int | None = 7, day: str = "2026-03-04") -> list[Fact]:
    """A start, and lines of one process at these times."""
    found = []
    for number, time in enumerate(times):
        at = moment(datetime.fromisoformat(f"{day}T{time}"))
        key = "hb-version" if number == 0 else "hb-link-status"
        found.append(Fact("a", at, at, key, {}, Proof("log", number), "heartbeat", pid, 1, at))
    return found


MORNING = ("10:00:00", "10:00:10", "10:03:00", "10:10:00")


def test_a_step_goes_on_from_the_line_before() -> None:
    lines = facts(*MORNING, "09:50:05", "09:50:06", "09:55:05", "09:59:05", "10:30:05")
    (step,) = set_back("a", lines)
    times = [datetime.fromtimestamp(f.clock / 1000, UTC).strftime("%H:%M:%S") for f in without(lines, [step])]

    assert (step.by, step.least) == (-(19 * 60 + 55) * 1000, True)
    assert times[3:6] == ["10:10:00", "10:10:00", "10:10:01"]
    assert times[-1] == "10:50:00"


def test_a_line_that_was_moved_is_no_step() -> None:
    assert set_back("a", facts(*MORNING, "10:05:00", "10:10:01", "10:10:02", "10:10:03", "10:10:04")) == ()
    assert (
        set_back("a", facts("10:00:00", "10:01:00", "10:09:00", "10:01:01", "10:01:02", "10:01:03", "10:01:04")) == ()
    )


def test_a_log_pasted_behind_is_no_step() -> None:
    older = facts("09:00:00", "09:00:01", "09:00:02", "09:10:03", "09:20:04", "09:30:00")
    other = facts("10:00:00", "10:00:01", "10:00:20", "10:04:00", "10:10:01", "10:10:02", pid=99)

    assert set_back("a", [*facts(*MORNING), *older[1:]])
    assert set_back("a", [*facts(*MORNING), *older]) == ()
    assert set_back("a", [*facts(*MORNING), *other]) == ()


def test_a_log_whose_time_jumps_all_the_time_is_damaged_and_no_clock_is_set_so_often() -> None:
    times = [f"{10 + n // 600:02}:{n // 10 % 60:02}:{n % 10 * 6:02}" for n in range(3000)]
    jumps = [line for pair in zip(times, reversed(times), strict=True) for line in pair]

    assert len(set_back("a", facts(*jumps))) <= MOST


def test_a_machine_that_boots_with_another_time_was_set_if_the_log_is_long_enough() -> None:
    boots = facts("10:08:00", "10:08:01", "10:08:02", "10:08:03", "10:20:04", pid=99)

    assert len(set_back("a", [*facts(*MORNING), *boots])) == 1


def test_the_end_of_summer_time_is_an_hour_however_long_the_log_was_silent() -> None:
    (step,) = set_back("a", facts("01:00:00", "02:50:00", "02:05:00", day="2026-10-25"))

    assert (step.by, step.least) == (-3_600_000, False)
    assert set_back("a", facts("01:00:00", "02:50:00", "02:05:00", day="2026-10-26")) == ()


@needs_shared
def test_both_clocks_end_summer_time_and_the_story_is_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    for node in ("node1", "node2"):
        (folder / node).mkdir(parents=True)
        text = (TRACES / "stonith_repaired_late" / node / "ha-log").read_text("utf-8")
        (folder / node / "ha-log").write_text(_in_autumn(text), "utf-8")
    report = explained([folder], year=2026)

    assert said(report) == [f"{node}: its clock is set back by 3600 s (1 h 0 min)" for node in ("node1", "node2")]
    assert report.contradictions == ()
    assert report.verdict is explanation("stonith_repaired_late").verdict
    (clock,) = {(clock.lo < 0 < clock.hi) for clock in report.clocks[:1]}
    assert clock


def _in_autumn(text: str) -> str:
    """The log on the night of the 25th of October, with 03:00 in its middle."""
    lines = text.splitlines(keepends=True)
    stamps = [line[:15] for line in lines if moved(line, 1) != line and line[3:4] == " "]
    first, last = (datetime.strptime(f"2026 {stamp}", "%Y %b %d %H:%M:%S") for stamp in (stamps[0], stamps[-1]))
    turn = first + (last - first) / 2
    away = round((datetime(2026, 10, 25, 3) - turn).total_seconds())
    found = []
    for line in lines:
        later = moved(line, away)
        summer = "Oct 25 02" in later or "10/25_02" in later or "Oct 25 01" in later or "10/25_01" in later
        found.append(later if summer else moved(line, away - 3600))
    return "".join(found)
