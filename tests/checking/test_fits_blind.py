"""The table of what the search makes of each recording when nobody tells it the faults, and some rows asked again."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.checking.blind import asked
from tests.shared import TRACES, needs_shared

TABLE = tomllib.loads(Path(__file__).with_name("blind.toml").read_text(encoding="utf-8"))
TOLD = tomllib.loads(Path(__file__).with_name("fits.toml").read_text(encoding="utf-8"))


@needs_shared
def test_every_recording_has_its_row() -> None:
    assert set(TABLE) == {folder.name for folder in TRACES.iterdir() if folder.is_dir()}


@needs_shared
@pytest.mark.parametrize(
    "name",
    [
        "both_start",
        "config_deadtime_refused",
        "hz07_standby_paused",
        "hz08_one_way_loss",
        "hz09_ipfail_then_cut",
        "hz10_stop_partition",
        "hz12_switch_slow",
        "hz14_legacy_start_stonith_fails",
        "hz28_stale_release",
        "partition_heal_afb_on",
    ],
)
def test_a_row_is_what_is_found(name: str) -> None:
    row = asked(name, 60.0)

    assert row.fits == TABLE[name]["fits"]
    assert " or ".join(row.faults) == TABLE[name].get("faults", "")
    assert row.found_by == TABLE[name].get("found_by", "")


def test_nothing_is_said_to_be_impossible_that_a_run_with_the_faults_told_writes() -> None:
    assert [name for name, row in TABLE.items() if row["fits"] == "no" and TOLD[name]["fits"] == "yes"] == []


def test_what_does_not_fit_says_how_far_the_runs_came_and_why() -> None:
    missing = [name for name, row in TABLE.items() if row["fits"] in ("no", "given up") and not row.get("why")]

    assert missing == []
    assert all(row.get("of") for row in TABLE.values() if row["fits"] != "yes")
