"""Led runs: of all runs of a scripted system, one whose lines go along with those that were recorded.

Step by step a few runs are kept, those whose lines so far are most alike to the beginning of the recorded ones: a line
that both have counts one, a line that only one of them has costs a part of it. Where that leads astray, runs are also
compared with those that have written as many lines, as decoders of speech do, because a death that is written before
a packet that would have prevented it has more lines in common for a while. Classes are told apart exactly, so what is
kept is a run of the system, whatever was left out; that no better one is found proves nothing.

What is in doubt even in a run, because no rule decides when an ipfail signs on, is written where it was recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hamodel.engines.classes import ClassesEngine
from hamodel.ir.script import OVER
from hamodel.ir.semantics import initial_state, refire
from hamodel.ir.state import State
from hamodel.ir.system import BY_CHANCE, System
from hamodel.ir.trace import LogLine
from hamodel.logs.expand import expand
from hamodel.logs.journal import Journal, Said

WIDTH = 64
"""Runs that are kept after each step."""
EQUALS = 8
"""Runs that are kept of those that have written as many lines, however good the others are."""
GOOD = 0.97
"""Of the recorded lines: a run that has so many in common, less what it costs, is not bettered."""
COST = 0.5
"""What a line costs that only one of the two has."""
LONGEST = 3_000
"""Steps after which the search gives up."""

Stream = tuple[int, str]
"""A node and a kind of process on it."""
Row = np.ndarray[tuple[int], np.dtype[np.int32]]
Marks = np.ndarray[tuple[int], np.dtype[np.bool_]]
Heard = Callable[[Said], tuple[str, object] | None]
"""The stream of a line and what is compared of it; None where the line does not count."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one stream goes along so far: common[j] is the length of what it has in common with the first j lines.

    `value` is the best over all beginnings of the recorded stream. A step writes few streams, and the score of a run
    asks all of them: so it is reckoned once.
    """

    common: Row
    written: int = 0
    value: float = field(init=False)

    def __post_init__(self) -> None:
        passed = np.arange(len(self.common))
        alike = self.common - COST * (passed - self.common) - COST * (self.written - self.common)
        object.__setattr__(self, "value", float(alike.max()))

    def with_line(self, same: Marks) -> Likeness:
        """After one more line, which is the same as the recorded lines marked."""
        longer = self.common.copy()
        longer[1:] = np.maximum(longer[1:], (self.common[:-1] + 1) * same)
        return Likeness(np.maximum.accumulate(longer), self.written + 1)


@dataclass(frozen=True, slots=True)
class Text:
    """The recorded streams, each as a list of what is compared."""

    lines: Mapping[Stream, Sequence[object]]
    known: dict[tuple[Stream, object], Marks] = field(default_factory=dict)

    def begin(self, stream: Stream) -> Likeness:
        return Likeness(np.zeros(len(self.lines.get(stream, ())) + 1, np.int32))

    def same(self, stream: Stream, line: object) -> Marks:
        """Which of the recorded lines it is."""
        found = self.known.get((stream, line))
        if found is None:
            found = np.fromiter((line == other for other in self.lines.get(stream, ())), np.bool_)
            self.known[stream, line] = found
        return found


@dataclass(frozen=True, slots=True)
class Names:
    """The events of a run, from its last one backwards."""

    before: Names | None
    last: str


@dataclass(frozen=True, slots=True)
class Path:
    """A run so far: where the search has it, its state, its events, and its logs as far as they decide what follows.

    `ends` says when each running timer ends at the earliest; the times are only good enough to write lines.
    """

    index: int
    state: State
    names: Names | None
    at: int
    ends: Mapping[str, int]
    journals: tuple[Journal, Journal]
    alike: Mapping[Stream, Likeness]
    score: float

    @property
    def written(self) -> int:
        """How many lines that count both logs have so far."""
        return sum(likeness.written for likeness in self.alike.values())

    def events(self) -> tuple[str, ...]:
        found: list[str] = []
        rest = self.names
        while rest is not None:
            found.append(rest.last)
            rest = rest.before
        return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Led:
    """The events of a run, and how much each ipfail of each node missed before it had signed on."""

    names: tuple[str, ...]
    missed: tuple[tuple[int, ...], tuple[int, ...]]


def led(
    engine: ClassesEngine, system: System, journals: tuple[Journal, Journal], text: Text, heard: Heard
) -> Led | None:
    """A run to the end of the script whose lines go along with `text`; None where none was found.

    The runs that are most alike are followed first; only where much is missing then, those of each length as well. Not
    where packets are lost by chance: there are too many, and each loss that nobody can tell is a line that is missing.
    """
    for journal in journals:
        journal.in_doubt = True
    best: Path | None = None
    for equals in (0,) if _goes_by_chance(system) else (0, EQUALS):
        found = _most_alike(engine, system, journals, text, heard, equals)
        if found is not None and (best is None or found.score > best.score):
            best = found
        if best is not None and best.score >= GOOD * sum(map(len, text.lines.values())):
            break
    return None if best is None else Led(best.events(), (best.journals[0].missed, best.journals[1].missed))


def _goes_by_chance(system: System) -> bool:
    return any(action.fault == BY_CHANCE and system.may_happen(action) for action in system.actions)


def _most_alike(
    engine: ClassesEngine, system: System, journals: tuple[Journal, Journal], text: Text, heard: Heard, equals: int
) -> Path | None:
    search = engine.led(system)
    state, started, logs = initial_state(system)
    lines = {stream: text.begin(stream) for stream in text.lines}
    first = Path(0, state, None, 0, _ends(0, started), journals, lines, 0.0)
    beam, best = [_written(first, logs, text, heard)], None
    for _ in range(LONGEST):
        found: dict[int, Path] = {}
        for path in beam:
            for following in _steps(path, system, search.moves(path.index), text, heard):
                if following.state.value(system, OVER):
                    if best is None or following.score > best.score:
                        best = following
                elif following.index not in found or found[following.index].score < following.score:
                    found[following.index] = following
        if not found:
            break
        beam = _best(found.values(), equals)
    return best


def _best(paths: Iterable[Path], equals: int) -> list[Path]:
    """The runs that are most alike, and some of each number of lines: who writes early is no rival of the others."""
    ranked = sorted(paths, key=lambda p: (-p.score, p.index))
    seen: Counter[int] = Counter()
    kept = []
    for place, path in enumerate(ranked):
        seen[path.written] += 1
        if place < WIDTH or seen[path.written] <= equals:
            kept.append(path)
    return kept


def _steps(path: Path, system: System, moves: Sequence[tuple[int, int]], text: Text, heard: Heard) -> Iterator[Path]:
    for number, index in moves:
        action = system.actions[number]
        effect = refire(system, path.state, action)
        if effect is None:
            continue
        at = max(path.at, path.ends.get(action.timer, 0) if action.timer is not None else 0)
        running = set(effect.state.timers(system))
        ends = {t: end for t, end in path.ends.items() if t in running} | _ends(at, effect.started)
        names = Names(path.names, action.name)
        following = Path(index, effect.state, names, at, ends, path.journals, path.alike, path.score)
        yield _written(following, effect.logs, text, heard)


def _ends(at: int, started: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """An event of the script in the middle of what is allowed, everything else as early as can be."""
    return {t: at + ((lo + hi) // 2 if t.startswith("script[") else lo) for t, (lo, hi) in started.items()}


def _written(path: Path, logs: Sequence[LogLine], text: Text, heard: Heard) -> Path:
    """The run with what this step writes."""
    if not logs:
        return path
    journals = (path.journals[0].copy(), path.journals[1].copy())
    for line in logs:
        expand(journals[line.node], path.at, line.key, dict(line.fields))
    alike = dict(path.alike)
    for node, journal in enumerate(journals):
        for said in journal.lines:
            what = heard(said)
            if what is not None:
                stream = (node, what[0])
                before = alike.get(stream, text.begin(stream))
                after = before.with_line(text.same(stream, what[1]))
                if said.doubtful and journal.in_doubt_at(said.at):
                    if after.value < before.value:
                        journal.misses()
                        continue
                    journal.hears(said.at)
                alike[stream] = after
        journal.lines.clear()
    score = sum(likeness.value for likeness in alike.values())
    return Path(path.index, path.state, path.names, path.at, path.ends, journals, alike, score)
