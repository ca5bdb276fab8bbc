"""Verdicts are kept, so that a configuration that did not change costs nothing.

The name of a kept report is a digest of all it depends on: what counts in the files (`config.effective`), the question
with the text of its properties and its limits, every line of this program, and the libraries that compute. Only what is
decided is kept; a search that gave up deserves another try. A damaged file is as good as none. Lines of files may have
moved since: the lines a verdict rests on are told as they stand now, and where that is not clear it is computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from hamodel import kept
from hamodel.checking.of_spec import written
from hamodel.checking.question import Question
from hamodel.config.effective import effective
from hamodel.config.spec import Spec
from hamodel.ir.report import ConfigLine, Report, Result
from hamodel.ir.verdict import Outcome
from hamodel.source import Span

LIBRARIES = ("numpy", "llvmlite", "z3-solver", "networkx", "oxidd", "dd", "python-sat")
Homes = Mapping[str, str]
"""The names that the files of a spec have where they were read, for those that were copied since."""
DECIDED = frozenset({Outcome.HOLDS, Outcome.VIOLATED, Outcome.VACUOUS})


@dataclass(frozen=True, slots=True)
class Entry:
    """A report, and the file and line of everything that counted in the configuration it is about, in order."""

    report: Report
    places: tuple[tuple[str, int], ...]


@cache
def source() -> str:
    """A digest of every line of this program."""
    root = Path(__file__).resolve().parents[1]
    files = sorted(root.rglob("*.py"))
    return kept.key_of(*(part for path in files for part in (path.relative_to(root).as_posix(), path.read_bytes())))


def _has() -> list[str]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return found


def name_of(spec: Spec, question: Question) -> str:
    """The name under which the answer to a question about a spec is kept."""
    limits = question.limits
    memory = limits.memory if question.own_memory else None
    asked = (
        *(question.names, question.typed, question.engine, question.delays, len(question.folders)),
        *(limits.classes, limits.seconds, limits.depth, memory),
    )
    texts = [part for pair in question.texts().items() for part in pair]
    return f"{kept.key_of(source(), _has(), effective(spec).text, repr(asked), *texts)}.verdict"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The kept reports in a directory; None: the usual one."""

    directory: Path | None = None

    def recall(self, spec: Spec, question: Question, homes: Homes) -> Report | None:
        """What an earlier check has found out, if nothing it depends on has changed; files by their names at home."""
        data = kept.recall(name_of(spec, question), self.directory)
        if data is None:
            return None
        try:
            entry = msgspec.json.decode(data, type=Entry)
        except msgspec.MsgspecError:
            return None
        moves = _moves(entry.places, effective(spec).places, homes)
        results = [_moved(result, moves) for result in entry.report.results]
        if any(result is None for result in results):
            return None
        found = tuple(result for result in results if result is not None)
        return replace(entry.report, cluster=spec.title or spec.name, results=found, cached=True)

    def keep(self, spec: Spec, question: Question, report: Report, homes: Homes) -> None:
        """Keep a report for later checks, if all of it is decided; it names files as they are called at home."""
        if report.interrupted or not report.outcomes() <= DECIDED:
            return
        places = tuple((homes.get(span.file, span.file), span.line) for span in effective(spec).places)
        kept.keep(name_of(spec, question), msgspec.json.encode(Entry(report, places)), self.directory)


Place = tuple[str, int]


def _moves(before: Sequence[Place], now: Sequence[Span], homes: Homes) -> dict[Place, ConfigLine | None]:
    """Where each line stands now; None where what stood on one line stands on several."""
    if len(before) != len(now):
        return {}
    found: dict[Place, set[ConfigLine]] = {}
    for place, span in zip(before, now, strict=True):
        line = written(span)
        found.setdefault(place, set()).add(replace(line, file=homes.get(line.file, line.file)))
    return {place: next(iter(lines)) if len(lines) == 1 else None for place, lines in found.items()}


def _moved(result: Result, moves: dict[Place, ConfigLine | None]) -> Result | None:
    """The result with the lines it rests on as they stand now, or None where one of them cannot be told."""
    lines = [line if line.line == 0 else moves.get((line.file, line.line)) for line in result.rests_on]
    if any(line is None for line in lines):
        return None
    return replace(result, rests_on=tuple(dict.fromkeys(line for line in lines if line is not None)))
