"""haresources has two readers with different grammars: the daemon checks it once, the ResourceManager script uses it.

The daemon looks at the first word of each line and stops at the first stranger. The script strips comments anywhere,
joins continued lines without a blank, and finds groups by regular expressions made of names and keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hamodel.config.daemon import CLOSING, Console, Stage, error
from hamodel.config.hacf import cannot_open
from hamodel.config.lines import WHITE, Line, Source
from hamodel.config.parts import Group, Resource
from hamodel.config.values import ascii_lower
from hamodel.errors import BadOwner
from hamodel.source import Span

_IP_FORM = re.compile(r"[0-9].*\.[0-9].*\.[0-9].*\.[0-9]")
_MANY = re.compile(r"[*+?{}()|\[\]\\^$]")


@dataclass(frozen=True, slots=True)
class Joined:
    """A logical line of the script: its text and, for each character, the physical line and the column it stands in."""

    text: str
    places: tuple[tuple[Line, int], ...]
    continued: bool
    glued: Span | None = None

    def span(self, start: int, end: int) -> Span:
        """The place of a piece, up to the end of its first physical line."""
        line, column = self.places[start]
        length = sum(1 for place in self.places[start:end] if place[0] is line)
        return line.span(column, length)


def check_owners(console: Console, source: Source, names: Sequence[str]) -> None:
    """Stage 4: the daemon's check. It reports the first stranger only; the others are collected without its words."""
    console.stage = Stage.HARESOURCES
    if source.content is None:
        cannot_open(console, source, "resources", "haresources")
        console.end(CLOSING)
        return
    for word, place, broken in _first_words(source):
        if ascii_lower(word) in names:
            continue
        help = f"write one of: {', '.join(names[:6])}" if names else "name the nodes in ha.cf"
        if broken is not None:
            help = f"the backslash of line {broken.number} continues nothing: blanks or a carriage return follow it"
        if console.ended:
            seen = ("heartbeat stops at the first such line and does not report this one",)
            console.errors.append(
                (
                    console.stage,
                    BadOwner(f"{word} is no node", span=place, label="nobody owns it", seen=seen, help=help),
                )
            )
            continue
        line = error(f"Bad nodename in {console.directory}/haresources [{word}]")
        console.refuse(BadOwner, f"{word} is no node: nobody owns this group", line, span=place, help=help)
        console.end(CLOSING)


def _first_words(source: Source) -> Iterator[tuple[str, Span, Line | None]]:
    """What the daemon takes for the owners: the first word of each line that does not continue another.

    With it comes the line above, if its backslash was meant to continue it and something invisible follows that.
    """
    continued, broken = False, None
    for line in source.lines():
        inside, continued = continued, False
        text = line.text.lstrip(WHITE)
        if inside:
            continued = line.text.endswith("\\")
            continue
        if not text or text.startswith("#"):
            continue
        word = next(line.words())
        yield word.text, word.span, broken
        continued = line.text.endswith("\\")
        broken = line if not continued and line.text.rstrip().endswith("\\") else None


def joined_lines(source: Source) -> Iterator[Joined]:
    """The lines as the script sees them: comments stripped, continued lines glued together."""
    text: list[str] = []
    places: list[tuple[Line, int]] = []
    continued, glued = False, None
    for line in source.lines():
        visible = line.text.split("#", 1)[0]
        more = visible.endswith("\\")
        visible = visible[:-1] if more else visible
        if continued and glued is None and visible[:1].strip(WHITE) and text and text[-1][-1:].strip(WHITE):
            glued = line.span(0, 1)
        text.append(visible)
        places.extend((line, column) for column in range(len(visible)))
        if more:
            continued = True
            continue
        yield Joined("".join(text), tuple(places), continued, glued)
        text, places, continued, glued = [], [], False, None
    if text:
        yield Joined("".join(text), tuple(places), continued, glued)


def read_groups(source: Source) -> tuple[Group, ...]:
    """The groups in file order. The first word is the preferred node in lower case, the first resource is the key."""
    groups = []
    for joined in joined_lines(source):
        words = [(match.group(), match.start(), match.end()) for match in re.finditer(r"[^ \t\n\r\f]+", joined.text)]
        if not words:
            continue
        resources = tuple(resource(text, joined.span(start, end)) for text, start, end in words[1:])
        owner = ascii_lower(words[0][0])
        key = words[1][0] if len(words) > 1 else ""
        line = " ".join([owner, *(text for text, _, _ in words[1:])])
        groups.append(Group(owner, key, resources, joined.span(words[0][1], words[0][2]), line))
    return tuple(groups)


def resource(text: str, span: Span | None = None) -> Resource:
    """One word: a script with its arguments, or an address, which is short for the script IPaddr."""
    parts = (f"IPaddr::{text}" if _IP_FORM.match(text) else text).split("::")
    return Resource(parts[0], tuple(parts[1:]), text, span)


def matches(pattern: str, text: str) -> bool:
    """Whether a name or key, used as a regular expression as the script does, is found at the start of `text`.

    A dot stands for any character. Names with other special characters are taken literally: what a shell makes of them
    is nobody's intention, and the review says so.
    """
    if _MANY.search(pattern):
        return ascii_lower(text).startswith(ascii_lower(pattern))
    compiled = re.compile(re.escape(pattern).replace(r"\.", "."), re.IGNORECASE)
    return compiled.match(text) is not None


def is_special(name: str) -> bool:
    """Whether a name holds characters that mean something else in a regular expression (a dot is forgiven)."""
    return _MANY.search(name) is not None


def groups_of(node: str, groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups the script lists for a node: lines that begin with its name as a regular expression, and a blank."""
    return tuple(group for group in groups if group.resources and matches(f"{node} ", f"{group.line} "))


def lines_with_key(key: str, groups: Sequence[Group]) -> tuple[Group, ...]:
    """The lines the script finds for a key: those that hold it as a word, in any column. More than one is a fault."""

    def holds(group: Group) -> bool:
        words = group.line.split(" ")
        return any(len(word) == len(key) and matches(key, word) for word in words)

    return tuple(group for group in groups if holds(group))
