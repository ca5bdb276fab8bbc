"""Recordings of another kind than those of the reference, kept with the project: what was done, and who had what."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Explanation, Owned

OTHERS = Path(__file__).with_name("others")
EXPECTED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("others.toml").read_text("utf-8"))
NAMES = tuple(sorted(EXPECTED))
RESOLUTION = 1000
"""ms: a line carries whole seconds."""


@cache
def explanation(name: str) -> Explanation:
    return explained([OTHERS / name], year=2026)


@cache
def truth(name: str) -> dict[str, Any]:
    return tomllib.loads((OTHERS / name / "truth.toml").read_text("utf-8"))


def moment(name: str, t: float) -> int:
    """A time of the recording as time of the lines, which tell UTC."""
    begin: float = truth(name)["begin"]
    return round((begin + t) * 1000)


def spans(name: str, node: str, resource: str) -> list[Owned]:
    """What is said of a resource that the measurement calls by its word."""
    names = (resource, resource.rpartition("::")[2])
    return [span for span in explanation(name).owned if span.node == node.lower() and span.resource in names]


def test_each_recording_is_expected_and_each_expected_one_is_there() -> None:
    assert {path.name for path in OTHERS.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_own_line_is_understood(name: str) -> None:
    lines = explanation(name).lines

    assert lines.recognised == lines.own > 0


@pytest.mark.parametrize("name", NAMES)
def test_every_measured_owner_lies_in_a_span_and_no_certain_span_lies_outside(name: str) -> None:
    slack = max([RESOLUTION, *(clock.hi - clock.lo for clock in explanation(name).clocks)])
    for resource, nodes in truth(name)["owned"].items():
        for node, measured in nodes.items():
            said = spans(name, node, resource)
            for begin, end in measured:
                at, to = moment(name, begin), moment(name, end)
                found = [s for s in said if s.begin - slack <= at and (s.end is None or to <= s.end + slack)]
                assert found, (resource, node, begin, end)
            for span in said:
                if span.sure_from is None or span.sure_to is None or span.sure_to - span.sure_from <= 2 * slack:
                    continue
                inside = [
                    (begin, end)
                    for begin, end in measured
                    if moment(name, begin) <= span.sure_from + slack and moment(name, end) >= span.sure_to - slack
                ]
                assert inside, (resource, node, span)


@pytest.mark.parametrize("name", NAMES)
def test_two_owners_are_said_as_they_were_measured(name: str) -> None:
    both = [
        overlap
        for nodes in truth(name)["owned"].values()
        for overlap in common(*(tuple(map(tuple, each)) for each in nodes.values()))
        if overlap[1] - overlap[0] > 0.25
    ]
    report = explanation(name)

    assert (report.unsafe.value if report.unsafe else "no") == EXPECTED[name]["unsafe"]
    if EXPECTED[name]["unsafe"] != "possible":
        assert (EXPECTED[name]["unsafe"] == "certain") is bool(both)
    else:
        assert EXPECTED[name]["why"]
    if both:
        wide = max([2 * RESOLUTION, *(clock.hi - clock.lo for clock in report.clocks)])
        assert report.unsafe_from is not None
        assert abs(report.unsafe_from - moment(name, min(both)[0])) <= wide


@pytest.mark.parametrize("name", NAMES)
def test_the_faults_are_named_and_no_others(name: str) -> None:
    assert [f"{fault.kind} {fault.node}" for fault in explanation(name).faults] == EXPECTED[name]["faults"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_a_real_daemon_wrote_is_a_contradiction(name: str) -> None:
    assert explanation(name).contradictions == ()


Intervals = tuple[tuple[float, ...], ...]


def common(one: Intervals, two: Intervals) -> list[tuple[float, float]]:
    """When both had it."""
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in one for b in two)
    return [(begin, end) for begin, end in pairs if begin < end]
