"""Two owners for a few seconds: what is certain although the lines carry whole seconds and the clocks are two.

Each node must have begun before the other ended, and the clocks' difference, known to a second here, counts once.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Certainty, Explanation, Overlap, Owned

BEGIN = """\
heartbeat[11]: 2026/03/04_10:00:00 info: heartbeat: version 3.0.6
heartbeat[11]: 2026/03/04_10:00:00 info: Heartbeat generation: 5
heartbeat[11]: 2026/03/04_10:00:01 info: Local status now set to: 'up'
heartbeat[11]: 2026/03/04_10:00:01 info: Status update for node {peer}: status up
heartbeat[11]: 2026/03/04_10:00:03 info: Local status now set to: 'active'
heartbeat[11]: 2026/03/04_10:00:03 info: Status update for node {peer}: status active
"""
ADDRESS = """\
ResourceManager[{pid}]: 2026/03/04_10:{at} info: Acquiring resource group: one 10.0.0.9
ResourceManager[{pid}]: 2026/03/04_10:{at} info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.9 start
IPaddr(IPaddr_10.0.0.9)[{pid}]: 2026/03/04_10:{at} INFO:  Success
"""
ADDRESS_GOES = """\
ResourceManager[90]: 2026/03/04_10:{at} info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.9 stop
IPaddr(IPaddr_10.0.0.9)[91]: 2026/03/04_10:{end} INFO:  Success
"""
DISK = """\
ResourceManager[{pid}]: 2026/03/04_10:{at} info: Acquiring resource group: one Filesystem::/dev/sdb5::/data::ext3
ResourceManager[{pid}]: 2026/03/04_10:{at} info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /data ext3 start
Filesystem(Filesystem_/dev/sdb5)[{pid}]: 2026/03/04_10:{at} INFO:  Success
"""
UNMOUNT = "Filesystem(Filesystem_/dev/sdb5)[91]: 2026/03/04_10:{at} INFO: {said}\n"
DISK_GOES = """\
ResourceManager[90]: 2026/03/04_10:{at} info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /data ext3 stop
"""
SILENT = """\
ResourceManager[50]: 2026/03/04_10:00:20 info: Acquiring resource group: one webd
ResourceManager[50]: 2026/03/04_10:00:20 info: Running /etc/init.d/webd  start
"""
HARC = "harc[60]: 2026/03/04_10:{at} info: Running /etc/ha.d/rc.d/status status\n"
TAKEN = """\
heartbeat[11]: 2026/03/04_10:{at} info: Resources being acquired from one.
ResourceManager[70]: 2026/03/04_10:{at} info: Running /etc/init.d/webd  start
heartbeat[11]: 2026/03/04_10:{at} info: mach_down takeover complete.
"""
STAYS = "heartbeat[11]: 2026/03/04_10:{at} WARN: Late heartbeat: Node {peer}: interval 3000 ms\n"


def told(folder: Path, one: str, two: str) -> Explanation:
    """The explanation of these lines of two nodes, after the beginning that relates their clocks to a second."""
    for name, peer, text in (("one", "two", one), ("two", "one", two)):
        (folder / name).write_text(BEGIN.format(peer=peer) + text, "utf-8")
    report = explained([], None, {folder / name: name for name in ("one", "two")})
    assert [(clock.lo, clock.hi) for clock in report.clocks] == [(-1000, 1000)]
    return report


def both(report: Explanation, name: str) -> Overlap:
    """The only double ownership of a resource."""
    (found,) = [each for each in report.overlaps if each.resource == name]
    return found


def held(report: Explanation, name: str, node: str = "one") -> Owned:
    """What a node had of a resource first."""
    return next(each for each in report.owned if (each.resource, each.node) == (name, node))


def second(report: Explanation, ms: int | None) -> int | None:
    """A moment in whole seconds after the tenth hour, where the logs begin."""
    return None if ms is None else (ms - report.begin) // 1000


@pytest.mark.parametrize(("stop", "certain"), [("10:05", True), ("10:04", False)])
def test_an_owner_taken_two_seconds_before_the_other_lets_go_is_one_of_two(
    stop: str, certain: bool, tmp_path: Path
) -> None:
    goes = ADDRESS_GOES.format(at=stop, end="10:08")
    takes = ADDRESS.format(at="10:03", pid=70) + STAYS.format(at="20:00", peer="one")
    report = told(tmp_path, ADDRESS.format(at="00:20", pid=50) + goes, takes)

    assert (both(report, "10.0.0.9").sure_from is not None) is certain


@pytest.mark.parametrize(("start", "certain"), [("00:20", True), ("04:02", True), ("04:03", False)])
def test_an_owner_of_less_than_a_second_is_one_of_two_where_the_other_had_it_before_and_after(
    start: str, certain: bool, tmp_path: Path
) -> None:
    brief = ADDRESS.format(at="04:04", pid=70) + ADDRESS_GOES.format(at="04:04", end="04:04")
    stays = STAYS.format(at="20:00", peer="two")
    speaks = STAYS.format(at="04:10", peer="two")
    report = told(tmp_path, ADDRESS.format(at=start, pid=50) + speaks + stays, brief)

    assert any(each.sure_from is not None for each in report.overlaps) is certain


@pytest.mark.parametrize(
    ("said", "until"), [("Trying to unmount /data", 620), ("unmounted /data successfully", 600), ("umounting", 600)]
)
def test_a_disk_is_there_until_its_agent_begins_to_unmount_it(said: str, until: int, tmp_path: Path) -> None:
    goes = DISK_GOES.format(at="10:00") + UNMOUNT.format(at="10:20", said=said)
    goes += UNMOUNT.format(at="10:24", said=" Success")
    takes = DISK.format(at="10:10", pid=70) + STAYS.format(at="20:00", peer="one")
    report = told(tmp_path, DISK.format(at="00:20", pid=50) + goes, takes)

    assert second(report, held(report, "/dev/sdb5").sure_to) == until
    assert (both(report, "/dev/sdb5").sure_from is not None) is (until == 620)


def test_what_an_agent_unmounts_had_been_there_though_its_start_was_not_seen_to_end(tmp_path: Path) -> None:
    start = DISK.format(at="00:20", pid=50).rpartition("Filesystem(")[0]
    goes = DISK_GOES.format(at="10:00") + UNMOUNT.format(at="10:20", said="Trying to unmount /data")
    report = told(tmp_path, start + goes, STAYS.format(at="20:00", peer="one"))

    assert second(report, held(report, "/dev/sdb5").sure_from) == 620


KILLED = (
    "heartbeat[11]: 2026/03/04_10:00:30 WARN: Managed x process 40 killed by signal 9 [SIGKILL - Kill, unblockable].\n"
)
AGAIN = "heartbeat[99]: 2026/03/04_10:00:30 info: heartbeat: version 3.0.6\n"


@pytest.mark.parametrize(
    ("between", "handed", "since"),
    [("", HARC, 45), (KILLED, HARC, None), (AGAIN, HARC, None), ("", "", None)],
    ids=["idle", "a child was killed", "another life", "nothing"],
)
def test_a_daemon_that_runs_its_next_event_script_has_no_start_left(
    between: str, handed: str, since: int | None, tmp_path: Path
) -> None:
    mine = SILENT + between + handed.format(at="00:45") + STAYS.format(at="20:00", peer="two")
    report = told(tmp_path, mine, TAKEN.format(at="10:00") + STAYS.format(at="20:00", peer="one"))

    assert second(report, held(report, "webd").sure_from) == since
    assert (both(report, "webd").sure_from is None) is (since is None)


def test_a_release_that_waits_for_a_stable_node_waits_for_its_starts(tmp_path: Path) -> None:
    gives = "heartbeat[80]: 2026/03/04_10:10:00 info: Giving up all HA resources.\n"
    report = told(tmp_path, SILENT + gives, STAYS.format(at="20:00", peer="one"))

    assert second(report, held(report, "webd").sure_from) == 600


def test_a_reset_says_nothing_of_what_was_being_stopped(tmp_path: Path) -> None:
    goes = DISK_GOES.format(at="10:00") + STAYS.format(at="10:30", peer="two")
    boot = "Mar  4 10:12:00 one kernel: Linux version 2.6.18\n" + BEGIN.replace("10:00:0", "10:12:0")
    report = told(tmp_path, DISK.format(at="00:20", pid=50) + goes + boot.format(peer="two"), "")

    assert second(report, held(report, "/dev/sdb5").sure_to) == 600


def test_a_start_that_may_have_ended_before_its_stop_proves_nothing_after_it(tmp_path: Path) -> None:
    gives = """\
