"""What stands before the text of a log line: when, where and who, in every layout that Heartbeat's lines are found in.

Its own layouts of both releases; what syslog daemons make of them (a stamp with a year and a zone, fractions of a
second, a priority in front); what a journal prints, which repeats the process number; and what logging daemons and web
pages do to the blanks. Every pattern takes time linear in the line, whatever the line holds.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBER = {name: number for number, name in enumerate(MONTHS, 1)}
_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP = 2000
LEVELS = "EMERG|ALERT|CRITICAL|CRIT|ERROR|WARNING|WARN|notice|info|debug|INFO|DEBUG"
SCRIPTS = frozenset(
    {"harc", "ip-request", "ip-request-resp", "mach_down", "hb_standby", "hb_takeover", "ResourceManager"}
    | {"ask_resources", "req_resource", "status"}
)
"""The shell scripts of Heartbeat; what they write is laid out by `ha_log`, not by the daemon's library."""

CLOCKS = frozenset({"ntpd", "ntpdate", "chronyd", "systemd", "systemd-journald"})
"""Programs that set a machine's clock, or say that it was set."""
SYSTEM = frozenset({"kernel", "avahi-daemon"}) | CLOCKS
"""Programs that are no part of Heartbeat, of whose lines some are evidence."""


class Writer(Enum):
    """Who formats the line: the daemon's library, a script's `ha_log`, neither (kernel, other programs), or nobody.

    What a script prints has no header; it only goes to the debugfile.
    """

    DAEMON = "daemon"
    SCRIPT = "script"
    SYSTEM = "system"
    OUTPUT = "output"


class Moment(NamedTuple):
    """A time as a line states it; syslog's has no year, which is a 0 here."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    microsecond: int

    def at(self, year: int) -> datetime | None:
        """The time in this year; None for a 29th of February that the year does not have."""
        try:
            return datetime(year, *self[1:])
        except ValueError:
            return None


class Header(NamedTuple):
    """A line taken apart; `host` is empty in Heartbeat's own files, `tag` where no program is named."""

    moment: Moment
    host: str
    tag: str
    pid: int | None
    level: str
    text: str
    writer: Writer


_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_TAG = r"([^\s\[\]:(]{1,200}(?:\([^\s\[\]]{0,500}\)|\([^\s\[\]:)]{0,100}(?=: \[))?)"
"""A program, with its resource in parentheses; the logging daemon cuts both off after 63 letters."""
_BODY = rf"(?: (?:({LEVELS}):(?: |\Z))?|\Z)(.*)"
_PROCESS = rf"{_TAG}(?:\[(\d{{1,10}})\])?:(?: \[(\d{{1,10}})\]:)?{_BODY}"
_SLASHED = r"\d{4}/\d\d/\d\d_\d\d:\d\d:\d\d"
_SHORT = rf"[A-Z][a-z]{{2}} {{1,2}}\d{{1,2}} {_CLOCK}"
_ISO = rf"\d{{4}}-\d\d-\d\d[T ]{_CLOCK}(?:Z|[+-]\d\d:?\d\d)?"

_USUAL = re.compile(rf"({_SHORT}|{_ISO}) (\S{{1,255}}) {_PROCESS}", re.DOTALL)
_SYSLOG = re.compile(rf"(?:<\d{{1,3}}>)?({_SHORT}|{_ISO}) (?:(\S{{1,255}})|(?= ))(?: (.*)|\Z)", re.DOTALL)
_PROGRAM = re.compile(_PROCESS, re.DOTALL)
_LOGFILE = re.compile(rf"({_SLASHED})[ \t]+{_TAG}\[(\d{{1,10}})\]:[ \t]*(?:({LEVELS}):(?: |\Z))?(.*)", re.DOTALL)
_OWN = re.compile(
    rf"{_TAG}\[(\d{{1,10}})\](\[\d{{1,10}}\])?:([ \t]+)({_SLASHED}|{_SHORT}){_BODY}",
    re.DOTALL,
)
_FIRST = re.compile(rf"(heartbeat|ipfail|ccm): ({_SLASHED}){_BODY}", re.DOTALL)
"""A line of releases 0 and 1, in whose files nobody tells a process number and scripts sign as the daemon."""
_WIDE = re.compile(r"\]: {1,8}")
_STAMP = re.compile(
    r"(?:(?P<year>\d{4})[-/](?P<month>\d\d)[-/](?P<day>\d\d)[_T ]|(?P<name>[A-Z][a-z]{2}) {1,2}(?P<date>\d{1,2}) )"
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<part>\d+))?"
)


