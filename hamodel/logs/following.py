"""The lines of logs that grow, as `reading` gives those of logs that are finished.

What only a whole file tells (whose it is, which host names mean one node) may become known after its first lines were
read. Then everything is read again from the begin of the files that are there, and `begun` counts one more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import merge
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from hamodel.errors import UnreadableLog
from hamodel.logs.archives import RECORD, is_tar
from hamodel.logs.formats import entry_of
from hamodel.logs.headers import SYSTEM, header
from hamodel.logs.inflate import MAGIC, kind
from hamodel.logs.lines import text_of
from hamodel.logs.merging import DISORDER
from hamodel.logs.nodes import aliases, attribute
from hamodel.logs.reading import Line, anchor
from hamodel.logs.records import Counts, Record, looks_doubled, records
from hamodel.logs.sources import Source, readable, sources
from hamodel.logs.survey import ENOUGH, MOST_NAMES, MOST_PROCESSES, Survey, look
from hamodel.logs.tails import Numbered, Tail
from hamodel.logs.years import Calendar

BLOCK = 2_000
"""Lines that are taken apart at a time."""
FIRST = 400
"""Lines of a file by which is judged whether each is written twice."""
PLAIN = "`hamodel explain` reads archives and packed files; a log that grows is a plain file"


class Order(NamedTuple):
    """Where a line belongs among those of its node: by time, but not across a clock that was set back.

    `serial` numbers the lines of a file over its rotations.
    """

    reached: datetime
    back: int
    when: datetime
    place: int
    serial: int


@dataclass(slots=True)
class _File:
    """One file and what is known of it. `held` is the last line with what follows it: more may follow."""

    source: Source
    tail: Tail
    survey: Survey = field(default_factory=Survey)
    calendar: Calendar | None = None
    held: list[tuple[int, str]] = field(default_factory=list)
    before: tuple[int, str] | None = None
    first: list[str] = field(default_factory=list)
    doubled: bool = False
    host: str = ""
    newest: datetime = datetime.min
    reached: datetime = datetime.min
    back: int = 0
    given: int = 0
    read: bool = False


class Follower:
    """Follows files; `names` says whose a file is, where its lines do not. Of a folder the logs that are in it now."""

    def __init__(
        self, paths: Sequence[Path], names: Mapping[str, str] | None = None, *, year: int | None = None
    ) -> None:
        self.counts = Counts()
        self.begun = 0
        self._given, self._year = dict(names or {}), year
        self._files = [_File(source, Tail(Path(source.name))) for source in _plain(paths)]
        self._names: list[str] = [""] * len(self._files)
        self._same: Mapping[str, str] = {}

    @property
    def sources(self) -> tuple[str, ...]:
        """The files, as they were given or found."""
        return tuple(each.source.name for each in self._files)

    @property
    def troubles(self) -> dict[str, str]:
        """Files that cannot be read just now, and why."""
        return {each.source.name: each.tail.trouble for each in self._files if each.tail.trouble}

    def lines(self, *, last: bool = False) -> Iterator[tuple[Order, Line]]:
        """What came since the last call, roughly in order of time; with `last` also a line that has no end yet."""
        for each in self._files:
            if not each.read:
                each.survey = _whole(each.source.name)
        self._learn()
        yield from self._merged(last)
        if self._learn():
            self.begun += 1
            self.counts = Counts()
            for each in self._files:
                each.tail.rewind()
            self._files = [_File(each.source, each.tail, each.survey) for each in self._files]
            yield from self._merged(last)

    def close(self) -> None:
        """Let go of all files."""
        for each in self._files:
            each.tail.close()

    def _merged(self, last: bool) -> Iterator[tuple[Order, Line]]:
        every = [self._lines(place, last) for place in range(len(self._files))]
        yield from merge(*every, key=lambda each: each[0])
        for each in self._files:
            each.read = each.read or not each.tail.trouble

    def _learn(self) -> bool:
        """Whether lines that were already given would bear another name by what has been read since."""
        found = [(each.source, each.survey) for each in self._files]
        told = attribute(found)
        names = [self._given.get(each.source.name, name) for each, name in zip(self._files, told, strict=True)]
        same = aliases(found, told)
        wrong = any(
            each.read and not each.survey.hosts and name != before
            for each, name, before in zip(self._files, names, self._names, strict=True)
        )
        wrong = wrong or (any(each.read for each in self._files) and same != self._same)
        self._names, self._same = names, same
        return wrong

    def _lines(self, place: int, last: bool) -> Iterator[tuple[Order, Line]]:
        """One file's; a line is held until the next one, or until the file is quiet, for what may belong to it."""
        file = self._files[place]
        fresh = _all(file.tail, last)
        quiet = True
        while block := list(islice(fresh, BLOCK)):
            quiet = False
            self._note(file, [raw for _, raw in block])
            file.held += [(number, text_of(raw)) for number, raw in block]
            ends = next((i for i in range(len(file.held) - 1, -1, -1) if header(file.held[i][1]) is not None), 0)
            ready, file.held = file.held[:ends], file.held[ends:]
            yield from self._records(place, ready)
        if file.held and (quiet or last):
            ready, file.held = file.held, []
            yield from self._records(place, ready)

    def _note(self, file: _File, raws: Sequence[bytes]) -> None:
        """What these lines tell of the file; all that was there at first has been looked at already."""
        if len(file.first) < FIRST:
            file.first += [text_of(raw) for raw in raws[: FIRST - len(file.first)]]
            file.doubled = looks_doubled(file.first)
        if file.read and file.survey.own < ENOUGH:
            _join(file.survey, look(BytesIO(b"\n".join(raws))))

    def _records(self, place: int, ready: list[tuple[int, str]]) -> Iterator[tuple[Order, Line]]:
        """The lines of whole records. The one before goes in front, so that what follows it has its time."""
        file = self._files[place]
        if not ready:
            return
        front = file.before
        numbered = ready if front is None else [front, *ready]
        for record in records((text for _, text in numbered), Counts(), doubled=file.doubled):
            if front is None or record.number > 1:
                self.counts.own += 1
                self.counts.recognised += record.match is not None
                line = self._line(place, numbered[record.number - 1][0], record)
                yield _order(file, place, line), line
        self.counts.total += len(ready)
        file.before = next((each for each in reversed(numbered) if header(each[1]) is not None), front)

    def _line(self, place: int, number: int, record: Record) -> Line:
        file, head, match = self._files[place], record.head, record.match
        if file.calendar is None:
            found = [(_dated(each.source), each.survey) for each in self._files]
            file.calendar = Calendar(anchor(*found[place], self._year, found))
        if head.host and len(file.survey.hosts) > 1:
            file.host = head.host
        name = self._given.get(file.source.name)
        node = name or head.host or file.host or self._names[place]
        entry = entry_of(head, file.calendar.date(head.moment))
        key, fields = (match.message.id, match.fields) if match is not None else ("", {})
        own = head.tag not in SYSTEM
        return Line(file.source.name, number, self._same.get(node, node), entry, key, fields, own)


