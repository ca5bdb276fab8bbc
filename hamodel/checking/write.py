"""Changed files go to their places one by one and whole: first a copy of the old one, then the new one in its stead."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hamodel.checking.edits import homes
from hamodel.checking.material import Material
from hamodel.errors import OutOfRange

BACKUP = ".orig"


def write(before: Material, after: Material) -> tuple[str, ...]:
    """Write every file that differs, keep the old one beside it as `.orig`, and say what was written.

    Raises OutOfRange before anything is written where a copy of that name is there already or a file has changed since
    it was read.
    """
    targets = {name: Path(home) for name, home in homes(before, after).items()}
    for name, path in targets.items():
        _may_be_written(path, before.files.get(name))
    told = []
    for name, path in targets.items():
        if path.exists():
            backup = path.with_name(path.name + BACKUP)
            _put(backup, path.read_bytes(), path)
            told.append(f"{path} (the old one is {backup.name})")
        else:
            told.append(f"{path} (new)")
        _put(path, after.files[name].encode("utf-8", "surrogateescape"), path)
    return tuple(told)


def _may_be_written(path: Path, known: str | None) -> None:
    backup = path.with_name(path.name + BACKUP)
    if backup.exists():
        raise OutOfRange(f"{backup} is there already", help="move it away: it may be the only copy of an older file")
    now = path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else None
    if now != known:
        raise OutOfRange(
            f"{path} is not the file that was checked",
            help="it has changed meanwhile, or --set changed it for this check: take the patch instead of --write",
        )


def _put(path: Path, data: bytes, like: Path) -> None:
    """The whole file at once, with the permissions of another."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(part).chmod(like.stat().st_mode & 0o7777 if like.exists() else 0o644)
    Path(part).replace(path)
