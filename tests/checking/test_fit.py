"""Logs that are asked about: of recorded runs, of the model's own counterexamples, and of both with one thing wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from hamodel.checking.fits.fit import fit
from hamodel.checking.fits.near import nearest
from hamodel.checking.fits.piece import piece_of
from hamodel.checking.fits.prevented import prevented
from hamodel.checking.fits.recording import recorded
from hamodel.checking.fits.result import Fit, Kinds, LogLine, Near
from hamodel.checking.fits.subject import Subject
from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.ir import schedule
from hamodel.ir.verdict import Limits
from hamodel.logs.formats import parse
from hamodel.machines import compose_cluster
from hamodel.renderers.halog import hosts_of, render_logs
from tests.shared import TRACES, needs_shared

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ClassesEngine()
LIMITS = Limits(seconds=60)
Logs = Mapping[str, Sequence[LogLine]]


@cache
def _recorded(name: str) -> tuple[Subject, Logs]:
    return recorded(TRACES / name, ENGINE)


def _asked(subject: Subject, logs: Logs, *kinds: Kinds, slack: int = 1_000) -> Fit:
    return fit(subject, logs, candidates=kinds, limits=LIMITS, slacks=(slack,))


# ---- recorded runs ---------------------------------------------------------------------------------------------------


@needs_shared
@pytest.mark.parametrize(
    ("name", "kinds", "event"),
    [
        ("both_start", (), "start_heartbeat[node1]"),
        ("seed1_stop_start", (), "stop_heartbeat[node1]"),
        ("seed2_unplug_public", ("cut",), "cut[node1:eth0]"),
        ("seed4_cut_all", ("cut", "cut"), "cut[eth1]"),
        ("seed5_kill9_no_watchdog", ("kill",), "kill[node1]"),
        ("kill_mcp_no_watchdog", ("kill_mcp",), "kill_mcp[node1]"),
        ("stonith_sigstop", ("pause",), "pause[node1]"),
        ("two_groups_stop", (), "stop_heartbeat[node2]"),
        ("hz25_double_restart", ("kill", "kill"), "kill[node1]"),
    ],
)
def test_what_the_daemon_wrote_is_a_run_of_the_model(name: str, kinds: Kinds, event: str) -> None:
    subject, logs = _recorded(name)

    found = _asked(subject, logs, kinds)

    assert found.fits
    assert found.kinds == (kinds,)
    assert event in [action for _, action in found.events]
    assert found.trace is not None
    names, times = found.trace.names(), [step.at or 0 for step in found.trace.steps]
    system, _ = subject.unplaced(None)
    assert schedule.replay(system, names, times).last() == found.trace.last()


@needs_shared
def test_the_lines_of_the_run_come_when_the_log_says() -> None:
    subject, logs = _recorded("seed5_kill9_no_watchdog")
    found = _asked(subject, logs, ("kill",))
    piece = piece_of(subject, logs, {}, 1_000)
    assert found.trace is not None
    written = [
        (mark, step.at or 0) for step in found.trace.steps for line in step.logs for mark in subject.reader.marks(line)
    ]

    for landmark in piece.landmarks:
        times = [at for mark, at in written if mark == landmark.told.mark]
        assert any(landmark.told.lo <= at <= landmark.told.hi for at in times), landmark.line.entry.text


@needs_shared
@pytest.mark.parametrize("name", ["seed3_power_off", "seed5_kill9_no_watchdog"])
def test_without_a_fault_the_night_is_not_explained_and_the_first_line_is_named(name: str) -> None:
    subject, logs = _recorded(name)

    found = _asked(subject, logs, ())

    assert found.fits is False
    assert found.breaks
    assert any("is dead" in line.entry.text for prefix in found.breaks for line in prefix.at)


@needs_shared
def test_faults_that_leave_the_same_lines_are_all_named() -> None:
    subject, logs = _recorded("seed5_kill9_no_watchdog")

    found = _asked(subject, logs, ("kill_mcp",), ("power",), ("kill",))

    assert found.kinds == (("power",), ("kill",)), "a killed master's children say so, and here nobody did"


@needs_shared
@pytest.mark.parametrize(
    "text", ["node node1: is dead", "Resources being acquired from node1.", "Local status now set"]
)
def test_a_line_that_was_taken_out_is_missed(text: str) -> None:
    subject, logs = _recorded("seed5_kill9_no_watchdog")
    first = next(line for line in logs["node2"] if line.entry.text.startswith(text))
    fewer = {**logs, "node2": [line for line in logs["node2"] if line is not first]}

    assert _asked(subject, fewer, (), ("kill",)).fits is False


@needs_shared
def test_two_lines_that_changed_places_are_noticed() -> None:
    subject, logs = _recorded("seed5_kill9_no_watchdog")
    own = list(logs["node2"])
    up, active = (next(i for i, x in enumerate(own) if f"set to: '{s}'" in x.entry.text) for s in ("up", "active"))
    one, other = own[up].entry, own[active].entry
    own[up] = replace(own[up], entry=replace(one, text=other.text))
    own[active] = replace(own[active], entry=replace(other, text=one.text))

    assert _asked(subject, {**logs, "node2": own}, (), ("kill",)).fits is False


@needs_shared
@pytest.mark.parametrize(("seconds", "fits"), [(-10, False), (0, True), (25, False)])
def test_a_line_at_another_time_is_noticed(seconds: int, fits: bool) -> None:
    subject, logs = _recorded("seed5_kill9_no_watchdog")
    moved = [
        replace(line, entry=replace(line.entry, when=line.entry.when + timedelta(seconds=seconds)))
        if line.entry.text == "mach_down takeover complete for node node1."
        else line
        for line in logs["node2"]
    ]

    assert _asked(subject, {**logs, "node2": moved}, (), ("kill",)).fits is fits


@needs_shared
@pytest.mark.parametrize(
    ("ahead", "known", "fits"), [(7, (7_000, 7_000), True), (7, (5_000, 9_000), True), (7, (0, 0), False)]
)
def test_a_clock_that_is_ahead_is_taken_into_account(ahead: int, known: tuple[int, int], fits: bool) -> None:
    subject, logs = _recorded("both_start")
    moved = [replace(x, entry=replace(x.entry, when=x.entry.when + timedelta(seconds=ahead))) for x in logs["node2"]]

    found = fit(subject, {**logs, "node2": moved}, {"node2": known}, [()], LIMITS, (1_000,))

    assert found.fits is fits


@needs_shared
def test_one_log_alone_leaves_the_other_node_open() -> None:
    subject, logs = _recorded("seed5_kill9_no_watchdog")

    found = _asked(subject, {"node2": logs["node2"]}, ("kill",), ("kill_mcp",))

    assert found.kinds == (("kill",), ("kill_mcp",))


@needs_shared
def test_a_limit_is_no_answer() -> None:
    subject, logs = _recorded("seed4_cut_all")

    found = fit(subject, logs, candidates=[("cut",)], limits=Limits(classes=100), slacks=(1_000,))

    assert found.fits is None
    assert "100 classes" in found.reason


@needs_shared
def test_lines_of_nobody_are_no_evidence() -> None:
    subject, _ = _recorded("both_start")

    found = fit(subject, {"node1": []}, limits=LIMITS)

    assert found.fits is None
    assert found.landmarks == 0


@needs_shared
def test_the_nearest_explanation_of_a_log_with_a_line_less_is_that_it_was_lost() -> None:
    subject, logs = _recorded("seed5_kill9_no_watchdog")
    gone = next(line for line in logs["node2"] if line.entry.text == "Resources being acquired from node1.")
    fewer = {**logs, "node2": [line for line in logs["node2"] if line is not gone]}
    found = _asked(subject, fewer, (), ("kill",))

    near = nearest(subject, fewer, found, {}, LIMITS)

    assert found.fits is False
    assert Near("1 line of the logs lost", ("kill",), "lost") in near


@needs_shared
def test_the_nearest_explanation_of_a_log_with_a_line_more_is_that_it_does_not_belong_there() -> None:
    subject, logs = _recorded("both_start")
    last = logs["node2"][-1]
    extra = replace(last, number=last.number + 1, entry=replace(last.entry, level="WARN", text="node node1: is dead"))
    found = _asked(subject, {**logs, "node2": [*logs["node2"], extra]}, ())

    near = nearest(subject, {**logs, "node2": [*logs["node2"], extra]}, found, {}, LIMITS)

    assert found.fits is False
    assert [each.text for each in near] == [f"without the line {extra.place}"]


# ---- the model's own logs --------------------------------------------------------------------------------------------


def _written(spec_name: str, kept: Path) -> tuple[Subject, Logs]:
    """What both nodes would have written in a kept counterexample, read back from the text of their files."""
    spec = read_spec([ROOT / "specs" / spec_name], None, {})
    system = compose_cluster(spec)
    events = tomllib.loads(kept.read_text())["events"]
    spent = system.with_settings(budget_total=len(events))
    (start,) = ENGINE.steady(spent)
    trace = schedule.timed(spent, events, start)
    logs: dict[str, list[LogLine]] = {}
    for name, text in render_logs(trace, spec.cluster).items():
        node, file = name.split("/")
        if file == "ha-log":
            entries = [parse(line) for line in text.splitlines()]
            logs[node] = [LogLine(name, i, node, entry) for i, entry in enumerate(entries, 1) if entry is not None]
    return Subject.of(system, hosts_of(spec.cluster), ENGINE, 32), logs


@pytest.mark.parametrize(
    ("kept", "kinds"),
    [
        ("01-webdata--single_mount", ("kill",)),
        ("02-webdata-watchdog--single_mount", ("kill",)),
        ("05-one-cable--single_mount", ("cut",)),
    ],
)
@pytest.mark.parametrize("slack", [0, 1_000])
def test_a_counterexample_is_found_again_from_its_own_log(kept: str, kinds: Kinds, slack: int) -> None:
    subject, logs = _written(kept.split("--")[0], ROOT / "counterexamples" / f"{kept}.toml")

    found = _asked(subject, logs, (), kinds, slack=slack)

    assert found.fits
    assert found.kinds == (kinds,)


@needs_shared
def test_a_clock_is_ahead_by_one_time_at_all_its_lines() -> None:
    """Within bounds of eight seconds each line alone may be right, but not lines that drift apart by six."""
    subject, logs = _recorded("both_start")
    first = logs["node2"][0].entry.when
    drifting = [
        replace(
            x,
            entry=replace(x.entry, when=x.entry.when + timedelta(seconds=6 if x.entry.when == first else 0)),
        )
        for x in logs["node2"]
    ]
    wide = {"node2": (-1_000, 7_000)}

    assert fit(subject, logs, wide, [()], LIMITS, (1_000,)).fits
    assert fit(subject, {**logs, "node2": drifting}, wide, [()], LIMITS, (1_000,)).fits is not True


def test_another_cable_would_have_prevented_what_one_cut_did() -> None:
    name = "05-one-cable"
    subject, logs = _written(name, ROOT / "counterexamples" / f"{name}--single_mount.toml")
    found = _asked(subject, logs, ("cut",))
    folder = ROOT / "specs" / name

    remedies = prevented(read_spec([folder], None, {}), folder, found, LIMITS, only=("cable", "auto_failback"))

    assert {r.key: r.holds for r in remedies if r.key == "cable"} == {"cable": True}
    assert False in {r.holds for r in remedies if r.key == "auto_failback"}
