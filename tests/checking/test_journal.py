"""A journal keeps what was finished, whatever happens while it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking.journal import Journal
from hamodel.ir.sweep import Told
from hamodel.ir.verdict import Outcome

HOLDS = (Told("single_mount", Outcome.HOLDS, states=7),)
BROKEN = (Told("single_mount", Outcome.VIOLATED, ("1 kill",)),)


def test_what_was_added_is_there_after_a_kill(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "deep" / "j")
    journal.add("a", HOLDS)
    journal.add("b", BROKEN)

    assert Journal.open(tmp_path / "deep" / "j").known == {"a": HOLDS, "b": BROKEN}


def test_an_interrupt_while_it_waits_for_the_disk_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_file: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    journal = Journal.open(tmp_path / "j")
    with pytest.raises(KeyboardInterrupt):
        journal.add("a", HOLDS)

    assert journal.known == Journal.open(tmp_path / "j").known == {"a": HOLDS}


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_is_none_and_the_next_one_is_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "j"
    journal = Journal.open(path)
    journal.add("a", HOLDS)
    journal.add("b", BROKEN)
    path.write_bytes(path.read_bytes()[:-cut])

    again = Journal.open(path)
    again.add("c", HOLDS)

    assert Journal.open(path).known == {"a": HOLDS, "c": HOLDS} or cut == 1
    assert Journal.open(path).known["c"] == HOLDS


def test_a_line_that_somebody_has_changed_is_none(tmp_path: Path) -> None:
    path = tmp_path / "j"
    Journal.open(path).add("a", BROKEN)
    path.write_bytes(path.read_bytes().replace(b"violated", b"holds"))

    assert Journal.open(path).known == {}


def test_other_files_are_no_journal_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(b"\x80\x00\xff no journal\n\n12345678 {}\n")

    assert Journal.open(path).known == {}


def test_the_same_answer_twice_is_one(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "j")
    journal.add("a", HOLDS)
    journal.add("a", HOLDS)

    assert list(Journal.open(tmp_path / "j").known) == ["a"]


def test_a_fresh_journal_forgets(tmp_path: Path) -> None:
    Journal.open(tmp_path / "j").add("a", HOLDS)

    assert Journal.open(tmp_path / "j", fresh=True).known == {}
    assert Journal.open(tmp_path / "j").known == {}
