"""Kept verdicts: an unchanged configuration costs nothing, a changed one is never answered by an old verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hamodel import kept
from hamodel.checking.question import Question
from hamodel.checking.verdicts import Verdicts, name_of
from hamodel.config.spec import read_spec
from hamodel.ir.report import ConfigLine, Report
from hamodel.ir.verdict import Limits, Outcome

HACF = "keepalive 2\ndeadtime 30\nbcast eth1\nbcast eth0\nauto_failback on\nnode node1 node2\n"
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"
QUESTION = Question(("single_mount", "leaves_once"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "pair"
    home.mkdir()
    (home / "ha.cf").write_text(HACF)
    (home / "haresources").write_text(GROUP)
    (home / "spec.toml").write_text('[faults]\nbudget = 1\nkinds = ["cut"]\n')
    return home


def checked(folder: Path, verdicts: Verdicts, question: Question = QUESTION) -> Report:
    spec = read_spec([folder])
    report = question.ask(spec)
    verdicts.keep(spec, question, report, {})
    return report


def recalled(folder: Path, verdicts: Verdicts, question: Question = QUESTION) -> Report | None:
    return verdicts.recall(read_spec([folder]), question, {})


@pytest.fixture(scope="module")
def one_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    home = tmp_path_factory.mktemp("once") / "pair"
    home.mkdir()
    (home / "ha.cf").write_text(HACF)
    (home / "haresources").write_text(GROUP)
    (home / "spec.toml").write_text('[faults]\nbudget = 1\nkinds = ["kill"]\n')
    return QUESTION.ask(read_spec([home]))


def test_an_unchanged_configuration_is_answered_by_the_earlier_check(folder: Path, tmp_path: Path) -> None:
    verdicts = Verdicts(tmp_path / "kept")
    report = checked(folder, verdicts)

    again = recalled(folder, verdicts)

    assert again is not None and again.cached
    assert replace(again, cached=False) == report


def test_comments_and_blanks_do_not_count_and_the_lines_are_told_as_they_stand_now(
    folder: Path, tmp_path: Path
) -> None:
    verdicts = Verdicts(tmp_path / "kept")
    (folder / "spec.toml").write_text('[faults]\nbudget = 1\nkinds = ["kill"]\n')
    before = checked(folder, verdicts)
    (folder / "ha.cf").write_text("# the pair of the shop\n\n" + HACF.replace("deadtime 30", "deadtime   30  # s"))

    again = recalled(folder, verdicts)

    assert again is not None
    (old,) = (c for c in before.results[1].rests_on if c.text.startswith("deadtime"))
    (new,) = (c for c in again.results[1].rests_on if c.text.startswith("deadtime"))
    assert (old.line, new.line, new.text) == (2, 4, "deadtime 30")


def test_a_line_that_became_two_is_not_guessed_at(folder: Path, tmp_path: Path, one_report: Report) -> None:
    verdicts = Verdicts(tmp_path / "kept")
    (folder / "ha.cf").write_text(HACF.replace("bcast eth1\nbcast eth0", "bcast eth1 eth0"))
    spec = read_spec([folder])
    line = ConfigLine(str(folder / "ha.cf"), 3, "bcast eth1 eth0")
    result = replace(one_report.results[0], rests_on=(line,))
    verdicts.keep(spec, QUESTION, replace(one_report, results=(result,)), {})
    assert recalled(folder, verdicts) is not None

    (folder / "ha.cf").write_text(HACF)

    assert recalled(folder, verdicts) is None


@pytest.mark.parametrize(
    "change",
    [
        ("ha.cf", HACF.replace("deadtime 30", "deadtime 29")),
        ("haresources", GROUP.replace("node1", "node2", 1)),
        ("spec.toml", '[faults]\nbudget = 2\nkinds = ["cut"]\n'),
    ],
    ids=["ha.cf", "haresources", "spec.toml"],
)
def test_a_changed_configuration_is_checked_anew(
    folder: Path, tmp_path: Path, one_report: Report, change: tuple[str, str]
) -> None:
    verdicts = Verdicts(tmp_path / "kept")
    verdicts.keep(read_spec([folder]), QUESTION, replace(one_report, results=()), {})
    assert recalled(folder, verdicts) is not None

    (folder / change[0]).write_text(change[1])

    assert recalled(folder, verdicts) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, names=("single_mount",)),
        replace(QUESTION, typed=(("always", "0"),)),
        replace(QUESTION, engine="reference"),
        replace(QUESTION, delays=True),
        replace(QUESTION, limits=Limits(seconds=5)),
        replace(QUESTION, limits=Limits(classes=5)),
        replace(QUESTION, limits=Limits(memory=5), own_memory=True),
    ],
    ids=["names", "typed", "engine", "delays", "seconds", "classes", "memory"],
)
def test_another_question_has_another_answer(folder: Path, other: Question) -> None:
    spec = read_spec([folder])

    assert name_of(spec, other) != name_of(spec, QUESTION)


def test_the_size_of_the_machine_makes_no_other_question(folder: Path) -> None:
    spec = read_spec([folder])
    here, there = (replace(QUESTION, limits=Limits(memory=m, jobs=j)) for m, j in ((1 << 33, 2), (1 << 35, 64)))

    assert name_of(spec, here) == name_of(spec, there)


def test_the_text_of_a_property_counts(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    file = mine / "quiet.py"
    file.write_text('from hamodel.properties import always\n\n@always\ndef quiet(cluster):\n    """A."""\n')
    question, spec = replace(QUESTION, folders=(mine,)), read_spec([folder])
    before = name_of(spec, question)

    file.write_text(file.read_text().replace("A.", "B."))

    assert name_of(spec, question) != before


def test_a_new_version_of_the_rules_checks_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = read_spec([folder])
    before = name_of(spec, QUESTION)
    monkeypatch.setattr("hamodel.checking.verdicts.source", lambda: "other lines")

    assert name_of(spec, QUESTION) != before


@pytest.mark.parametrize("outcome", [Outcome.BOUNDED, Outcome.UNKNOWN])
def test_what_is_not_decided_deserves_another_try(
    folder: Path, tmp_path: Path, one_report: Report, outcome: Outcome
) -> None:
    verdicts, spec = Verdicts(tmp_path / "kept"), read_spec([folder])
    open_ = replace(one_report.results[0], outcome=outcome)

    verdicts.keep(spec, QUESTION, replace(one_report, results=(open_,)), {})
    verdicts.keep(spec, QUESTION, replace(one_report, interrupted=True), {})

    assert recalled(folder, verdicts) is None


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "replaced", "other shape"])
def test_a_damaged_file_is_as_good_as_none(folder: Path, tmp_path: Path, one_report: Report, damage: str) -> None:
    verdicts, spec = Verdicts(tmp_path / "kept"), read_spec([folder])
    verdicts.keep(spec, QUESTION, replace(one_report, results=()), {})
    assert recalled(folder, verdicts) is not None
    (file,) = (tmp_path / "kept").iterdir()
    data = file.read_bytes()
    changed = {"cut": data[:-7], "flipped": data[:-9] + b"X" + data[-8:], "emptied": b"", "replaced": b"\x80pickle"}

    if damage == "other shape":
        kept.keep(file.name, b'{"report": {"cluster": 7}, "places": []}', tmp_path / "kept")
    else:
        file.write_bytes(changed[damage])

    assert recalled(folder, verdicts) is None


def test_a_cache_that_cannot_be_written_is_no_error(folder: Path, tmp_path: Path, one_report: Report) -> None:
    (tmp_path / "file").write_text("in the way")
    verdicts = Verdicts(tmp_path / "file")

    verdicts.keep(read_spec([folder]), QUESTION, one_report, {})

    assert recalled(folder, verdicts) is None
