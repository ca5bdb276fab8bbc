"""Where in which file something was said."""

from __future__ import annotations

from dataclasses import dataclass


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
        text = "".join(c if c.isprintable() else " " for c in self.text)
        lines = [f"{gutter}--> {self}", f"{gutter} |"]
        if text:
            caret = " " * (self.column - 1) + "^" * max(1, min(self.length, len(text) - self.column + 1))
            lines += [f"{self.line} | {text}".rstrip(), f"{gutter} | {caret} {label}".rstrip(), f"{gutter} |"]
        elif label:
            lines += [f"{gutter} = {label}"]
        return "\n".join(lines)
