"""Lines with a hanging indent: what rich tables do too widely and textwrap without colour."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line; what does not fit goes on `hang` columns from the left. `wrapped`: it fits already."""

    text: Text = field(default_factory=Text)
    hang: int = 0
    wrapped: bool = False


def printed(lines: Iterable[Line], width: int, colour: bool) -> str:
    """The lines as text; without colour it is plain text that any log can hold."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False
    )
    for line in lines:
        for piece in [line.text] if line.wrapped else _wrapped(console, line, width):
            console.print(piece, soft_wrap=True)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).rstrip("\n") + "\n"


def padded(text: str, wide: int) -> str:
    """The text with blanks up to so many columns; Chinese signs take two.

    >>> padded("ab", 4), padded("甲", 4)
    ('ab  ', '甲  ')
    """
    return text + " " * max(wide - cell_len(text), 0)


def _wrapped(console: Console, line: Line, width: int) -> Iterable[Text]:
    if line.text.cell_len <= width:
        return [line.text]
    if WIDE.search(line.text.plain):
        return _between_signs(line, width)
    first, *rest = line.text.wrap(console, width)
    pieces = [first]
    if rest:
        tail = line.text[len(first.plain) :]
        tail = tail[len(tail.plain) - len(tail.plain.lstrip()) :]
        for piece in tail.wrap(console, max(width - line.hang, 20)):
            pieces.append(Text(" " * line.hang) + piece)
    return pieces


WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
"""Signs of two columns: a line may end before and after each of them."""
_STEP = re.compile(r"\s+|(?:[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+)[、。，；：？！）”]*")


def _between_signs(line: Line, width: int) -> list[Text]:
    """Chinese has no blanks to break at: a line ends between two signs, never before a mark that closes."""
    ends, room, begin = [], width, 0
    for step in _STEP.finditer(line.text.plain):
        if step.start() > begin and cell_len(line.text.plain[begin : step.end()].rstrip()) > room:
            ends.append(step.start())
            begin, room = step.start(), max(width - line.hang, 20)
    first, *rest = line.text.divide(ends)
    return [first, *(Text(" " * line.hang) + piece[len(piece.plain) - len(piece.plain.lstrip()) :] for piece in rest)]
