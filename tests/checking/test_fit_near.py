"""Logs that no run of the model writes, and what explains them: each mutated in one way that the test knows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from hamodel.checking.fits.elsewhere import elsewhere
from hamodel.checking.fits.fit import fit
from hamodel.checking.fits.lines import read_lines
from hamodel.checking.fits.near import Puzzle, by_likelihood, nearest
from hamodel.checking.fits.result import Near
from hamodel.checking.fits.variants import Files, contradicted, variants
from hamodel.checking.search import Clock
from hamodel.config.daemon import Version
from hamodel.incident.case import explained
from hamodel.ir.verdict import Limits
from tests.checking.nights import BOOT, ENGINE, ROOT, Script, laid_out, night
from tests.cpu import by_cpu_time
from tests.shared import TRACES, needs_shared

SPEC = "01-webdata"
LIMITS = Limits(seconds=100)
STOP = (*BOOT, (30_000, "stop_heartbeat[node1]"))
BACK = (*STOP, (90_000, "start_heartbeat[node1]"))


@pytest.fixture(autouse=True)
def _own_time() -> Iterator[None]:
    """What is found in a limit does not depend on who else uses the machine."""
    with by_cpu_time():
        yield


def _night(script: Script, folder: Path, edits: Mapping[str, tuple[str, str]], version: Version | None = None) -> Path:
    """The files and logs of a night, with one text changed in some of them."""
    laid_out(night(SPEC, script, version), folder, ROOT / "specs" / SPEC)
    for name, (old, new) in edits.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def _puzzle(folder: Path, version: Version | None = None) -> tuple[Puzzle, Files]:
    """The logs of a folder, asked without any fault: no run fits."""
    files = replace(Files.read(folder, explained([folder]), ENGINE, version), marks=128)
    subject = files.subject(files.spec)
    lines = read_lines(subject, [folder], {}, None)
    found = fit(subject, lines, candidates=[()], limits=LIMITS, slacks=(1_000,))
    assert found.fits is False
    return Puzzle(subject, lines, found, {}), files


@pytest.mark.parametrize(
    ("script", "file", "old", "new", "option", "said"),
    [
        (STOP, "ha.cf", "deadtime 30", "deadtime 60", "deadtime", "28 s"),
        (STOP, "ha.cf", "deadtime 30", "deadtime 15", "deadtime", "28 s"),
        (BACK, "ha.cf", "auto_failback on", "auto_failback off", "auto_failback", "auto_failback on instead of off"),
        (BOOT, "haresources", "60.200", "60.201", "haresources", "instead of node1 192.168.60.201/24/eth0"),
    ],
)
def test_the_option_that_the_lines_contradict_is_named(
    tmp_path: Path, script: Script, file: str, old: str, new: str, option: str, said: str
) -> None:
    folder = _night(script, tmp_path, {file: (old, new)})
    puzzle, files = _puzzle(folder)

    near = elsewhere(puzzle, files, contradicted(files, explained([folder]).differs), True, Clock.start(LIMITS))

    named = [each for each in near if each.kind == option]
    assert [each.kinds for each in named] == [()]
    assert said in named[0].text


def test_an_option_is_found_though_nothing_contradicts_it(tmp_path: Path) -> None:
    puzzle, files = _puzzle(_night(BACK, tmp_path, {"ha.cf": ("auto_failback on", "auto_failback off")}))
    words = (v for v in variants(files, ()) if v.kind == "auto_failback")

    near = elsewhere(puzzle, files, words, True, Clock.start(LIMITS))

    assert [each.text for each in near] == ["auto_failback on (was off), not auto_failback off"]


def test_the_right_files_need_no_variant(tmp_path: Path) -> None:
    folder = _night(BOOT, tmp_path, {})
    files = Files.read(folder, explained([folder]), ENGINE, None)

    assert list(contradicted(files, explained([folder]).differs)) == []


@needs_shared
def test_a_line_that_was_taken_out_of_haresources_meanwhile_is_found() -> None:
    folder = TRACES / "hz19d_line_removed_stop"
    puzzle, files = _puzzle(folder)

    near = elsewhere(puzzle, files, contradicted(files, explained([folder]).differs), True, Clock.start(LIMITS))

    assert [(each.kind, each.kinds) for each in near] == [("edit", ())]
    assert "on node1 the line of group IPaddr::192.168.60.200/24/eth0 is taken out of haresources" in near[0].text


def test_a_script_that_acts_alone_is_told_from_heartbeat(tmp_path: Path) -> None:
    folder = _night(BOOT, tmp_path, {})
    log = folder / "node2" / "ha-log"
    lines = log.read_text(encoding="utf-8").splitlines()
    stamp = lines[-1].split()[1]
    call = f"ResourceManager[999]: {stamp} info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3"
    log.write_text("\n".join([*lines, *(f"{call} {op}" for op in ("start", "stop", "start"))]) + "\n", encoding="utf-8")
    puzzle, _ = _puzzle(folder)

    near = nearest(puzzle.subject, puzzle.lines, puzzle.found, puzzle.offsets, LIMITS)

    (alone,) = [each for each in near if each.kind == "script"]
    assert alone.kinds == ()
    assert alone.text.startswith("the script Filesystem /dev/sdb5 on node2 acted by itself")
    assert not [each for each in near if each.kind in ("lost", "surplus")]


def test_the_other_release_is_asked_by_its_own_rules(tmp_path: Path) -> None:
    """3.0.6 declares a sender dead whose status comes late, 2.0.8 does not."""
    folder = _night(BOOT, tmp_path, {})
    files = Files.read(folder, explained([folder]), ENGINE, Version.V3_0_6)

    (other,) = [v for v in itertools.islice(variants(files, ()), 1) if v.kind == "release"]

    assert other.text == "heartbeat 2.0.8 instead of 3.0.6"
    assert files.subject(files.spec).system.setting_value["late_is_dead"] == 1
    assert other.subject.system.setting_value["late_is_dead"] == 0


def test_what_the_lines_contradict_is_told_first_and_two_lost_lines_last() -> None:
    near = [
        Near("2 lines of the logs lost", (), "lost"),
        Near("without the line a:1", (), "surplus"),
        Near("1 line of the logs lost", (), "lost"),
        Near("deadtime 28 s instead of 60 s", (), "deadtime"),
    ]

    assert [each.kind for each in by_likelihood(near, {"deadtime"})] == ["deadtime", "lost", "surplus", "lost"]
