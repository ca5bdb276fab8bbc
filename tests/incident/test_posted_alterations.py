"""Logs that people posted, altered in any line that their story rests on: it is told otherwise, or found not to fit.

Each such line is dropped, exchanged with another, given another node's name, and moved in time, one at a time. A
posted log is an excerpt in any layout, so nothing but its lines is taken for granted.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.doubts import REPEATED
from hamodel.incident.report import Explanation
from tests.incident.altered import FAR, SHIFT, Seen, Way, key_of, rests, story
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

SAMPLES = SHARED / "samples"
WITH_LOG = tuple(sorted(p.parent.name for p in SAMPLES.glob("*/log.txt"))) if SAMPLES.is_dir() else ()
ACCEPTED = 0.01
"""The share of altered logs that may be taken for the whole ones."""
_CLOCK = re.compile(r"(?<!\d)(\d\d):(\d\d):(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Altered:
    """One alteration of a posted log and what the explanation makes of it."""

    sample: str
    number: int
    way: Way
    line: str
    seen: Seen


@cache
def text(sample: str) -> tuple[str, ...]:
    return tuple((SAMPLES / sample / "log.txt").read_text("utf-8", "replace").splitlines())


def alterations(sample: str, root: Path) -> Iterator[Altered]:
    """Each line that the story rests on, in every way in which it can be altered."""
    chance, lines = random.Random(f"posted {sample}"), text(sample)
    log = root / f"{sample}.txt"
    whole = _told(log, list(lines))
    same, nodes = story(whole), whole.nodes
    numbers = [number for each in rests(whole).values() for number in each]
    for number in [n for n in numbers if key_of(lines[n - 1]) not in REPEATED]:
        for way in Way:
            changed = _changed(way, list(lines), number - 1, numbers, nodes, chance)
            if changed is None or changed == list(lines):
                continue
            report = _told(log, changed)
            seen = Seen.CONTRADICTED if report.contradictions != whole.contradictions else Seen.SILENT
            seen = seen if seen is Seen.CONTRADICTED or story(report) == same else Seen.TOLD
            yield Altered(sample, number, way, lines[number - 1], seen)


def _told(log: Path, lines: list[str]) -> Explanation:
    log.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return explained([log])


def _changed(
    way: Way, lines: list[str], place: int, numbers: list[int], nodes: tuple[str, ...], chance: random.Random
) -> list[str] | None:
    match way:
        case Way.DROPPED:
            del lines[place]
        case Way.SWAPPED:
            others = [n - 1 for n in numbers if abs(n - 1 - place) > FAR and _body(lines[n - 1]) != _body(lines[place])]
            if not others:
                return None
            other = chance.choice(others)
            lines[place], lines[other] = _at(lines[other], lines[place]), _at(lines[place], lines[other])
        case Way.RENAMED:
            found = next((node for node in nodes if node in lines[place]), None)
            if found is None:
                return None
            lines[place] = lines[place].replace(found, "elsewhere")
        case Way.SHIFTED:
            found_clock = _CLOCK.search(lines[place])
            if found_clock is None:
                return None
            hours, minutes, seconds = map(int, found_clock.groups())
            at = (hours * 3600 + minutes * 60 + seconds + chance.choice((-1, 1)) * chance.randint(*SHIFT)) % 86_400
            clock = f"{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}"
            lines[place] = lines[place][: found_clock.start()] + clock + lines[place][found_clock.end() :]
    return lines


def _at(line: str, other: str) -> str:
    """A line at the time of another: the reader would put it back in order by its own."""
    clock = _CLOCK.search(other)
    return line if clock is None else _CLOCK.sub(clock[0], line, count=1)


def _body(line: str) -> str:
    return _CLOCK.sub("", line)


@pytest.fixture(scope="module")
def altered(tmp_path_factory: pytest.TempPathFactory) -> list[Altered]:
    root = tmp_path_factory.mktemp("posted")
    return [each for sample in WITH_LOG for each in alterations(sample, root)]


def test_hardly_an_altered_line_of_a_posted_log_is_accepted_as_the_same_story(altered: list[Altered]) -> None:
    silent = [each for each in altered if each.seen is Seen.SILENT]

    assert len(altered) > 20 * len(WITH_LOG)
    assert len(silent) <= ACCEPTED * len(altered), [(e.way.value, e.sample, e.number, e.line) for e in silent]