def _order(file: _File, place: int, line: Line) -> Order:
    when = line.entry.when
    if when < file.newest and file.newest - when > DISORDER:
        file.reached = max(file.reached, file.newest)
        file.back += 1
        file.newest = when
    file.newest = max(file.newest, when)
    behind = when < file.reached
    file.given += 1
    return Order(max(file.reached, when), file.back if behind else 0, when, place, file.given)


def _all(tail: Tail, last: bool) -> Iterator[Numbered]:
    yield from tail.lines()
    if last:
        yield from tail.rest()


def _plain(paths: Sequence[Path]) -> Iterator[Source]:
    """The files themselves; those of a folder that hold lines of Heartbeat and are not packed."""
    seen: set[str] = set()
    for path in paths:
        if not path.is_dir():
            if _packed(path):
                raise UnreadableLog(f"{path} is packed and cannot grow", help=PLAIN)
            found = [_source(path)]
        else:
            found = []
            for source, stream in sources([path], []):
                with readable(source.name):
                    survey = look(stream)
                if survey.is_log and Path(source.name).is_file() and not _packed(Path(source.name)):
                    found.append(_source(Path(source.name)))
            if not found:
                raise UnreadableLog(f"no log of Heartbeat lies in {path}", help=PLAIN)
        for each in found:
            if each.name not in seen:
                seen.add(each.name)
                yield each


def _source(path: Path) -> Source:
    return Source(str(path), str(path.parent), None, True, lambda: path.open("rb"))


def _dated(source: Source) -> Source:
    try:
        return replace(source, mtime=Path(source.name).stat().st_mtime)
    except OSError:
        return source


def _packed(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            head = stream.read(max(RECORD, MAGIC))
    except OSError:
        return False
    return kind(head) is not None or is_tar(head)


def _whole(name: str) -> Survey:
    """What is there now, looked at; nothing where nothing can be read."""
    try:
        if Path(name).is_file():
            with Path(name).open("rb") as stream:
                return look(stream)
    except OSError:
        pass
    return Survey()


def _join(survey: Survey, more: Survey) -> None:
    """What more lines of the same file tell."""
    survey.lines += more.lines
    survey.bytes += more.bytes
    survey.own += more.own
    survey.with_header += more.with_header
    survey.recognised += more.recognised
    survey.begin = survey.begin or more.begin
    survey.first, survey.last = survey.first or more.first, more.last or survey.last
    survey.stamped = survey.stamped or more.stamped
    survey.stamped_last = more.stamped_last or survey.stamped_last
    if len(survey.hosts) + len(survey.local) + len(survey.peers) + len(survey.mentioned) > MOST_NAMES:
        return
    survey.hosts.update(more.hosts)
    survey.local.update(more.local)
    survey.peers.update(more.peers)
    survey.mentioned.update(more.mentioned)
    survey.pinged |= more.pinged
    if len(survey.processes) < MOST_PROCESSES:
        survey.processes.update(more.processes)
