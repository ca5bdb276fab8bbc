"""From a text back to the message it comes from, and to what stood in its holes.

Among the messages that its writer may say at its level, the one with the most literal characters wins, because a text
that is nearly all holes fits nearly everything. The way there is an index by first word, then one test for the longest
literal piece, then one pattern whose holes end at the first place they can: no pattern ever goes back on a decision, so
the time is linear in the line whatever the line holds. What web pages and terminals squeeze, doubled blanks above all,
is forgiven in a second attempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from hamodel.logs.catalogue import Message
from hamodel.logs.headers import SYSTEM, Header, Writer
from hamodel.logs.known import KNOWN
from hamodel.logs.tags import components

LONGEST = 6000
"""Characters of a text that are looked at; the daemon cuts its own messages at 5119."""
_KEPT = 8192
_ENOUGH = 10
"""Literal characters that make a text unmistakable even under another level than the catalogue's."""
_HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
ELDER = "script of heartbeat"
"""The tag that stands for any script that signs as the daemon."""
ELDERS = ("ResourceManager", "mach_down", "harc", "req_resource", "ip-request-resp", "hb_standby", "hb_takeover",
          "IPaddr", "Filesystem", "resource-script", "ocf-agent")  # fmt: skip
"""Who signed as `heartbeat` in releases 0 and 1: every script."""
_UPTIME = re.compile(r"\[ {0,12}\d{1,10}\.\d{1,9}\] ?")
_BLANKS = re.compile(r"\s+")

_ANYTHING = "{line}"
"""The text of a message that passes on what another program printed; everything else is tried before it."""

_SHAPES = {
    "rcmsg": r"(?:exited with return code|killed by signal) -?\d+(?: \(core dumped\))?",
    "action": "acquire|give up",
    "acquisition_or_release": "acquisition|release",
}
"""Holes that would swallow other messages if anything could stand in them."""


class Match(NamedTuple):
    """The message a text comes from, what stood in its holes, and whether the text had to be forgiven something."""

    message: Message
    fields: dict[str, str]
    exact: bool

    @property
    def text(self) -> str:
        """The text as Heartbeat wrote it, with the blanks that a page may have squeezed."""
        return self.message.text(**self.fields)


@dataclass(frozen=True, slots=True)
class _Form:
    """A text with holes: its first word if no hole touches it, its longest literal piece, and all literals' length."""

    message: Message
    format: str
    word: str | None
    needle: str
    literals: int


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The forms that one kind of writer may use, by the first word of the text; the rest begins with a hole."""

    by_word: dict[str, tuple[_Form, ...]]
    others: tuple[_Form, ...]

    def find(self, text: str) -> tuple[Message, dict[str, str]] | None:
        for form in self.by_word.get(text.partition(" ")[0], self.others):
            if form.needle in text:
                found = _pattern(form.format).match(text)
                if found is not None:
                    return form.message, found.groupdict()
        return None


_seen: dict[tuple[str, str, str], Match | None] = {}


def recognise(tag: str, level: str, text: str) -> Match | None:
    """The message behind a text written under this tag at this level; None if the catalogue has nothing like it."""
    key = (tag, level, text)
    try:
        return _seen[key]
    except KeyError:
        pass
    match = _recognise(ELDERS if tag == ELDER else components(tag), level, text[:LONGEST])
    if len(text) < 250:
        if len(_seen) >= _KEPT:
            _seen.clear()
        _seen[key] = match
    return match


def recognised(head: Header) -> Match | None:
    """The message behind a line taken apart; what signs as the daemon may be a script of releases 0 and 1."""
    found = recognise(head.tag, head.level, head.text)
    if found is None and head.tag == "heartbeat" and head.writer is Writer.SCRIPT:
        return recognise(ELDER, head.level, head.text)
    return found


def _recognise(who: tuple[str, ...], level: str, text: str) -> Match | None:
    if not who:
        return None
    if who[0] in SYSTEM:
        if not _hints(who[0]).search(text):
            return None
        text = _UPTIME.sub("", text, count=1) if who[0] == "kernel" else text
    found = _shelf(who, level, False).find(text)
    if found is not None and found[0].format != _ANYTHING:
        return Match(*found, True)
    squeezed = _BLANKS.sub(" ", text).strip()
    for wanted in (level, None):
        for candidate in (squeezed, f"{squeezed}."):
            loose = _shelf(who, wanted, True).find(candidate)
            if loose is not None and loose[0].format != _ANYTHING:
                return Match(*loose, False)
    return None if found is None else Match(*found, True)


@cache
def _hints(program: str) -> re.Pattern[str]:
    """A word of each text of a program that writes much else: a line without any of them is none of these texts.

    No blank is in such a word, and no full stop at its end: both may be lost.
    """
    words = {
        max((word.removesuffix(".") for piece in _HOLE.split(message.format)[::2] for word in piece.split()), key=len)
        for message in KNOWN.values()
        if message.component == program
    }
    return re.compile("|".join(map(re.escape, sorted(words))))


@cache
def _shelf(who: tuple[str, ...], level: str | None, squeezed: bool) -> _Shelf:
    """Every form of these writers at this level; at any level, only those with enough to go by."""
    forms = [
        _form(message, _BLANKS.sub(" ", message.format).strip() if squeezed else message.format)
        for message in KNOWN.values()
        if message.component in who and level in (None, message.level.replace("-", ""))
    ]
    if level is None:
        forms = [form for form in forms if form.literals >= _ENOUGH]
    forms.sort(key=lambda form: (-form.literals, who.index(form.message.component)))
    words: dict[str, list[_Form]] = {form.word: [] for form in forms if form.word is not None}
    others = []
    for form in forms:
        if form.word is not None:
            words[form.word].append(form)
            continue
        others.append(form)
        for shelf in words.values():
            shelf.append(form)
    return _Shelf({word: tuple(shelf) for word, shelf in words.items()}, tuple(others))


def _form(message: Message, form: str) -> _Form:
    pieces = _HOLE.split(form)[::2]
    word, blank, _ = form.partition(" ")
    touched = "{" in word or (not blank and "{" in form)
    return _Form(message, form, None if touched else word, max(pieces, key=len), sum(map(len, pieces)))


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """Literals and holes, where an open hole and all that follows it up to the next open one is decided once."""
    first, *rest = _HOLE.split(form)
    chunks: list[str] = []
    seen: set[str] = set()
    for name, literal in _pairs(rest):
        hole, is_open = _hole(name, seen)
        seen.add(name)
        if is_open or not chunks:
            chunks.append("")
        chunks[-1] += hole + re.escape(literal)
    decided = "".join(f"(?>{chunk})" for chunk in chunks[:-1])
    return re.compile(rf"{re.escape(first)}{decided}{''.join(chunks[-1:])}\Z", re.DOTALL)


def _hole(name: str, seen: set[str]) -> tuple[str, bool]:
    """The pattern of a hole, and whether anything at all may stand in it."""
    if name in seen:
        return f"(?P={name})", False
    if name in _SHAPES:
        return f"(?P<{name}>{_SHAPES[name]})", False
    if name.startswith("opt_"):
        return f"(?P<{name}>(?:[ /].*?)?)", False
    return f"(?P<{name}>.*?)", True


def _pairs(parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    each = iter(parts)
    return zip(each, each, strict=True)
