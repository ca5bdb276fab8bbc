"""Long logs in episodes: incidents hours apart on one cluster, logs that begin mid-life, and what is too long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from hamodel.checking.fits.chain import Link, chain
from hamodel.checking.fits.episodes import calm, episodes
from hamodel.checking.fits.incident import searched
from hamodel.checking.fits.recording import recorded
from hamodel.checking.fits.result import LogLine
from hamodel.checking.fits.subject import Subject
from hamodel.engines.classes import ClassesEngine
from hamodel.incident.case import explained
from hamodel.incident.report import Explanation, Fit
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster
from hamodel.renderers.halog import hosts_of
from tests.checking.nights import BOOT, ENGINE, HOUR, ROOT, laid_out, night, spec_of
from tests.shared import TRACES, needs_shared

SPEC = "01-webdata"
LIMITS = Limits(seconds=120)
WEEK = (
    *BOOT,
    (2 * HOUR, "kill[node1]"),
    (HOUR, "start_again[node1]"),
    (3 * HOUR, "stop_heartbeat[node2]"),
    (600_000, "start_heartbeat[node2]"),
    (26 * HOUR, "hb_standby[node1]"),
    (90 * HOUR, "stop_heartbeat[node1]"),
)
"""Of node1 killed and started again, of a stop, a day, a standby and a stop."""


def _asked(folder: Path) -> Explanation:
    return searched(explained([folder]), [folder], folder, LIMITS)


def _fit(report: Explanation) -> Fit:
    assert report.fit is not None
    return report.fit


def _answers(report: Explanation) -> list[tuple[bool | None, bool, str]]:
    return [(e.fits, e.follows, e.faults[0] if e.faults else "") for e in _fit(report).episodes]


def test_several_incidents_hours_apart_are_one_run(tmp_path: Path) -> None:
    report = _asked(laid_out(night(SPEC, WEEK), tmp_path, ROOT / "specs" / SPEC))

    found = _fit(report)
    assert found.fits
    assert _answers(report) == [
        (True, True, "none"),
        (True, True, "kill: what the lines themselves tell"),
        *[(True, True, "none")] * 5,
    ]
    moments = [(part.begin, part.end) for part in found.episodes]
    assert all(one[1] < two[0] for one, two in pairwise(moments))
    assert all(
        part.first.number <= part.last.number or part.first.source != part.last.source for part in found.episodes
    )
    assert "7 episodes: 7 fit" in found.reason
    assert any("killed on node1" in each.text for each in found.story)


def test_a_log_that_begins_while_the_cluster_runs_begins_at_rest(tmp_path: Path) -> None:
    logs = {name: _later(text, "2007/11/26_09") for name, text in night(SPEC, WEEK).items()}

    report = _asked(laid_out(logs, tmp_path, ROOT / "specs" / SPEC))

    assert _fit(report).fits
    assert _answers(report)[0] == (True, True, "kill")
    assert len(_fit(report).episodes) == 6


def _later(text: str, stamp: str) -> str:
    """The lines from a moment on."""
    return "".join(line for line in text.splitlines(keepends=True) if line.split()[1] >= stamp)


# ---- recordings ------------------------------------------------------------------------------------------------------


def _after_each_other(names: tuple[str, ...], hours: int) -> tuple[Subject, Mapping[str, list[LogLine]]]:
    lines: dict[str, list[LogLine]] = {}
    subject = None
    for place, name in enumerate(names):
        found, logs = recorded(TRACES / name, ClassesEngine())
        subject = subject or found
        first = min(line.entry.when for own in logs.values() for line in own)
        noon = first.replace(hour=0, minute=0) + timedelta(hours=hours * place)
        for node, own in logs.items():
            moved = [replace(x, entry=replace(x.entry, when=noon + (x.entry.when - first))) for x in own]
            lines.setdefault(node, []).extend(moved)
    assert subject is not None
    return subject, lines


@needs_shared
def test_recordings_after_each_other_are_cut_where_they_were_joined() -> None:
    subject, lines = _after_each_other(("both_start", "seed1_stop_start"), 3)

    parts = episodes(subject, lines, {}, 128)

    assert len(parts) == 2
    assert parts[1].first - parts[0].last > calm(subject)
    assert parts[0].quiet > 0 == parts[1].quiet
    assert sum(len(own) for part in parts for own in part.lines.values()) == sum(map(len, lines.values()))


@needs_shared
def test_a_part_with_more_landmarks_than_there_is_room_for_is_given_up() -> None:
    subject, lines = _after_each_other(("seed4_cut_all",), 3)
    small, _ = recorded(TRACES / "seed4_cut_all", ClassesEngine(), 32)

    (link,) = chain(small, episodes(subject, lines, {}, 512), {}, lines.keys(), Limits(seconds=20))

    assert link.found.fits is None
    assert "there is room for 32" in link.found.reason


@needs_shared
def test_a_busy_stretch_is_cut_at_its_longest_silences() -> None:
    subject, lines = _after_each_other(("seed1_stop_start",), 3)

    whole, cut = episodes(subject, lines, {}, 512), episodes(subject, lines, {}, 32)

    assert len(whole) == 1
    assert len(cut) > 1
    assert sum(part.marks for part in cut) == whole[0].marks
    assert all(part.marks <= 32 for part in cut)


@needs_shared
def test_parts_that_end_while_something_is_going_on_are_joined_again() -> None:
    """A start that is cut between `up` and `active` has not come to rest where it was cut."""
    subject, lines = _after_each_other(("both_start",), 3)
    cut = episodes(subject, lines, {}, 8)

    links: list[Link] = list(chain(subject, cut, {}, lines.keys(), Limits(seconds=60)))

    assert len(cut) > 1
    assert len(links) < len(cut)
    assert all(link.found.fits and link.follows for link in links)


@pytest.mark.parametrize("most", [1, 10_000])
def test_no_lines_have_no_episodes(most: int) -> None:
    spec = spec_of(SPEC)
    subject = Subject.of(compose_cluster(spec), hosts_of(spec.cluster), ENGINE, 32)

    assert episodes(subject, {}, {}, most) == []
