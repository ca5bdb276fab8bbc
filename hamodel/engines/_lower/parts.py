"""The parts of a state: groups of variables whose values together have a number, so that a state is a few numbers.

Millions of states are made of some ten thousand values of each part. What an effect does to a part is worked out once
for each value it meets.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.appended import Append
from hamodel.engines._lower.footprint import footprints
from hamodel.engines._lower.keyed import ABSENT, Numbers, distinct
from hamodel.engines._lower.layout import Layout
from hamodel.engines._lower.packing import packing_of
from hamodel.engines._lower.pairs import Pairs, paired
from hamodel.engines._lower.watched import Change, Image, Move
from hamodel.ir.system import System
from hamodel.ir.untimed import length, message

Rows = npt.NDArray[np.uint8]
Effect: TypeAlias = tuple[tuple[int, Change], ...]
"""What the columns of a part become."""
NOTHING = 0
"""The effect that changes nothing."""
NEARLY = 3 / 4
"""A variable belongs with a queue if so large a share of the actions that touch one of them touch both."""
SAME, CONSTANTS = np.arange(256, dtype=np.uint8), np.repeat(np.arange(256, dtype=np.uint8), 256)
"""Tables from a byte to a byte: the same; and for each number the table that always gives it."""


def groups_of(system: System) -> list[tuple[tuple[int, ...], ...]]:
    """Ways to divide the variables, the finest first: halves, with the queues of both apart, of one, and of none.

    Both halves have a copy of what is common. The finer the parts, the fewer values each has; the coarser, the fewer
    bits their numbers need together.
    """
    index = {v.name: i for i, v in enumerate(system.variables)}
    division = packing_of(system).division
    queues = _queues(system)
    one, other = (tuple(index[n] for n in (*division.common, *names)) for names in division.halves)
    line, other_line = (tuple(index[n] for n in names if n in queues) for names in division.halves)
    rest, other_rest = (tuple(v for v in half if v not in away) for half, away in ((one, line), (other, other_line)))
    ways = ((rest, other_rest, line, other_line), (one, other_rest, other_line), (one, other))
    return list(dict.fromkeys(tuple(part for part in parts if part) or ((),) for parts in ways))


def _queues(system: System) -> frozenset[str]:
    """The variables that were a queue before the system was made untimed; also what nearly the same actions touch."""
    names = {v.name for v in system.variables}
    owners = {v.owner for v in system.variables if length(v.owner) in names}
    prints = footprints(system)
    by = {n: frozenset(a for a, touches in prints.items() if n in touches.touched) for n in names}
    found: set[str] = set()
    for owner in owners:
        places = itertools.takewhile(names.__contains__, (message(owner, n) for n in itertools.count()))
        found |= {length(owner), *places}
        users = by[length(owner)]
        found |= {n for n in names if len(by[n] & users) > NEARLY * len(by[n] | users)}
    return frozenset(found)


class Part:
    """The values of one group of variables that were met, and what effects make of them."""

    def __init__(self, variables: Sequence[int], layout: Layout) -> None:
        self.variables = tuple(variables)
        self.column = {variable: i for i, variable in enumerate(self.variables)}
        self.bounds = [list(layout.bounds.values())[v] for v in self.variables]
        self.rows: Rows = np.zeros((1024, len(self.variables)), np.uint8)
        self.known: defaultdict[bytes, int] = defaultdict(itertools.count().__next__)
        """The number of each value: who asks for a new one has given it the next."""
        self.effects: dict[Effect, int] = {(): NOTHING}
        self.tables = np.concatenate([SAME, CONSTANTS])
        self.images: dict[tuple[Image, int], int] = {}
        width = len(self.variables)
        self.source, self.table = np.arange(width)[None, :], np.zeros((1, width), np.int64)
        """For each effect and column the column it takes its value from, and where the table for that value begins."""
        self.lines: dict[int, Line] = {}
        """The queues that some effect puts messages into, by the column of the length."""
        self.made = Pairs()
        """What an effect makes of a value: its number by both."""

    # -- values

    def __len__(self) -> int:
        return len(self.known)

    def number(self, values: bytes) -> int:
        """The number of a value, new or known."""
        return int(self.numbers(np.frombuffer(values, np.uint8)[None, :])[0])

    def numbers(self, rows: Rows) -> Numbers:
        """The number of each of these values."""
        before, known = len(self.known), self.known
        pieces = rows.view(np.dtype((np.void, rows.shape[1])))[:, 0].tolist() if rows.shape[1] else [b""] * len(rows)
        found = np.fromiter(map(known.__getitem__, pieces), np.int64, len(pieces))
        while len(known) > len(self.rows):
            self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
        new = (found >= before).nonzero()[0]
        self.rows[found[new]] = rows[new]
        return found

    def joined(self, parts: Sequence[Part], ids: Sequence[Numbers]) -> Numbers:
        """The number of each state's value, from the numbers of the finer parts that make up this one."""
        mine = [(part, each) for part, each in zip(parts, ids, strict=True) if self.column.keys() >= {*part.variables}]
        which = mine[0][1]
        for _, each in mine[1:]:
            which = distinct(paired(which, each))[1]
        first, which = distinct(which.view(np.uint64))
        rows = np.zeros((len(first), len(self.variables)), np.uint8)
        for part, each in mine:
            rows[:, [self.column[v] for v in part.variables]] = part.rows[each[first]]
        return self.numbers(rows).take(which)

    @property
    def memory(self) -> int:
        """About so many bytes."""
        return int(self.rows.nbytes) + self.made.nbytes + len(self.known) * (150 + len(self.variables))

    # -- effects

    def effect(self, writes: dict[int, Change]) -> int:
        """The number of what these writes do to this part."""
        mine = tuple((self.column[v], what) for v, what in writes.items() if v in self.column)
        if mine not in self.effects:
            number = len(self.effects)
            if number == len(self.source):
                self.source, self.table = np.tile(self.source, (2, 1)), np.tile(self.table, (2, 1))
            source, table = self.source[number], self.table[number]
            source[:], table[:] = self.source[NOTHING], self.table[NOTHING]
            for column, what in mine:
                if isinstance(what, Append):
                    if column not in self.lines:
                        self.lines[column] = Line([self.column[v] for v in what.queue.places])
                    self.lines[column].note(number, what.messages)
                elif isinstance(what, Move):
                    source[column] = self.column[what.source]
                    table[column] = self._image_at(what.image, self.bounds[source[column]][0])
                else:
                    table[column] = (1 + what) * 256
            self.effects[mine] = number
        return self.effects[mine]

    def _image_at(self, image: Image, lo: int) -> int:
        """Where the table of this image begins. Values that no state comes along with are kept within a byte."""
        if (image, lo) not in self.images:
            self.images[image, lo] = len(self.tables)
            table = np.zeros(256, np.uint8)
            table[lo : lo + len(image.values)] = [value & 255 for value in image.values]
            self.tables = np.concatenate([self.tables, table])
        return self.images[image, lo]

    def after(self, effects: Numbers, values: Numbers) -> Numbers:
        """The number of what each effect makes of a value."""
        found = self.made.find(effects, values, (len(self.effects), len(self)))
        missing = (found == ABSENT).nonzero()[0]
        if len(missing):
            first, where = distinct(paired(effects[missing], values[missing]))
            once = missing[first]
            numbers = self._made(effects[once], values[once])
            self.made.put(effects[once], values[once], numbers)
            found[missing] = numbers[where]
        return found

    def _made(self, effects: Numbers, values: Numbers) -> Numbers:
        moved = np.take_along_axis(self.rows[values], self.source[effects], 1)
        after = self.tables[self.table[effects] + moved]
        for column, line in self.lines.items():
            line.append(after, column, effects)
        return self.numbers(after)


class Line:
    """A queue within a part: which columns its places are, and for each effect the messages it puts there."""

    def __init__(self, places: Sequence[int]) -> None:
        self.places = np.array(places)
        self.count, self.messages = np.zeros(64, np.int64), np.zeros((64, len(places)), np.uint8)

    def note(self, effect: int, messages: Sequence[int]) -> None:
        self._room(effect + 1)
        self.count[effect] = len(messages)
        self.messages[effect, : len(messages)] = messages

    def append(self, after: Rows, length: int, effects: Numbers) -> None:
        """Put the messages of each effect behind those that wait in its row."""
        self._room(int(effects.max()) + 1)
        counts = self.count.take(effects)
        n, rows = 0, counts.nonzero()[0]
        while len(rows):
            after[rows, self.places[after[rows, length]]] = self.messages[effects[rows], n]
            after[rows, length] += 1
            n += 1
            rows = rows.compress(counts.take(rows) > n)

    def _room(self, effects: int) -> None:
        while effects > len(self.count):
            self.count = np.concatenate([self.count, np.zeros_like(self.count)])
            self.messages = np.concatenate([self.messages, np.zeros_like(self.messages)])
