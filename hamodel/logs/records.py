"""One stream of lines becomes records: a line taken apart, whole again if it was broken, and its message.

Lines of strangers are counted and dropped here, before anything dear is done with them. A line without a header is one
of four things: the end of a text with a line break in it (the name of a STONITH device, a line of authkeys), a piece
that a page broke off, what the daemon says on a terminal before it can log, or the bare output of a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hamodel.logs.headers import LEVELS, SYSTEM, Header, Moment, Writer, header
from hamodel.logs.recognise import Match, recognise, recognised
from hamodel.logs.tags import is_own
from hamodel.logs.wrapping import Group, broken_text, groups, healed, joined, pieces

DAWN = Moment(0, 1, 1, 0, 0, 0, 0)
"""The time of lines that stand before any time."""
_ESCAPED = re.compile(r"#(0[0-3][0-7])")
"""How syslog daemons write a line break or another control character inside a text."""
_LEVELS = frozenset(LEVELS.split("|"))


class Record(NamedTuple):
    """A line of Heartbeat's: where it stands, its parts, and the message it comes from if one is known."""

    number: int
    head: Header
    match: Match | None


@dataclass(slots=True)
class Counts:
    """How many lines were read, how many of them are Heartbeat's own, and how many of those the catalogue knows.

    `total` counts physical lines, `own` whole ones; `duplicates` are own lines that another file of the node holds too.
    """

    total: int = 0
    own: int = 0
    recognised: int = 0
    duplicates: int = 0

    def add(self, other: Counts) -> None:
        self.total += other.total
        self.own += other.own
        self.recognised += other.recognised
        self.duplicates += other.duplicates


def records(
    lines: Iterable[str], counts: Counts, wrapped: bool = False, doubled: bool = False, column: int = 0, width: int = 0
) -> Iterator[Record]:
    """Heartbeat's own lines among these, in their order; everything else is counted only.

    `wrapped` says that long lines go on in the next, `column` at which length all of them were cut (else 0),
    `width` the same where headers were cut as well.
    `doubled` says that the daemon wrote each line twice, as it does where logfile and debugfile are one file.
    """
    moment, last = DAWN, None
    for group in groups(lines, width):
        counts.total += 1 + group.tail_count
        if group.head is not None:
            moment = group.head.moment
            if not group.tail and not wrapped and not (is_own(group.head) or group.head.tag in SYSTEM):
                continue
        for record in _wrapped(group, moment, column) if wrapped else _plain(group, moment):
            counts.own += 1
            counts.recognised += record.match is not None
            if doubled and record.head == last:
                counts.duplicates += 1
                last = None
                continue
            last = record.head if record.head.writer is Writer.DAEMON else last
            yield record


def looks_doubled(lines: Iterable[str]) -> bool:
    """Whether nearly every line of the daemon is followed by itself; debug lines are not, and not counted."""
    single = pairs = 0
    last: Header | None = None
    for line in lines:
        head = header(line)
        if head is None or head.writer is not Writer.DAEMON or head.level == "debug":
            continue
        if head == last:
            pairs += 1
            last = None
        else:
            single += last is not None
            last = head
    return pairs > 1 and pairs > 9 * (single + (last is not None))


def _plain(group: Group, moment: Moment) -> Iterator[Record]:
    head, tail = group.head, group.tail
    if head is None:
        tail = [(group.number, group.line), *tail]
    else:
        if "#0" in head.text and head.writer is Writer.DAEMON:
            head = head._replace(text=_ESCAPED.sub(lambda found: chr(int(found[1], 8)), head.text))
        own = is_own(head)
        match = recognised(head) if own or head.tag in SYSTEM else None
        if match is None and tail and own:
            whole = broken_text(group)
            if whole is not None:
                head, tail, match = whole, tail[1:], recognised(whole)
            elif (found := healed(group)) is not None:
                head, tail = found[0], tail[found[1] :]
                match = recognised(head)
        if match is not None or own or is_own(head):
            yield Record(group.number, head, match)
    if tail:
        yield from _bare(tail, moment)


def _wrapped(group: Group, moment: Moment, column: int) -> Iterator[Record]:
    more = [] if group.head is None else pieces(group, column)
    if not column:
        more = more[: next((place for place, line in enumerate(more) if _on_terminal(line)), len(more))]
    whole = header(joined(group.line, more, column)) if group.head is not None else None
    if whole is None:
        yield from _plain(group, moment)
        return
    match = recognised(whole) if is_own(whole) or whole.tag in SYSTEM else None
    if match is None and more and is_own(whole) and (found := healed(group, column)) is not None:
        whole, more = found[0], more[: found[1]]
        match = recognised(whole)
    if match is not None and not match.exact:
        whole = whole._replace(text=match.text)
    if match is not None or is_own(whole):
        yield Record(group.number, whole, match)
    yield from _bare(group.tail[len(more) :], moment)


def _bare(tail: Iterable[tuple[int, str]], moment: Moment) -> Iterator[Record]:
    """What the daemon or the kernel says without saying who speaks; the rest is output of scripts and nobody's line."""
    for number, line in tail:
        found = _on_terminal(line)
        if found is not None:
            text = found.text if not found.exact else line.partition(": ")[2] if found.message.level != "-" else line
            tag = found.message.component if found.message.component in SYSTEM else "heartbeat"
            writer = Writer.SYSTEM if tag in SYSTEM else Writer.DAEMON
            level = found.message.level.replace("-", "")
            yield Record(number, Header(moment, "", tag, None, level, text, writer), found)


def _on_terminal(line: str) -> Match | None:
    level, colon, text = line.partition(": ")
    if colon and level in _LEVELS:
        return recognise("heartbeat", level, text)
    if "WDT" in line or "watchdog" in line:
        return recognise("kernel", "", line)
    return None
