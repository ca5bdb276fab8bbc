"""Lines as people paste them, made into what the daemon wrote: without quote marks, numbers, tags and invisible signs.

A log reaches its reader through mails (`> `), pagers and editors (numbers), web pages (entities, tags, hard blanks),
terminals (colours) and forums that lose the line breaks or the date. A mark is whatever stands before a line of
Heartbeat's; lines that begin with the same mark, and have no date of their own, go on with the line before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from hamodel.logs.headers import LEVELS, MONTHS, Header, header
from hamodel.logs.tags import components, is_own

_SHORT = r"[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d"
_SLASHED = r"\d{4}/\d\d/\d\d_\d\d:\d\d:\d\d"
_ISO = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d"
_NAME = r"[A-Za-z/][\w./+-]{0,200}(?:\([^\s\[\]]{0,200}\))?"
_PROCESS = rf"(?:heartbeat|{_NAME}\[\d{{1,10}}\](?:\[\d{{1,10}}\])?):[ \t]+"

_USUAL = re.compile(rf"(?:<\d{{1,3}}>)?(?:{_SHORT}|{_ISO}|{_SLASHED}|({_PROCESS})(?:{_SLASHED}|{_SHORT}))")
_TIME = re.compile(r"\d:\d\d:\d\d")
"""What every line has that lost its line break."""
_BEGIN = re.compile(
    rf"(?<![A-Za-z0-9_/])(?:{_SHORT} \S|{_ISO}\S* \S|{_SLASHED}[ \t]|{_PROCESS}(?:{_SLASHED}|{_SHORT}))"
)
_INSIDE = re.compile(
    rf"[ \t](?=(?:{_SHORT} \S{{1,255}} {_NAME}(?:\[\d{{1,10}}\])?: |{_PROCESS}{_SLASHED} |{_SLASHED}[ \t]+{_NAME}\[))"
)
_CUT = re.compile(
    rf"(?:(?P<clock>\d\d:\d\d:\d\d)[ \t]+)?(?:(?P<host>[A-Za-z][\w.-]{{0,254}}) )?"
    rf"(?P<tag>{_NAME})(?:\[(?P<pid>\d{{1,10}})\]:[ \t]+|: \[(?P<inner>\d{{1,10}})\]: )"
    rf"(?:(?P<late>\d\d:\d\d:\d\d) )?(?P<rest>(?:{LEVELS}): .*)",
    re.DOTALL,
)

_MARKED = re.compile("[&<`^\x1b\xa0\u200b-\u200f\u2028\u2029\u202f\u2060\u3000\ufeff]")
_FENCE = re.compile("`{2,}")
_SPANS = re.compile("` +`")
"""Where a page sets each word of a line as code by itself."""
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,6}|#\d{1,5}|#x[0-9a-fA-F]{1,4});")
_BREAK = re.compile(r"</?(?:br|p|div|li|tr|pre|blockquote)\b[^<>]{0,200}>", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:code|span|tt|font|b|i|u|em|strong|td|th|table|tbody|ul|ol|a|samp|kbd|small)\b[^<>]{0,200}>", re.IGNORECASE
)
_COLOUR = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_HARD_BLANK = re.compile("[\xa0\u202f\u3000]")

FARTHEST = 120
"""Characters of a mark; what stands farther inside a line is no begin of one."""
MOST_MARKS = 8
"""Different marks that one text is taken to have."""
_COLONS = 6
"""So many colons stand in a line that may be several."""
_NO_DAY = "2000-01-01"
"""The day of lines whose date was cut off, where no line before has one (`logs.years.NO_YEAR`)."""


_BEGUN = re.compile(rf"{_PROCESS}(?:\d|\Z)")


def stamped(line: str) -> bool:
    """Whether a line begins with a date, or a process and a date, of which the end may be missing."""
    return _USUAL.match(line) is not None or _BEGUN.match(line) is not None


def plain(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The numbered lines without marks; one that holds several is several of one number."""
    paste = Paste()
    for number, line in lines:
        for each in paste.lines(line):
            yield number, each


