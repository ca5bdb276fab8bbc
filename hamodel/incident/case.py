"""The material of an incident: logs, whose they are, and the configuration that may lie beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hamodel.config.cluster import Cluster, read_cluster
from hamodel.config.daemon import Version
from hamodel.errors import FileUnreadable, HamodelError
from hamodel.incident.explain import book_of, explain
from hamodel.incident.facts import Book
from hamodel.incident.report import Counts, Explanation
from hamodel.logs.reading import Line, Reader

NAMELESS = "this node"
"""A node whose log does not say its name."""
Progress = Callable[[int, int], None]


def explained(
    logs: Sequence[Path],
    config: Path | None = None,
    names: Mapping[Path, str] | None = None,
    *,
    year: int | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """The explanation of these logs.

    `names` says whose a file is, where its lines do not. Raises what reading logs raises, and FileUnreadable for a
    `config` without ha.cf.
    """
    named = {str(path): name for path, name in (names or {}).items()}
    paths = [*logs, *(path for path in (names or {}) if path not in logs)]
    reader = Reader(paths, year=year, progress=progress)
    book = book_of(attributed(reader, named))
    counts = Counts(reader.counts.total, reader.counts.own, reader.counts.recognised)
    cluster, notes = configuration(logs, config, book)
    return replace(explain(book, counts, cluster, sorted(reader.by_source), notes), undated=bool(reader.undated))


def attributed(lines: Iterable[Line], names: Mapping[str, str]) -> Iterator[Line]:
    """The lines with their nodes; `names` says whose a file is, by the name of the file."""
    for line in lines:
        node = names.get(line.source) or line.node or NAMELESS
        yield line if node == line.node else replace(line, node=node)


def configuration(logs: Sequence[Path], config: Path | None, book: Book) -> tuple[Cluster | None, list[str]]:
    """The configuration, and a sentence where it was found and could not be taken."""
    folder = config
    if folder is None:
        folder = next((path for path in logs if path.is_dir() and _has_config(path)), None)
    elif not _has_config(folder):
        raise FileUnreadable(f"{folder} has no ha.cf", help="give the folder that holds ha.cf and haresources")
    if folder is None:
        return None, []
    try:
        return read_cluster([folder if folder.is_dir() else folder.parent], _version(book)), []
    except HamodelError as refused:
        return None, [f"The configuration in {folder} is not used: {refused.message}"]


def _has_config(path: Path) -> bool:
    if path.name == "ha.cf" and path.is_file():
        return True
    return path.is_dir() and ((path / "ha.cf").is_file() or any(path.glob("*/ha.cf")))


def _version(book: Book) -> Version:
    """The release whose rules the files are read by: that of the daemon that wrote the lines."""
    said = [fact.get("version") for node in book.nodes for fact in book.facts(node) if fact.key == "hb-version"]
    return Version.V2_0_8 if said and said[-1].startswith(("1.", "2.")) else Version.V3_0_6
