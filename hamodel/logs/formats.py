"""One line, three destinations, two releases: where the blanks, the pad of the day and the tab are.

syslog writes date and host itself and pads the day with a blank. Heartbeat writes its files itself: 2.0.8 begins with
the process, 3.0.6 imitates syslog but pads with a zero. Scripts write their own lines, so a 3.0.6 logfile holds two
layouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LEVELS = "EMERG|ALERT|CRITICAL|CRIT|ERROR|WARNING|WARN|notice|info|debug|INFO|DEBUG"


class Writer(Enum):
    """Who formats the line: the daemon's library, a script's `ha_log`, neither (kernel, other programs), or nobody.

    What a script prints has no header; it only goes to the debugfile.
    """

    DAEMON = "daemon"
    SCRIPT = "script"
    SYSTEM = "system"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Entry:
    """One log line before it has a layout; `level` is empty where none is printed, `pid` None for the kernel."""

    when: datetime
    host: str
    tag: str
    pid: int | None
    level: str
    text: str
    writer: Writer

    @property
    def body(self) -> str:
        return f"{self.level}: {self.text}" if self.level else self.text


def syslog(entry: Entry, version: str = "2.0.8") -> str:
    """The line in /var/log/messages, the same in both releases but for the syslog daemon of their time.

    It keeps a message on one line: that of the old days writes a blank for a line feed, a newer one its code.
    """
    feed = " " if version == "2.0.8" else "#012"
    return _like_syslog(replace(entry, text=entry.text.replace("\n", feed)), f"{entry.when.day:2d}")


def logfile(entry: Entry, version: str, syslog_style: bool = True) -> str:
    """The line in the file of `logfile`; `syslog_style` is the directive syslogmsgfmt, which only 3.0.6 has."""
    if entry.writer is Writer.SCRIPT:
        if version == "2.0.8":
            return debugfile(entry, version, syslog_style)
        return f"{_stamp(entry.when)}  {entry.tag}[{entry.pid}]:    {entry.body}"
    if version == "2.0.8" or not syslog_style:
        return f"{entry.tag}[{entry.pid}]: {_stamp(entry.when)} {entry.body}"
    return _like_syslog(entry, f"{entry.when.day:02d}")


def debugfile(entry: Entry, version: str, syslog_style: bool = True) -> str:
    """The line in the file of `debugfile`: daemons as in the logfile, scripts with a tab after the process."""
    if entry.writer is Writer.OUTPUT:
        return entry.text
    if entry.writer is Writer.SCRIPT:
        return f"{entry.tag}[{entry.pid}]:\t{_stamp(entry.when)} {entry.body}"
    return logfile(entry, version, syslog_style)


def _like_syslog(entry: Entry, day: str) -> str:
    head = f"{_MONTHS[entry.when.month - 1]} {day} {entry.when:%H:%M:%S} {entry.host} {entry.tag}"
    match entry.writer:
        case Writer.DAEMON:
            return f"{head}: [{entry.pid}]: {entry.body}"
        case Writer.SCRIPT | Writer.SYSTEM | Writer.OUTPUT:
            process = "" if entry.pid is None else f"[{entry.pid}]"
            return f"{head}{process}: {entry.body}"


def _stamp(when: datetime) -> str:
    return f"{when:%Y/%m/%d_%H:%M:%S}"


_DATE = r"(?P<mon>[A-Z][a-z]{2}) (?P<day>[ \d]\d) (?P<clock>\d\d:\d\d:\d\d) (?P<host>\S+) "
_STAMP = r"(?P<stamp>\d{4}/\d\d/\d\d_\d\d:\d\d:\d\d)"
_TAG = r"(?P<tag>[^\s\[\]:]+(?:\([^\s\[\]]*\))?)"
_BODY = rf"(?:(?P<level>{_LEVELS}): )?(?P<text>.*)"
_LAYOUTS = (
    (Writer.DAEMON, re.compile(rf"{_DATE}{_TAG}: \[(?P<pid>\d+)\]: {_BODY}")),
    (Writer.SCRIPT, re.compile(rf"{_DATE}{_TAG}\[(?P<pid>\d+)\]: {_BODY}")),
    (Writer.SYSTEM, re.compile(rf"{_DATE}(?P<tag>kernel)(?P<pid>): {_BODY}")),
    (Writer.DAEMON, re.compile(rf"{_TAG}\[(?P<pid>\d+)\]: {_STAMP} {_BODY}")),
    (Writer.SCRIPT, re.compile(rf"{_TAG}\[(?P<pid>\d+)\]:\t{_STAMP} {_BODY}")),
    (Writer.SCRIPT, re.compile(rf"{_STAMP}  {_TAG}\[(?P<pid>\d+)\]:    {_BODY}")),
)


def parse(line: str, year: int = 1900) -> Entry | None:
    """What a line says, whichever layout it has; None for a line without a header.

    syslog writes no year, so `year` is assumed; lines of Heartbeat's own files carry no host (an empty string).
    """
    for writer, layout in _LAYOUTS:
        found = layout.fullmatch(line)
        if found is None:
            continue
        parts = found.groupdict()
        if "stamp" in parts:
            when = datetime.strptime(parts["stamp"], "%Y/%m/%d_%H:%M:%S")
        elif parts["mon"] not in _MONTHS:
            continue
        else:
            hour, minute, second = map(int, parts["clock"].split(":"))
            when = datetime(year, _MONTHS.index(parts["mon"]) + 1, int(parts["day"]), hour, minute, second)
        pid = int(parts["pid"]) if parts["pid"] else None
        kind = Writer.SYSTEM if parts["tag"] in ("kernel", "avahi-daemon") else writer
        level = parts["level"] if kind is not Writer.SYSTEM else None
        text = parts["text"] if level or not parts["level"] else f"{parts['level']}: {parts['text']}"
        return Entry(when, parts.get("host", ""), parts["tag"], pid, level or "", text, kind)
    return None


def read(lines: Iterable[str], year: int = 1900) -> tuple[Entry, ...]:
    """The entries of a log; a line without a header goes on with the entry before it."""
    entries: list[Entry] = []
    for line in lines:
        entry = parse(line, year)
        if entry is not None:
            entries.append(entry)
        elif entries:
            entries[-1] = replace(entries[-1], text=f"{entries[-1].text}\n{line}")
    return tuple(entries)
