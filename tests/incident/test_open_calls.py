"""A script that never tells its end: what it was called for is known, what became of it is not.

An init script writes nothing of its own; ResourceManager goes on when it has come back. Where neither is seen, because
the log was cut or the script hangs, a start may have come through and a stop may not have.
"""

from __future__ import annotations

from pathlib import Path

from hamodel.incident.case import explained
from hamodel.incident.report import Explanation, Owned, Verdict

BEGIN = """\
heartbeat[10]: 2026/03/04_10:00:00 info: Configuration validated. Starting heartbeat 3.0.6
heartbeat[11]: 2026/03/04_10:00:00 info: heartbeat: version 3.0.6
heartbeat[11]: 2026/03/04_10:00:00 info: Heartbeat generation: 5
heartbeat[11]: 2026/03/04_10:00:01 info: Local status now set to: 'up'
heartbeat[11]: 2026/03/04_10:00:02 info: Link {peer}:eth1 up.
heartbeat[11]: 2026/03/04_10:00:02 info: Status update for node {peer}: status up
heartbeat[11]: 2026/03/04_10:00:03 info: Comm_now_up(): updating status to active
heartbeat[11]: 2026/03/04_10:00:03 info: Local status now set to: 'active'
heartbeat[11]: 2026/03/04_10:00:03 info: Status update for node {peer}: status active
"""
START = """\
ResourceManager[50]: 2026/03/04_10:00:20 info: Acquiring resource group: one webd
ResourceManager[50]: 2026/03/04_10:00:20 info: Running /etc/init.d/webd  start
"""
STOP = """\
ResourceManager[90]: 2026/03/04_11:00:00 info: Releasing resource group: one webd
ResourceManager[90]: 2026/03/04_11:00:00 info: Running /etc/init.d/webd  stop
"""
GIVE_UP = """\
heartbeat[11]: 2026/03/04_11:00:00 info: Heartbeat shutdown in progress. (11)
heartbeat[80]: 2026/03/04_11:00:00 info: Giving up all HA resources.
"""
AFTER = "heartbeat[11]: 2026/03/04_11:20:00 WARN: Late heartbeat: Node two: interval 3000 ms\n"


def told(folder: Path, *parts: str, peer: str = "") -> Explanation:
    """The explanation of these lines of node `one`, and of its peer where there are any."""
    (folder / "one").write_text("".join(parts).format(peer="two"), "utf-8")
    (folder / "two").write_text(peer.format(peer="one"), "utf-8")
    names = {folder / name: name for name in (("one", "two") if peer else ("one",))}
    return explained([], None, names)


def span(report: Explanation, node: str = "one") -> Owned:
    """The last time that a node had the script's resource."""
    return [span for span in report.owned if (span.resource, span.node) == ("webd", node)][-1]


def test_a_start_without_an_end_may_have_come_through(tmp_path: Path) -> None:
    had = span(told(tmp_path, BEGIN, START))

    assert (had.sure_from, had.end) == (None, None)
    assert had.open_because == "nothing says how its start ended"


def test_a_start_whose_agent_hangs_never_becomes_certain_while_the_daemon_speaks_on(tmp_path: Path) -> None:
    had = span(told(tmp_path, BEGIN, START, AFTER))

    assert (had.sure_from, had.end, had.lasting) == (None, None, False)


def test_the_next_line_of_the_same_manager_says_that_the_script_came_back(tmp_path: Path) -> None:
    more = "ResourceManager[50]: 2026/03/04_10:00:29 info: Running /etc/init.d/mail  start\n"
    report = told(tmp_path, BEGIN, START, more)

    assert span(report).sure_from is not None
    assert [each.sure_from for each in report.owned if each.resource == "mail"] == [None]


def test_a_stop_without_an_end_proves_the_resource_only_up_to_it(tmp_path: Path) -> None:
    done = "heartbeat[11]: 2026/03/04_10:00:31 info: mach_down takeover complete.\n"
    report = told(tmp_path, BEGIN, START, done, GIVE_UP, STOP, AFTER)
    had = span(report)
    stop = report.begin + 3_600_000

    assert had.sure_from is not None
    assert had.sure_to is not None
    assert abs(had.sure_to - stop) <= 1000
    assert (had.end, had.lasting, had.open_because) == (None, False, "nothing says how its stop ended")


def test_a_peer_that_takes_it_meanwhile_may_have_it_twice_and_never_certainly(tmp_path: Path) -> None:
    taken = """\
heartbeat[11]: 2026/03/04_11:02:00 WARN: node {peer}: is dead
heartbeat[11]: 2026/03/04_11:02:00 info: Link {peer}:eth1 dead.
heartbeat[60]: 2026/03/04_11:02:01 info: Resources being acquired from {peer}.
ResourceManager[70]: 2026/03/04_11:02:02 info: Acquiring resource group: one webd
ResourceManager[70]: 2026/03/04_11:02:02 info: Running /etc/init.d/webd  start
heartbeat[11]: 2026/03/04_11:02:09 info: mach_down takeover complete.
"""
    report = told(tmp_path, BEGIN, START, GIVE_UP, STOP, AFTER, peer=BEGIN + taken)

    assert [(o.resource, o.sure_from) for o in report.overlaps] == [("webd", None)]
    assert "nothing says how its stop ended" in report.overlaps[0].unless
    assert report.verdict is Verdict.INCONCLUSIVE


STANDBY = """\
heartbeat[11]: 2026/03/04_10:00:24 info: one wants to go standby [all]
heartbeat[11]: 2026/03/04_10:00:24 info: standby: two can take our all resources
heartbeat[40]: 2026/03/04_10:00:24 info: give up all HA resources (standby).
ResourceManager[41]: 2026/03/04_10:00:24 info: Releasing resource group: one webd
ResourceManager[41]: 2026/03/04_10:00:24 info: Running /etc/init.d/webd  stop
heartbeat[40]: 2026/03/04_10:00:25 info: all HA resource release completed (standby).
heartbeat[11]: 2026/03/04_10:00:25 info: Local standby process completed [all].
"""


def test_a_standby_right_after_a_start_does_not_wait_for_it(tmp_path: Path) -> None:
    had = span(told(tmp_path, BEGIN, START, STANDBY))

    assert (had.sure_from, had.end) == (None, None)
    assert had.open_because == "a start that was not over when it was stopped may still have come through"


def test_a_standby_long_after_a_start_finds_it_over(tmp_path: Path) -> None:
    later = STANDBY.replace("10:00:2", "10:05:2")

    assert span(told(tmp_path, BEGIN, START, later)).orderly


def test_a_shutdown_waits_for_a_start(tmp_path: Path) -> None:
    stop = (GIVE_UP + STOP).replace("11:00:00", "10:00:24")
    done = "heartbeat[80]: 2026/03/04_10:00:31 info: All HA resources relinquished.\n"

    assert span(told(tmp_path, BEGIN, START, stop, done)).orderly
