"""A file is bytes before it is lines, and the daemon sees fewer of them than an editor does.

Lines longer than 5119 bytes go on as a new line, a NUL ends what C sees of a line, a carriage return ends a line of
ha.cf. Nothing a file contains may stop the reader: bytes that are no UTF-8 are shown as escapes.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hamodel.source import Span

MAX_LINE = 5119
MAX_FILE = 8 * 1024 * 1024
WHITE = " \t\n\r\f"
DELIMITERS = WHITE + ","


@dataclass(frozen=True, slots=True)
class Word:
    """One word and the place it was read from."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the daemon's `fgets` returns it: `text` is what C sees, `raw` what an editor shows.

    `number` is the editor's.
    """

    file: str
    number: int
    text: str
    raw: str
    end: str = "\n"

    def span(self, start: int, length: int) -> Span:
        """The place of `length` characters from the 0-based `start`."""
        return Span(self.file, self.number, start + 1, max(1, length), self.raw)

    def words(self, start: int = 0, separators: str = WHITE) -> Iterator[Word]:
        """The words from `start` on, cut at `separators`."""
        position, end = start, len(self.text)
        while position < end:
            while position < end and self.text[position] in separators:
                position += 1
            begin = position
            while position < end and self.text[position] not in separators:
                position += 1
            if position > begin:
                yield Word(self.text[begin:position], self.span(begin, position - begin))


@dataclass(frozen=True, slots=True)
class Source:
    """The content of one file, or the reason why there is none; `mode` holds the permission bits."""

    file: str
    content: bytes | None
    problem: str = ""
    mode: int = 0

    def lines(self) -> Iterator[Line]:
        """The lines as `fgets` with a buffer of 5120 bytes cuts them."""
        content = self.content or b""
        total = content.count(b"\n")
        for number, physical in enumerate(content.split(b"\n"), start=1):
            for start in range(0, len(physical) or 1, MAX_LINE):
                piece = physical[start : start + MAX_LINE]
                last = start + MAX_LINE >= len(physical)
                raw = piece.decode("utf-8", "backslashreplace")
                seen = piece.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")
                yield Line(self.file, number, seen, raw, "\n" if last and number <= total else "")


def load(path: Path, shown: str | None = None) -> Source:
    """The file at `path`; never raises: directories, devices, loops of links and missing files become a `problem`."""
    name = shown if shown is not None else str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            return Source(name, None, f"it is {kind}")
        if status.st_size > MAX_FILE:
            return Source(name, None, f"it is larger than {MAX_FILE // 1024 // 1024} MB")
        return Source(name, path.read_bytes(), mode=stat.S_IMODE(status.st_mode))
    except FileNotFoundError:
        return Source(name, None, "it does not exist")
    except (OSError, ValueError, RuntimeError) as problem:
        return Source(name, None, getattr(problem, "strerror", None) or str(problem))
