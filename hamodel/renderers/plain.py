"""Lines with a hanging indent: what rich tables do too widely and textwrap without colour."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from hamodel.renderers.language import Say, english


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


def anew(line: str, say: Say) -> str:
    r"""A line whose columns are parted by tabs, said in another language; every column keeps its width.

    >>> anew("  note  \tit holds", {"note": "注", "it holds": "成立"}.__getitem__)
    '  注    \t成立'
    """
    *columns, last = line.split("\t")
    return "\t".join([*(_cell(cell, say) for cell in columns), _cell(last.rstrip(), say)])


def _cell(cell: str, say: Say) -> str:
    text = cell.strip()
    if not text:
        return cell
    indent, rest = cell[: len(cell) - len(cell.lstrip())], cell[len(cell.rstrip()) :]
    column = cell_len(text + rest) if rest and not text.endswith(":") else 0
    return indent + (padded(said, column) if cell_len(said := say(text)) < column else said + rest[:1])


def said_anew(line: Line, say: Say) -> Line:
    """The line in another language, stretch by stretch of one style; what was wrapped already was said already."""
    if line.wrapped or say is english:
        return line
    text = Text(style=line.text.style)
    ends = sorted({end for span in line.text.spans for end in (span.start, span.end)})
    for piece in line.text.divide(ends):
        style = piece.spans[-1].style if piece.spans else ""
        text.append(_cell(piece.plain, say), style=style)
    return Line(text, line.hang)


def folded(line: str, width: int, hang: int) -> list[str]:
    """The line in pieces that fit, the later ones `hang` columns from the left; an empty line is one piece."""
    if WIDE.search(line):
        return [piece.plain for piece in _between_signs(Line(Text(line), hang), width)]
    return textwrap.wrap(line, width, subsequent_indent=" " * hang, drop_whitespace=True, break_on_hyphens=False) or [
        ""
    ]


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