heartbeat[11]: 2026/03/04_10:00:24 info: one wants to go standby [all]
heartbeat[40]: 2026/03/04_10:00:24 info: give up all HA resources (standby).
ResourceManager[41]: 2026/03/04_10:00:24 info: Running /etc/init.d/webd  stop
heartbeat[40]: 2026/03/04_10:00:25 info: all HA resource release completed (standby).
"""
    takes = TAKEN.format(at="00:26") + STAYS.format(at="20:00", peer="one")
    mine = SILENT + gives + HARC.format(at="00:45") + STAYS.format(at="20:00", peer="two")
    report = told(tmp_path, mine, takes)

    assert [each.sure_from for each in report.owned if each.node == "one"] == [None, None]
    assert both(report, "webd").sure_from is None
    assert report.cause is not None
    assert (report.cause.rule, report.cause.certainty) == ("HZ-16", Certainty.POSSIBLE)


FIRES = "Mar  4 10:10:04 one kernel: SoftDog: Initiating system reboot.\n"
REBOOTS = "ResourceManager[50]: 2026/03/04_10:10:04 CRIT: Killing heartbeat ungracefully!\n"
WRITES = "ResourceManager[50]: 2026/03/04_10:10:40 CRIT: Unable to force reboot.\n"


@pytest.mark.parametrize(
    ("ends", "possible"),
    [(FIRES, False), (REBOOTS, False), (REBOOTS + WRITES, True), ("", True)],
    ids=["watchdog", "reboot", "no reboot", "silence"],
)
def test_a_machine_that_says_that_it_goes_down_is_down_at_once(ends: str, possible: bool, tmp_path: Path) -> None:
    boot = "Mar  4 10:12:00 one kernel: Linux version 2.6.18\n" + BEGIN.replace("10:00:0", "10:12:0")
    takes = ADDRESS.format(at="10:30", pid=70) + STAYS.format(at="20:00", peer="one")
    report = told(tmp_path, ADDRESS.format(at="00:20", pid=50) + ends + boot.format(peer="two"), takes)

    assert bool(report.overlaps) is possible


RESTARTED = "heartbeat[11]: 2026/03/04_10:{at} info: Heartbeat restart on node one\n"
NOTICE = "heartbeat[11]: 2026/03/04_09:59:50 info: Received shutdown notice from 'one'.\n"


@pytest.mark.parametrize(
    ("peer", "told_all"),
    [("", True), (RESTARTED, False), (NOTICE + RESTARTED, True)],
    ids=["a first life", "a life before", "a life that had stopped"],
)
def test_a_log_that_begins_after_a_life_its_peer_knew_does_not_tell_everything(
    peer: str, told_all: bool, tmp_path: Path
) -> None:
    begin = BEGIN.format(peer="one").splitlines(keepends=True)
    two = "".join([peer.format(at="00:01"), *begin]) + ADDRESS.format(at="10:00", pid=70)
    (tmp_path / "one").write_text(BEGIN.format(peer="two") + STAYS.format(at="20:00", peer="two"), "utf-8")
    (tmp_path / "two").write_text(two + STAYS.format(at="20:00", peer="one"), "utf-8")
    report = explained([], None, {tmp_path / name: name for name in ("one", "two")})

    assert ("after an earlier life" in " ".join(each.text for each in report.unseen)) is not told_all
