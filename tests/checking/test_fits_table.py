"""The table of what the model explains of each recording is complete, and right for some that are quickly asked."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from hamodel.checking.fits.fit import fit
from hamodel.checking.fits.recording import recorded, recorded_kinds
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.verdict import Limits
from tests.shared import TRACES, needs_shared

TABLE = tomllib.loads(Path(__file__).with_name("fits.toml").read_text(encoding="utf-8"))
ANSWERS = {True: "yes", False: "no", None: "given up"}


@needs_shared
def test_every_recording_has_its_row() -> None:
    assert set(TABLE) == {folder.name for folder in TRACES.iterdir() if folder.is_dir()}


@needs_shared
@pytest.mark.parametrize(
    "name",
    [
        "afb_off_power",
        "hz05_restart_afb_off",
        "two_groups_stop",
        "hz25_double_restart",
        "hz19d_line_removed_stop",
        "sigstop_mcp",
        "hz07_unequal_deadtime",
        "hz26_failed_reload",
        "hz49_generation_back",
        "packet_loss_90",
    ],
)
def test_a_row_is_what_is_found(name: str) -> None:
    subject, logs = recorded(TRACES / name, ClassesEngine())

    found = fit(subject, logs, candidates=[recorded_kinds(TRACES / name, subject)], limits=Limits(seconds=60))

    assert ANSWERS[found.fits] == TABLE[name]["fits"]


def test_no_recording_is_said_to_be_impossible_without_a_reason() -> None:
    assert [name for name, row in TABLE.items() if row["fits"] == "no" and not row.get("why")] == []
