"""Logs that people posted, in every layout: what the tool has to say about each."""

from __future__ import annotations

from functools import cache

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Explanation
from hamodel.renderers.explain import render
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

SAMPLES = SHARED / "samples"
WITH_LOG = tuple(sorted(p.parent.name for p in SAMPLES.glob("*/log.txt"))) if SAMPLES.is_dir() else ()


@cache
def sample(name: str) -> Explanation:
    return explained([SAMPLES / name if name != "article" else SHARED / "seed-article.txt"])


def kinds(report: Explanation, node: str = "") -> list[str]:
    return [fault.kind for fault in report.faults if not node or fault.node == node]


@pytest.mark.parametrize("name", (*WITH_LOG, "article"))
def test_no_posted_log_shows_two_owners(name: str) -> None:
    assert sample(name).unsafe is None


@pytest.mark.parametrize("name", ["seed-article-node1-node2", "article"])
def test_the_article_s_clocks_are_71_seconds_apart_and_nothing_was_mounted_twice(name: str) -> None:
    report = sample(name)
    (clock,) = report.clocks

    assert clock.node == "node2"
    assert -73_000 <= clock.lo <= -71_000 <= clock.hi <= -70_000
    assert report.overlaps == ()


@pytest.mark.parametrize("name", ["seed-article-node1-node2", "article"])
def test_the_article_s_power_cord_was_a_stop_in_order(name: str) -> None:
    report = sample(name)

    assert kinds(report, "node1").count("stopped") == 1
    assert not {"power-lost", "silent"} & set(kinds(report))
    assert report.cause is not None
    assert "lost no power" in report.cause.text


@pytest.mark.parametrize("name", ["seed-article-node1-node2", "article"])
def test_the_article_s_cable_was_node1_s_and_ipfail_asked_for_the_move(name: str) -> None:
    report = sample(name)
    (cut,) = [fault for fault in report.faults if fault.kind == "cut"]

    assert (cut.node, cut.what) == ("node1", "eth0")
    assert "standby" not in kinds(report)
    assert any("ipfail" in told.text and "give up" in told.text for told in report.story)


def test_the_article_s_silence_shows_initdead() -> None:
    (initdead,) = [each for each in sample("article").inferred if each.option == "initdead"]

    assert initdead.lo is not None and initdead.hi is not None
    assert initdead.lo <= 120_000 <= initdead.hi


def test_another_configuration_was_running_than_the_one_posted() -> None:
    report = sample("proxy-floating-ip")

    assert {each.option for each in report.differs} == {"media", "haresources"}
    assert any("another configuration was running" in note for note in report.notes)
    assert any("came from outside" in fault.text for fault in report.faults)


def test_a_refused_start_names_its_cause() -> None:
    report = sample("nginx-start-errors")
    texts = " ".join(fault.text for fault in report.faults if fault.kind == "refused")

    assert "ipfail" in texts
    assert "chmod 600 authkeys" in texts
    assert report.cause is not None
    assert "never joins" in report.cause.text

    shown = render(report)

    assert "no line has a time" in shown
    assert "NOT STARTED: heartbeat refused to start" in shown
    assert "SAFE" not in shown


def test_a_late_heartbeat_gives_the_deadtime_to_set() -> None:
    report = sample("one-line-per-event")

    assert any("5.51 s" in note and "8.3 to 11.0 s" in note for note in report.notes)


def test_a_stop_with_a_notice_is_no_death_and_bounds_the_deadtime() -> None:
    report = sample("xen-reboot-takeover")
    (deadtime,) = [each for each in report.inferred if each.option == "deadtime"]

    assert kinds(report) == ["stopped"]
    assert deadtime.lo is not None and deadtime.hi is not None
    assert deadtime.lo <= 10_000 and 12_000 <= deadtime.hi <= 14_000


def test_a_stop_that_failed_and_was_harmless_is_told_as_that() -> None:
    report = sample("stop-failed-not-lsb")

    assert kinds(report) == ["script-failed"]
    assert any("narrowly avoided" in told.text for told in report.story)


def test_giving_foreign_resources_back_is_no_fault() -> None:
    assert kinds(sample("ipfail-three-lines")) == []


def test_two_clocks_of_an_active_active_pair_are_joined_by_the_handover() -> None:
    (clock,) = sample("mysql-active-active-vips").clocks

    assert clock.lo <= -3000 <= clock.hi


def test_what_runs_already_is_not_started_twice() -> None:
    assert any("running already" in told.text for told in sample("gateway-add-address").story)


def test_the_only_medium_that_was_ever_heard_is_told() -> None:
    assert any("only ever heard over eth0" in note for note in sample("xen-reboot-takeover").notes)
    assert not any("only ever heard" in note for note in sample("article").notes)
