"""Predictions at a limit: what they tell can happen, and what the recording excludes is told for certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking.predict import predict_folder
from hamodel.ir.prediction import Bounds, Ending
from hamodel.ir.verdict import Limits
from tests.machines.recordings import OWN
from tests.scenarios.small import cut_at, write_recording

HEAL: dict[str, object] = {"t": 32.0, "event": "plug", "node": "node1", "iface": "eth1"}


def _kind(ending: Ending) -> object:
    return dict(ending.final_owners), ending.self_restarts, ending.resets, ending.stonith_requests


def _within(some: Bounds, every: Bounds) -> bool:
    return every[0] <= some[0] <= some[1] <= every[1]


@pytest.fixture(scope="module")
def healed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cut and plugged again, and yet nobody is said to have restarted: the model allows no such run."""
    return write_recording(tmp_path_factory.mktemp("healed") / "run", cut_at(20.0), HEAL, overlap=2.0, end=70.0)


@pytest.mark.parametrize("run", ["m10_ipfail_node2", "h61_flaps_node2"])
def test_the_endings_at_a_limit_are_among_all_endings(run: str) -> None:
    every = predict_folder(OWN / run, Limits(classes=1_000_000))
    some = predict_folder(OWN / run, Limits(classes=200))

    assert every.complete
    assert not some.complete
    assert some.endings
    for ending in some.endings:
        same = next(e for e in every.endings if _kind(e) == _kind(ending))
        for name in ending.final_owners:
            assert _within(ending.overlap_ms[name], same.overlap_ms[name])
            assert _within(ending.gap_ms[name], same.gap_ms[name])


def test_the_same_endings_are_found_each_time(healed: Path) -> None:
    one, two = (predict_folder(healed, Limits(classes=200)) for _ in range(2))

    assert one.endings
    assert one.endings == two.endings


def test_a_recording_no_run_can_end_like_is_told_apart_before_the_listing_ends(healed: Path) -> None:
    every = predict_folder(healed)
    most = every.classes - 1

    found = predict_folder(healed, Limits(classes=most))

    assert every.complete
    assert (found.complete, found.excluded, found.agrees) == (False, True, False)
    assert any(text.startswith("self restarts") for text in found.differences)


def test_without_the_means_to_exclude_it_nothing_follows(healed: Path) -> None:
    found = predict_folder(healed, Limits(classes=200))

    assert (found.excluded, found.agrees) == (False, None)
