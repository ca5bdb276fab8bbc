"""Clocks are joined by causes and effects, so no difference between them makes or hides a double ownership."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hamodel.incident.case import explained
from tests.incident.recorded import NAMES, explanation
from tests.shared import TRACES, needs_shared

pytestmark = needs_shared

_OWN = re.compile(r"^([A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d) (.*)$")
_SCRIPT = re.compile(r"^(\d{4}/\d\d/\d\d_\d\d:\d\d:\d\d)(.*)$")


def moved(text: str, seconds: int) -> str:
    """A log whose clock was ahead by so many seconds."""
    found, away = [], timedelta(seconds=seconds)
    for line in text.splitlines():
        if own := _OWN.match(line):
            line = f"{datetime.strptime('2026 ' + own[1], '%Y %b %d %H:%M:%S') + away:%b %d %H:%M:%S} {own[2]}"
        elif script := _SCRIPT.match(line):
            line = f"{datetime.strptime(script[1], '%Y/%m/%d_%H:%M:%S') + away:%Y/%m/%d_%H:%M:%S}{script[2]}"
        found.append(line)
    return "\n".join(found) + "\n"


def copied(name: str, folder: Path, seconds: int) -> Path:
    """A recording in which node2's clock is ahead."""
    for node, away in (("node1", 0), ("node2", seconds)):
        (folder / node).mkdir(parents=True)
        text = (TRACES / name / node / "ha-log").read_text("utf-8", "replace")
        (folder / node / "ha-log").write_text(moved(text, away), "utf-8")
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
