"""Logs as one meets them in the field: other releases, a resource manager, foreign daemons, warnings only, syslog-ng.

Written after reports on mailing lists. No line of a release that is not modelled is called missing, and nothing is
called safe that these lines do not tell.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Explanation, Verdict

MANAGED = """
Mar  3 10:00:01 ha1 heartbeat: [2101]: info: Configuration validated. Starting heartbeat 2.1.3
Mar  3 10:00:01 ha1 heartbeat: [2102]: info: heartbeat: version 2.1.3
Mar  3 10:00:01 ha1 heartbeat: [2102]: info: Heartbeat generation: 1204537200
Mar  3 10:00:01 ha1 heartbeat: [2102]: info: glib: UDP Broadcast heartbeat started on port 694 (694) interface eth1
Mar  3 10:00:01 ha1 heartbeat: [2102]: info: Local status now set to: 'up'
Mar  3 10:00:02 ha1 heartbeat: [2102]: info: Link ha2:eth1 up.
Mar  3 10:00:02 ha1 heartbeat: [2102]: info: Status update for node ha2: status active
Mar  3 10:00:03 ha1 heartbeat: [2102]: info: Comm_now_up(): updating status to active
Mar  3 10:00:03 ha1 heartbeat: [2102]: info: Local status now set to: 'active'
Mar  3 10:00:03 ha1 heartbeat: [2102]: info: Starting child client "/usr/lib/heartbeat/ccm" (90,90)
Mar  3 10:00:03 ha1 heartbeat: [2102]: info: Starting child client "/usr/lib/heartbeat/crmd" (90,90)
Mar  3 10:00:03 ha1 heartbeat: [2110]: info: Starting "/usr/lib/heartbeat/ccm" as uid 90  gid 90 (pid 2110)
Mar  3 10:00:03 ha1 heartbeat: [2114]: info: Starting "/usr/lib/heartbeat/crmd" as uid 90  gid 90 (pid 2114)
Mar  3 10:00:04 ha1 crmd: [2114]: info: main: Starting crmd
Mar  3 10:00:24 ha1 tengine: [2130]: info: te_rsc_command: Initiating action 6: IPaddr_start_0 on ha1
Mar  3 10:00:25 ha1 lrmd: [2111]: info: rsc:IPaddr: start
Mar  3 11:12:40 ha1 kernel: e1000: eth1 NIC Link is Down
Mar  3 11:13:10 ha1 heartbeat: [2102]: WARN: node ha2: is dead
Mar  3 11:13:10 ha1 heartbeat: [2102]: info: Link ha2:eth1 dead.
Mar  3 11:13:10 ha1 crmd: [2114]: notice: crmd_ha_status_callback: Status update: Node ha2 now has status [dead]
"""
OLD = """
Feb 10 03:00:01 web1 heartbeat[1201]: info: Configuration validated. Starting heartbeat 1.2.3
Feb 10 03:00:01 web1 heartbeat[1202]: info: heartbeat: version 1.2.3
Feb 10 03:00:01 web1 heartbeat[1202]: info: Heartbeat generation: 12
Feb 10 03:00:01 web1 heartbeat[1202]: info: UDP Broadcast heartbeat started on port 694 (694) interface eth1
Feb 10 03:00:02 web1 heartbeat[1202]: info: Local status now set to: 'up'
Feb 10 03:00:02 web1 heartbeat[1202]: info: Link web1:eth1 up.
Feb 10 03:02:03 web1 heartbeat[1202]: WARN: node web2: is dead
Feb 10 03:02:03 web1 heartbeat[1202]: info: Local status now set to: 'active'
Feb 10 03:02:03 web1 heartbeat[1202]: WARN: No STONITH device configured.
Feb 10 03:02:03 web1 heartbeat[1202]: WARN: Shared disks are not protected.
Feb 10 03:02:03 web1 heartbeat[1202]: info: Resources being acquired from web2.
Feb 10 03:02:03 web1 heartbeat: info: Running /etc/ha.d/rc.d/status status
Feb 10 03:02:03 web1 heartbeat: info: Acquiring resource group: web1 10.0.0.5 httpd
Feb 10 03:02:04 web1 heartbeat: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.5 start
Feb 10 03:02:04 web1 heartbeat: info: /sbin/ifconfig eth0:0 10.0.0.5 netmask 255.255.255.0	broadcast 10.0.0.255
Feb 10 03:02:04 web1 heartbeat: info: Running /etc/init.d/httpd  start
Feb 10 03:02:05 web1 heartbeat: info: mach_down takeover complete for node web2.
Feb 10 03:02:05 web1 heartbeat[1202]: info: mach_down takeover complete.
Feb 10 03:02:15 web1 heartbeat[1202]: info: Local Resource acquisition completed.
"""
DISKS = """
Jul  7 04:11:02 db1 kernel: drbd0: PingAck did not arrive in time.
Jul  7 04:11:02 db1 kernel: drbd0: peer( Secondary -> Unknown ) conn( Connected -> NetworkFailure )
Jul  7 04:11:09 db1 heartbeat: [3344]: WARN: node db2: is dead
Jul  7 04:11:09 db1 heartbeat: [3344]: WARN: No STONITH device configured.
Jul  7 04:11:09 db1 heartbeat: [3344]: WARN: Shared disks are not protected.
Jul  7 04:11:09 db1 heartbeat: [3344]: info: Resources being acquired from db2.
Jul  7 04:11:09 db1 heartbeat: [3344]: info: Link db2:eth1 dead.
Jul  7 04:11:09 db1 harc[7001]: info: Running /etc/ha.d/rc.d/status status
Jul  7 04:11:09 db1 mach_down[7011]: info: mach_down takeover complete for node db2.
Jul  7 04:11:09 db1 heartbeat: [3344]: info: mach_down takeover complete.
Jul  7 04:11:30 db1 ntpd[2000]: synchronized to 192.168.0.1, stratum 3
Jul  7 04:20:00 db1 heartbeat: [3344]: CRIT: Cluster node db2 returning after partition.
Jul  7 04:20:00 db1 heartbeat: [3344]: info: For information on cluster partitions, See URL: http://linux-ha.org/SplitBrain
Jul  7 04:20:00 db1 heartbeat: [3344]: WARN: Deadtime value may be too small.
Jul  7 04:20:00 db1 heartbeat: [3344]: info: Link db2:eth1 up.
Jul  7 04:20:00 db1 heartbeat: [3344]: WARN: Late heartbeat: Node db2: interval 541010 ms
Jul  7 04:20:00 db1 heartbeat: [3344]: info: Status update for node db2: status active
"""
WARNINGS = """
Jul  7 04:11:09 db1 heartbeat: [3344]: WARN: node db2: is dead
Jul  7 04:11:09 db1 heartbeat: [3344]: WARN: No STONITH device configured.
Jul  7 04:11:09 db1 heartbeat: [3344]: WARN: Shared disks are not protected.
Jul  7 05:11:09 db1 heartbeat: [3344]: WARN: node db2: is dead
Jul  7 05:11:09 db1 heartbeat: [3344]: WARN: No STONITH device configured.
Jul  7 05:11:09 db1 heartbeat: [3344]: WARN: Shared disks are not protected.
"""
RSYSLOG = """
2013-06-01T12:00:00.1+02:00 lb1 heartbeat: [900]: info: Received shutdown notice from 'lb2'.
2013-06-01T12:00:00.1+02:00 lb1 heartbeat: [900]: info: Resources being acquired from lb2.
2013-06-01T12:00:00.2+02:00 lb1 heartbeat: [5000]: info: acquire local HA resources (standby).
2013-06-01T12:00:00.4+02:00 lb1 heartbeat: [5000]: info: local HA resource acquisition completed (standby).
2013-06-01T12:00:00.5+02:00 lb1 heartbeat: [900]: info: Standby resource acquisition done [all].
2013-06-01T12:00:01.0+02:00 lb1 mach_down[5030]: info: Taking over resource group IPaddr2::10.1.1.9/24/eth0
2013-06-01T12:00:01.1Z lb1 ResourceManager[5060]: info: Acquiring resource group: lb2 IPaddr2::10.1.1.9/24/eth0 ldird
2013-06-01T12:00:01.2+02:00 lb1 IPaddr2[5090]: INFO:  Resource is stopped
2013-06-01T12:00:01.3+02:00 lb1 ResourceManager[5060]: info: Running /etc/ha.d/resource.d/IPaddr2 10.1.1.9/24/eth0 start
2013-06-01T12:00:01.5+02:00 lb1 IPaddr2[5120]: INFO: ip -f inet addr add 10.1.1.9/24 brd 10.1.1.255 dev eth0
2013-06-01T12:00:01.6+02:00 lb1 IPaddr2[5110]: INFO:  Success
2013-06-01T12:00:01.7+02:00 lb1 ResourceManager[5060]: info: Running /etc/init.d/ldird  start
2013-06-01T12:00:02.5+02:00 lb1 mach_down[5030]: info: mach_down takeover complete for node lb2.
2013-06-01T12:00:02.6+02:00 lb1 heartbeat: [900]: info: mach_down takeover complete.
2013-06-01T12:00:32.0+02:00 lb1 heartbeat: [900]: WARN: node lb2: is dead
2013-06-01T12:00:32.0+02:00 lb1 heartbeat: [900]: info: Dead node lb2 gave up resources.
2013-06-01T12:00:32.0+02:00 lb1 heartbeat: [900]: info: Link lb2:eth1 dead.
"""
LOGS = {"managed": MANAGED, "old": OLD, "disks": DISKS, "warnings": WARNINGS, "rsyslog": RSYSLOG}


def read(text: str, root: Path) -> Explanation:
    path = root / "messages"
    path.write_text(text.lstrip(), "utf-8")
    return explained([path])


@pytest.mark.parametrize("name", LOGS)
def test_nothing_in_a_log_from_the_field_is_a_contradiction(name: str, tmp_path: Path) -> None:
    assert read(LOGS[name], tmp_path).contradictions == ()


@pytest.mark.parametrize("name", LOGS)
def test_one_node_s_log_with_a_lost_peer_is_never_safe(name: str, tmp_path: Path) -> None:
    assert read(LOGS[name], tmp_path).verdict is Verdict.INCONCLUSIVE


def test_a_resource_manager_is_named(tmp_path: Path) -> None:
    assert any("crmd" in each.text for each in read(MANAGED, tmp_path).unseen)


def test_a_healed_partition_is_told(tmp_path: Path) -> None:
    report = read(DISKS, tmp_path)

    assert "partition" in {fault.kind for fault in report.faults}
    assert any("hears db2 again" in told.text for told in report.story)


def test_an_orderly_stop_is_no_lost_power(tmp_path: Path) -> None:
    report = read(RSYSLOG, tmp_path)

    assert [fault.kind for fault in report.faults] == ["stopped"]
    assert {span.node for span in report.owned} == {"lb1"}
    assert report.unsafe is None


GIVES = """
heartbeat[310]: 2012/05/21_03:10:01 info: Heartbeat restart on node left
heartbeat[310]: 2012/05/21_03:10:01 info: Link left:eth2 up.
heartbeat[310]: 2012/05/21_03:10:01 info: Status update for node left: status init
heartbeat[310]: 2012/05/21_03:10:03 info: Status update for node left: status active
heartbeat[310]: 2012/05/21_03:10:03 info: right wants to go standby [foreign]
heartbeat[310]: 2012/05/21_03:10:04 info: standby: left can take our foreign resources
heartbeat[400]: 2012/05/21_03:10:04 info: give up foreign HA resources (standby).
ResourceManager[401]: 2012/05/21_03:10:04 info: Releasing resource group: left IPaddr::10.9.0.5 mysqld
ResourceManager[401]: 2012/05/21_03:10:04 info: Running /etc/init.d/mysqld  stop
ResourceManager[401]: 2012/05/21_03:10:06 info: Running /etc/ha.d/resource.d/IPaddr 10.9.0.5 stop
IPaddr[420]: 2012/05/21_03:10:06 INFO: ifconfig eth1:0 down
IPaddr[410]: 2012/05/21_03:10:06 INFO:  Success
heartbeat[400]: 2012/05/21_03:10:06 info: foreign HA resource release completed (standby).
heartbeat[310]: 2012/05/21_03:10:06 info: Local standby process completed [foreign].
heartbeat[310]: 2012/05/21_03:10:13 info: Other node completed standby takeover of foreign resources.
"""
TAKES = """
heartbeat[500]: 2012/05/07_16:20:00 info: Configuration validated. Starting heartbeat 2.1.3
heartbeat[501]: 2012/05/07_16:20:00 info: heartbeat: version 2.1.3
heartbeat[501]: 2012/05/07_16:20:00 info: Heartbeat generation: 12
heartbeat[501]: 2012/05/07_16:20:00 info: Local status now set to: 'up'
heartbeat[501]: 2012/05/07_16:20:02 info: Link right:eth2 up.
heartbeat[501]: 2012/05/07_16:20:02 info: Status update for node right: status active
heartbeat[501]: 2012/05/07_16:20:03 info: Comm_now_up(): updating status to active
heartbeat[501]: 2012/05/07_16:20:03 info: Local status now set to: 'active'
heartbeat[501]: 2012/05/07_16:20:04 info: right wants to go standby [foreign]
heartbeat[501]: 2012/05/07_16:20:07 info: standby: acquire [foreign] resources from right
heartbeat[520]: 2012/05/07_16:20:07 info: acquire local HA resources (standby).
ResourceManager[521]: 2012/05/07_16:20:07 info: Acquiring resource group: left IPaddr::10.9.0.5 mysqld
ResourceManager[521]: 2012/05/07_16:20:07 info: Running /etc/ha.d/resource.d/IPaddr 10.9.0.5 start
IPaddr[530]: 2012/05/07_16:20:08 INFO:  Success
ResourceManager[521]: 2012/05/07_16:20:08 info: Running /etc/init.d/mysqld  start
heartbeat[520]: 2012/05/07_16:20:13 info: local HA resource acquisition completed (standby).
heartbeat[501]: 2012/05/07_16:20:13 info: Standby resource acquisition done [foreign].
"""


def on_a_page(text: str) -> str:
    """Lines as a blog shows them: each is code, what a shell knows is code by itself, all broken at 78 letters."""
    found = []
    for line in text.strip().splitlines():
        code = re.sub(r" (set|local|stop|start|node)(?= )", r" ``\1`", re.sub(" {2,}", " ", line))
        code = "`" + re.sub(r"(?<=\w` )(?=\S)", "`", code).replace("/etc/", "``/etc/") + "`"
        found += [*textwrap.wrap(code, 78), ""]
    return "\n".join(found)


def test_two_logs_of_a_page_are_joined_though_their_clocks_are_weeks_apart(tmp_path: Path) -> None:
    for name, text in (("left", TAKES), ("right", GIVES)):
        (tmp_path / f"{name}.txt").write_text(on_a_page(text), "utf-8")
    report = explained([], None, {tmp_path / "left.txt": "left", tmp_path / "right.txt": "right"})
    (clock,) = report.clocks
    ahead = 14 * 86_400_000 + (3 * 3600 + 10 * 60 - 16 * 3600 - 20 * 60) * 1000
    story = [(each.node, each.text) for each in report.story]

    assert report.lines.own == report.lines.recognised == len((TAKES + GIVES).split("\n")) - 3
    assert (clock.node, clock.lo <= ahead + 1000, ahead - 2000 <= clock.hi) == ("right", True, True)
    assert clock.hi - clock.lo <= 3000
    assert story.index(("right", "stops mysqld")) < story.index(("left", "starts 10.9.0.5"))
    assert report.overlaps == ()
    assert [span.resource for span in report.owned if span.node == "left"] == ["10.9.0.5", "mysqld"]
