"""The README counts what there is: its numbers are those of the rules, the ladder and the recorded runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from hamodel.config.spec import read_spec
from hamodel.machines.coverage import coverage

ROOT = Path(__file__).resolve().parents[1]
HAZARDS = 45
"""HZ-01 to HZ-28, HZ-40 to HZ-52 and HZ-60 to HZ-63."""


def row(name: str) -> str:
    """What the README's table says in this row."""
    found = re.search(rf"^\| {name} \| (.*?) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert found, f"the README has no row called {name}"
    return found[1]


def test_the_rules() -> None:
    rows = coverage()
    assert row("rules of the reference") == f"{sum(r.modelled for r in rows)} of {len(rows)}"


def test_the_hazards() -> None:
    shown = set()
    for file in (ROOT / "specs").glob("*/spec.toml"):
        spec = read_spec([file.parent])
        if any(promise.outcome == "violated" for promise in spec.expect.values()):
            shown |= set(spec.about.hazards)
    assert row("hazards") == f"{len(shown)} of {HAZARDS}"


def test_the_recorded_runs() -> None:
    told = tomllib.loads((ROOT / "tests" / "machines" / "recordings.toml").read_text())
    agreeing = len(told["agrees"]) + len(told["found"])
    assert row("recorded runs") == f"{agreeing} of {sum(len(part) for part in told.values())}"


def test_the_runs_made_to_tell_them_apart() -> None:
    told = tomllib.loads((ROOT / "tests" / "differential" / "runs.toml").read_text())
    agreeing = sum(run["verdict"] in ("agree", "found") for run in told.values())
    assert row("more runs, made to tell daemon and model apart") == f"{agreeing} of {len(told)}"
