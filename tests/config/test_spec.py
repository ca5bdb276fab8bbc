"""A bare directory is a spec, and a wrong key in spec.toml is named in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.config.cluster import Version
from hamodel.config.faults import USUAL_KINDS
from hamodel.config.haresources import resource
from hamodel.config.spec import (
    Expectation,
    Interval,
    Scenario,
    Spec,
    StonithOutcome,
    WatchdogDriver,
    read_spec,
)
from hamodel.errors import SpecRefused
from tests.config.helpers import GOOD, write

DISK = "node1 10.0.0.1/24/eth1 Filesystem::/dev/sdb1::/m::ext3 Filesystem::host:/x::/n::nfs drbddisk::r0\n"


def spec(folder: Path, text: str | None = None, *, hacf: str = GOOD, haresources: str = DISK) -> Spec:
    """The spec of a folder with this spec.toml."""
    write(folder, hacf=hacf, haresources=haresources)
    if text is not None:
        (folder / "spec.toml").write_text(text)
    return read_spec([folder])


def problems(folder: Path, text: str, *, hacf: str = GOOD) -> list[tuple[str, str, str]]:
    """Code, place and message of every problem."""
    with pytest.raises(SpecRefused) as refused:
        spec(folder, text, hacf=hacf)
    found = []
    for error in refused.value.errors:
        place = f"{error.span.line}:{error.span.column}" if error.span else "-"
        found.append((error.code, place, error.message))
    return found


def test_a_bare_directory_is_enough(tmp_path: Path) -> None:
    plain = spec(tmp_path)

    assert plain.latency == Interval(0, 10)
    assert plain.boot == Interval(20_000, 60_000)
    assert plain.autostart
    assert plain.start_from == "steady"
    assert plain.faults.budget == 1
    assert plain.faults.kinds == USUAL_KINDS
    assert plain.watchdog.driver is WatchdogDriver.SOFTDOG
    assert plain.watchdog.period(31_000) == 31_000
    assert plain.stonith.nodes == ()
    assert plain.expect == {}
    assert plain.cluster.version is Version.V3_0_6
    assert Scenario is Spec


def test_scripts_take_their_usual_time(tmp_path: Path) -> None:
    times = spec(tmp_path).durations

    assert times.start(resource("10.0.0.1")) == Interval(200, 600)
    assert times.stop("IPaddr2") == Interval(100, 400)
    assert times.start("Filesystem") == Interval(300, 900)
    assert times.stop("Filesystem") == Interval(200, 900)
    assert times.start("httpd") == times.stop("httpd") == Interval(500, 3000)
    assert times.status("httpd") == Interval(100, 400)


def test_only_disks_are_exclusive_by_themselves(tmp_path: Path) -> None:
    plain = spec(tmp_path)

    assert plain.exclusive == ("Filesystem::/dev/sdb1::/m::ext3", "drbddisk::r0")
    assert plain.is_exclusive(resource("drbddisk::r0"))
    assert not plain.is_exclusive(resource("Filesystem::host:/x::/n::nfs"))


def test_everything_can_be_said(tmp_path: Path) -> None:
    full = spec(
        tmp_path,
        """
