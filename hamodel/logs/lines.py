"""From bytes to lines, whatever the bytes are: no encoding, no length and no character is taken for granted.

A machine that lost power leaves blocks of zeros in its log; another program writes Latin-1; an archive may be hostile
and hold one line of a gigabyte. None of that costs more memory than one block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

LONGEST = 1 << 16
"""Bytes of a line that are kept; Heartbeat cuts its own at 5119 characters."""


def raw_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream without their ends; what is beyond the longest line is left out, zeros vanish."""
    readline = stream.readline
    zeros = False
    while raw := readline(LONGEST):
        if raw[-1] != 10 and len(raw) == LONGEST:
            if not raw.strip(b"\0"):
                zeros = True
                continue
            while (more := readline(LONGEST)) and more[-1] != 10:
                pass
        if zeros or b"\0" in raw:
            zeros = False
            raw = raw.replace(b"\0", b"")
        yield raw.rstrip(b"\r\n")


def text_of(raw: bytes) -> str:
    """The text of a line: UTF-8 if it is, else every byte the character of its number."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
