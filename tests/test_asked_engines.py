"""The engines that give verdicts instead of lists, behind the same ladder of faults as all others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from hamodel.checking.asked import Asked
from hamodel.checking.examine import examine
from hamodel.checking.search import searcher
from hamodel.errors import EngineUnavailable
from hamodel.ir.report import Report
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.loader import load, select
from hamodel.renderers.json import as_object
from hamodel.renderers.text import render
from tests.disk_toy import toy_case

for package in ("pysat", "oxidd", "dd"):
    pytest.importorskip(package)

NAMES = ("single_mount", "leaves_once", "no_flapping", "somebody_serves", "served_again", "failback_converges")
UNTIMED = ("ic3", "symbolic", "explicit")


@cache
def report(engine: str, names: Sequence[str] = NAMES) -> Report:
    return examine(toy_case(), select(load(), names), engine=engine)


@pytest.mark.parametrize("engine", UNTIMED)
def test_the_toy_pair_is_judged_as_by_the_reference_where_an_answer_is_given(engine: str) -> None:
    expected = {r.name: r.outcome for r in report("reference").results}

    found = {r.name: r.outcome for r in report(engine).results}

    assert {n: o for n, o in found.items() if n != "failback_converges"} == {
        n: o for n, o in expected.items() if n != "failback_converges"
    }
    assert found["failback_converges"] is Outcome.UNKNOWN


@pytest.mark.parametrize("engine", UNTIMED)
def test_a_violation_comes_with_its_fewest_faults_and_its_story(engine: str) -> None:
    result = next(r for r in report(engine).results if r.name == "single_mount")

    assert sum(n for _, n in result.faults_used) == 1
    assert result.story
    assert result.certified[0] == "replayed by the reference semantics"


def test_a_proof_is_told_line_by_line_for_people_and_for_programs() -> None:
    found = report("ic3")
    result = next(r for r in found.results if r.name == "leaves_once")

    text = render(found)

    assert result.reason == "whatever the delays"
    assert result.proof and all(line.startswith("never ") for line in result.proof)
    assert "leaves_once holds whatever the delays" in text
    assert "by z3, which found it true at the start and kept by every step" in text
    properties = as_object(found)["properties"]
    assert isinstance(properties, list)
    assert {p["name"]: len(p["proof"]) for p in properties}["leaves_once"] == len(result.proof)


def test_what_an_engine_does_not_answer_is_unknown_and_says_so() -> None:
    result = next(r for r in report("ic3").results if r.name == "failback_converges")

    assert result.reason == "ic3 does not answer promises (leads_to)"


def test_without_time_it_is_bounded_and_not_holds() -> None:
    found = examine(toy_case(), select(load(), ("leaves_once",)), Limits(seconds=0.0), engine="ic3")

    assert found.results[0].outcome is Outcome.BOUNDED


def test_an_engine_that_is_not_installed_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from hamodel.engines import catalogue

    monkeypatch.setattr(catalogue, "_there", lambda _package: False)

    with pytest.raises(EngineUnavailable, match=r"hamodel\[proofs\]"):
        searcher("ic3")


def test_every_engine_of_the_catalogue_is_a_searcher() -> None:
    assert isinstance(searcher("symbolic"), Asked)
    assert searcher("portfolio").name == "portfolio"
    assert searcher("classes").name.startswith("classes")