@lru_cache(maxsize=4096)
def moment(stamp: str) -> Moment | None:
    """The time a stamp states, local and without its zone; None for the 31st of February and its like."""
    usual = _of_syslog(stamp)
    if usual is not None:
        return usual
    found = _STAMP.match(stamp)
    if found is None:
        return None
    month = int(found["month"]) if found["month"] else _NUMBER.get(found["name"], 0)
    day = int(found["day"] or found["date"])
    second = min(int(found["second"]), 59) if found["second"] == "60" else int(found["second"])
    part = int((found["part"] or "0")[:6].ljust(6, "0"))
    read = Moment(int(found["year"] or 0), month, day, int(found["hour"]), int(found["minute"]), second, part)
    return read if read.at(read.year or _LEAP) else None


def _of_syslog(stamp: str) -> Moment | None:
    """The time of a stamp in syslog's own form, which is most of them: `Nov  6 07:52:21`."""
    if len(stamp) != 15:
        return None
    until_minute, second = _minute(stamp[:12]), int(stamp[13:15])
    if until_minute is None or second > 59:
        return None
    return Moment(0, *until_minute, second, 0)


@lru_cache(maxsize=1024)
def _minute(stamp: str) -> tuple[int, int, int, int] | None:
    """Month, day, hour and minute, which many lines share: `Nov  6 07:52`."""
    month, day = _NUMBER.get(stamp[:3], 0), int(stamp[4:6])
    hour, minute = int(stamp[7:9]), int(stamp[10:12])
    if day > _DAYS[month] or not day or hour > 23 or minute > 59:
        return None
    return month, day, hour, minute


def header(line: str) -> Header | None:
    """The parts of a line in any of the layouts; None for a line that does not begin with a date or a process."""
    found = _USUAL.match(line)
    if found is not None:
        stamp, host, *process = found.groups()
        when = moment(stamp)
        return when and _process(when, host, *process)
    found = _SYSLOG.match(line)
    if found is not None:
        when = moment(found[1])
        return when and _syslog(when, found[2] or "", found[3] or "")
    found = _LOGFILE.match(line)
    if found is not None:
        when = moment(found[1])
        return when and Header(when, "", found[2], int(found[3]), found[4] or "", found[5], Writer.SCRIPT)
    found = _OWN.match(line)
    if found is not None:
        tag, pid, second, gap, stamp, level, text = found.groups()
        script = gap != " " or second or tag in SCRIPTS or "(" in tag
        when = moment(stamp)
        kind = Writer.SCRIPT if script else Writer.DAEMON
        return when and Header(when, "", tag, int(pid), level or "", text, kind)
    found = _FIRST.match(line)
    if found is not None:
        when = moment(found[2])
        return when and Header(when, "", found[1], None, found[3] or "", found[4], Writer.SCRIPT)
    return None


def _syslog(when: Moment, host: str, rest: str) -> Header:
    """What follows date and host; a script of Heartbeat written without a host follows two blanks after the date."""
    found = _PROGRAM.match(rest if host else _WIDE.sub("]: ", rest.lstrip(" "), count=1))
    if found is None:
        return Header(when, host, "", None, "", rest, Writer.SYSTEM)
    return _process(when, host, *found.groups())


_REPEATED = re.compile(r"message repeated \d{1,10} times: \[ ?(.*)\]\Z", re.DOTALL)


def _process(
    when: Moment, host: str, tag: str, pid: str | None, inner: str | None, level: str | None, text: str
) -> Header:
    if tag in SYSTEM:
        if level:
            text = f"{level}: {text}"
        return Header(when, host, tag, int(pid) if pid else None, "", text, Writer.SYSTEM)
    if not level and text.startswith("message repeated "):
        again = _REPEATED.match(text)
        whole = again and _PROGRAM.match(f"{tag}: {again[1]}")
        if whole and whole[3]:
            _, _, inner, level, text = whole.groups()
    if inner and tag not in SCRIPTS and "(" not in tag:
        return Header(when, host, tag, int(inner), level or "", text, Writer.DAEMON)
    return Header(when, host, tag, int(pid) if pid else None, level or "", text, Writer.SCRIPT)
