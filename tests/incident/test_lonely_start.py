"""A node that starts alone declares its peer dead without ever having heard it; that proves nothing about the peer."""

from __future__ import annotations

from pathlib import Path

from hamodel.incident.case import explained
from tests.incident.test_open_calls import BEGIN, span

SECOND = 1000
"""ms."""
HA_CF = "keepalive 1\ndeadtime 5\ninitdead 10\nbcast eth1\nauto_failback on\nnode one two\n"
HOLDER = """\
ResourceManager[50]: 2026/03/04_10:00:20 info: Acquiring resource group: one webd
ResourceManager[50]: 2026/03/04_10:00:20 info: Running /etc/init.d/webd  start
ResourceManager[50]: 2026/03/04_10:00:21 info: Running /etc/init.d/mail  start
heartbeat[11]: 2026/03/04_10:01:00 info: Received shutdown notice from 'two'.
"""
AGAIN = """\
heartbeat[11]: 2026/03/04_10:01:00 info: Heartbeat shutdown in progress. (11)
heartbeat[11]: 2026/03/04_10:01:02 info: two Heartbeat shutdown complete.
heartbeat[70]: 2026/03/04_10:01:10 info: Configuration validated. Starting heartbeat 3.0.6
heartbeat[71]: 2026/03/04_10:01:10 info: heartbeat: version 3.0.6
heartbeat[71]: 2026/03/04_10:01:11 info: Local status now set to: 'up'
heartbeat[71]: 2026/03/04_10:01:21 WARN: node one: is dead
heartbeat[71]: 2026/03/04_10:01:21 info: Comm_now_up(): updating status to active
"""


def test_a_peer_that_was_never_heard_may_have_been_gone_all_the_time(tmp_path: Path) -> None:
    (tmp_path / "ha.cf").write_text(HA_CF)
    (tmp_path / "haresources").write_text("one webd mail\n")
    (tmp_path / "one").write_text(BEGIN.format(peer="two") + HOLDER)
    (tmp_path / "two").write_text(BEGIN.format(peer="one") + AGAIN)

    report = explained([], tmp_path, {tmp_path / name: name for name in ("one", "two")})
    had, last = span(report), report.begin + 60 * SECOND

    assert had.sure_from is not None and had.sure_to is not None
    assert had.sure_to <= last + SECOND, "only its own last line proves it"
    assert had.end is None
