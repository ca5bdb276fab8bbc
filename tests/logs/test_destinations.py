"""Each line is in the files that ha.cf sends it to, in their layouts, and in no other."""

from __future__ import annotations

from datetime import datetime

import pytest

from hamodel.errors import OutOfRange
from hamodel.logs.catalogue import VERSIONS
from hamodel.logs.style import LogStyle
from hamodel.renderers.halog import render_logs, styled_logs
from tests.logs.samples import GROUPS, hosts, line, timed

DISK = 1
BOTH = {"logfile": "/var/log/ha-log", "debugfile": "/var/log/ha-debug"}
SAME = {"logfile": "/var/log/ha-log", "debugfile": "/var/log/ha-log"}


def files(version: str, **changes: object) -> dict[str, str]:
    """node1's files after a file system was mounted."""
    word = GROUPS[version].split()[1:][DISK]
    trace = timed(
        (0, line(0, "daemon-start")),
        (10, line(0, "harc-run", event="status")),
        (100, line(0, "acquire-group", group=0)),
        (200, line(0, "resource-start", resource=word, group=0)),
        (900, line(0, "resource-started", resource=word, group=0)),
    )
    found = render_logs(trace, hosts(version, **changes))
    return {name.removeprefix("node1/"): text for name, text in found.items() if name.startswith("node1/")}


def count(text: str, words: str) -> int:
    return sum(words in one for one in text.splitlines())


@pytest.mark.parametrize("version", VERSIONS)
def test_debug_lines_and_what_scripts_print_are_in_the_debugfile_alone(version: str) -> None:
    found = files(version, **BOTH)
    assert set(found) == {"ha-log", "ha-debug", "messages"}
    for words in ("debug: notify_world", "INFO:  Success\nINFO:  Success\n"):
        assert [words in found[name] for name in ("ha-log", "messages")] == [False, False]
    assert count(found["ha-debug"], "debug: notify_world") == 1
    assert found["ha-debug"].splitlines().count("INFO:  Success") == 1
    assert count(found["ha-log"], " Success") == count(found["messages"], " Success") == 1


def test_debug_lines_of_resourcemanager_need_a_level_only_in_the_new_release() -> None:
    for version, debug, told in (("2.0.8", 0, 1), ("3.0.6", 0, 0), ("3.0.6", 1, 1)):
        found = files(version, debug=debug, **BOTH)
        assert count(found["ha-debug"], "debug: /etc/ha.d/resource.d/Filesystem") == told
        assert count(found["ha-log"], "done. RC=0") == count(found["messages"], "done. RC=0") == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_one_file_for_both_has_the_daemon_s_lines_twice(version: str) -> None:
    found = files(version, **SAME)
    assert set(found) == {"ha-log", "messages"}
    assert count(found["ha-log"], "Local status") == 0
    assert count(found["ha-log"], f"heartbeat: version {version}") == 2
    assert count(found["ha-log"], "debug: notify_world") == 1
    assert count(found["ha-log"], "Running /etc/ha.d/resource.d/Filesystem") == 1
    assert found["ha-log"].splitlines().count("INFO:  Success") == 1


def test_scripts_write_into_a_single_file_as_into_a_logfile() -> None:
    assert "  harc(default)[3700]:    info: Running" in files("3.0.6", **SAME)["ha-log"]
    only = files("3.0.6", logfile="", debugfile="/var/log/ha-debug")
    assert set(only) == {"ha-debug", "messages"}
    assert "\nharc(default)[3700]:\t2007/11/26_07:52:21 info: Running" in only["ha-debug"]


def test_without_a_file_there_is_only_messages_and_without_a_facility_only_the_kernel_is_in_it() -> None:
    assert set(files("2.0.8", logfile="")) == {"messages"}
    found = files("2.0.8", facility=False)
    assert all(" kernel: " in one for one in found["messages"].splitlines())
    assert count(found["messages"], "EXT3") == 2


def test_files_have_the_names_that_ha_cf_gives_them() -> None:
    found = files("3.0.6", logfile="/srv/cluster/hb.log", debugfile="/srv/cluster/hb.debug")
    assert set(found) == {"hb.log", "hb.debug", "messages"}
    alike = files("3.0.6", logfile="/srv/log/hb", debugfile="/srv/debug/hb")
    assert set(alike) == {"srv/log/hb", "srv/debug/hb", "messages"}
    assert "heartbeat: version" in alike["srv/log/hb"]
    assert set(files("3.0.6", logfile="/var/log/messages")) == {"var/log/messages", "messages"}


def test_syslogmsgfmt_off_gives_the_new_release_the_old_layout() -> None:
    found = files("3.0.6", syslog_style=False)
    assert "\nheartbeat[3689]: 2007/11/26_07:52:21 info: heartbeat: version 3.0.6\n" in found["ha-log"]
    assert "\n2007/11/26_07:52:21  harc(default)[3700]:    info: Running" in found["ha-log"]


def test_a_text_of_two_lines_is_one_line_of_messages() -> None:
    for version, feed in (("2.0.8", " "), ("3.0.6", "#012")):
        trace = timed((0, line(0, "stonith-begin", node="node2")))
        found = render_logs(trace, hosts(version))
        assert f"with [hbtest STONITH device{feed}]\n" in found["node1/messages"]
        assert "with [hbtest STONITH device\n]\n" in found["node1/ha-log"]


def test_a_central_log_host_gets_both_nodes_lines_in_the_order_of_what_happens() -> None:
    trace = timed((1000, line(0, "hb-node-dead")), (1500, line(1, "hb-node-dead")), (2000, line(0, "hb-comm-now-up")))
    style = LogStyle(datetime(2009, 1, 2, 3, 4, 5), (("node2", -70_000),), merged=True)
    found = styled_logs(trace, hosts("3.0.6"), style)
    stamps = [one[:21] for one in found["messages"].splitlines()]
    assert stamps == ["Jan  2 03:04:06 node1", "Jan  2 03:02:56 node2", "Jan  2 03:04:07 node1"]
    assert "messages" not in styled_logs(trace, hosts("3.0.6"), LogStyle())


def test_a_syslog_daemon_may_keep_debug_lines() -> None:
    trace = timed((0, line(0, "harc-run", event="status")))
    kept = styled_logs(trace, hosts("3.0.6"), LogStyle(debug_lines=True, merged=True))
    assert "debug: notify_world" in kept["node1/messages"] and "debug: notify_world" in kept["messages"]
    assert "debug: notify_world" not in kept["node1/ha-log"]


def test_a_clock_of_nobody_is_refused() -> None:
    trace = timed((0, line(0, "harc-run", event="status")))
    with pytest.raises(OutOfRange, match="no node node3"):
        styled_logs(trace, hosts("3.0.6"), LogStyle(skews=(("node3", 1),)))
