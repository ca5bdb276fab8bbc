"""Which configurations the paths of a command line mean: one, or each of several."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

import click

NAMES = ("ha.cf", "haresources", "authkeys", "spec.toml")


def several(paths: Sequence[Path], each: bool) -> list[Path] | None:
    """The folders, where the paths mean several configurations; None where they are the parts of a single one.

    A pattern (`fleet/*`) always means several, three folders too. Two folders are one a node of the same cluster, as
    ever, unless each has a spec.toml, or `each` says otherwise.
    """
    found: dict[Path, None] = {}
    pattern = False
    for path in paths:
        if glob.has_magic(str(path)) and not path.exists():
            pattern = True
            matches = matching(str(path))
            if not matches:
                raise click.UsageError(f"no configuration matches {path}")
            found |= dict.fromkeys(matches)
        else:
            found[path] = None
    folders = [path for path in found if path.is_dir()]
    apart = len(found) == 2 and all((path / "spec.toml").is_file() for path in found)
    if pattern or each or len(folders) > 2 or apart:
        return list(found) or [Path()]
    return None


def matching(pattern: str) -> list[Path]:
    """The configurations a pattern means, in the order of their names.

    A folder without any file of a cluster is none, and what a single node reads belongs to the folder around it.
    """
    found = [Path(name) for name in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207  # absolute ones too
    found = [path for path in found if path.is_dir()]
    return [path for path in found if _whole(path) and not (_of_node(path) and _whole(path.parent))]


def _whole(path: Path) -> bool:
    """Whether a folder holds a configuration: files, or folders of nodes that all speak of the same nodes."""
    if _has_files(path):
        return True
    try:
        inside = [folder for folder in sorted(path.iterdir()) if folder.is_dir() and _has_files(folder)]
    except OSError:
        return False
    return bool(inside) and all(map(_of_node, inside)) and len({_nodes(folder) for folder in inside}) == 1


def _has_files(path: Path) -> bool:
    return any((path / name).is_file() for name in NAMES)


def _of_node(path: Path) -> bool:
    """Whether a folder is called like a node of its ha.cf, or of the one beside it."""
    return path.resolve().name.lower() in _nodes(path) | _nodes(path.parent)


def _nodes(path: Path) -> frozenset[str]:
    try:
        text = (path / "ha.cf").read_bytes().decode("utf-8", "replace")
    except OSError:
        return frozenset()
    lines = [line.split("#", 1)[0].split() for line in text.splitlines()]
    return frozenset(name.lower() for words in lines if words[:1] == ["node"] for name in words[1:])
