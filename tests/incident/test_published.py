"""What people posted and what was wrong there: the same few lines with other names, and the same diagnosis."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Certainty, Explanation, Verdict
from hamodel.renderers.explain import render


def told(root: Path, text: str) -> Explanation:
    log = root / "ha-log"
    log.write_text(text.lstrip("\n"), "utf-8")
    return explained([log])


def sentences(report: Explanation) -> list[str]:
    return [each.text for each in report.story]


def kinds(report: Explanation) -> dict[str, str]:
    return {fault.kind: fault.node for fault in report.faults}


FIRST = """
Sep  2 04:10:03 relay2 heartbeat: info: Running /etc/ha.d/rc.d/shutdone shutdone
Sep  2 04:10:11 relay2 heartbeat[611]: WARN: node relay1.lan: is dead
Sep  2 04:10:11 relay2 heartbeat: info: Running /etc/ha.d/rc.d/status status
Sep  2 04:10:11 relay2 heartbeat: info: Taking over resource group 10.8.0.3
Sep  2 04:10:12 relay2 heartbeat: info: Acquiring resource group: relay1.lan 10.8.0.3 postfix
Sep  2 04:10:12 relay2 heartbeat: info: Running /etc/ha.d/resource.d/IPaddr 10.8.0.3 start
Sep  2 04:10:12 relay2 heartbeat: info: ifconfig eth0:0 10.8.0.3 netmask 255.255.255.0 broadcast 10.8.0.255
Sep  2 04:10:12 relay2 heartbeat: info: Sending Gratuitous Arp for 10.8.0.3 on eth0:0 [eth0]
Sep  2 04:10:12 relay2 heartbeat: info: Running /etc/init.d/postfix  start
Sep  2 04:10:13 relay2 heartbeat: info: mach_down takeover complete.
Sep  2 04:10:13 relay2 heartbeat[611]: info: Link relay1.lan:eth1 dead.
"""
"""Release 0 or 1: scripts sign as the daemon, and nobody names the release."""
FIRST_FILE = """
heartbeat: 2003/08/12_15:54:35 info: Configuration validated. Starting heartbeat 1.0.3
heartbeat: 2003/08/12_15:54:35 info: heartbeat: version 1.0.3
heartbeat: 2003/08/12_15:54:35 notice: UDP heartbeat started on port 694 interface eth1
heartbeat: 2003/08/12_15:54:36 info: Link east:eth1 up.
heartbeat: 2003/08/12_15:54:36 info: Local status now set to: 'active'
heartbeat: 2003/08/12_15:54:47 info: Requesting our resources.
heartbeat: 2003/08/12_16:54:48 WARN: node east: is dead
heartbeat: 2003/08/12_16:54:48 info: Dead node east held no resources.
heartbeat: 2003/08/12_17:54:48 info: Heartbeat shutdown in progress.
heartbeat: 2003/08/12_17:54:49 info: Heartbeat shutdown complete.
"""


def test_the_scripts_of_the_first_releases_sign_as_the_daemon_and_are_understood(tmp_path: Path) -> None:
    report = told(tmp_path, FIRST)

    assert report.lines.recognised == report.lines.own == 11
    assert report.contradictions == ()
    assert [(each.resource, each.node) for each in report.owned if each.node == "relay2"] == [
        ("10.8.0.3", "relay2"), ("postfix", "relay2"),
    ]  # fmt: skip
    assert report.verdict is Verdict.INCONCLUSIVE


def test_the_files_of_the_first_releases_are_read_without_process_numbers(tmp_path: Path) -> None:
    report = told(tmp_path, FIRST_FILE)
    shown = {each.option: each.value for each in report.inferred}

    assert report.lines.recognised == report.lines.own == 10
    assert report.contradictions == ()
    assert shown["version"] == "1.0.3"
    assert kinds(report)["stopped"] in report.nodes
    assert "counts east as dead; it had given up its resources" in sentences(report)


ENDED = """
heartbeat[739]: 2009/12/01_14:50:04 info: No pkts missing from gate2!
heartbeat[739]: 2009/12/01_14:50:06 info: gate1 Heartbeat shutdown complete.
heartbeat[1340]: 2009/12/01_14:51:58 info: Configuration validated. Starting heartbeat 2.1.4
heartbeat[1341]: 2009/12/01_14:51:58 info: heartbeat: version 2.1.4
heartbeat[1341]: 2009/12/01_14:51:58 info: Heartbeat generation: 1259593610
heartbeat[1341]: 2009/12/01_14:51:58 info: Local status now set to: 'up'
"""


def test_a_log_that_begins_with_the_end_of_a_daemon_tells_no_death(tmp_path: Path) -> None:
    assert set(kinds(told(tmp_path, ENDED))) == {"stopped", "started"}


LEFT = """
mach_down[7665]:        2013/01/05_12:06:00 info: mach_down takeover complete for node lb1.
Jan 05 12:06:00 lb2 heartbeat: [1643]: info: mach_down takeover complete.
Jan 05 12:06:07 lb2 heartbeat: [1643]: info: Link lb1:eth0 dead.
Jan 05 12:06:27 lb2 heartbeat: [1643]: WARN: node lb1: is dead
Jan 05 12:06:27 lb2 heartbeat: [1643]: info: Dead node lb1 gave up resources.
"""


def test_a_node_that_was_taken_over_before_it_counted_as_dead_had_stopped_in_order(tmp_path: Path) -> None:
    report = told(tmp_path, LEFT)
    (fault,) = [fault for fault in report.faults if fault.kind == "stopped"]

    assert (fault.node, fault.certainty) == ("lb1", Certainty.LIKELY)
    assert "cut" not in kinds(report)


def test_without_that_takeover_the_same_silence_is_a_cut(tmp_path: Path) -> None:
    report = told(tmp_path, "\n".join(line for line in LEFT.splitlines() if "mach_down" not in line) + "\n")

    assert "cut" in kinds(report)


def test_a_reset_by_hand_waits_for_somebody(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "Jul 11 21:33:32 db2 heartbeat: [7519]: WARN: node db1: is dead\n"
        "Jul 11 21:33:32 db2 heartbeat: [8442]: info: Resetting node db1 with [Meatware STONITH device]\n"
        "Jul 11 21:33:32 db2 heartbeat: [8442]: ERROR: glib: OPERATOR INTERVENTION REQUIRED to reset db1.\n",
    )

    assert "waits until somebody has power-cycled db1 and says so with meatclient" in sentences(report)


def test_a_copied_uuid_is_told(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "heartbeat[28]: 2008/10/13_10:01:25 WARN: nodename mail1 uuid changed to mail2 "
        "heartbeat[28]: 2008/10/13_10:01:26 ERROR: should_drop_message: attempted replay attack [mail1]? "
        "[gen = 7, curgen = 8]\n",
    )

    assert sentences(report)[0] == "gets packets of mail2 under the uuid of mail1: hb_uuid was copied"
    assert "replay" in kinds(report)


@pytest.mark.parametrize("folder", ["/etc/init.d", "/etc/rc.d/init.d", "/etc/ha.d/resource.d", "/opt/ha/resource.d"])
def test_an_init_script_is_the_resource_of_its_group(folder: str, tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "ResourceManager[53]: 2012/02/19_13:45:42 info: Acquiring resource group: east 10.1.1.3 mysqld\n"
        f"ResourceManager[53]: 2012/02/19_13:45:43 info: Running {folder}/mysqld  start\n"
        "ResourceManager[53]: 2012/02/19_13:45:45 info: Running /etc/init.d/httpd  start\n",
    )

    assert "starts mysqld" in sentences(report)


def test_a_release_without_its_daemon_is_not_called_safe(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "Jul 22 11:17:08 db1 ResourceManager[4420]: [4698]: info: Running /etc/ha.d/resource.d/mysql  stop\n"
        "Jul 22 11:17:08 db1 ResourceManager[4420]: [4711]: ERROR: Return code 1 from /etc/ha.d/resource.d/mysql\n",
    )

    assert report.verdict is Verdict.INCONCLUSIVE
    assert "script-failed" in kinds(report)


BROKEN = (
    "heartbeat[58]: 2006/10/25_11:49:58 WARN: Late heartbeat: Node east: interval {} ms",
    "heartbeat[58]: 2006/10/25_11:49:58 info: Heartbeat generation: {}",
    "heartbeat[58]: 2006/10/25_11:49:58 WARN: Gmain_timeout_dispatch: Dispatch function for x was delayed {} ms "
    "(> 10 ms) before being called (GSource: 0x8)",
    "heartbeat[58]: 2006/10/25_11:49:58 WARN: {} lost packet(s) for [east] [1:3]",
)


@pytest.mark.parametrize("line", BROKEN)
@pytest.mark.parametrize("number", ["x", "", "9" * 5000, "5510 msheartbeat[5816]: 5510", "-1", "\u0665"])
def test_a_number_that_was_damaged_is_no_number(line: str, number: str, tmp_path: Path) -> None:
    report = told(tmp_path, f"{line.format(7)}\n{line.format(number)}\n")

    assert report.lines.own == 2
    assert render(report)