title = "t"
story = '''
a = story
'''
version = "2.0.8"
latency = 5
boot = "1min"
autostart = false
start_from = "boot"
exclusive = ["10.0.0.1/24/eth1", "Filesystem"]
[durations.default]
start = "0.5s"
[durations.Filesystem]
start = [300, "2s"]
status = "10ms..20ms"
[topology]
service = "eth7"
media = { eth1 = "card" }
together = [["card", "eth2"]]
[watchdog]
driver = "refuses_settimeout"
nowayout = true
default_timeout = "15s"
[stonith]
nodes = ["node2"]
latency = "2s..3s"
outcome = "may_fail"
[faults]
budget = 2
kinds = ["cut", "kill"]
kill = 1
start = 0
[operator]
reaction = "1min..2min"
[expect]
somebody_serves = "holds"
no_split_brain = { outcome = "violated", faults_used = 1, length = 4, why = "no fence" }
""",
    )

    assert full.story == "a = story"
    assert full.cluster.version is Version.V2_0_8
    assert (full.latency, full.boot) == (Interval(5, 5), Interval(60_000, 60_000))
    assert (full.autostart, full.start_from) == (False, "boot")
    assert full.exclusive == ("10.0.0.1/24/eth1", "Filesystem::/dev/sdb1::/m::ext3", "Filesystem::host:/x::/n::nfs")
    assert full.durations.start("httpd") == Interval(500, 500)
    assert full.durations.start("Filesystem") == Interval(300, 2000)
    assert full.durations.status("Filesystem") == Interval(10, 20)
    assert full.topology.service == "eth7"
    assert full.topology.card(full.cluster.media[0]) == "card"
    assert full.topology.falls_with("card") == {"card", "eth2"}
    assert full.topology.falls_with("eth7") == {"eth7"}
    assert (full.watchdog.nowayout, full.watchdog.period(31_000)) == (True, 15_000)
    assert full.stonith.nodes == ("node2",)
    assert full.stonith.one_sided
    assert (full.stonith.latency, full.stonith.outcome) == (Interval(2000, 3000), StonithOutcome.MAY_FAIL)
    assert (full.faults.of("cut"), full.faults.of("kill"), full.faults.of("power")) == (2, 1, 0)
    assert full.faults.kinds == ("kill", "cut")
    assert full.reaction == Interval(60_000, 120_000)
    assert full.expect["somebody_serves"] == Expectation("holds")
    assert full.expect["no_split_brain"] == Expectation("violated", 1, 4, why="no fence")


def test_clients_are_played_where_a_table_or_a_fault_asks_for_them(tmp_path: Path) -> None:
    by_table = spec(tmp_path, '[clients]\nnames = ["ccm"]\nnodes = ["node1"]\nstart = 100\n').clients
    by_fault = spec(tmp_path, '[faults]\nkinds = ["kill_client"]\n').clients

    assert not spec(tmp_path, "").clients.played
    assert (by_table.played, by_table.names, by_table.nodes) == (True, ("ccm",), ("node1",))
    assert (by_table.start, by_table.exit) == (Interval(100, 100), Interval(0, 500))
    assert (by_fault.played, by_fault.names, by_fault.nodes) == (True, None, None)


WRONG = [
    ('[clients]\nnodes = ["n9"]\n', [("HA133", "2:1", "n9 is no node of this cluster")]),
    ('[clients]\nname = ["ccm"]\n', [("HA131", "2:1", "name is no key in [clients]")]),
    ("latancy = 5\n", [("HA131", "1:1", "latancy is no key")]),
    ("[faults]\nbudgt = 1\n", [("HA131", "2:1", "budgt is no key in [faults]")]),
    ("faults = { cuts = 1 }\n", [("HA131", "1:12", "cuts is no key in [faults]")]),
    ("[durations.Filesystem]\nbegin = 1\n", [("HA131", "2:1", "begin is no key in [durations.Filesystem]")]),
    ("latency = [10, 5]\n", [("HA133", "1:1", "latency begins at 10 ms and ends at 5 ms")]),
    ("latency = -1\n", [("HA133", "1:1", "latency is negative")]),
    ("latency = 1.5\n", [("HA132", "1:1", "latency has to be a time or an interval, not a number with a point")]),
    ('boot = "3 days"\n', [("HA132", "1:1", "boot has to be a time or an interval, not the text '3 days'")]),
    ("autostart = 1\n", [("HA132", "1:1", "autostart has to be true or false, not a number")]),
    ('start_from = "steaady"\n', [("HA133", "1:1", "start_from cannot be 'steaady'")]),
    ('version = "1.2"\n', [("HA133", "1:1", "version cannot be '1.2'")]),
    ("faults = 1\n", [("HA132", "1:1", "faults has to be a table, not a number")]),
    ("[faults]\nbudget = -1\n", [("HA133", "2:1", "faults.budget cannot be -1")]),
    ("[faults]\nbudget = true\n", [("HA132", "2:1", "faults.budget has to be a whole number, not true or false")]),
    ('[faults]\nkinds = ["meteor"]\n', [("HA133", "2:1", "meteor is no kind of fault")]),
    ('[stonith]\nnodes = ["node9"]\n', [("HA133", "2:1", "node9 is no node of this cluster")]),
    ('[topology]\ntogether = [["eth9"]]\n', [("HA133", "2:1", "eth9 is no card of this cluster")]),
    ("[topology]\ntogether = 3\n", [("HA132", "2:1", "topology.together has to be a list of lists of cards")]),
    ('[topology.media]\neth9 = "x"\n', [("HA131", "2:1", "eth9 is no key in [topology.media]")]),
    ('exclusive = ["httpd"]\n', [("HA133", "1:1", "httpd is no resource of this cluster")]),
    ('[expect]\nx = "maybe"\n', [("HA133", "2:1", "expect.x cannot be 'maybe'")]),
    ("[expect]\nx = { length = 3 }\n", [("HA132", "2:1", "expect.x says no outcome")]),
    ("x = = 1\n", [("HA130", "1:5", "this is no TOML: Invalid value")]),
    (
        "latancy = 1\n\n[watchdog]\nnowayout = 3\n",
        [
            ("HA131", "1:1", "latancy is no key"),
            ("HA132", "4:1", "watchdog.nowayout has to be true or false, not a number"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), WRONG, ids=[text.replace("\n", " ") for text, _ in WRONG])
def test_a_wrong_spec_is_refused_with_every_problem_in_its_place(
    tmp_path: Path, text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert problems(tmp_path, text) == expected


def test_a_misspelt_key_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(SpecRefused) as refused:
        spec(tmp_path, "latancy = 5\n")

    assert refused.value.errors[0].help == "did you mean latency?"
    assert "spec.toml has 1 problem" in str(refused.value)


def test_overrides_take_the_place_of_the_file(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "spec.toml").write_text("[faults]\nbudget = 1\n")

    read = read_spec([tmp_path], overrides={"faults.budget": 3, "latency": "20ms"})

    assert read.faults.budget == 3
    assert read.latency == Interval(20, 20)


def test_the_version_asked_for_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "spec.toml").write_text('version = "2.0.8"\n')

    assert read_spec([tmp_path]).cluster.version is Version.V2_0_8
    assert read_spec([tmp_path], Version.V3_0_6).cluster.version is Version.V3_0_6


def test_a_spec_file_may_be_named_itself_or_lie_beside_the_named_files(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "spec.toml").write_text("latency = 7\n")

    assert read_spec([tmp_path / "spec.toml"]).latency == Interval(7, 7)
    assert read_spec([tmp_path / "ha.cf", tmp_path / "haresources"]).latency == Interval(7, 7)


@pytest.mark.parametrize(
    ("device", "outcome"),
    [("null a", "lies"), ("external/ssh a", "may_fail"), ("external/ipmi a", "works"), ("meatware a", "works")],
)
def test_the_kind_of_device_suggests_what_a_reset_does(tmp_path: Path, device: str, outcome: str) -> None:
    read = spec(tmp_path, hacf=f"{GOOD}stonith_host * {device}\n")

    assert read.stonith.outcome.value == outcome
    assert read.stonith.nodes == ("node1", "node2")
    assert not read.stonith.one_sided


def test_an_address_without_a_card_is_on_the_only_card_there_is(tmp_path: Path) -> None:
    one = spec(tmp_path / "one", hacf=GOOD.replace("eth1 eth2", "eth1"), haresources="node1 10.0.0.1\n")
    two = spec(tmp_path / "two", haresources="node1 10.0.0.1\n")

    assert one.topology.service == "eth1"
    assert two.topology.service == ""


def test_ping_nodes_hang_where_the_service_is(tmp_path: Path) -> None:
    read = spec(tmp_path, hacf=GOOD + "ping 10.0.0.254\n", haresources="node1 10.0.0.1/24/eth5\n")

    assert read.topology.pings == {"10.0.0.254": "eth5"}
    assert read.topology.cards == ("eth1", "eth2", "eth5")


SPECS = Path(__file__).parents[2] / "specs"


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in SPECS.glob("*/spec.toml")), ids=lambda path: path.name
)
def test_every_spec_of_the_project_is_read_and_has_a_story(folder: Path) -> None:
    read = read_spec([folder])

    assert read.name == folder.name
    assert read.title
    assert read.story


def test_the_first_specs_are_the_pair_of_the_article_and_its_variations() -> None:
    first, dog, fence, stay, cable = (read_spec([path]) for path in sorted(SPECS.glob("0[1-5]-*")))

    assert (first.cluster.keepalive, first.cluster.deadtime, first.cluster.initdead) == (2000, 30_000, 120_000)
    assert first.cluster.first.ipfail_works
    assert first.cluster.first.cards == ("eth1", "eth0")
    assert first.cluster.first.watchdog is None
    assert first.stonith.nodes == ()
    assert dog.cluster.first.watchdog_period == 31_000
    assert fence.stonith.nodes == ("node1", "node2")
    assert stay.cluster.auto_failback.value == "off"
    assert cable.cluster.first.cards == ("eth1",)
    assert not cable.cluster.first.ipfail
