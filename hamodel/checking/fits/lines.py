"""The lines of real logs that a search asks about: of months of logs, what counts and nothing else.

Kept are landmarks, those too that only another cluster could write, the traces of operators' commands, and lines that
speak of a fault; of those that say the same over and over, one in ten seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from hamodel.checking.fits.evidence import COMMANDS, HINTS, RESTARTS
from hamodel.checking.fits.marks import read
from hamodel.checking.fits.result import LogLine
from hamodel.checking.fits.steady import steadied
from hamodel.checking.fits.subject import Subject
from hamodel.incident.case import attributed
from hamodel.incident.report import Step
from hamodel.logs.reading import Line, Reader

AGAIN = timedelta(seconds=10)
"""A line that only speaks of a fault, and says no more than one so shortly before it, is passed over."""
ORDERS = (*dict.fromkeys(text for _, text, _ in COMMANDS), RESTARTS)
SIGNS = tuple(text for text, _ in HINTS)
Lines = Mapping[str, Sequence[LogLine]]


def read_lines(
    subject: Subject, logs: Sequence[Path], names: Mapping[Path, str], year: int | None, steps: Sequence[Step] = ()
) -> Lines:
    """What counts of these logs, by node, without the `steps` of clocks. `names` says whose a file is.

    Raises what reading logs raises.
    """
    paths = [*logs, *(path for path in names if path not in logs)]
    reader = Reader(paths, year=year)
    lines = attributed(reader, {str(path): name for path, name in names.items()})
    return kept(subject, steadied(lines, steps))


def kept(subject: Subject, lines: Iterable[Line]) -> Lines:
    """The lines that count, by node; those of other clusters are left out."""
    nodes = {name.lower(): name for name in subject.nodes}
    found: dict[str, list[LogLine]] = {}
    last: dict[tuple[str, tuple[str, ...]], datetime] = {}
    counts = lru_cache(4096)(lambda node, text, level: _counts(subject, node, text, level))
    for line in lines:
        node = nodes.get(line.node.lower())
        if node is None or not line.own:
            continue
        own, entry = found.setdefault(node, []), line.entry
        if not counts(node, entry.text, entry.level):
            signs = tuple(sign for sign in SIGNS if sign in entry.text)
            before = last.get((node, signs))
            if not signs or (before is not None and before <= entry.when < before + AGAIN):
                continue
            last[node, signs] = entry.when
        own.append(LogLine(line.source, line.number, node, entry))
    return found


def is_order(line: LogLine) -> bool:
    """Whether the line may be the trace of an operator's command."""
    return any(text in line.entry.text for text in ORDERS)


def is_landmark(subject: Subject, line: LogLine) -> bool:
    """Whether the line is one that the model of this cluster can write."""
    mark = read(line.node, line.entry.text, line.entry.level, subject.nodes)
    return mark is not None and mark in subject.listener.codes


def _counts(subject: Subject, node: str, text: str, level: str) -> bool:
    return read(node, text, level, subject.nodes) is not None or any(word in text for word in ORDERS)
