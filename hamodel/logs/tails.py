"""The whole lines of one file that grows: over rotation, truncation, and times in which it is not there.

Files are asked for their size, not watched: a log on a network file system, behind a link or of a machine that runs in
a container sends no notice of a change, and a question every half second costs next to nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from hamodel.logs.lines import LONGEST

_BLOCK = 1 << 16
_SEEN = 64
"""Bytes before the place reached that must still be the same: a file cut and refilled in between shows by them."""
LINGER = 20
"""How often a file that was renamed is still asked for lines: its writer may not have opened the new one yet."""
Numbered = tuple[int, bytes]


@dataclass(slots=True)
class _Open:
    """A file as far as it was read. `number` is that of its last whole line, `rest` what has no line end yet."""

    stream: BinaryIO
    offset: int = 0
    number: int = 0
    rest: bytes = b""
    seen: bytes = b""
    identity: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        status = os.fstat(self.stream.fileno())
        self.identity = status.st_dev, status.st_ino

    def lines(self) -> Iterator[Numbered]:
        """What was added; all of it again from the begin if the file was cut."""
        if self._cut():
            yield from self.last()
            self.offset, self.number, self.rest, self.seen = 0, 0, b"", b""
        self.stream.seek(self.offset)
        while block := self.stream.read(_BLOCK):
            self.offset += len(block)
            self.seen = (self.seen + block)[-_SEEN:]
            *whole, self.rest = (self.rest + block).split(b"\n")
            if len(self.rest) > LONGEST:
                self.rest = self.rest.replace(b"\0", b"")[:LONGEST]
            for raw in whole:
                yield self._next(raw)

    def last(self) -> Iterator[Numbered]:
        """The line without an end, when no more of it will come."""
        if self.rest:
            rest, self.rest = self.rest, b""
            yield self._next(rest)

    def _next(self, raw: bytes) -> Numbered:
        self.number += 1
        return self.number, raw.replace(b"\0", b"").rstrip(b"\r")[:LONGEST]

    def _cut(self) -> bool:
        if os.fstat(self.stream.fileno()).st_size < self.offset:
            return True
        self.stream.seek(self.offset - len(self.seen))
        return self.stream.read(len(self.seen)) != self.seen


class Tail:
    """One file by its name. `trouble` says why it cannot be read just now, and is empty where it can."""

    def __init__(self, path: Path) -> None:
        self.path, self.trouble = path, ""
        self._now: _Open | None = None
        self._former: _Open | None = None
        self._left = 0

    def lines(self) -> Iterator[Numbered]:
        """The whole lines that came since the last call, with their numbers in the file they stand in."""
        if self._former is not None:
            yield from self._former.lines()
            self._left -= 1
            if not self._left:
                yield from self._let_go()
        if self._now is not None:
            yield from self._now.lines()
        if self._now is None or self._replaced(self._now):
            fresh = self._opened()
            if fresh is not None:
                yield from self._let_go()
                self._former, self._left, self._now = self._now, LINGER, fresh
                yield from fresh.lines()

    def rest(self) -> Iterator[Numbered]:
        """The last line, if it has no end: for one who will not come back for the rest of it."""
        if self._now is not None:
            yield from self._now.last()

    def rewind(self) -> None:
        """Begin again with the first line."""
        self.close()

    def close(self) -> None:
        for each in (self._former, self._now):
            if each is not None:
                each.stream.close()
        self._former = self._now = None

    def _let_go(self) -> Iterator[Numbered]:
        if self._former is not None:
            yield from self._former.last()
            self._former.stream.close()
            self._former = None

    def _replaced(self, now: _Open) -> bool:
        """Whether another file has this name now; none at all means that the new one is still to come."""
        try:
            status = self.path.stat()
        except OSError:
            return False
        return (status.st_dev, status.st_ino) != now.identity

    def _opened(self) -> _Open | None:
        try:
            if not self.path.is_file() and self.path.exists():
                self.trouble = "no plain file"
                return None
            found = _Open(self.path.open("rb"))
        except FileNotFoundError:
            self.trouble = "not there yet"
            return None
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return None
        self.trouble = ""
        return found
