"""`hamodel explain --fit`: the answer of the model beside what the lines prove."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from hamodel.cli.explain import command
from hamodel.incident.case import explained
from hamodel.incident.report import Certainty, Counts, Episode, Explanation, Fault, Fit, Proof, Reached
from hamodel.renderers.explain import render
from tests.checking.nights import BOOT, ROOT, night
from tests.shared import TRACES, needs_shared


@needs_shared
def test_the_model_answers_beside_the_lines() -> None:
    done = CliRunner().invoke(command, [str(TRACES / "both_start"), "--fit", "--quiet", "--format", "json"])

    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["fits"] is True


@needs_shared
def test_without_files_there_is_no_model_to_ask() -> None:
    done = CliRunner().invoke(command, [str(TRACES / "both_start" / "node1" / "ha-log"), "--fit", "--quiet"])

    assert done.exit_code == 2
    assert "--config" in done.output


def test_whose_a_log_is_reaches_the_model(tmp_path: Path) -> None:
    """2.0.8 writes no host into its own file: without names such lines are nobody's, and there is nothing to ask."""
    logs = night("01-webdata", BOOT)
    for node, name in (("node1", "a.log"), ("node2", "b.log")):
        (tmp_path / name).write_text(logs[f"{node}/ha-log"], encoding="utf-8")
    one, two = tmp_path / "a.log", tmp_path / "b.log"
    words = ["--config", str(ROOT / "specs" / "01-webdata"), "--fit", "--seconds", "30", "--quiet", "--format", "json"]
    done = CliRunner().invoke(command, [str(one), str(two), f"--node=node1={one}", f"--node=node2={two}", *words])
    found = json.loads(done.stdout)

    assert found["fits"] is True
    assert found["fit"]["searched"]["landmarks"] > 5
    assert {Path(e["first_line"].rpartition(":")[0]).name for e in found["fit"]["episodes"]} <= {"a.log", "b.log"}


def _report(*, end: int, fit: Fit | None = None) -> Explanation:
    fault = Fault("killed", "node1", "", end - 40_000, end - 9_000, None, Certainty.CERTAIN, "heartbeat was killed")
    return Explanation(("node1", "node2"), "node1", 1_000, end, Counts(9, 9, 9), faults=(fault,), fit=fit)


def test_a_log_of_several_days_has_dates_and_one_of_a_day_none() -> None:
    day, several = render(_report(end=3_600_000)), render(_report(end=5 * 86_400_000 + 3_600_000))

    assert "00:59:20 - 00:59:51" in day
    assert "01-01 00:59" not in day
    assert "01-06 00:59:20 - 00:59:51" in several


def test_each_episode_is_answered_on_its_own() -> None:
    line = Proof("node1/ha-log", 7)
    whole = Episode(1_000, 9_000, line, line, 5, True, True, ("kill", "or power: the lines are the same"))
    reached = Reached(3, 5, ("cut",), (line,), ("node node2: is dead",))
    broken = Episode(90_000_000, 90_001_000, line, line, 5, False, False, (), line, "x", "", (reached,))
    late = Episode(95_000_000, 95_001_000, line, line, 900, None, True, reason="900 landmark lines without a silence")
    text = render(_report(end=96_000_000, fit=Fit(False, episodes=(whole, broken, late))))
    words = " ".join(text.split())

    assert "01-01 00:00:01 - 00:00:09 fits faults: kill; or power: the lines are the same" in words
    assert "01-02 01:00:00 - 01:00:01 no run node1/ha-log:7 node node2: is dead (3 of 5 landmarks written" in words
    assert "begins anew: no run goes on from the episode before" in words
    assert "given up 900 landmark lines without a silence" in words


@needs_shared
def test_a_group_that_haresources_lacks_is_told_with_a_no() -> None:
    report = explained([TRACES / "hz19d_line_removed_stop"])
    words = [str(TRACES / "hz19d_line_removed_stop"), "--fit", "--quiet", "--seconds", "2", "--format", "json"]
    found = json.loads(CliRunner().invoke(command, words).stdout)

    assert [each.option for each in report.differs] == ["haresources"]
    assert found["fits"] is not True
    assert found["fit"]["reason"].startswith(
        "the lines have a group that is not in haresources, `node1 webd` on node1; "
    )
