"""What a user gives, and the streams of text in it: files, compressed or not, archives, folders, standard input.

A folder may be that of one node, of a recorded run with a folder for each node, or a report as `hb_report` makes it; an
archive may hold the same. Of what lies in them only what holds lines of Heartbeat is read. Nothing is unpacked to disk,
and no link leads out of the folder that was given.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from hamodel.errors import UnreadableLog
from hamodel.logs.archives import RECORD, Window, is_tar, members
from hamodel.logs.inflate import MAGIC, Inflated, kind

_BUFFER = 1 << 17
HEAD = 1 << 20
"""Bytes of a pipe that are kept to look at before reading begins: a pipe cannot be read twice."""
_EXCERPTS = frozenset({"analysis.txt", "events.txt", "description.txt"})
"""What hb_report writes itself: excerpts of the logs beside them."""


@dataclass(frozen=True, slots=True)
class Source:
    """One stream of lines: its name as given, the folder it lies in, and how to open it from its begin.

    `given` says that the user named it, not a folder around it. `once` marks a pipe: only
    its begin can be looked at ahead.
    """

    name: str
    folder: str
    mtime: float | None
    given: bool
    open: Callable[[], BinaryIO]
    once: bool = False


WHICH = (
    "give the file of `logfile` or `debugfile` in ha.cf, syslog's messages, or a folder with one folder for each node"
)


def sources(paths: Sequence[Path | str], skipped: list[str]) -> Iterator[tuple[Source, BinaryIO]]:
    """Every stream in what was given, in a fixed order, each file once; with its text to look at.

    The text must be looked at before the next one is asked for, because an archive is gone through once. What lies in
    a folder and may not be read is named in `skipped`.
    """
    seen: set[str] = set()
    for path in paths:
        if str(path) == "-":
            yield _pipe("-", "", _standard_input())
            continue
        for file, given in _files(Path(path)):
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                if given or os.access(real, os.R_OK):
                    yield from _streams(file, given)
                else:
                    skipped.append(str(file))


def _files(path: Path) -> Iterator[tuple[Path, bool]]:
    with readable(path):
        if "\0" in str(path):
            raise OSError("no file has such a name")
        mode = path.stat().st_mode
    if not stat.S_ISDIR(mode):
        yield path, True
        return
    root = os.path.realpath(path)
    for folder, names, files in os.walk(path):
        names.sort()
        for name in sorted(files):
            file = Path(folder, name)
            real = os.path.realpath(file)
            if name not in _EXCERPTS and Path(real).is_relative_to(root) and Path(real).is_file():
                yield file, False


@contextmanager
def readable(name: Path | str) -> Iterator[None]:
    """What the system refuses while this is read becomes an error with a repair."""
    try:
        yield
    except OSError as error:
        raise UnreadableLog(f"cannot read {name}: {error.strerror or error}", help=WHICH) from None


def _streams(file: Path, given: bool) -> Iterator[tuple[Source, BinaryIO]]:
    """The file itself, or the members of the archive it is."""
    name, folder = str(file), str(file.parent)
    with readable(name):
        status = file.stat()
        pipe = None if stat.S_ISREG(status.st_mode) else _pipe(name, folder, file.open("rb", buffering=0))
    if pipe is not None:
        yield pipe
        return
    with _open(file, name) as stream:
        archive = is_tar(stream.read(RECORD))
    if not archive:
        with _open(file, name) as stream:
            yield Source(name, folder, status.st_mtime, given, lambda: _open(file, name)), stream
        return
    with _open(file, name) as stream:
        for member, content in members(stream, name):
            label = f"{name}:{member.name}"
            where = str(PurePosixPath(name, member.name).parent)
            if PurePosixPath(member.name).name in _EXCERPTS:
                continue
            source = Source(label, where, member.mtime, False, _opener(file, label, member.offset, member.size))
            yield source, _inflated(content, label)


def _opener(file: Path, label: str, offset: int, size: int) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        stream = _open(file, str(file))
        if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO):
            stream.seek(offset)
        else:
            Window(stream, offset, label).skip()
        return _inflated(_Owning(stream, size, label), label)

    return opened


class _Owning(Window):
    """A window that closes what it looks through."""

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def _open(file: Path, name: str) -> BinaryIO:
    with readable(name):
        return _inflated(file.open("rb", buffering=0), name)


def _inflated(raw: io.RawIOBase, name: str) -> BinaryIO:
    stream = io.BufferedReader(raw, _BUFFER)
    decoder = kind(stream.peek(MAGIC))
    if decoder is None:
        return stream
    return io.BufferedReader(Inflated(stream, decoder, name), _BUFFER)


def _standard_input() -> io.RawIOBase:
    """Standard input as bytes, also where something else stands in for it."""
    try:
        return io.FileIO(sys.stdin.fileno(), closefd=False)
    except (OSError, ValueError):
        return _Chained(sys.stdin.buffer.read(), io.BytesIO())


def _pipe(name: str, folder: str, raw: io.RawIOBase) -> tuple[Source, BinaryIO]:
    stream = _inflated(raw, name)
    head = stream.read(HEAD)
    if is_tar(head):
        raise UnreadableLog(f"{name} is an archive that comes through a pipe", help="give the archive as a file")
    whole = io.BufferedReader(_Chained(head, stream), _BUFFER)
    return Source(name, folder, None, True, lambda: whole, once=True), io.BytesIO(head)


class _Chained(io.RawIOBase):
    """What was read ahead, then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head, self._rest = memoryview(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] if self._head else self._rest.read1(len(buffer))  # type: ignore[attr-defined]
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)
