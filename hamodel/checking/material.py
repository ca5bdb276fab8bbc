"""The files of a cluster as text: to change a value for one check, and to lie beside a trace that replays anywhere.

Secrets stay at home: keys are replaced by digests, which are equal where the keys are, and parameters of fencing
devices by `-`.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hamodel.errors import OutOfRange

NAMES = ("ha.cf", "haresources", "authkeys", "spec.toml")


@dataclass(frozen=True, slots=True)
class Material:
    """Paths as they were given, made relative, and the files below them."""

    paths: tuple[str, ...]
    files: Mapping[str, str]
    homes: Mapping[str, str]
    """Where each file was read, as the user would write it."""


def gather(paths: Sequence[Path]) -> Material:
    """Every file a reader of these paths may want."""
    given, files, homes = [], {}, {}
    for path in paths:
        name = path.resolve().name or "cluster"
        if path.is_file():
            name = f"{path.resolve().parent.name or 'cluster'}/{name}"
        while name in given:
            name += "_"
        given.append(name)
        for inside in _inside(path):
            key = name if inside == path else f"{name}/{inside.relative_to(path).as_posix()}"
            homes[key] = str(inside)
            files[key] = inside.read_bytes().decode("utf-8", "surrogateescape")
    return Material(tuple(given), files, homes)


def _inside(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for folder in (path, *sorted(p for p in path.iterdir() if p.is_dir())):
            yield from (folder / name for name in NAMES if (folder / name).is_file())


def with_directive(material: Material, directive: str, value: str) -> Material:
    """The files with another value of one directive of ha.cf: in place where it stands, else at the end."""
    files = dict(material.files)
    chosen = [name for name in files if name.split("/")[-1] == "ha.cf"] or _first_file(material)
    if not chosen:
        raise OutOfRange(f"there is no ha.cf in which {directive} could be set")
    line = re.compile(rf"^[ \t]*{re.escape(directive)}(?=[ \t,]).*$", re.MULTILINE)
    for name in chosen:
        text = files[name]
        if line.search(text):
            files[name] = line.sub(lambda _: f"{directive} {value}", text)
        else:
            files[name] = text + ("" if text.endswith("\n") or not text else "\n") + f"{directive} {value}\n"
    return Material(material.paths, files, material.homes)


def without_directive(material: Material, directive: str) -> Material:
    """The files without the lines of one directive of ha.cf."""
    line = re.compile(rf"^[ \t]*{re.escape(directive)}(?=[ \t,]|$).*\n?", re.MULTILINE)
    chosen = [name for name in material.files if name.split("/")[-1] == "ha.cf"] or _first_file(material)
    files = {name: line.sub("", text) if name in chosen else text for name, text in material.files.items()}
    return Material(material.paths, files, material.homes)


def _first_file(material: Material) -> list[str]:
    return [p for p in material.paths if p in material.files and not p.endswith(".toml")][:1]


@contextmanager
def unpacked(material: Material) -> Iterator[tuple[list[Path], Path]]:
    """The files on disk for as long as they are read: the paths to give to a reader, and the folder they begin with."""
    with tempfile.TemporaryDirectory(prefix="hamodel-") as folder:
        root = Path(folder)
        for name in (*material.files, *material.paths):
            if not (root / name).resolve().is_relative_to(root.resolve()):
                raise OutOfRange(f"a file called {name} would lie outside its folder")
        for name, text in material.files.items():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8", "surrogateescape"))
            target.chmod(0o600)
        for name in material.paths:
            if not (root / name).exists():
                (root / name).mkdir(parents=True)
        yield [root / name for name in material.paths], root


def without_secrets(material: Material) -> Material:
    """The files as they may be shown to others."""
    return Material(material.paths, {n: _masked(n, t) for n, t in material.files.items()}, material.homes)


_FENCE = re.compile(r"^([ \t]*(?:stonith_host[ \t]+\S+|stonith)[ \t]+\S+)([ \t]+\S.*)$", re.MULTILINE)
_KEY = re.compile(r"^([ \t]*\d+[ \t]+\w+[ \t]+)(\S.*)$", re.MULTILINE)


def _masked(name: str, text: str) -> str:
    base = name.split("/")[-1]
    if base == "authkeys":
        return _KEY.sub(lambda m: m[1] + hashlib.sha256(m[2].strip().encode("utf-8", "replace")).hexdigest()[:16], text)
    if base in ("haresources", "spec.toml"):
        return text
    return _FENCE.sub(lambda m: m[1] + " -", text)
