"""The forty-nine acceptance stories: most are a spec, the others a test in this file, named by the story."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from hamodel.checking import check
from hamodel.config.cluster import ConfigurationRefused, read_cluster
from hamodel.config.spec import read_spec
from hamodel.ir.report import Result
from hamodel.ir.review import Cost
from hamodel.ir.verdict import Outcome
from tests.checking.reviews import codes, found, put, reviewed
from tests.shared import SHARED, needs_shared

SPECS = Path(__file__).resolve().parents[1] / "specs"
SAMPLES = SHARED / "samples"
STORIES = {f"S{number:02}" for number in range(1, 50)}
PAIR = """\
logfacility local0
keepalive 2
deadtime 10
warntime 5
initdead 60
bcast eth1
auto_failback on
node a b
"""
GROUP = "a 10.0.0.1/24/eth0\n"


def verdict(folder: Path, name: str, **faults: int) -> Result:
    """What a check of these files says about one property, with these faults and no others."""
    overrides: dict[str, object] = {"faults.budget": sum(faults.values()), "faults.kinds": sorted(faults)}
    return check(read_spec([folder], None, overrides), [name]).results[0]


def test_every_story_is_a_spec_or_a_test_of_this_file() -> None:
    told = {
        story
        for file in SPECS.glob("*/spec.toml")
        for story in tomllib.loads(file.read_text()).get("about", {}).get("stories", ())
    }
    named = {f"S{match[1]}" for name in dir(sys.modules[__name__]) if (match := re.match(r"test_s(\d\d)_", name))}

    assert told | named == STORIES
    assert not told & named


def test_s19_the_longest_late_heartbeat_is_the_measure_of_deadtime(tmp_path: Path) -> None:
    line = "heartbeat[5816]: 2006/10/25_11:49:58 WARN: Late heartbeat: Node b: interval 5510 ms\n"

    short = found(reviewed(put(tmp_path / "short", PAIR + "deadtime 5.5\nwarntime 4\n", GROUP, log=line)), "HA521")
    tight = found(reviewed(put(tmp_path / "tight", PAIR + "deadtime 8\n", GROUP, log=line)), "HA521")
    long = reviewed(put(tmp_path / "long", PAIR, GROUP, log=line))

    assert short.cost is Cost.OUTAGE
    assert "false death" in short.message
    assert short.repair == "measured advice: deadtime of 8.265 s to 11.02 s, warntime of two keepalives"
    assert tight.cost is Cost.SURPRISE
    assert "HA521" not in codes(long)
    assert "long enough" in found(long, "HA520").message


def test_s21_a_deadtime_of_twice_the_keepalive_is_refused_on_both_nodes(tmp_path: Path) -> None:
    review = reviewed(put(tmp_path, PAIR + "keepalive 5\ndeadtime 10\n", GROUP))

    assert review.refused.startswith("Heartbeat does not start on a and b")
    assert "deadtime 10 s must be more than twice keepalive 5 s" in review.remarks[0].message
    assert review.remarks[0].repair == "raise deadtime above 10 s"
    assert not reviewed(put(tmp_path / "more", PAIR + "keepalive 4.999\n", GROUP)).refused


@pytest.mark.parametrize("warntime", [10, 11])
def test_s22_a_warning_that_cannot_come_before_the_death_is_a_surprise(warntime: int, tmp_path: Path) -> None:
    review = reviewed(put(tmp_path, PAIR + f"warntime {warntime}\n", GROUP))

    assert not review.refused
    assert found(review, "HA147").cost is Cost.SURPRISE
    assert "no warning before a death" in found(review, "HA147").message


@pytest.mark.parametrize(("deadtime", "initdead"), [(5, "12 s"), (8, "16 s"), (30, "30 s")])
def test_s24_an_initdead_nobody_wrote_is_computed_and_printed(deadtime: int, initdead: str, tmp_path: Path) -> None:
    review = reviewed(put(tmp_path, PAIR.replace("initdead 60\n", "") + f"deadtime {deadtime}\n", GROUP))

    value = next(fact for fact in review.facts if fact.name == "initdead")
    assert value.value == initdead
    assert value.origin.startswith("computed: ")
    assert ("HA141" in codes(review)) is (deadtime == 30)


def test_s26_clocks_that_are_apart_are_measured_and_make_no_double_mount(tmp_path: Path) -> None:
    log = (
        "Nov 26 09:04:20 a heartbeat: [1]: info: a wants to go standby [all]\n"
        "Nov 26 09:04:21 a Filesystem[2]: INFO: unmounted /m successfully\n"
        "Nov 26 09:03:09 b heartbeat: [3]: info: a wants to go standby [all]\n"
        "Nov 26 09:03:13 b Filesystem[4]: INFO: Running start for /dev/sdb1 on /m\n"
    )

    review = reviewed(put(tmp_path, PAIR, "a Filesystem::/dev/sdb1::/m::ext3\n", log=log))

    assert "the clock of b is 71 s behind that of a" in found(review, "HA530").message
    assert not [r for r in review.remarks if r.code.startswith("HA52")]


@needs_shared
def test_s26_the_clocks_of_the_article_are_71_seconds_apart(tmp_path: Path) -> None:
    log = (SAMPLES / "seed-article-node1-node2" / "log.txt").read_text()

    review = reviewed(put(tmp_path, PAIR.replace("node a b", "node node1 node2"), None, log=log))

    assert "the clock of node2 is 71 s behind that of node1" in found(review, "HA530").message


def test_s37_a_group_of_a_stranger_is_refused_and_named(tmp_path: Path) -> None:
    folder = put(tmp_path, PAIR, "lisa 10.0.0.1/24/eth0 apache\n")

    with pytest.raises(ConfigurationRefused):
        read_cluster([folder])
    first = reviewed(folder).remarks[0]
    assert first.code == "HA125"
    assert "lisa is no node: nobody owns this group" in first.message
    assert (first.cost, first.line) == (Cost.OUTAGE, 1)


def test_s38_one_address_under_both_nodes_is_an_error_that_needs_no_fault(tmp_path: Path) -> None:
    review = reviewed(put(tmp_path, PAIR, "a 10.0.0.1/24/eth0 web\nb 10.0.0.1/24/eth0 mail\n"), fast=False)

    said = found(review, "HA193")
    assert "both regard it as their own" in said.message
    assert said.cost is Cost.OUTAGE
    assert "stands in two lines of haresources" in review.unchecked


def test_s44_an_address_is_added_by_a_restart_of_the_node_that_holds_nothing(tmp_path: Path) -> None:
    folder = put(tmp_path, PAIR + "auto_failback off\n", "a 10.0.0.1/24/eth0 10.0.0.2/24/eth0\n")

    for name in ("single_owner", "served_again"):
        assert verdict(folder, name, stop=1).outcome is Outcome.HOLDS, name


@needs_shared
def test_s44_an_owner_that_finds_its_groups_running_is_no_finding(tmp_path: Path) -> None:
    log = (SAMPLES / "gateway-add-address" / "log.txt").read_text()
    files = put(tmp_path, PAIR.replace("node a b", "node gw1 gw2"), "gw2 IPaddr2::1.2.3.4\n", log=log)

    said = [r for r in reviewed(files).remarks if r.source.value == "log"]

    assert said == []


@needs_shared
def test_s48_a_log_of_another_configuration_proves_nothing_about_this_one() -> None:
    review = reviewed(SAMPLES / "proxy-floating-ip")

    said = found(review, "HA532")
    assert "heartbeats by mcast" in said.message
    assert "IPaddr2::10.100.10.80/24/eth0" in said.message
    assert said.line == 6


def test_s48_a_log_of_this_configuration_is_no_finding(tmp_path: Path) -> None:
    log = (
        "heartbeat[1]: 2009/12/01_14:51:58 info: glib: UDP Broadcast heartbeat started on port 694 (694) "
        "interface eth1\n"
        "ResourceManager[2]: 2009/12/01_14:52:04 info: Acquiring resource group: a IPaddr::10.0.0.1/24/eth0\n"
    )

    assert "HA532" not in codes(reviewed(put(tmp_path, PAIR, GROUP, log=log)))


def test_s49_packets_of_a_stranger_are_a_warning_and_crc_cannot_tell_them_apart(tmp_path: Path) -> None:
    log = "Jan  1 10:00:00 a heartbeat: [1]: WARN: node [x] failed authentication\n"

    signed = reviewed(put(tmp_path / "signed", PAIR, GROUP, log=log))
    summed = reviewed(put(tmp_path / "summed", PAIR, GROUP, "auth 1\n1 crc\n"))

    assert "a port or group of its own" in found(signed, "HA527").repair
    assert found(signed, "HA527").cost is Cost.SURPRISE
    assert "cannot be told apart" in found(summed, "HA182").message
