"""The model against the real daemon, on runs that were made to tell them apart.

Each folder holds one run of Heartbeat 3.0.6: its files, its faults and how it ended. Some were written by hand, second
variants of the known hazards among them; those whose name begins with `s` were drawn by a seeded generator.
"""

from __future__ import annotations

import pytest

from hamodel.checking.predict import predict_folder
from hamodel.ir.verdict import Limits
from tests.machines.recordings import OWN, own_runs, predicted, sharpness

RUNS = own_runs()
AGREE = [name for name, run in RUNS.items() if run["verdict"] == "agree"]
FOUND = [name for name, run in RUNS.items() if run["verdict"] == "found"]
UNFINISHED = [name for name, run in RUNS.items() if run["verdict"] == "unfinished"]
DISAGREE = [name for name, run in RUNS.items() if run["verdict"] == "disagree"]


@pytest.mark.parametrize("run", AGREE)
def test_the_run_is_one_the_model_allows(run: str) -> None:
    prediction = predicted(OWN / run)

    assert prediction.complete
    assert prediction.differences == ()
    assert sharpness(prediction) == RUNS[run]["prediction"]


@pytest.mark.parametrize("run", DISAGREE)
def test_what_the_model_still_gets_wrong_is_known(run: str) -> None:
    prediction = predicted(OWN / run)

    assert RUNS[run]["difference"] in "; ".join(prediction.differences)


@pytest.mark.parametrize("run", FOUND)
def test_one_of_too_many_runs_ends_as_recorded(run: str) -> None:
    prediction = predict_folder(OWN / run, Limits(classes=5_000))

    assert prediction.agrees
    assert not prediction.complete
    assert not prediction.sharp


@pytest.mark.parametrize("run", UNFINISHED)
def test_a_run_with_too_many_races_is_not_called_complete(run: str) -> None:
    prediction = predict_folder(OWN / run, Limits(classes=60_000))

    assert prediction.agrees is None
    assert not prediction.complete
    assert prediction.stopped


def test_the_index_names_every_run_and_explains_what_is_not_plain() -> None:
    folders = {folder.name for folder in OWN.iterdir() if (folder / "events.jsonl").is_file()}
    plain = {name for name, run in RUNS.items() if run["verdict"] == "agree" and run["prediction"] == "sharp"}

    assert set(RUNS) == folders
    assert [name for name in sorted(set(RUNS) - plain) if not RUNS[name].get("why")] == []
