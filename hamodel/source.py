"""Where in which file something was said."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 160
"""Of a longer line only so many characters are shown."""


def clipped(text: str, most: int = 2 * SHOWN) -> str:
    """The text, or its beginning and how long it is where it is longer than `most` characters."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of one line of one file.

    `line` and `column` count from 1, `length` in characters, `text` is the whole line.
    """

    file: str
    line: int
    column: int = 1
    length: int = 1
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def pointer(self, label: str = "") -> str:
        """The line with a caret under the piece, as compilers print it."""
        gutter = " " * len(str(self.line))
        text, column = self._window("".join(c if c.isprintable() else " " for c in self.text))
        lines = [f"{gutter}--> {self}", f"{gutter} |"]
        if text:
            caret = " " * (column - 1) + "^" * max(1, min(self.length, len(text) - column + 1))
            lines += [f"{self.line} | {text}".rstrip(), f"{gutter} | {caret} {label}".rstrip(), f"{gutter} |"]
        elif label:
            lines += [f"{gutter} = {label}"]
        return "\n".join(lines)

    def _window(self, text: str) -> tuple[str, int]:
        """The part of a long line around the piece, and the column of the piece in it."""
        if len(text) <= SHOWN:
            return text, self.column
        first = max(0, min(self.column - 1 - SHOWN // 4, len(text) - SHOWN))
        before, after = "... " if first else "", " ..." if first + SHOWN < len(text) else ""
        return f"{before}{text[first : first + SHOWN]}{after}", self.column - first + len(before)
