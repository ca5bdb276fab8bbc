"""Lines with a hanging indent: what rich tables do too widely and textwrap without colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import StringIO

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


def _wrapped(console: Console, line: Line, width: int) -> Iterable[Text]:
    if line.text.cell_len <= width:
        return [line.text]
    first, *rest = line.text.wrap(console, width)
    pieces = [first]
    if rest:
        tail = line.text[len(first.plain) :]
        tail = tail[len(tail.plain) - len(tail.plain.lstrip()) :]
        for piece in tail.wrap(console, max(width - line.hang, 20)):
            pieces.append(Text(" " * line.hang) + piece)
    return pieces
