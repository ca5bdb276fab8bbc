"""Lines that a page or a mail broke in the middle are joined to what the daemon wrote.

Whoever set the page broke lines at blanks, and inside paths and options as well, and squeezed blanks on the way; a
terminal cuts all of them at one column, wherever that is. What
follows a line with a header belongs to it as long as it may be a piece of a log: plain ASCII, not empty, no comment and
no link.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hamodel.logs.headers import LEVELS, Header, header
from hamodel.logs.pasted import plain, stamped
from hamodel.logs.recognise import recognised
from hamodel.logs.tags import components, is_own

FEWEST_CUT = 3
"""So many lines of one length show that they were cut there."""
MOST_PIECES = 8
"""Lines without a header that are kept with the one before; no message is broken into more."""
_SPOKEN = re.compile(rf"(?:{LEVELS}): |WDT|.{{0,200}}watchdog")
"""How a line begins that the daemon says on a terminal, or the kernel without a header; no end of another does."""
_NAMES = ("node", "resources", "group", "resource", "args")
"""Holes that no line break can stand in: a page has broken such a line."""
_LOST_BLANK = re.compile(r"resource\.d/(?!heartbeat/)([A-Za-z0-9_.+-]{1,100})(?=/)")


@dataclass(slots=True)
class Group:
    """A line with a header, and the lines without one that follow it; at the begin of a file there is no header."""

    number: int
    line: str
    head: Header | None
    tail: list[tuple[int, str]] = field(default_factory=list)
    tail_count: int = 0


def width_of(lines: Sequence[str]) -> int:
    """The width of a narrow terminal that cut every line, within dates and names as well; 0 where it was not so.

    The longest lines are then many, of one length, and none of them ends where the next line of a log begins.
    """
    width = max(map(len, lines), default=0)
    full = [place for place, line in enumerate(lines) if len(line) == width]
    goes_on = [place for place in full if place + 1 < len(lines) and not stamped(lines[place + 1])]
    cut = any(stamped(lines[place]) and _headless(lines[place]) for place in goes_on)
    return width if cut and len(full) >= max(FEWEST_CUT, len(lines) / 5) and len(goes_on) >= 0.9 * len(full) else 0


def _headless(line: str) -> bool:
    """Whether a line breaks off before its writer is known."""
    head = header(line)
    return head is None or not head.tag


def unbroken(lines: Iterable[str], width: int) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; one cut at this `width` within its header goes on while its pieces are full."""
    if not width:
        yield from enumerate(lines, 1)
        return
    held, number, last = "", 0, 0
    for place, line in enumerate(lines, 1):
        if number and last >= width - 1 and not stamped(line):
            held, last = f"{held}{' ' * (width - last)}{line}", len(line)
            continue
        if number:
            yield number, held
        number, held, last = (place, line, len(line)) if stamped(line) and _headless(line) else (0, "", 0)
        if not number:
            yield place, line
    if number:
        yield number, held


def groups(lines: Iterable[str], width: int = 0) -> Iterator[Group]:
    """The lines of a text by the header they stand under, numbered from 1; a very long tail is counted, not kept.

    `width` is that of a terminal which cut headers as well (`width_of`).
    What stands in such a tail and speaks for itself begins a group without a header.
    """
    group: Group | None = None
    for number, line in plain(unbroken(lines, width)):
        head = header(line)
        if head is None and group is not None:
            group.tail_count += 1
            if len(group.tail) < MOST_PIECES:
                group.tail.append((number, line))
                continue
            if not _SPOKEN.match(line):
                continue
            group.tail_count -= 1
        if group is not None:
            yield group
        group = Group(number, line, head)
    if group is not None:
        yield group


def pieces(group: Group, column: int = 0) -> list[str]:
    """The lines of the tail that may go on with the line: behind one that does not reach the `column` nothing does."""
    found: list[str] = []
    before = group.line
    for _, line in group.tail:
        if len(before) < column - 1:
            break
        link = line.startswith("http") and not before.rstrip().endswith(("URL:", "also:", "See"))
        if not line or not line.isascii() or line.startswith("#") or link:
            break
        found.append(line)
        before = line
    return found


def joined(first: str, more: Iterable[str], column: int = 0) -> str:
    """The pieces as one line: with a blank between them, except where a path, an option or a name was cut in two.

    What is as long as the `column` at which all was cut goes on with the next piece as it is.
    """
    line, full = first, column > 0 and len(first) == column
    for piece in more:
        if full:
            line, full = f"{line}{piece}", len(piece) >= column
            continue
        line, full = line.rstrip(" "), column > 0 and len(piece) >= column
        piece = piece.strip(" ")
        cut = line.endswith(("/", "-")) or piece.startswith((":", "_"))
        cut = cut or (line.endswith("/etc/ha.") and piece.startswith("d/"))
        line = f"{line}{piece}" if cut else f"{line} {piece}"
    return repaired(line.rstrip(" "))


def column_of(found: Iterable[Group]) -> int:
    """The length at which a terminal cut every line, in the middle of words as well; 0 where it was not so."""
    broken = Counter[int]()
    longest = 0
    for group in found:
        longest = max(longest, len(group.line))
        broken[len(group.line)] += group.head is not None and bool(pieces(group))
    times = broken[longest]
    return longest if times >= FEWEST_CUT and times > broken.total() / 2 else 0


def healed(group: Group, column: int = 0) -> tuple[Header, int] | None:
    """The line with the fewest of its pieces that make it a message, and how many those are.

    A terminal cuts at its width, in the middle of words as well: then nothing stands between the pieces, but for a
    blank that was lost.
    """
    more = pieces(group, column)
    for count in range(1, len(more) + 1):
        own = more[:count]
        for line in (joined(group.line, own, column), joined(group.line, own), "".join([group.line, *own])):
            whole = header(line)
            if whole is not None and _known(whole):
                return whole, count
    return None


def repaired(line: str) -> str:
    """Blanks put back between a resource script and its first argument, and taken out before it."""
    if "resource.d/" not in line:
        return line
    return _LOST_BLANK.sub(r"resource.d/\1 ", line.replace("resource.d/ ", "resource.d/"))


def looks_wrapped(found: Iterable[Group]) -> bool:
    """Whether lines make sense only together with what follows them, more often than they make sense alone."""
    broken = alone = 0
    for group in found:
        more = pieces(group)
        if group.head is None or not more or not (is_own(group.head) or not group.head.tag):
            continue
        if _known(group.head) or broken_text(group) is not None:
            alone += 1
            continue
        whole = header(joined(group.line, more))
        broken += whole is not None and bool(components(whole.tag)) and _known(whole)
    return broken > alone


def broken_text(group: Group) -> Header | None:
    """The line with the next one behind a line break, if the text of its message has one there: a device's own name."""
    if group.head is None or not group.tail:
        return None
    whole = group.head._replace(text=f"{group.head.text}\n{group.tail[0][1]}")
    found = recognised(whole)
    if found is None or not found.exact or any("\n" in found.fields.get(name, "") for name in _NAMES):
        return None
    return whole


def _known(head: Header) -> bool:
    found = recognised(head)
    return found is not None and not found.message.format.startswith("{line}")
