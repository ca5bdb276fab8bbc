"""What was worked out once is kept in the user's cache directory, under a name made of everything it depends on.

A cache that cannot be written or read is no error, only slower; a damaged file is as good as none. Runs side by side
do not disturb each other.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

MAGIC = b"hamodel kept 1\n"


def cache_directory() -> Path | None:
    """HAMODEL_CACHE, or the platform's cache directory; None where there is no home."""
    named = os.environ.get("HAMODEL_CACHE")
    if named:
        return Path(named)
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if os.environ.get(variable):
            return Path(os.environ[variable]) / "hamodel"
    try:
        return Path.home() / ".cache" / "hamodel"
    except RuntimeError:
        return None


def key_of(*parts: bytes | str | Sequence[str]) -> str:
    """A file name for this content."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()[:40]


def recall(name: str, directory: Path | None = None) -> bytes | None:
    """What was kept under `name`, if it is there and whole. `directory` takes the place of the usual one."""
    directory = directory or cache_directory()
    if directory is None:
        return None
    try:
        stored = (directory / name).read_bytes()
    except OSError:
        return None
    magic, digest, data = stored[: len(MAGIC)], stored[len(MAGIC) : len(MAGIC) + 32], stored[len(MAGIC) + 32 :]
    return data if magic == MAGIC and hashlib.sha256(data).digest() == digest else None


def keep(name: str, data: bytes, directory: Path | None = None) -> None:
    """Store `data` for later runs."""
    directory = directory or cache_directory()
    if directory is None:
        return
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=directory, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + hashlib.sha256(data).digest() + data)
        Path(part).replace(directory / name)
    except OSError:
        return
