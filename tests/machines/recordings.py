"""Recorded runs of the real daemon: which of them the model has to allow, and which it cannot play yet and why."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hamodel.checking.predict import predict_folder
from hamodel.ir.prediction import Prediction
from hamodel.ir.verdict import Limits

EXPECTED = Path(__file__).with_name("recordings.toml")
LIMITS = Limits(classes=1_000_000, seconds=240)
"""For slow machines: most take a second here, the races of a paused daemon up to half a minute."""


def expected() -> dict[str, dict[str, str]]:
    """Every recording under `agrees` (with the sharpness of its prediction), `not_modelled` or `disagrees`."""
    return tomllib.loads(EXPECTED.read_text(encoding="utf-8"))


def predicted(folder: Path) -> Prediction:
    """The prediction for a recorded run, with the comparison."""
    return predict_folder(folder, LIMITS)
