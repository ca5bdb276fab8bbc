"""A run as scenes: what is seen at each step is what the reference semantics says of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hamodel.checking.again import again
from hamodel.checking.exhibits.assemble import Wanted, exhibition, kept_one
from hamodel.checking.probe import prober_of
from hamodel.cli._inputs import spec_of
from hamodel.errors import CannotReplay, UnknownProperty
from hamodel.ir.exhibit import BROKEN, GOOD, WAITING, Strip
from hamodel.ir.verdict import Limits
from hamodel.logs.style import BEGIN
from hamodel.properties.loader import load
from hamodel.renderers.halog import hosts_of, node_logs
from tests.exhibits import CABLE, KILLALL, SPECS, shown


def killall() -> Strip:
    return shown(KILLALL, "single_mount").exhibits[0].strip


def column(strip: Strip, name: str) -> list[int]:
    index = [light.name for light in strip.lights].index(name)
    return [scene.look.lights[index] for scene in strip.scenes]


def test_the_disk_is_mounted_twice_in_the_last_scene_and_never_before() -> None:
    strip = killall()
    disk = [item.label for item in strip.items].index("/dev/sdb5")

    twice = [all(row[disk] == "running" for row in scene.look.resources) for scene in strip.scenes]

    assert twice == [False] * (len(twice) - 1) + [True]


def test_a_light_goes_out_where_its_claim_breaks() -> None:
    strip = killall()

    assert strip.lights[0].name == "single_mount" and strip.lights[0].main
    assert column(strip, "single_mount") == [GOOD] * 5 + [BROKEN]
    assert column(strip, "single_owner") == [GOOD] * 3 + [BROKEN] * 3


def test_a_promise_waits_from_its_trigger_to_its_goal() -> None:
    assert column(killall(), "survivor_runs_all") == [GOOD, WAITING, WAITING, WAITING, WAITING, GOOD]


def test_a_promise_that_came_too_late_is_broken_at_the_end() -> None:
    strip = shown(CABLE, "served_again").exhibits[0].strip

    lights = column(strip, "served_again")

    assert lights[-1] == BROKEN
    assert WAITING in lights and BROKEN not in lights[:-1]


def test_a_killed_daemon_is_told_from_one_that_was_stopped() -> None:
    scene = killall().scenes[1]

    assert scene.look.machines == ("killed", "active")
    assert scene.look.views == ("none", "active")
    assert scene.look.media == (("beats", "silent"), ("beats", "silent"))


def test_the_deadtime_counts_from_the_last_heartbeat() -> None:
    (clock,) = killall().scenes[1].countdowns

    assert clock.text == "deadtime: until node2 declares node1 dead"
    assert (clock.node, clock.since, clock.lo, clock.hi) == (1, 0, 28_000, 30_260)


def test_a_cut_cable_cuts_its_medium_and_loses_what_is_sent() -> None:
    strip = shown(CABLE, "single_mount").exhibits[0].strip

    assert strip.scenes[0].look.media == (("beats", "beats"),)
    assert strip.scenes[1].look.media == (("cut", "cut"),)
    assert strip.scenes[1].look.notes == ("the cable eth1 is cut",)
    assert strip.arrows and all(arrow.handled is None for arrow in strip.arrows)
    assert "I hold: local and foreign (stable)" in [arrow.text for arrow in strip.arrows]


def test_a_message_that_is_handled_says_when() -> None:
    arrows = shown(CABLE, "served_again").exhibits[0].strip.arrows

    handled = [arrow for arrow in arrows if arrow.handled is not None]

    assert handled and all(arrow.sent <= (arrow.handled or 0) for arrow in handled)
    assert {(a.sender, a.receiver) for a in handled} == {(0, 1), (1, 0)}


def test_the_logs_are_those_of_the_evidence_each_line_with_its_step() -> None:
    strip = killall()
    with spec_of([SPECS / KILLALL]) as read:
        cluster = read.spec.cluster
    dead = [entry.step for entry in strip.logs[1] if "node node1: is dead" in entry.text]

    assert strip.logs[0] == ()
    assert dead == [2]
    assert [entry.step for entry in strip.logs[1] if "EXT3 FS on sdb5" in entry.text] == [5]
    assert len(hosts_of(cluster)) == len(strip.logs)


def test_a_kept_trace_gives_the_same_scenes(tmp_path: Path) -> None:
    file = _kept(tmp_path)
    definitions = load()
    prober = prober_of(definitions, Limits(), lambda _, __: None)

    bench, one = kept_one(file, (), definitions, prober)
    page = exhibition(bench, definitions, [one], lambda _, __: None, Wanted(False, 0))

    assert page.exhibits[0].strip.scenes == killall().scenes
    assert [lesson.language for lesson in page.lessons] == ["en", "zh"]
    assert page.exhibits[0].rests_on == shown(KILLALL, "single_mount").exhibits[0].rests_on


def test_lines_by_step_are_the_lines_of_the_log(tmp_path: Path) -> None:
    found = again(_kept(tmp_path))
    with spec_of([SPECS / KILLALL]) as read:
        hosts = hosts_of(read.spec.cluster)
    plain = node_logs(found.certified.trace, hosts, begin=BEGIN)

    kept = [text for said, text in zip(plain[1].lines, plain[1].texts(), strict=True) if said.level != "debug"]

    assert [entry.text for entry in killall().logs[1]] == kept


def test_the_logs_are_those_of_the_release_that_runs() -> None:
    """42 runs 3.0.6, whose lines 2.0.8 does not have."""
    strip = shown("42-hz08-one-way", "single_mount").exhibits[0].strip

    assert any(
        re.match(r"Nov 26 \d\d:\d\d:\d\d node\d heartbeat: \[\d+\]: ", e.text) for e in strip.logs[0] + strip.logs[1]
    )


def test_nodes_that_never_hear_each_other_are_noted() -> None:
    """43: the keys differ, so what comes is dropped."""
    strip = shown("43-hz22-different-keys", "single_mount").exhibits[0].strip

    assert strip.media == ()
    assert strip.scenes[0].look.notes == ("no heartbeat can come from one node to the other",)


def test_a_trace_of_an_unknown_property_is_refused(tmp_path: Path) -> None:
    file = _kept(tmp_path)
    file.write_text(file.read_text().replace('"single_mount"', '"no_such_claim"'))
    definitions = load()
    prober = prober_of(definitions, Limits(), lambda _, __: None)

    with pytest.raises(UnknownProperty):
        kept_one(file, (), definitions, prober)


def test_a_trace_that_cannot_happen_is_not_shown(tmp_path: Path) -> None:
    file = _kept(tmp_path)
    file.write_text(file.read_text().replace('"at_ms": 28300', '"at_ms": 28001'))
    definitions = load()
    prober = prober_of(definitions, Limits(), lambda _, __: None)

    with pytest.raises(CannotReplay):
        kept_one(file, (), definitions, prober)


def _kept(folder: Path) -> Path:
    from click.testing import CliRunner

    from hamodel.cli import command

    asked = ["check", str(SPECS / KILLALL), "--property", "single_mount", "--out", str(folder), "--quiet"]
    CliRunner().invoke(command, asked, catch_exceptions=False)
    (file,) = folder.glob("*/trace.json")
    return file
