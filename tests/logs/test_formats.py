"""Layouts to the letter: blanks, pads, tabs, and the way back."""

from __future__ import annotations

from datetime import datetime

from hamodel.logs.formats import Entry, Writer, debugfile, logfile, parse, read, syslog

SIXTH = datetime(2007, 11, 6, 7, 52, 21)
DAEMON = Entry(SIXTH, "node1", "heartbeat", 3689, "info", "heartbeat: version 2.0.8", Writer.DAEMON)
SCRIPT = Entry(SIXTH, "node1", "harc", 3713, "info", "Running /etc/ha.d/rc.d/status status", Writer.SCRIPT)
NEW_SCRIPT = Entry(SIXTH, "node1", "harc(default)", 144, "info", "Running /etc/ha.d//rc.d/status status", Writer.SCRIPT)
WRAPPER = Entry(SIXTH, "node1", "IPaddr", 3911, "INFO", " Success", Writer.SCRIPT)
BARE = Entry(SIXTH, "node1", "ip-request-resp", 3815, "", "received ip-request-resp KEY OK yes", Writer.SCRIPT)
KERNEL = Entry(SIXTH, "node1", "kernel", None, "", "EXT3 FS on sdb5, internal journal", Writer.SYSTEM)
AVAHI = Entry(SIXTH, "node1", "avahi-daemon", 1854, "", "Registering new address record for X on eth0.", Writer.SYSTEM)
WHO = "/usr/lib/ocf/resource.d//heartbeat/IPaddr(IPaddr_192.168.60.200)"


def test_syslog_pads_the_day_with_a_blank() -> None:
    assert syslog(DAEMON) == "Nov  6 07:52:21 node1 heartbeat: [3689]: info: heartbeat: version 2.0.8"
    assert syslog(SCRIPT) == "Nov  6 07:52:21 node1 harc[3713]: info: Running /etc/ha.d/rc.d/status status"
    assert syslog(WRAPPER) == "Nov  6 07:52:21 node1 IPaddr[3911]: INFO:  Success"
    assert syslog(BARE) == "Nov  6 07:52:21 node1 ip-request-resp[3815]: received ip-request-resp KEY OK yes"
    assert syslog(KERNEL) == "Nov  6 07:52:21 node1 kernel: EXT3 FS on sdb5, internal journal"


def test_logfile_of_the_old_release() -> None:
    assert logfile(DAEMON, "2.0.8") == "heartbeat[3689]: 2007/11/06_07:52:21 info: heartbeat: version 2.0.8"
    assert logfile(SCRIPT, "2.0.8") == "harc[3713]:\t2007/11/06_07:52:21 info: Running /etc/ha.d/rc.d/status status"
    assert debugfile(SCRIPT, "2.0.8") == logfile(SCRIPT, "2.0.8")


def test_logfile_of_the_new_release_holds_two_layouts() -> None:
    assert logfile(DAEMON, "3.0.6") == "Nov 06 07:52:21 node1 heartbeat: [3689]: info: heartbeat: version 2.0.8"
    text = "2007/11/06_07:52:21  harc(default)[144]:    info: Running /etc/ha.d//rc.d/status status"
    assert logfile(NEW_SCRIPT, "3.0.6") == text
    text = "harc(default)[144]:\t2007/11/06_07:52:21 info: Running /etc/ha.d//rc.d/status status"
    assert debugfile(NEW_SCRIPT, "3.0.6") == text
    assert logfile(DAEMON, "3.0.6", syslog_style=False) == logfile(DAEMON, "2.0.8")


def test_every_layout_is_read_back() -> None:
    for entry in (DAEMON, SCRIPT, NEW_SCRIPT, WRAPPER, BARE, KERNEL, AVAHI):
        assert parse(syslog(entry), 2007) == entry
    for entry in (DAEMON, SCRIPT, NEW_SCRIPT, WRAPPER, BARE):
        for version in ("2.0.8", "3.0.6"):
            for text in (logfile(entry, version), debugfile(entry, version)):
                found = parse(text, 2007)
                assert found is not None
                assert (found.when, found.tag, found.pid) == (entry.when, entry.tag, entry.pid)
                assert (found.level, found.text, found.writer) == (entry.level, entry.text, entry.writer)
                assert found.host in ("", entry.host)


def test_a_wrapper_of_the_new_release_is_read_back() -> None:
    found = parse(f"2026/11/22_08:52:24  {WHO}[213]:    INFO:  Resource is stopped")
    assert found is not None
    assert (found.tag, found.pid, found.level, found.text) == (WHO, 213, "INFO", " Resource is stopped")


def test_a_line_without_a_header_goes_on_with_the_one_before() -> None:
    head = "Nov 22 09:07:03 node2 heartbeat: [211]: info: Resetting node node1 with [hbtest STONITH device"
    (entry,) = read([head, "]"])
    assert entry.text == "Resetting node node1 with [hbtest STONITH device\n]"
    assert parse("INFO:  Success") is None
    assert read(["no header at all"]) == ()
