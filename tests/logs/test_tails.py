"""A file that grows gives each whole line once, whatever is done to it."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamodel.logs.lines import LONGEST
from hamodel.logs.tails import LINGER, Tail


def told(tail: Tail) -> list[tuple[int, str]]:
    return [(number, raw.decode("latin-1")) for number, raw in tail.lines()]


def append(path: Path, text: str) -> None:
    with path.open("a") as stream:
        stream.write(text)


def test_a_line_is_told_when_it_has_its_end(tmp_path: Path) -> None:
    path = tmp_path / "ha-log"
    path.write_text("one\nhalf a")
    tail = Tail(path)

    assert told(tail) == [(1, "one")]
    assert told(tail) == []
    append(path, " line\nthree\n")
    assert told(tail) == [(2, "half a line"), (3, "three")]


def test_a_last_line_without_an_end_is_told_to_one_who_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "ha-log"
    path.write_text("one\ntwo")
    tail = Tail(path)
    told(tail)

    assert list(tail.rest()) == [(2, b"two")]
    assert list(tail.rest()) == []


def test_a_file_may_appear_later(tmp_path: Path) -> None:
    path = tmp_path / "later" / "ha-log"
    tail = Tail(path)

    assert told(tail) == []
    assert tail.trouble == "not there yet"
    path.parent.mkdir()
    path.write_text("one\n")
    assert told(tail) == [(1, "one")]
    assert tail.trouble == ""


def test_a_folder_in_the_place_of_a_file_is_trouble_until_it_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "ha-log"
    path.mkdir()
    tail = Tail(path)

    assert told(tail) == []
    assert tail.trouble == "no plain file"
    path.rmdir()
    path.write_text("one\n")
    assert told(tail) == [(1, "one")]


def test_rotation_by_a_new_name_loses_nothing(tmp_path: Path) -> None:
    path, old = tmp_path / "ha-log", tmp_path / "ha-log.1"
    path.write_text("one\n")
    tail = Tail(path)
    told(tail)

    append(path, "two\n")
    path.rename(old)
    assert told(tail) == [(2, "two")], "the new file is not there yet"
    append(old, "three\n")
    path.write_text("first of the new\n")
    assert told(tail) == [(3, "three"), (1, "first of the new")]
    append(old, "its writer has not opened the new one\n")
    append(path, "second\n")
    assert told(tail) == [(4, "its writer has not opened the new one"), (2, "second")]


def test_a_renamed_file_is_let_go_with_its_last_half_line(tmp_path: Path) -> None:
    path = tmp_path / "ha-log"
    path.write_text("one\nhalf")
    tail = Tail(path)
    told(tail)
    path.rename(tmp_path / "ha-log.1")
    path.write_text("new\n")

    found = [line for _ in range(LINGER + 2) for line in told(tail)]

    assert found == [(1, "new"), (2, "half")]


@pytest.mark.parametrize("refill", ["", "new\n", "a new text that is longer than all that was there before\n"])
def test_a_file_that_is_cut_begins_again(tmp_path: Path, refill: str) -> None:
    path = tmp_path / "ha-log"
    path.write_text("one\ntwo\nthree\nhalf")
    tail = Tail(path)
    told(tail)

    with path.open("r+") as stream:
        stream.truncate(0)
        stream.write(refill)

    assert told(tail) == [(4, "half"), *((1, line) for line in refill.splitlines())]
    append(path, "next\n")
    assert [line for _, line in told(tail)] == ["next"]


def test_a_line_without_measure_takes_no_more_memory_than_the_longest(tmp_path: Path) -> None:
    path = tmp_path / "ha-log"
    path.write_bytes(b"x" * (5 * LONGEST) + b"\nafter\n")

    found = list(Tail(path).lines())

    assert [number for number, _ in found] == [1, 2]
    assert len(found[0][1]) == LONGEST
    assert found[1][1] == b"after"


@given(
    text=st.lists(st.text(alphabet="ab \x00é", max_size=6), max_size=12),
    cuts=st.lists(st.integers(0, 80), max_size=6),
)
def test_however_a_text_comes_its_lines_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, text: list[str], cuts: list[int]
) -> None:
    path = tmp_path_factory.mktemp("tail") / "ha-log"
    whole = "".join(f"{line}\n" for line in text).encode()
    tail = Tail(path)
    found: list[tuple[int, bytes]] = []
    places = sorted({0, len(whole), *(min(cut, len(whole)) for cut in cuts)})
    for begin, end in pairwise(places):
        with path.open("ab") as stream:
            stream.write(whole[begin:end])
        found += tail.lines()
    tail.close()

    assert found == [(n, line.replace("\0", "").encode()) for n, line in enumerate(text, 1)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_trouble(tmp_path: Path) -> None:
    path = tmp_path / "ha-log"
    path.write_text("one\n")
    path.chmod(0)
    tail = Tail(path)

    assert told(tail) == []
    assert tail.trouble == "Permission denied"
