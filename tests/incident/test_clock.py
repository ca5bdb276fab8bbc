"""Clocks are joined by causes and effects, so no difference between them makes or hides a double ownership."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Explanation, Verdict
from tests.incident.recorded import NAMES, explanation
from tests.shared import TRACES, needs_shared

pytestmark = needs_shared

_OWN = re.compile(r"^([A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d) (.*)$")
_SCRIPT = re.compile(r"^(\d{4}/\d\d/\d\d_\d\d:\d\d:\d\d)(.*)$")


def moved(text: str, seconds: int, drift: float = 0) -> str:
    """A log whose clock was ahead by so many seconds, and goes ahead by `drift` seconds in each."""
    found: list[str] = []
    first: datetime | None = None
    for line in text.splitlines():
        own, script = _OWN.match(line), _SCRIPT.match(line)
        if own or script:
            shown = f"2026 {own[1]}" if own else script[1] if script else ""
            when = datetime.strptime(shown, "%Y %b %d %H:%M:%S" if own else "%Y/%m/%d_%H:%M:%S")
            first = first or when
            when += timedelta(seconds=seconds + int((when - first).total_seconds() * drift))
            rest = f" {own[2]}" if own else script[2] if script else ""
            line = f"{when:%b %d %H:%M:%S}{rest}" if own else f"{when:%Y/%m/%d_%H:%M:%S}{rest}"
        found.append(line)
    return "\n".join(found) + "\n"


def copied(name: str, folder: Path, seconds: int, drift: float = 0, other: int = 0) -> Path:
    """A recording in which node2's clock is ahead, or drifts, and node1's is ahead by `other`."""
    for node, away, goes in (("node1", other, 0.0), ("node2", seconds, drift)):
        (folder / node).mkdir(parents=True)
        text = (TRACES / name / node / "ha-log").read_text("utf-8", "replace")
        (folder / node / "ha-log").write_text(moved(text, away, goes), "utf-8")
    for file in ("ha.cf", "haresources"):
        if (TRACES / name / file).is_file():
            shutil.copy(TRACES / name / file, folder / file)
    return folder


@pytest.mark.parametrize("seconds", [-71, 71, 3600, -90_000])
@pytest.mark.parametrize("name", ["seed1_stop_start", "seed2_unplug_public", "seed4_cut_all", "standby_takeover"])
def test_a_clock_that_is_wrong_changes_neither_the_offset_found_nor_the_verdict(
    name: str, seconds: int, tmp_path: Path
) -> None:
    report = explained([copied(name, tmp_path, seconds)])
    (clock,) = report.clocks

    assert clock.lo <= seconds * 1000 <= clock.hi
    assert clock.hi - clock.lo <= 2000
    assert report.unsafe == explanation(name).unsafe


SHIFTED = ("hz07_unequal_deadtime", "hz25_double_restart", "stop_fail_on_stop", "start_partitioned",
           "hz46_release_hangs", "hz16_standby_during_start", "partition_heal_afb_on",
           "sigstop_mcp", "stonith_repaired_late")  # fmt: skip
"""Among them those whose nodes send no message that is answered at once."""


def told(report: Explanation) -> object:
    """What must not depend on clocks."""
    spans = [(s.resource, s.node, s.open_because, s.lasting, s.orderly) for s in report.owned]
    story = [(each.node, each.text) for each in report.story]
    text = report.cause.text if report.cause is not None else ""
    return report.verdict, text, sorted(spans), sorted(story), report.contradictions, report.unsafe_from is None


def moments(report: Explanation) -> list[int | None]:
    """When somebody had something, and since when two had."""
    spans = sorted(report.owned, key=lambda span: (span.resource, span.node, span.begin))
    return [report.unsafe_from, *(each for s in spans for each in (s.begin, s.sure_from, s.sure_to, s.end))]


@pytest.mark.parametrize(("seconds", "other"), [(71, 0), (0, 71), (-300, 0), (0, -300)])
@pytest.mark.parametrize("name", SHIFTED)
def test_clocks_far_apart_change_nothing_that_is_told(name: str, seconds: int, other: int, tmp_path: Path) -> None:
    report = explained([copied(name, tmp_path, seconds, other=other)])
    (clock,) = report.clocks
    same = explanation(name)

    assert clock.lo <= (seconds - other) * 1000 <= clock.hi
    assert told(report) == told(same)
    for moment, before in zip(moments(report), moments(same), strict=True):
        assert (moment is None) is (before is None)
        assert moment is None or before is None or abs(moment - other * 1000 - before) <= 2500


@pytest.mark.parametrize("name", SHIFTED)
def test_a_slow_drift_changes_nothing_that_is_told(name: str, tmp_path: Path) -> None:
    report = explained([copied(name, tmp_path, 71, drift=1 / 600)])

    assert told(report) == told(explanation(name))


@pytest.mark.parametrize("drift", [0.05, -0.05])
@pytest.mark.parametrize("name", ["hz60_ping_loss_skewed", "hz61_ping_flaps", "hz62_fence_loop", "seed2_unplug_public"])
def test_a_clock_that_runs_wild_makes_nothing_certain_that_never_was(name: str, drift: float, tmp_path: Path) -> None:
    assert explanation(name).verdict is Verdict.SAFE
    assert explained([copied(name, tmp_path, 0, drift)]).verdict is not Verdict.UNSAFE


@pytest.mark.parametrize("name", NAMES)
def test_the_recorded_nodes_share_a_clock_and_the_offset_found_holds_zero(name: str) -> None:
    for clock in explanation(name).clocks:
        assert clock.lo <= 0 <= clock.hi
        assert clock.since is None
        assert clock.hi - clock.lo <= (10_000 if name == "start_partitioned" else 3000)


def test_a_clock_set_in_between_has_two_pieces(tmp_path: Path) -> None:
    folder = copied("hz61_ping_flaps", tmp_path, 0)
    log = folder / "node2" / "ha-log"
    lines = log.read_text("utf-8").splitlines(keepends=True)
    middle = next(i for i, line in enumerate(lines) if i > len(lines) // 2 and _OWN.match(line))
    log.write_text("".join(lines[:middle]) + moved("".join(lines[middle:]), 300), "utf-8")

    report = explained([folder])

    assert [clock.lo <= away <= clock.hi for clock, away in zip(report.clocks, (0, 300_000), strict=True)] == [
        True,
        True,
    ]
    assert report.unsafe is None
