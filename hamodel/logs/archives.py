"""The members of a tar, read in place: nothing is unpacked, no link is followed, no name is trusted.

A member is known by where its bytes begin in the unpacked stream, so that several can be read side by side, each
through a stream of its own. Only regular files count; a name is a label and never a path to write to.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from hamodel.errors import BrokenArchive, LogTooLarge

RECORD = 512
_SKIP = 1 << 18
_LONGEST_NAME = 1 << 16
MOST_MEMBERS = 20_000
"""Members of an archive; a report of a cluster has some hundreds."""
_LONG_NAME, _PAX, _FILE = b"L", b"x", (b"0", b"\0", b"7")
_MORE_HEADER = (_LONG_NAME, _PAX, b"K", b"g")
_EMPTY = (b"1", b"2", b"3", b"4", b"5", b"6")
"""Links, devices and folders: whatever size they claim, no bytes follow."""


@dataclass(frozen=True, slots=True)
class Member:
    """A regular file inside an archive: its label, its size, its time of change, and where its bytes begin."""

    name: str
    size: int
    mtime: float
    offset: int


def is_tar(head: bytes) -> bool:
    """Whether an unpacked stream that begins like this is an archive."""
    if len(head) < RECORD:
        return False
    try:
        tarfile.TarInfo.frombuf(head[:RECORD], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


class Window(io.RawIOBase):
    """A part of a stream as a stream of its own; a stream that ends before its part does is cut off."""

    def __init__(self, stream: BinaryIO, size: int, name: str) -> None:
        super().__init__()
        self._stream, self._left, self.name = stream, size, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), self._left))
        if not data and self._left:
            raise cut_off(self.name)
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def skip(self) -> None:
        """Go to the end of the part."""
        while self._left:
            data = self._stream.read(min(_SKIP, self._left))
            if not data:
                raise cut_off(self.name)
            self._left -= len(data)


def cut_off(name: str) -> BrokenArchive:
    help = "fetch it again, or unpack by hand what can be unpacked and give the files"
    return BrokenArchive(f"{name} is cut off", help=help)


def members(stream: BinaryIO, archive: str) -> Iterator[tuple[Member, Window]]:
    """Every regular member with its content, which must be read before the next member is asked for."""
    position, label, given = 0, "", -1
    for count in range(MOST_MEMBERS + 1):
        head = stream.read(RECORD)
        if not head.strip(b"\0"):
            if count == 0 or len(head) not in (0, RECORD):
                raise cut_off(archive)
            return
        info = _info(head, archive, label)
        size = 0 if info.type in _EMPTY else given if given >= 0 else info.size
        position += RECORD
        content = Window(stream, size, archive)
        if info.type in _MORE_HEADER:
            if size > _LONGEST_NAME:
                raise LogTooLarge(f"{archive} has a member whose name takes {size} bytes")
            text = content.read() or b""
            if info.type == _LONG_NAME:
                label = text.rstrip(b"\0").decode("utf-8", "replace")
            elif info.type == _PAX:
                label, given = _pax(text, label)
        else:
            name = printable(label or info.name)
            content.name = f"{archive}:{name}"
            if info.type in _FILE:
                yield Member(name, size, float(info.mtime), position), content
            label, given = "", -1
        content.skip()
        Window(stream, -size % RECORD, archive).skip()
        position += size + -size % RECORD
    raise LogTooLarge(f"{archive} has more than {MOST_MEMBERS} members, as no report of a cluster has")


def _info(head: bytes, archive: str, label: str) -> tarfile.TarInfo:
    try:
        info = tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
        if info.size >= 0:
            return info
        reason = "a size below zero"
    except (tarfile.HeaderError, ValueError) as error:
        reason = str(error)
    where = f" after the member {printable(label)}" if label else ""
    help = "fetch it again, or unpack by hand what can be unpacked and give the files"
    raise BrokenArchive(f"{archive} is damaged{where} ({reason})", help=help)


def _pax(text: bytes, label: str) -> tuple[str, int]:
    """The name and the size that an extended header gives the next member; -1 for no size."""
    size = -1
    for record in text.split(b"\n"):
        name, _, value = record.partition(b" ")[2].partition(b"=")
        if name == b"path":
            label = value.decode("utf-8", "replace")
        elif name == b"size" and value.isdigit() and len(value) < 16:
            size = int(value)
    return label, size


def printable(name: str) -> str:
    """A name from a foreign archive, without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:500]
