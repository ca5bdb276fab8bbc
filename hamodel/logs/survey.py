"""A look ahead at one source: whether it is a log, whose it is, which years it spans, whether a page broke its lines.

The reader goes through every file twice. The first time it looks closely at the begin and, after that, only at lines
that name Heartbeat, and at where a month ends. So the look costs little, and what it keeps does not grow with the file.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice, pairwise
from typing import BinaryIO

from hamodel.logs.headers import Header, Moment, header
from hamodel.logs.lines import raw_lines, text_of
from hamodel.logs.pasted import Paste
from hamodel.logs.recognise import recognised
from hamodel.logs.records import Counts, looks_doubled, records
from hamodel.logs.tags import is_own
from hamodel.logs.wrapping import column_of, groups, looks_wrapped, unbroken, width_of

NARROW = 400
"""Lines at the begin of a source that show whether a narrow terminal has cut it."""
CLOSELY = 5_000
"""Lines at the begin of a source that are all taken apart."""
STRANGE = 1 << 20
"""Bytes without a single header after which a source is no log."""
AT_THE_END = 50
"""Lines at the end of a source that are taken apart, too."""
ENOUGH = 25_000
"""Lines of Heartbeat's own after which only the turns of years are of interest."""
FEWEST_TURNED = 5
"""So many steps back in time, and hardly one forward, show that a log stands newest first."""
MOST_NAMES = 256
MOST_PROCESSES = 4096

_LOCAL = {"hb-shutdown-complete": "localnode", "ipfail-dbg-we-are": "node", "cfg-node-added": "localnode"}
"""Messages that name the node that writes them, and in which hole."""
_PEER = {
    "hbr-shutdown-notice", "hbr-resources-acquired-from", "hbr-standby-acquire", "hbr-can-take", "hb-peer-restarted",
    "hbr-dead-gave-up", "md-complete", "hb-partition-healed", "ipfail-dbg-they-are", "hbr-stonith-begin",
}  # fmt: skip
"""Messages whose node is another than the one that writes them."""

_EITHER = {"rm-acquiring", "rm-releasing", "hbr-wants-standby"}
"""Messages whose node is one of the two."""


@dataclass(slots=True)
class Survey:
    """What one source tells before it is read.

    `begin` is the first time of any line, `first` and `last` are those of lines without a year, `stamped` and
    `stamped_last` those of lines with one; `turns` counts the New Years between. Names count the lines that tell them.
    """

    lines: int = 0
    bytes: int = 0
    own: int = 0
    with_header: int = 0
    recognised: int = 0
    wrapped: bool = False
    column: int = 0
    width: int = 0
    newest_first: bool = False
    doubled: bool = False
    first: Moment | None = None
    last: Moment | None = None
    begin: Moment | None = None
    stamped: datetime | None = None
    stamped_last: datetime | None = None
    turns: int = 0
    hosts: Counter[str] = field(default_factory=Counter)
    local: Counter[str] = field(default_factory=Counter)
    peers: Counter[str] = field(default_factory=Counter)
    mentioned: Counter[str] = field(default_factory=Counter)
    pinged: set[str] = field(default_factory=set)
    processes: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def is_log(self) -> bool:
        """Whether Heartbeat wrote anything here."""
        return bool(self.own or self.recognised)


def look(stream: BinaryIO) -> Survey:
    """Go through a source once; one that does not begin like a log is not gone through to its end."""
    survey = Survey()
    lines = raw_lines(stream)
    closely: list[str] = []
    paste = Paste()
    begin = list(_first(lines))
    survey.width = width_of(list(map(text_of, begin)))
    for _, line in unbroken(_counted(survey, islice(chain(begin, lines), CLOSELY)), survey.width):
        for text in paste.lines(line):
            closely.append(text)
            _note(survey, text)
        if survey.bytes > STRANGE and not survey.with_header:
            break
    survey.column = survey.width or column_of(groups(closely))
    survey.wrapped = survey.column > 0 or looks_wrapped(groups(closely))
    survey.doubled = looks_doubled(closely)
    survey.newest_first = looks_turned(closely)
    counts = Counts()
    for _ in records(closely, counts, survey.wrapped, column=survey.column):
        pass
    survey.recognised = counts.recognised
    if survey.with_header:
        _rest(survey, lines, paste)
    return survey


def _first(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines by which a narrow terminal is known."""
    size = 0
    for raw in islice(lines, NARROW):
        yield raw
        size += len(raw)
        if size > STRANGE:
            return


def _counted(survey: Survey, lines: Iterable[bytes]) -> Iterator[str]:
    for raw in lines:
        survey.lines += 1
        survey.bytes += len(raw) + 1
        yield text_of(raw)


def looks_turned(lines: Iterable[str]) -> bool:
    """Whether nearly every line of Heartbeat's is older than the one before, where they differ; years are not told."""
    moments = [head.moment[1:] for head in map(header, lines) if head is not None and is_own(head)]
    later = sum(1 for one, two in pairwise(moments) if two > one)
    earlier = sum(1 for one, two in pairwise(moments) if two < one)
    return earlier >= FEWEST_TURNED and earlier > 9 * later


def _rest(survey: Survey, lines: Iterator[bytes], paste: Paste) -> None:
    """What may matter among the lines after those at the begin: the turns of months, Heartbeat's name, the end."""
    month = b""
    end: deque[bytes] = deque(maxlen=AT_THE_END)
    for raw in lines:
        survey.lines += 1
        survey.bytes += len(raw) + 1
        if raw[:3] != month or (survey.own < ENOUGH and b"eartbeat" in raw):
            month = raw[:3]
            for text in paste.lines(text_of(raw)):
                _note(survey, text)
        else:
            end.append(raw)
    for raw in end:
        for text in paste.lines(text_of(raw)):
            _note(survey, text)


def _note(survey: Survey, line: str) -> None:
    head = header(line)
    if head is None:
        return
    survey.with_header += 1
    moment = head.moment
    survey.begin = survey.begin or moment
    if moment.year:
        survey.stamped_last = moment.at(moment.year)
        survey.stamped = survey.stamped or survey.stamped_last
    else:
        if survey.last is not None and moment.month < survey.last.month - 6:
            survey.turns += 1
        survey.first, survey.last = survey.first or moment, moment
    if not is_own(head):
        return
    survey.own += 1
    if head.host and len(survey.hosts) < MOST_NAMES:
        survey.hosts[head.host] += 1
    if head.pid is not None and len(survey.processes) < MOST_PROCESSES:
        survey.processes.setdefault((head.tag, head.pid), head.host)
    if len(survey.local) + len(survey.peers) + len(survey.mentioned) < MOST_NAMES:
        _names(survey, head)


def _names(survey: Survey, head: Header) -> None:
    """Which node a line is about: the one that writes it, its peer, or one that only answers pings."""
    match = recognised(head)
    if match is None:
        return
    key, fields = match.message.id, match.fields
    if key in _PEER:
        survey.peers[fields.get("node", "")] += 1
    elif key == "hb-node-status":
        if fields["status"] == "ping":
            survey.pinged.add(fields["node"])
        else:
            survey.peers[fields["node"]] += 1
    elif key == "hb-link-status":
        if fields["node"] == fields["link"]:
            survey.pinged.add(fields["node"])
        else:
            survey.mentioned[fields["node"]] += 1
    elif key in _EITHER:
        survey.mentioned[fields["node"]] += 1
    elif key in _LOCAL:
        survey.local[fields[_LOCAL[key]]] += 1
