"""TOML forgets where things stood; this remembers: the line and column of every key of a file."""

from __future__ import annotations

import re

from hamodel.source import Span

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?\Z")
_KEY = re.compile(r"""((?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*'""")

Path = tuple[str, ...]


class Places:
    """Where the keys of one TOML text stand.

    Found by looking, so a key hidden in a text over several lines may be missed.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._spans: dict[Path, Span] = {}
        table: Path = ()
        closing = ""
        for number, line in enumerate(text.split("\n"), start=1):
            line = line.rstrip("\r")
            if closing:
                closing = "" if closing in line else closing
                continue
            header = _HEADER.match(line)
            if header and "=" not in header.group(1):
                table = _parts(header.group(1))
                self._spans.setdefault(table, Span(file, number, header.start(1) + 1, len(header.group(1)), line))
                continue
            self._keys(table, number, line)
            closing = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")

    def _keys(self, table: Path, number: int, line: str) -> None:
        first = _KEY.match(line, len(line) - len(line.lstrip()))
        if first is None:
            return
        path = (*table, *_parts(first.group(1)))
        self._spans.setdefault(path, Span(self.file, number, first.start(1) + 1, len(first.group(1)), line))
        if line[first.end() :].lstrip().startswith("{"):
            for inner in _KEY.finditer(line, first.end()):
                span = Span(self.file, number, inner.start(1) + 1, len(inner.group(1)), line)
                self._spans.setdefault((*path, *_parts(inner.group(1))), span)

    def of(self, path: Path) -> Span | None:
        """The place of a key, or of the nearest table around it."""
        while path:
            span = self._spans.get(path)
            if span is not None:
                return span
            path = path[:-1]
        return None


def _parts(text: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(text))
