"""Where the files are is the first question, because a repository keeps one copy for both nodes, or two.

Accepted: one directory; one directory with subfolders named by node, whose files take the place of the shared ones; two
directories, one a node; or the files themselves, told apart by their names, else in the order ha.cf, haresources,
authkeys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hamodel.config.lines import Source, load
from hamodel.errors import WrongInputs

NAMES = ("ha.cf", "haresources", "authkeys")


@dataclass(frozen=True, slots=True)
class FileSet:
    """The three files one node reads.

    `folder` is the name of its own directory, where it has one; a file may be None: not kept here.
    """

    hacf: Source
    haresources: Source | None
    authkeys: Source | None
    folder: str = ""
    live: bool = False


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files by node: `shared` for everybody, or `own` in the order given."""

    path: Path
    shared: FileSet | None
    own: tuple[FileSet, ...]


def locate(paths: Sequence[Path]) -> Inputs:
    """Find and read the files. Raises `WrongInputs` for a form that is none of the accepted ones."""
    given = [Path(path) for path in paths]
    folders = [path for path in given if _is_dir(path)]
    if len(given) == 1 and (folders or not (given[0].name in NAMES or given[0].suffix or _is_file(given[0]))):
        return _one_folder(given[0])
    if len(given) == 2 and len(folders) == 2:
        own = tuple(_read(folder, (folder,), folder.resolve().name) for folder in folders)
        return Inputs(given[0].parent, None, own)
    if not given or folders or len(given) > 3:
        raise WrongInputs(
            f"{len(given)} paths are no form of a configuration",
            seen=[str(path) for path in given[:4]],
            help="give one directory, two directories (one a node), or ha.cf haresources authkeys",
        )
    return _files(given)


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError, RuntimeError):
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError, RuntimeError):
        return False


def _one_folder(folder: Path) -> Inputs:
    try:
        inside = sorted(path for path in folder.iterdir() if _is_dir(path))
    except (OSError, ValueError, RuntimeError):
        inside = []
    own = [path for path in inside if any(_is_file(path / name) for name in NAMES)]
    shared = _read(folder, (folder,), "") if not own or _is_file(folder / "ha.cf") else None
    return Inputs(folder, shared, tuple(_read(path, (path, folder), path.name) for path in own))


def _read(home: Path, search: Sequence[Path], folder: str) -> FileSet:
    found = {}
    for name in NAMES:
        path = next((place / name for place in search if _is_file(place / name) or (place / name).is_symlink()), None)
        found[name] = load(path) if path else None
    hacf = found["ha.cf"] or load(home / "ha.cf")
    return FileSet(hacf, found["haresources"], found["authkeys"], folder, _is_live(home))


def _is_live(folder: Path) -> bool:
    """Whether this is the directory a daemon reads, so that permissions mean something."""
    try:
        return folder.resolve().name == "ha.d"
    except (OSError, ValueError, RuntimeError):
        return False


def _files(given: Sequence[Path]) -> Inputs:
    by_name = {path.name: path for path in given}
    if not set(by_name) <= set(NAMES) or len(by_name) != len(given) or "ha.cf" not in by_name:
        by_name = dict(zip(NAMES, given, strict=False))
    sources = {name: load(path) for name, path in by_name.items()}
    shared = FileSet(
        sources["ha.cf"], sources.get("haresources"), sources.get("authkeys"), live=_is_live(by_name["ha.cf"].parent)
    )
    return Inputs(by_name["ha.cf"].parent, shared, ())


def assign(inputs: Inputs, nodes: Sequence[str]) -> dict[str, FileSet]:
    """Which node reads which files: a folder belongs to the node of its name.

    Two folders without names go by position.
    """
    own = {files.folder.lower(): files for files in inputs.own}
    if inputs.shared is not None:
        return {node: own.get(node, inputs.shared) for node in nodes}
    named = {node: own[node] for node in nodes if node in own}
    rest = iter([files for files in inputs.own if files.folder.lower() not in nodes])
    result: dict[str, FileSet] = {}
    for node in nodes:
        files = named.get(node) or next(rest, None)
        result[node] = files if files is not None else inputs.own[0]
    return result
