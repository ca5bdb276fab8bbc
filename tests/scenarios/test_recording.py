"""Recordings: only files and faults are taken as given; how it ended is for the comparison."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking.predict import predict_folder
from hamodel.errors import FileUnreadable, SpecError
from hamodel.scenarios.recording import observed, read_recording
from tests.scenarios.small import cut_at, write_recording


def test_a_recorded_split_brain_is_predicted(tmp_path: Path) -> None:
    prediction = predict_folder(write_recording(tmp_path / "cut", cut_at(20.0)))

    assert prediction.agrees
    assert prediction.sharp


def test_an_ending_that_cannot_be_is_told_with_the_difference(tmp_path: Path) -> None:
    prediction = predict_folder(write_recording(tmp_path / "cut", cut_at(20.0), overlap=0.0))

    assert prediction.agrees is False
    assert "vip at the end: node1, predicted node1 and node2" in prediction.differences


def test_how_it_ended_does_not_change_what_is_predicted(tmp_path: Path) -> None:
    one = predict_folder(write_recording(tmp_path / "one", cut_at(20.0)))
    two = predict_folder(write_recording(tmp_path / "two", cut_at(20.0), overlap=0.0))

    assert one.endings == two.endings


def test_files_that_differ_lie_in_the_folders_of_the_nodes(tmp_path: Path) -> None:
    folder = write_recording(tmp_path / "cut", cut_at(20.0))
    text = (folder / "ha.cf").read_text()
    (folder / "ha.cf").unlink()
    for node, deadtime in (("node1", 4), ("node2", 6)):
        (folder / node).mkdir()
        (folder / node / "ha.cf").write_text(text.replace("deadtime 4", f"deadtime {deadtime}"))

    prediction = predict_folder(folder)

    assert prediction.agrees


def test_a_daemon_that_rose_without_being_started_has_restarted_itself(tmp_path: Path) -> None:
    folder = write_recording(tmp_path / "cut", cut_at(20.0))
    with (folder / "ledger.jsonl").open("a") as ledger:
        ledger.write('{"t": 30.0, "node1": {"mcp": 99}, "node2": {"mcp": 17}}\n')

    assert observed(read_recording(folder)).self_restarts == ("node1",)


@pytest.mark.parametrize(("name", "text"), [("events.jsonl", "{"), ("events.jsonl", '{"event": "begin", "t": 0}\n')])
def test_a_broken_recording_is_refused(tmp_path: Path, name: str, text: str) -> None:
    folder = write_recording(tmp_path / "cut")
    (folder / name).write_text(text)

    with pytest.raises(SpecError):
        predict_folder(folder)


@pytest.mark.parametrize("name", ["ha.cf", "haresources", "events.jsonl", "summary.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_recording(tmp_path / "cut")
    (folder / name).unlink()

    with pytest.raises(FileUnreadable, match=name):
        predict_folder(folder)
