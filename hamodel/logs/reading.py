"""The lines of real logs, read back: one stream over all files of all nodes, each line once, with its message.

Memory does not grow with the logs. Every file is gone through twice, first to learn whose it is and which years it
spans (`survey`), then to read it; a pipe is looked at only at its begin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hamodel.errors import NotALog
from hamodel.logs.formats import Entry, entry_of
from hamodel.logs.lines import raw_lines, text_of
from hamodel.logs.merging import Duplicates, in_order, merged
from hamodel.logs.nodes import aliases, attribute
from hamodel.logs.records import Counts, records
from hamodel.logs.sources import Source, sources
from hamodel.logs.survey import Survey, look
from hamodel.logs.years import NO_YEAR, Calendar, before, in_year

Progress = Callable[[int, int], None]
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Heartbeat's, in which file it stands, which node wrote it, and what it says.

    `source` is the file as it was given, for a member of an archive `a.tar.gz:node1/ha-log`; `number` its first
    physical line there. `node` is empty if nothing tells it, `key` if the catalogue has no such message. `own` is true
    for all that Heartbeat, its clients and its scripts write and false for lines of the kernel and of avahi.
    """

    source: str
    number: int
    node: str
    entry: Entry
    key: str
    fields: dict[str, str]
    own: bool


class Reader:
    """Reads what was given; `counts` and `by_source` fill as the lines are drawn."""

    def __init__(
        self, paths: Sequence[Path | str], *, year: int | None = None, progress: Progress | None = None
    ) -> None:
        self.by_source: dict[str, Counts] = {}
        self._progress = progress
        self._done = self._told = self._total = 0
        self._found = [(source, survey) for source, survey in self._look(paths) if source.given or survey.is_log]
        self._total = sum(survey.bytes for _, survey in self._found)
        self._names = attribute(self._found)
        self._same = aliases(self._found, self._names)
        self._anchors = [_anchor(source, survey, year, self._found) for source, survey in self._found]

    @property
    def counts(self) -> Counts:
        """What was counted so far, over all sources."""
        whole = Counts()
        for counts in self.by_source.values():
            whole.add(counts)
        return whole

    def _look(self, paths: Sequence[Path | str]) -> Iterator[tuple[Source, Survey]]:
        for source, stream in sources(paths):
            survey = look(stream)
            if source.given and survey.lines and not (survey.with_header or survey.recognised):
                help = "give the file named by `logfile` or `debugfile` in ha.cf, or syslog's messages"
                raise NotALog(f"no line of {source.name} is the line of a log", help=help)
            yield source, survey

    def __iter__(self) -> Iterator[Line]:
        several = len(self._found) > 1
        seen: Duplicates[tuple[str, str, int | None, str, str]] = Duplicates()
        streams = [in_order(self._lines(place)) for place in range(len(self._found))]
        for when, (place, line) in merged(streams):
            if several:
                entry = line.entry
                what = (line.node, entry.tag, entry.pid, entry.level, entry.text)
                if not seen.is_new(what, when, place):
                    self.by_source[line.source].duplicates += 1
                    continue
            yield line
        self._tell(self._total)

    def _lines(self, place: int) -> Iterator[tuple[datetime, tuple[int, Line]]]:
        source, survey = self._found[place]
        counts = self.by_source.setdefault(source.name, Counts())
        calendar, same = Calendar(self._anchors[place]), self._same
        host = self._names[place]
        several = len(survey.hosts) > 1
        with source.open() as stream:
            for number, head, match in records(self._texts(raw_lines(stream)), counts, survey.wrapped):
                if head.host and several:
                    host = head.host
                node = head.host or host
                entry = entry_of(head, calendar.date(head.moment))
                key, fields = (match.message.id, match.fields) if match is not None else ("", {})
                own = head.tag not in ("kernel", "avahi-daemon")
                yield entry.when, (place, Line(source.name, number, same.get(node, node), entry, key, fields, own))

    def _texts(self, lines: Iterator[bytes]) -> Iterator[str]:
        if self._progress is None:
            yield from map(text_of, lines)
            return
        for raw in lines:
            self._tell(self._done + len(raw) + 1)
            yield text_of(raw)

    def _tell(self, done: int) -> None:
        self._done = done
        if self._progress is not None and (done - self._told >= _STEP or done >= self._total):
            self._told = done
            self._progress(min(done, self._total), self._total)


def read_logs(
    paths: Sequence[Path | str], *, year: int | None = None, progress: Progress | None = None
) -> Iterator[Line]:
    """The lines of Heartbeat's in these files, folders and archives (`-` is standard input), each node's by time.

    `year` is that of the first line where syslog writes none. `progress` is told bytes read and bytes in all. Raises
    `UnreadableLog` before the first line if something cannot be read.
    """
    return iter(Reader(paths, year=year, progress=progress))


def _anchor(source: Source, survey: Survey, year: int | None, found: Sequence[tuple[Source, Survey]]) -> datetime:
    """A time near the first line without a year."""
    first, last = survey.first, survey.last
    if first is None or last is None:
        return survey.stamped or datetime(NO_YEAR, 1, 1)
    if year is not None:
        return in_year(first, year)
    stamped = survey.stamped or _nearby(source, found)
    if stamped is not None:
        return stamped
    if source.mtime is not None and source.mtime > 0:
        ended = before(last, datetime.fromtimestamp(min(source.mtime, 2**33)))
        return in_year(first, ended.year - survey.turns)
    return in_year(first, NO_YEAR)


def _nearby(source: Source, found: Sequence[tuple[Source, Survey]]) -> datetime | None:
    """A time with a year in another file of the same folder, or in any."""
    beside = [survey.stamped for other, survey in found if other.folder == source.folder and survey.stamped]
    others = [survey.stamped for _, survey in found if survey.stamped]
    return next(iter(beside or others), None)
