"""Every layout a line is found in, and every line that is none: nothing raises, nothing takes long."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamodel.logs.formats import Entry, Writer, parse, read
from hamodel.logs.headers import header

SAID = "Link node2:eth1 up."
AT = datetime(2012, 1, 2, 3, 4, 5)

DAEMON = [
    "Jan  2 03:04:05 node1 heartbeat: [3689]: info: Link node2:eth1 up.",
    "Jan 02 03:04:05 node1 heartbeat: [3689]: info: Link node2:eth1 up.",
    "Jan 2 03:04:05 node1 heartbeat: [3689]: info: Link node2:eth1 up.",
    "<30>Jan  2 03:04:05 node1 heartbeat: [3689]: info: Link node2:eth1 up.",
    "2012-01-02T03:04:05+01:00 node1 heartbeat: [3689]: info: Link node2:eth1 up.",
    "2012-01-02T03:04:05+0100 node1 heartbeat[3689]: [3689]: info: Link node2:eth1 up.",
    "Jan 02 03:04:05 node1 heartbeat[800]: [3689]: info: Link node2:eth1 up.",
    "Jan  2 03:04:05 node1 heartbeat: message repeated 2 times: [ [3689]: info: Link node2:eth1 up.]",
]


@pytest.mark.parametrize("line", DAEMON)
def test_a_line_of_the_daemon_in_a_syslog_or_a_journal(line: str) -> None:
    assert parse(line, 2012) == Entry(AT, "node1", "heartbeat", 3689, "info", SAID, Writer.DAEMON)


@pytest.mark.parametrize(
    "line",
    [
        "harc[3713]:\t2012/01/02_03:04:05 info: Running",
        "harc[3713]:        2012/01/02_03:04:05 info: Running",
        "harc[3713][3720]: 2012/01/02_03:04:05 info: Running",
        "2012/01/02_03:04:05  harc[3713]:    info: Running",
        "harc[3713]:\tJan 02 03:04:05 info: Running",
        "Jan 02 03:04:05  harc[3713]:    info: Running",
    ],
)
def test_a_line_of_a_script_in_a_file_of_heartbeat_has_no_host(line: str) -> None:
    found = parse(line, 2012)
    assert found is not None
    assert (found.when, found.host, found.tag, found.pid) == (AT, "", "harc", 3713)
    assert (found.level, found.text.strip(), found.writer) == ("info", "Running", Writer.SCRIPT)


def test_a_logging_daemon_puts_its_own_number_behind_that_of_the_script() -> None:
    found = parse("Jul 22 11:17:08 node1 ResourceManager[4420]: [4698]: info: Running mysql  stop")
    assert found is not None
    assert (found.tag, found.pid, found.writer) == ("ResourceManager", 4420, Writer.SCRIPT)


def test_fractions_of_a_second_are_kept() -> None:
    found = parse("2012-01-02T03:04:05.123456+01:00 node1 heartbeat: [1]: info: Link node2:eth1 up.")
    assert found is not None
    assert found.when == datetime(2012, 1, 2, 3, 4, 5, 123456)
    assert parse("2012-01-02 03:04:05,5 node1 heartbeat: [1]: info: x").when.microsecond == 500000  # type: ignore[union-attr]


def test_a_leap_second_is_the_one_before() -> None:
    found = parse("Jun 30 23:59:60 node1 heartbeat: [1]: info: Link node2:eth1 up.", 2012)
    assert found is not None
    assert found.when == datetime(2012, 6, 30, 23, 59, 59)


@pytest.mark.parametrize(
    "line",
    [
        "Feb 31 03:04:05 node1 heartbeat: [1]: info: x",
        "Feb  0 03:04:05 node1 heartbeat: [1]: info: x",
        "Xyz 12 03:04:05 node1 heartbeat: [1]: info: x",
        "Jan 12 24:04:05 node1 heartbeat: [1]: info: x",
        "heartbeat[1]: 2012/13/01_00:00:00 info: x",
        "2012/02/30_00:00:00  harc(default)[1]:    info: x",
        "2012-02-30T00:00:00Z node1 heartbeat: [1]: info: x",
        "heartbeat[99999999999999999999]: 2012/01/01_00:00:00 info: x",
    ],
)
def test_a_day_that_no_calendar_has_makes_no_line(line: str) -> None:
    assert parse(line) is None
    assert read([line]) == ()


def test_a_leap_day_goes_to_a_leap_year() -> None:
    found = parse("Feb 29 00:00:00 node1 heartbeat: [1]: info: x", 2011)
    assert found is not None
    assert found.when == datetime(2008, 2, 29)
    assert parse("Feb 29 00:00:00 node1 heartbeat: [1]: info: x", 1) is None


def test_lines_of_strangers_are_lines_as_well() -> None:
    for line in (
        "Jan  2 03:04:05 node1 last message repeated 3 times",
        "Jan  2 03:04:05 node1 systemd: Started Session 3 of user root.",
        "Jan  2 03:04:05 node1 sshd[77]: Accepted publickey for root",
        "Jan  2 03:04:05 node1",
    ):
        found = header(line)
        assert found is not None, line
        assert found.host == "node1"


@given(st.text(max_size=300))
def test_no_text_raises(line: str) -> None:
    parse(line)


@given(st.sampled_from(DAEMON), st.integers(0, 100), st.text(max_size=3), st.integers(0, 20))
def test_no_damaged_line_raises(line: str, place: int, piece: str, lost: int) -> None:
    parse(line[:place] + piece + line[place + lost :])


@pytest.mark.parametrize(
    "line",
    [
        "(" * 60_000,
        "a(" * 30_000,
        "Jan  2 03:04:05 node1 " + "(" * 60_000,
        "Jan  2 03:04:05 node1 a" + "(" * 60_000,
        "Jan  2 03:04:05 " + "[1]" * 20_000,
        "heartbeat" + "[1]" * 20_000,
        "heartbeat[1]:" + " " * 60_000,
        "Jan  2 03:04:05 node1 heartbeat: message repeated 2 times: [" + "[1]: " * 12_000,
    ],
)
def test_hostile_lines_take_no_longer_than_long_ones(line: str) -> None:
    began = time.process_time()
    for _ in range(20):
        header(line)
    assert time.process_time() - began < 1
