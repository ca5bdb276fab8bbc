"""What a long work has finished, line by line on disk, so that a kill costs nothing but what was under way.

A line stands under a digest of all that its answer depends on: a journal can be continued after any change, and only
what the change touches is done again. A line that was cut off, or that somebody has damaged, is as good as none.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from hamodel.ir.sweep import Told


@dataclass(frozen=True, slots=True)
class Line:
    """One answer under its digest."""

    key: str
    told: tuple[Told, ...]


@dataclass(slots=True)
class Journal:
    """A journal on disk, or, without a path, one that is forgotten."""

    path: Path | None
    known: dict[str, tuple[Told, ...]] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path | None, *, fresh: bool = False) -> Journal:
        """What is known already; with `fresh` nothing is. Raises OSError where the file cannot be written."""
        journal = cls(path)
        if path is None:
            return journal
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        data = path.read_bytes() if path.exists() else b""
        journal.known = {line.key: line.told for line in _lines(data)}
        with path.open("ab") as file:
            if data and not data.endswith(b"\n"):
                file.write(b"\n")
        return journal

    def add(self, key: str, told: tuple[Told, ...]) -> None:
        """Write down one answer; it is on disk when this returns.

        An interrupt while it waits for the disk loses nothing.
        """
        self.known[key] = told
        if self.path is not None:
            self._write(Line(key, told), self.path)

    def _write(self, line: Line, path: Path) -> None:
        text = msgspec.json.encode(line)
        with path.open("ab") as file:
            file.write(b"%08x %s\n" % (zlib.crc32(text), text))
            file.flush()
            os.fsync(file.fileno())


def _lines(data: bytes) -> Iterator[Line]:
    for line in data.split(b"\n"):
        digest, _, text = line.partition(b" ")
        if digest != b"%08x" % zlib.crc32(text):
            continue
        try:
            yield msgspec.json.decode(text, type=Line)
        except msgspec.MsgspecError:
            continue
