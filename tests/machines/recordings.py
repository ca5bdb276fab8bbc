"""Recorded runs of the real daemon: which of them the model has to allow, and which it cannot play yet and why.

The project keeps runs of its own in `tests/differential`, stripped to what a comparison reads: `runs.toml` there says
of each what it is about and whether its prediction is sharp.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from hamodel.checking.predict import predict_folder
from hamodel.ir.prediction import Prediction
from hamodel.ir.verdict import Limits

EXPECTED = Path(__file__).with_name("recordings.toml")
OWN = Path(__file__).resolve().parents[1] / "differential"
LIMITS = Limits(classes=1_000_000, seconds=240)
"""For slow machines: most take a second here, the races of a paused daemon up to half a minute."""


def expected() -> dict[str, dict[str, str]]:
    """Every recording under `agrees` (with the sharpness of its prediction), `not_modelled` or `disagrees`."""
    return tomllib.loads(EXPECTED.read_text(encoding="utf-8"))


def own_runs() -> dict[str, dict[str, str]]:
    """The runs of the project itself: for each its verdict, its sharpness and a word on it."""
    return tomllib.loads((OWN / "runs.toml").read_text(encoding="utf-8"))


def predicted(folder: Path) -> Prediction:
    """The prediction for a recorded run, with the comparison."""
    return predict_folder(folder, LIMITS)


def sharpness(prediction: Prediction) -> str:
    """How the lists call it."""
    return "sharp" if prediction.sharp else "open"
