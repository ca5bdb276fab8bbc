"""One line, three destinations, two releases: where the blanks, the pad of the day and the tab are.

syslog writes date and host itself and pads the day with a blank. Heartbeat writes its files itself: 2.0.8 begins with
the process, 3.0.6 imitates syslog but pads with a zero. Scripts write their own lines, so a 3.0.6 logfile holds two
layouts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hamodel.logs.headers import MONTHS, Header, Writer, header

__all__ = ["Entry", "Writer", "debugfile", "entry_of", "logfile", "parse", "read", "syslog"]


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
    head = f"{MONTHS[entry.when.month - 1]} {day} {entry.when:%H:%M:%S} {entry.host} {entry.tag}"
    match entry.writer:
        case Writer.DAEMON:
            return f"{head}: [{entry.pid}]: {entry.body}"
        case Writer.SCRIPT | Writer.SYSTEM | Writer.OUTPUT:
            process = "" if entry.pid is None else f"[{entry.pid}]"
            return f"{head}{process}: {entry.body}"


def _stamp(when: datetime) -> str:
    return f"{when:%Y/%m/%d_%H:%M:%S}"


def parse(line: str, year: int = 1900) -> Entry | None:
    """What a line says, whichever layout it has; None for a line without a header, or with a day no calendar has.

    syslog writes no year, so `year` is assumed; a 29th of February moves to the leap year before. Lines of Heartbeat's
    own files carry no host (an empty string).
    """
    found = header(line)
    if found is None:
        return None
    when = found.moment
    years = (when.year,) if when.year else range(year, year - 9, -1)
    return next((entry_of(found, then) for then in map(when.at, years) if then is not None), None)


def entry_of(found: Header, when: datetime) -> Entry:
    """A line taken apart, at the time somebody made out."""
    return Entry(when, found.host, found.tag, found.pid, found.level, found.text, found.writer)


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
