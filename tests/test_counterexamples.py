"""The kept counterexamples still happen: names of events are enough, and their last state breaks the promise."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from hamodel.checking.of_spec import case_of
from hamodel.config.spec import read_spec
from hamodel.engines.certify import certify
from hamodel.engines.classes import ClassesEngine
from hamodel.ir import schedule
from hamodel.ir.property import PropertyKind
from hamodel.ir.semantics import evaluate
from hamodel.properties.bind import bind
from hamodel.properties.loader import load

ROOT = Path(__file__).resolve().parents[1]
KEPT = sorted((ROOT / "counterexamples").glob("*.toml"))


@pytest.mark.parametrize("file", KEPT, ids=lambda p: p.stem)
def test_the_kept_counterexample_still_happens(file: Path) -> None:
    kept = tomllib.loads(file.read_text())
    spec_name, prop_name = file.stem.split("--")
    case = case_of(read_spec([ROOT / "specs" / spec_name], None, {}))
    system = case.system.with_settings(budget_total=len(kept["events"]))
    (start,) = ClassesEngine().steady(system)

    trace = schedule.timed(system, kept["events"], start)

    assert [step.at for step in trace.steps] == kept["at_ms"]
    assert certify(system, trace).valid
    definition = next(d for d in load() if d.name == prop_name)
    (prop,) = bind(definition, case.system, case.layout).properties
    if prop.kind is PropertyKind.ALWAYS:
        assert evaluate(system, trace.last(), prop.formula) == 0
    else:
        assert trace.last().quiescent(system)
        assert prop.goal is not None
        assert evaluate(system, trace.last(), prop.goal) == 0


def test_some_are_kept() -> None:
    assert len(KEPT) >= 5
