"""The ladder keeps its word: every spec gives the verdicts it promises, under both releases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hamodel.checking import check
from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.ir.verdict import Limits

SPECS = Path(__file__).resolve().parents[1] / "specs"
FOLDERS = sorted(p.parent for p in SPECS.glob("*/spec.toml"))
LIMITS = Limits(seconds=120)


def _read(folder: Path, version: Version | None = None) -> Spec:
    return read_spec([folder], version)


def _runs() -> list[tuple[Path, str]]:
    """Every folder under its own release, and those with a plot under the other as well: they are small."""
    runs = []
    for folder in FOLDERS:
        spec = _read(folder)
        own = spec.cluster.version
        runs.append((folder, own.value))
        if spec.through:
            runs += [(folder, v.value) for v in Version if v is not own]
    return runs


@pytest.mark.parametrize(("folder", "version"), _runs(), ids=lambda x: x.name if isinstance(x, Path) else x)
def test_a_spec_keeps_its_promises(folder: Path, version: str) -> None:
    spec = _read(folder, Version(version))
    assert spec.expect, "a spec without a promise shows nothing"
    report = check(spec, list(spec.expect), LIMITS)
    wrong = {
        r.name: (r.outcome.value, dict(r.faults_used), r.reason, str(r.expected))
        for r in report.results
        if not r.as_expected
    }
    assert not wrong
    assert {r.name for r in report.results} == set(spec.expect)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_a_spec_says_what_it_is_there_for(folder: Path) -> None:
    spec = _read(folder)
    assert re.fullmatch(r"\d\d-[a-z0-9-]+", folder.name)
    assert spec.title and len(spec.story) > 80
    assert all(re.fullmatch(r"HZ-\d\d", hazard) for hazard in spec.about.hazards)
    twin = spec.about.prevented_by
    assert not twin or (SPECS / twin / "spec.toml").is_file()
    if spec.through:
        shown = {p.outcome for p in spec.expect.values()}
        assert "violated" in shown or folder.name.endswith("-prevented"), "a plot that breaks nothing"
