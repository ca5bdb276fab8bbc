"""Compressed logs as they flow: gzip, bzip2 and xz, told by their first bytes, in constant memory and with a measure.

Whoever sends a log may send a bomb: a megabyte that unpacks to a terabyte. Logs shrink to a tenth, endless repetitions
to a two-hundredth; what expands more than that is refused. So is a dictionary larger than any packer uses by itself.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

from hamodel.errors import BrokenArchive, LogTooLarge

_BLOCK = 1 << 16
MOST_EXPANSION = 600
"""Bytes of text for one compressed byte; real logs stay below 50."""
FREE = 1 << 26
"""Bytes that may come out before anybody measures."""
_DICTIONARY = 1 << 27


class _Decoder(Protocol):
    def decode(self, data: bytes) -> bytes: ...

    @property
    def eof(self) -> bool: ...

    @property
    def hungry(self) -> bool: ...

    @property
    def left_over(self) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    def decode(self, data: bytes) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, _BLOCK)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def hungry(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def left_over(self) -> bytes:
        return self._inner.unused_data


class _Other:
    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    def decode(self, data: bytes) -> bytes:
        return self._inner.decompress(data, _BLOCK)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def hungry(self) -> bool:
        return self._inner.needs_input

    @property
    def left_over(self) -> bytes:
        return self._inner.unused_data


_KINDS: tuple[tuple[bytes, Callable[[], _Decoder]], ...] = (
    (b"\x1f\x8b", _Gzip),
    (b"BZh", lambda: _Other(bz2.BZ2Decompressor())),
    (b"\xfd7zXZ\0", lambda: _Other(lzma.LZMADecompressor(memlimit=_DICTIONARY))),
)
MAGIC = max(len(magic) for magic, _ in _KINDS)


def kind(head: bytes) -> Callable[[], _Decoder] | None:
    """The decoder for a file that begins with these bytes; None for one that is not compressed."""
    return next((decoder for magic, decoder in _KINDS if head.startswith(magic)), None)


class Inflated(io.RawIOBase):
    """The text of a compressed stream; `name` is what errors call it."""

    def __init__(self, raw: BinaryIO, decoder: Callable[[], _Decoder], name: str) -> None:
        super().__init__()
        self._raw, self._make, self._name = raw, decoder, name
        self._decoder = decoder()
        self._taken = self._given = 0
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        out, self._left = self._left, b""
        while not out:
            try:
                step = self._step()
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
                if isinstance(error, lzma.LZMAError) and "emory" in str(error):
                    raise LogTooLarge(f"{self._name} needs more memory to unpack than a log may") from None
                raise self._broken(f"damaged ({error})") from None
            if step is None:
                return 0
            out = step
            self._measure(len(out))
        size = min(len(out), len(buffer))
        buffer[:size] = out[:size]
        self._left = out[size:]
        return size

    def _measure(self, size: int) -> None:
        self._given += size
        if self._given > FREE and self._given > MOST_EXPANSION * self._taken:
            help = "if it is a log after all, unpack it by hand and give the file"
            raise LogTooLarge(f"{self._name} expands more than {MOST_EXPANSION} times, as no log does", help=help)

    def _step(self) -> bytes | None:
        if self._decoder.eof:
            rest = self._decoder.left_over
            rest += self._fill(MAGIC - len(rest)) if len(rest) < MAGIC else b""
            rest = rest.lstrip(b"\0")
            if kind(rest) is None:
                return None
            self._decoder = self._make()
            return self._decoder.decode(rest)
        data = b""
        if self._decoder.hungry:
            data = self._fill(_BLOCK)
            if not data:
                raise self._broken("cut off")
        return self._decoder.decode(data)

    def _fill(self, size: int) -> bytes:
        data = self._raw.read(size)
        self._taken += len(data)
        return data

    def _broken(self, how: str) -> BrokenArchive:
        help = "fetch it again, or unpack by hand what can be unpacked and give the files"
        return BrokenArchive(f"{self._name} is {how}", help=help)

    def close(self) -> None:
        self._raw.close()
        super().close()
