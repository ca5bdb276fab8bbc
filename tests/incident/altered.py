"""Logs that were altered in one line, and whether the explanation shows it.

A line is one that the story rests on if the explanation of the whole log names it as a proof, but for those of which
the published rule says that they only repeat others (`hamodel.incident.doubts.REPEATED`). Each alteration is made
to the syslog of one node; that the other files of a recording tell the same again is no help to it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from hamodel.incident.case import explained
from hamodel.incident.doubts import REPEATED
from hamodel.incident.facts import stem
from hamodel.incident.report import Explanation
from hamodel.logs.headers import header
from hamodel.logs.recognise import recognise
from hamodel.renderers.explain_json import as_data
from tests.shared import TRACES

NODES = ("node1", "node2")
SHIFT = (20, 900)
"""Seconds by which a line's time is moved: more than the reader puts back in order, less than a life."""
FAR = 3
"""Lines that are exchanged stand at least so many others apart."""


class Way(Enum):
    """How a line is altered."""

    DROPPED = "dropped"
    SWAPPED = "swapped"
    RENAMED = "renamed"
    SHIFTED = "shifted"


class Seen(Enum):
    """What the explanation makes of it."""

    CONTRADICTED = "lines that do not fit are named"
    TOLD = "the story is another"
    SILENT = "accepted as the same story"


@dataclass(frozen=True, slots=True)
class Altered:
    """One alteration and its outcome."""

    run: str
    node: str
    number: int
    way: Way
    line: str
    seen: Seen


@cache
def syslog(run: str, node: str) -> tuple[str, ...]:
    """The lines of a node's syslog."""
    return tuple((TRACES / run / node / "messages").read_text("utf-8").splitlines())


def written(root: Path, logs: dict[str, list[str]]) -> list[Path]:
    """The logs as files, one a node."""
    paths = [root / f"{node}.messages" for node in logs]
    for path, lines in zip(paths, logs.values(), strict=True):
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return paths


def story(report: Explanation) -> Any:  # noqa: ANN401
    """All that is said, without the numbers of lines."""
    data = as_data(report)
    data["lines"] = data["contradictions"] = None
    return _bare(data)


def _bare(data: Any) -> Any:  # noqa: ANN401
    if isinstance(data, dict):
        return {name: _bare(each) for name, each in data.items() if name != "lines"}
    return [_bare(each) for each in data] if isinstance(data, list) else data


def rests(report: Explanation) -> dict[str, list[int]]:
    """The lines that the explanation names, by node."""
    found: dict[str, set[int]] = {}

    def walk(data: Any) -> None:  # noqa: ANN401
        if isinstance(data, dict):
            for name, each in data.items():
                if name == "lines" and isinstance(each, list):
                    for where in each:
                        source, _, number = where.rpartition(":")
                        found.setdefault(Path(source).name.partition(".")[0], set()).add(int(number))
                else:
                    walk(each)
        elif isinstance(data, list):
            for each in data:
                walk(each)

    walk(as_data(report))
    return {node: sorted(numbers) for node, numbers in sorted(found.items())}


def alterations(run: str, root: Path, chance: random.Random, times: int) -> Iterator[Altered]:
    """So many lines of a recording altered at random, each by itself."""
    logs = {node: list(syslog(run, node)) for node in NODES}
    whole = explained(written(root, logs))
    same = story(whole)
    lines = {
        node: [number for number in numbers if key_of(logs[node][number - 1]) not in REPEATED]
        for node, numbers in rests(whole).items()
    }
    for _ in range(times):
        node = chance.choice([node for node in NODES if lines.get(node)])
        number, way = chance.choice(lines[node]), chance.choice(list(Way))
        changed = WAYS[way](list(logs[node]), number - 1, chance, lines[node])
        if changed is None:
            continue
        report = explained(written(root, {**logs, node: changed}))
        seen = Seen.CONTRADICTED if report.contradictions else Seen.TOLD if story(report) != same else Seen.SILENT
        yield Altered(run, node, number, way, logs[node][number - 1], seen)


Alter = Callable[[list[str], int, random.Random, list[int]], "list[str] | None"]


def _dropped(lines: list[str], place: int, chance: random.Random, rests: list[int]) -> list[str] | None:
    del lines[place]
    return lines


def _swapped(lines: list[str], place: int, chance: random.Random, rests: list[int]) -> list[str] | None:
    """Two lines exchange their places and keep the times of the places."""
    others = [i - 1 for i in rests if abs(i - 1 - place) > FAR and _body(lines[i - 1]) != _body(lines[place])]
    if not others:
        return None
    other = chance.choice(others)
    one, two = lines[place], lines[other]
    lines[place], lines[other] = one[:15] + two[15:], two[:15] + one[15:]
    return lines


def _renamed(lines: list[str], place: int, chance: random.Random, rests: list[int]) -> list[str] | None:
    """Another node's name in the text; where it names none, another host."""
    stamp, body = lines[place][:15], lines[place][15:]
    host, _, text = body.lstrip().partition(" ")
    found = re.search(r"\bnode[12]\b", text)
    name = chance.choice([each for each in ("node1", "node2", "node9") if each != (found[0] if found else host)])
    if found:
        text = text[: found.start()] + name + text[found.end() :]
    else:
        host = name
    lines[place] = f"{stamp} {host} {text}"
    return lines


def _shifted(lines: list[str], place: int, chance: random.Random, rests: list[int]) -> list[str] | None:
    when = datetime.strptime(f"2026 {lines[place][:15]}", "%Y %b %d %H:%M:%S")
    when += timedelta(seconds=chance.choice((-1, 1)) * chance.randint(*SHIFT))
    lines[place] = f"{when:%b} {when.day:2} {when:%H:%M:%S}{lines[place][15:]}"
    return lines


def _body(line: str) -> str:
    head = header(line)
    return line[15:] if head is None else f"{head.tag} {head.text}"


WAYS: dict[Way, Alter] = {
    Way.DROPPED: _dropped,
    Way.SWAPPED: _swapped,
    Way.RENAMED: _renamed,
    Way.SHIFTED: _shifted,
}


def key_of(line: str) -> str:
    """The name of the message behind a line of a syslog."""
    head = header(line)
    match = None if head is None else recognise(head.tag, head.level, head.text)
    return stem(match.message.id) if match is not None else ""