class Paste:
    """One pasted text, line by line: its marks are learnt as they come."""

    __slots__ = ("_closed", "_dated", "_marks", "_quoted")

    def __init__(self) -> None:
        self._marks: list[re.Pattern[str]] = []
        self._dated = ""
        self._quoted = self._closed = False

    def lines(self, line: str) -> Iterable[str]:
        """What one pasted line holds, nearly always itself."""
        if _MARKED.search(line) is not None:
            if "`" in line:
                line = self._unquoted(line)
            return [each for part in _clean(line) for each in self._one(part)]
        return self._one(line)

    def _one(self, line: str) -> Iterable[str]:
        usual = _USUAL.match(line)
        if usual is None:
            line = self._unmarked(line)
            usual = _USUAL.match(line)
            if usual is None:
                return (self._dated_again(line),)
        self._dated = line
        if line.count(":") > _COLONS and (usual[1] or _TIME.search(line, usual.end())):
            return _apart(line)
        return (line,)

    def _unquoted(self, line: str) -> str:
        """The line without the backticks that made it code: fences, words, one before its stamp, an odd one at its end.

        Heartbeat writes some in its own words (`uname -n`), and a line break may stand right before them. A line that a
        page broke has its first mark before its stamp, and its last at the end of a piece that has none.
        """
        line = _SPANS.sub(" ", _FENCE.sub("", line))
        bare = line.lstrip()
        begins = bare[:1] == "`" and _USUAL.match(bare, 1) is not None
        line = bare[1:] if begins else line
        usual = _USUAL.match(line) is not None
        ended = line.rstrip()
        odd = ended.endswith("`") and ended.count("`") % 2 == 1 and (usual or self._quoted)
        self._quoted = not odd and (begins or (self._quoted and not usual))
        whole = self._closed and not usual and len(ended) > 1 and ended[0] == ended[-1] == "`"
        self._closed = odd or whole
        return ended[1:-1] if whole else ended[:-1] if odd else line

    def _unmarked(self, line: str) -> str:
        for mark in self._marks:
            found = mark.match(line)
            if found is not None and found.end():
                return _ended(found[0], line[found.end() :])
        found = _BEGIN.search(line, 0, FARTHEST + 80)
        if found is None or not 0 < found.start() <= FARTHEST:
            return line
        rest = line[found.start() :]
        if not _ours(header(rest)):
            return line
        if len(self._marks) < MOST_MARKS:
            self._marks.append(_pattern(line[: found.start()]))
        return _ended(line[: found.start()], rest)

    def _dated_again(self, line: str) -> str:
        """A line whose date or whole stamp was cut off, with the day of the one before it."""
        found = _CUT.match(line)
        if found is None or not components(found["tag"]):
            return line
        before = header(self._dated)
        moment = before.moment if before is not None else None
        clock = found["clock"] or found["late"]
        if clock is None:
            clock = "00:00:00" if moment is None else f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}"
        if moment is None:
            day = f"{_NO_DAY}T"
        elif moment.year:
            day = f"{moment.year}-{moment.month:02d}-{moment.day:02d}T"
        else:
            day = f"{MONTHS[moment.month - 1]} {moment.day:2d} "
        pid, host = found["pid"] or found["inner"], found["host"]
        if host is None:
            own = f"{day[:-1].replace('-', '/')}_" if day.endswith("T") else day
            return f"{found['tag']}[{pid}]: {own}{clock} {found['rest']}"
        process = f"{found['tag']}[{pid}]" if found["pid"] else f"{found['tag']}: [{pid}]"
        return f"{day}{clock} {host} {process}: {found['rest']}"


def _ours(head: Header | None) -> bool:
    return head is not None and is_own(head) and bool(components(head.tag))


def _pattern(mark: str) -> re.Pattern[str]:
    """What lines with this mark begin with: any number for a number, any blanks for blanks."""
    parts = re.split(r"(\d+|[ \t]+)", mark)
    return re.compile("".join(r"\d+" if p.isdigit() else r"[ \t]*" if p.isspace() else re.escape(p) for p in parts))


def _ended(mark: str, rest: str) -> str:
    """The line without the sign at its end that belongs to its mark: a quote, or a letter that was lost."""
    last = mark.strip()[-1:]
    return rest.rstrip().removesuffix(last) if last in ("?", '"', "'", "|") else rest


def _apart(line: str) -> Iterable[str]:
    """The lines that lost their line breaks."""
    begins = [0, *(found.end() for found in _INSIDE.finditer(line) if _ours(header(line[found.end() :])))]
    if len(begins) == 1:
        return (line,)
    return [line[begin:end].rstrip() for begin, end in zip(begins, [*begins[1:], len(line)], strict=True)]


def _clean(line: str) -> Iterator[str]:
    """The line without entities, tags, colours, a pager's tabs and invisible signs; several where a tag breaks it."""
    line = _COLOUR.sub("", line).replace("^I", "\t")
    parts = [line]
    if "<" in line:
        parts = [_INLINE.sub("", part) for part in _BREAK.split(line)]
        parts = [part for part in parts if part.strip()] or [""]
    for part in parts:
        text = _ENTITY.sub(lambda found: unescape(found[0]), part) if "&" in part else part
        yield _HARD_BLANK.sub(" ", _INVISIBLE.sub("", text))
