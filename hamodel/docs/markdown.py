"""The few marks of Markdown that the generated pages need, with everything foreign made harmless."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SPECIAL = "\\`*_{}[]<>#|~"


def plain(text: str) -> str:
    """Text in which no character means anything to Markdown, on one line."""
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in " ".join(text.split()))


def prose(text: str) -> str:
    """A docstring as paragraphs: code marks stay, the lines of a paragraph become one."""
    paragraphs = ["\n".join(line.strip() for line in part.splitlines()) for part in text.strip().split("\n\n")]
    return "\n\n".join(paragraphs).replace("<", "&lt;")


def code(text: str) -> str:
    """A few words in the type of code; empty text stays empty."""
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{' '.join(text.split())}{space}{fence}"


def block(text: str, language: str = "text") -> str:
    """A block of code, with a fence longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are already Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace(chr(10), ' ') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def page(title: str, *parts: str) -> str:
    """A page from its title and its parts."""
    return "\n\n".join([f"# {title}", *(part.strip("\n") for part in parts if part)]) + "\n"
