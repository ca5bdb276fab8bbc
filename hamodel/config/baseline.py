"""The list of accepted findings: what a team has decided to live with, why, and until when.

[[accepted]]
cluster  = "fleet/web"          # beside this file; * is any text
property = "single_mount"       # or code = "HA104", of a refusal or a warning
by       = ["1 kill"]           # the sets of faults that were known; without it any
reason   = "the fence arrives in January"
until    = 2027-01-31
"""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from hamodel.errors import BadBaseline, BaselineRefused, FileUnreadable, HamodelError
from hamodel.source import Span

KEYS = ("cluster", "property", "code", "by", "outcome", "reason", "until")
OUTCOMES = ("violated", "bounded", "unknown", "vacuous")


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry."""

    cluster: str
    what: str
    """The name of a property, or the code of something that reading says."""
    is_code: bool
    reason: str
    until: datetime.date
    outcome: str = "violated"
    by: tuple[str, ...] = ()
    span: Span | None = None

    def covers(self, cluster: str) -> bool:
        """Whether it speaks of this cluster, whose path is told from the folder of the list."""
        return fnmatchcase(cluster, self.cluster) or str(PurePosixPath(cluster)) == str(PurePosixPath(self.cluster))


@dataclass(frozen=True, slots=True)
class Baseline:
    """A list of accepted findings and where it lies."""

    path: Path
    entries: tuple[Accepted, ...]

    def name_of(self, cluster: str) -> str:
        """A path as entries name it: from the folder of the list, with slashes."""
        home, given = self.path.resolve().parent, Path(cluster).resolve()
        return given.relative_to(home).as_posix() if given.is_relative_to(home) else given.as_posix()


def read_baseline(path: Path) -> Baseline:
    """The list in a file. Raises FileUnreadable, and BadBaseline, or a group of them, with all its problems."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise FileUnreadable(
            f"the baseline {path} cannot be read: {problem}", help="--write-baseline writes a new one"
        ) from None
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise BadBaseline(f"{path} is no TOML: {problem}") from None
    found = data.get("accepted", [])
    strange = [key for key in data if key != "accepted"]
    if strange or not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise BadBaseline(f"{path} is a list of [[accepted]] and nothing else", seen=strange)
    places = _places(str(path), text)
    entries, problems = [], []
    for number, entry in enumerate(found):
        span = places[number] if number < len(places) else Span(str(path), 1)
        own = list(_problems(entry, span))
        problems += own
        if not own:
            entries.append(_entry(entry, span))
    if problems:
        raise BaselineRefused(f"{path} has {len(problems)} problem{'s' if len(problems) > 1 else ''}", problems)
    return Baseline(path, tuple(entries))


def _places(file: str, text: str) -> list[Span]:
    lines = enumerate(text.split("\n"), 1)
    return [
        Span(file, n, 1, len(line.strip()), line) for n, line in lines if re.match(r"\s*\[\[\s*accepted\s*\]\]", line)
    ]


def _problems(entry: Mapping[str, object], span: Span) -> Sequence[HamodelError]:
    found = []
    for key in entry:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            help = f"did you mean {near[0]}?" if near else f"known: {', '.join(KEYS)}"
            found.append(BadBaseline(f"{key} is no key of an entry", span=span, help=help))
    for key in ("cluster", "reason"):
        if not isinstance(entry.get(key), str) or not str(entry[key]).strip():
            found.append(BadBaseline(f"an entry needs a {key}: a text", span=span))
    if isinstance(entry.get("property"), str) == isinstance(entry.get("code"), str):
        found.append(BadBaseline("an entry needs either a property or a code, as a text", span=span))
    if type(entry.get("until")) is not datetime.date:
        help = "nothing is accepted for ever: until = 2027-01-31, without quotes"
        found.append(BadBaseline("an entry needs `until`, a date", span=span, help=help))
    if entry.get("outcome", "violated") not in OUTCOMES:
        found.append(BadBaseline(f"outcome is one of {', '.join(OUTCOMES)}", span=span))
    by = entry.get("by", [])
    if not isinstance(by, list) or not all(isinstance(way, str) for way in by):
        found.append(BadBaseline('`by` is a list of texts such as "1 kill + 1 cut"', span=span))
    return found


def _entry(entry: Mapping[str, object], span: Span) -> Accepted:
    until, by = entry["until"], entry.get("by", [])
    assert isinstance(until, datetime.date) and isinstance(by, list)
    return Accepted(
        str(entry["cluster"]),
        str(entry.get("property") or entry.get("code")),
        "code" in entry,
        str(entry["reason"]).strip(),
        until,
        str(entry.get("outcome", "violated")),
        tuple(map(str, by)),
        span,
    )
