"""The lines of real logs, read back: one stream over all files of all nodes, each line once, with its message.

Memory does not grow with the logs. Every file is gone through twice, first to learn whose it is and which years it
spans (`survey`), then to read it; a pipe is looked at only at its begin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hamodel.errors import NewestFirst, NotALog
from hamodel.logs.formats import Entry, entry_of
from hamodel.logs.headers import SYSTEM
from hamodel.logs.lines import raw_lines, text_of
from hamodel.logs.merging import Duplicates, Stream, in_order, merged
from hamodel.logs.nodes import aliases, attribute
from hamodel.logs.records import Counts, records
from hamodel.logs.sources import WHICH, Source, readable, sources
from hamodel.logs.survey import Survey, look
from hamodel.logs.years import NO_YEAR, Calendar, before, in_year

Progress = Callable[[int, int], None]
_STEP = 1 << 20
WEEKS = timedelta(days=60)
"""Logs of one incident begin within this time of each other."""
_LATEST = 2**33
"""A time of change that is later than this is nonsense."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Heartbeat's, in which file it stands, which node wrote it, and what it says.

    `source` is the file as it was given, for a member of an archive `a.tar.gz:node1/ha-log`; `number` its first
    physical line there. `node` is empty if nothing tells it, `key` if the catalogue has no such message. `own` is true
    for all that Heartbeat, its clients and its scripts write and false for lines of the kernel, of avahi
    and of programs that set the clock.
    """

    source: str
    number: int
    node: str
    entry: Entry
    key: str
    fields: dict[str, str]
    own: bool


class Reader:
    """Reads what was given; `counts` and `by_source` fill as the lines are drawn.

    `skipped` names the files of a folder that may not be read, `undated` those whose year no line tells.
    """

    def __init__(
        self, paths: Sequence[Path | str], *, year: int | None = None, progress: Progress | None = None
    ) -> None:
        self.by_source: dict[str, Counts] = {}
        self._progress = progress
        self._done = self._told = self._total = 0
        self.skipped: list[str] = []
        self._found = list(self._look(paths))
        self._total = sum(survey.bytes for _, survey in self._found)
        self._names = attribute(self._found)
        self._same = aliases(self._found, self._names)
        for _, survey in self._found:
            survey.processes.clear()
        self._anchors = [anchor(source, survey, year, self._found) for source, survey in self._found]
        places = [n for n, (source, survey) in enumerate(self._found) if is_undated(source, survey, year, self._found)]
        self.undated = [self._found[place][0].name for place in places]
        for place, at in one_time([(self._found[n][1], self._anchors[n]) for n in places]).items():
            self._anchors[places[place]] = at

    @property
    def counts(self) -> Counts:
        """What was counted so far, over all sources."""
        whole = Counts()
        for counts in self.by_source.values():
            whole.add(counts)
        return whole

    def _look(self, paths: Sequence[Path | str]) -> Iterator[tuple[Source, Survey]]:
        """Look ahead at everything; of what lies in folders and archives only logs of Heartbeat remain."""
        nothing = True
        for source, stream in sources(paths, self.skipped):
            with readable(source.name):
                survey = look(stream)
            if source.given and survey.lines and not (survey.with_header or survey.recognised):
                raise NotALog(f"no line of {source.name} is the line of a log", help=WHICH)
            if survey.newest_first:
                text = f"the lines of {source.name} stand newest first"
                raise NewestFirst(text, help="turn them round: tac FILE, or journalctl without -r")
            if source.given or survey.is_log:
                nothing = False
                yield source, survey
        if nothing and paths:
            raise NotALog(f"no log of Heartbeat lies in {', '.join(map(str, paths))}", seen=self.skipped, help=WHICH)

    def __iter__(self) -> Iterator[Line]:
        self.by_source.clear()
        several = len(self._found) > 1
        seen: Duplicates[tuple[str, str, int | None, str, str]] = Duplicates()
        streams = [Stream(self._begin(place), self._opener(place)) for place in range(len(self._found))]
        for when, (place, line) in merged(streams):
            if several:
                entry = line.entry
                text = entry.text.replace("\n", " ") if "\n" in entry.text else entry.text
                what = (line.node, entry.tag, entry.pid, entry.level, text)
                if not seen.is_new(what, when, place):
                    self.by_source[line.source].duplicates += 1
                    continue
            yield line
        self._tell(self._total)

    def _begin(self, place: int) -> datetime:
        begin = self._found[place][1].begin
        return datetime.min if begin is None else Calendar(self._anchors[place]).date(begin)

    def _opener(self, place: int) -> Callable[[], Iterator[tuple[datetime, tuple[int, Line]]]]:
        return lambda: in_order(self._lines(place))

    def _lines(self, place: int) -> Iterator[tuple[datetime, tuple[int, Line]]]:
        source, survey = self._found[place]
        counts = self.by_source.setdefault(source.name, Counts())
        calendar, same = Calendar(self._anchors[place]), self._same
        host = self._names[place]
        several = len(survey.hosts) > 1
        with readable(source.name), source.open() as stream:
            texts = self._texts(raw_lines(stream))
            for number, head, match in records(
                texts, counts, survey.wrapped, survey.doubled, survey.column, survey.width
            ):
                if head.host and several:
                    host = head.host
                node = head.host or host
                entry = entry_of(head, calendar.date(head.moment))
                key, fields = (match.message.id, match.fields) if match is not None else ("", {})
                own = head.tag not in SYSTEM
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


def anchor(source: Source, survey: Survey, year: int | None, found: Sequence[tuple[Source, Survey]]) -> datetime:
    """A time near the first line without a year."""
    first, last = survey.first, survey.last
    if first is None or last is None:
        return survey.stamped or datetime(NO_YEAR, 1, 1)
    if year is not None:
        return in_year(first, year)
    if survey.stamped is not None:
        return survey.stamped
    latest = _latest_beside(source, found)
    if latest is None and source.mtime is not None and source.mtime > 0:
        latest = datetime.fromtimestamp(min(source.mtime, _LATEST))
    if latest is None:
        return in_year(first, NO_YEAR)
    return in_year(first, before(last, latest).year - survey.turns)


def is_undated(source: Source, survey: Survey, year: int | None, found: Sequence[tuple[Source, Survey]]) -> bool:
    """Whether the year is that of the file's last change, or none at all: no line and nobody tells it."""
    told = year is not None or survey.stamped is not None or _latest_beside(source, found) is not None
    return survey.first is not None and not told


def one_time(found: Sequence[tuple[Survey, datetime]]) -> dict[int, datetime]:
    """The undated files that tell of the same weeks in different years: one was copied later, and is of the first.

    By their places in `found`, with a time near their first line.
    """
    moved: dict[int, datetime] = {}
    if not found:
        return moved
    oldest = min((at for _, at in found))
    for place, (survey, at) in enumerate(found):
        first = survey.first
        if first is not None and at.year > oldest.year:
            same = min((in_year(first, oldest.year + step) for step in (-1, 0, 1)), key=lambda each: abs(each - oldest))
            if abs(same - oldest) <= WEEKS and same.year < at.year:
                moved[place] = same
    return moved


def _latest_beside(source: Source, found: Sequence[tuple[Source, Survey]]) -> datetime | None:
    """The last time with a year in the other files of the folder, or in all files."""
    beside = [other.stamped_last for where, other in found if where.folder == source.folder and other.stamped_last]
    return max(beside or [survey.stamped_last for _, survey in found if survey.stamped_last], default=None)
