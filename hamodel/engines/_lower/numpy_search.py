"""The search without machine code: many states at a time, by numpy alone.

A state is one number of 63 bits, made of the numbers of its parts (see `parts`). The states of a layer are taken a
chunk at a time: `roads` says all steps from them, and of the states these lead to, those that are new are numbered in
the order of the system's actions. So the numbers, the layers and the runs are those of the plainest search.
Where the numbers of the parts together need more than 63 bits, the search begins again with coarser parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from hamodel.engines._lower.keyed import Keys, KeySet, Numbers
from hamodel.engines._lower.packing import WORD
from hamodel.engines._lower.parts import groups_of
from hamodel.engines._lower.roads import Roads, Steps
from hamodel.engines._lower.search import Stop
from hamodel.engines._lower.untimed_search import Tell
from hamodel.errors import EngineLimit, HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.state import State
from hamodel.ir.system import System

CHUNK = 1 << 16
"""States that are expanded at a time."""
FIRST = 1 << 12
"""States that there is room for at first."""
Array = TypeVar("Array", Keys, Numbers)


class _TooWide(Exception):
    """The numbers of the parts need more bits than there are."""


class NumpySearch:
    """One search under way; `keys` are the states in the order in which they are found."""

    def __init__(self, system: System, formulas: Sequence[Expr]) -> None:
        self.system, self.formulas = system, formulas
        self.groups = groups_of(system)
        self._begin()

    def _begin(self) -> None:
        """The initial state, in the finest parts that are left."""
        self.roads = Roads(self.system, self.formulas, self.groups.pop(0))
        self.of_step = len(self.roads.system.actions)
        self.widths = self._widths([WORD // len(self.roads.parts)] * len(self.roads.parts))
        self.known = KeySet(FIRST)
        self.keys, self.claims = np.zeros(FIRST, np.uint64), np.zeros(FIRST, np.int64)
        """For each state the one it was first reached from and by which action, as one number."""
        key = self._key([np.array([n]) for n in self.roads.first])
        self.known.add(key)
        self.keys[:1] = key
        self.states, self.layers = 1, [0, 1]
        self.edges = self.deadlocks = self.looked = 0
        self.hits: list[int] = [0 for _ in self.formulas]
        self.firsts: list[int | None] = [None for _ in self.formulas]
        self.stopped = ""
        self.error: HamodelError | None = None

    # -- keys

    def _widths(self, widths: Sequence[int]) -> list[int]:
        """Bits of each part's numbers, and so where they lie in a key."""
        self.shifts = [sum(widths[:p]) for p in range(len(widths))]
        return list(widths)

    def _key(self, ids: Sequence[Numbers]) -> Keys:
        key = np.zeros(len(ids[0]), np.int64)
        for each, shift in zip(ids, self.shifts, strict=True):
            key |= each << shift
        return key.view(np.uint64)

    def _ids(self, keys: Keys) -> list[Numbers]:
        plain = keys.view(np.int64)
        return [plain >> shift & (1 << width) - 1 for shift, width in zip(self.shifts, self.widths, strict=True)]

    def _wider(self) -> None:
        """Give every part the bits its numbers need, and some to spare."""
        needed = [len(part).bit_length() for part in self.roads.parts]
        if all(n <= width for n, width in zip(needed, self.widths, strict=True)):
            return
        spare = (WORD - sum(needed)) // len(needed)
        if spare < 0:
            raise _TooWide
        ids = self._ids(self.keys[: self.states])
        self.widths = self._widths([n + spare for n in needed])
        self.keys[: self.states] = self._key(ids)
        self.known = KeySet(len(self.known.keys))
        for first, end in _slices(0, self.states, CHUNK):
            self.known.add(self.keys[first:end])

    # -- the search

    def run(self, stop: Stop, until: int = 0, tell: Tell | None = None) -> None:
        """Until all is found, the layer in which a formula of the mask `until` holds is done, or a limit is met.

        Raises EngineLimit where the numbers of the coarsest parts do not fit.
        """
        try:
            while self.layers[-2] < self.layers[-1] and not self.stopped:
                if any(until >> f & 1 and n for f, n in enumerate(self.hits)):
                    self.stopped = "found"
                    return
                last = stop.depth is not None and self.depth >= stop.depth
                try:
                    self._layer(stop, tell, last=last)
                except _TooWide:
                    self._coarser()
        except KeyboardInterrupt:
            self.stopped = "interrupted"
            self.layers.append(self.states)

    def _coarser(self) -> None:
        if not self.groups:
            raise EngineLimit(f"the numbers of the parts of {self.system.name} need more than {WORD} bits")
        self._begin()

    def _layer(self, stop: Stop, tell: Tell | None, *, last: bool) -> None:
        """Expand a layer, or only look which formulas hold in it."""
        for first, end in _slices(self.layers[-2], self.layers[-1], CHUNK):
            ids = self._ids(self.keys[first:end])
            found = self._before_error(self.roads.steps(ids, len(self.formulas) if last else None), first)
            self._judge(found, first, end)
            if not last:
                self._take(found, first, end, stop)
            if not self.stopped and (end < self.layers[-1] or self.states > self.layers[-1]):
                self.stopped = stop.reason(self.states, self.memory())
            if tell is not None:
                tell(self.states, self.edges, stop.elapsed())
            if self.stopped:
                break
        if last:
            self.stopped = self.stopped or f"the depth limit of {stop.depth} steps was reached"
        else:
            self.layers.append(self.states)

    def _before_error(self, found: list[Steps], first: int) -> list[Steps]:
        """The steps before the first that cannot be done."""
        wrong = {
            int(s.rows[n]) * self.of_step + int(s.actions[n]): error for s in found for n, error in s.errors.items()
        }
        if not wrong:
            return found
        earliest = min(wrong)
        self.error = wrong[earliest]
        self.stopped = self.error.message
        row, action = divmod(earliest, self.of_step)
        self.failed = first + row, action - len(self.formulas)
        return [s.where(s.rows * self.of_step + s.actions < earliest) for s in found]

    def _judge(self, found: Sequence[Steps], first: int, end: int) -> None:
        """Count the states in which each formula holds."""
        for steps in found:
            for f in range(len(self.formulas)):
                rows = steps.rows[steps.actions == f]
                if len(rows):
                    earliest, before = first + int(rows.min()), self.firsts[f]
                    self.hits[f] += len(rows)
                    self.firsts[f] = earliest if before is None else min(before, earliest)
        self.looked = end if self.error is None else self.failed[0] + (self.failed[1] >= 0)

    def _take(self, found: list[Steps], first: int, end: int, stop: Stop) -> None:
        """Count the steps and number the states they lead to."""
        self._wider()
        keys = self.keys[first:end].view(np.int64)
        nexts, claims = [], []
        stuck = np.ones(end - first, np.bool_)
        for steps in found:
            if self.formulas:
                steps = steps.where(steps.actions >= len(self.formulas))
            then = keys.take(steps.rows)
            for p, change in steps.changes.items():
                then += change << self.shifts[p]
            nexts.append(then.view(np.uint64))
            claims.append((first + steps.rows) * self.of_step + steps.actions)
            stuck[steps.rows] = False
            self.edges += len(steps.rows)
        self.deadlocks += int(np.count_nonzero(stuck if self.error is None else stuck[: self.failed[0] - first]))
        self._number(np.concatenate(nexts), np.concatenate(claims), stop)

    def _number(self, keys: Keys, claims: Numbers, stop: Stop) -> None:
        """The new ones among these states, in the order of their claims."""
        absent = self.known.absent(keys)
        absent = absent.take(np.argsort(claims.take(absent), kind="stable"))
        keys, claims = keys.take(absent), claims.take(absent)
        if refused := self._room(len(keys), stop):
            self.stopped = refused
            return
        new = self.known.add(keys)
        if self.states + len(new) > len(self.keys):
            size = max(2 * len(self.keys), self.states + len(new))
            self.keys, self.claims = _larger(self.keys, size), _larger(self.claims, size)
        self.keys[self.states : self.states + len(new)] = keys[new]
        self.claims[self.states : self.states + len(new)] = claims[new]
        self.states += len(new)

    def _room(self, more: int, stop: Stop) -> str:
        """Why the tables must not grow so that so many more states have room, or nothing."""
        size = self.known.size_for(more)
        wanted = 2 * (self.keys.nbytes + self.claims.nbytes) if self.states + more > len(self.keys) else 0
        if size > len(self.known.keys):
            wanted += self.known.nbytes * size // len(self.known.keys)
        return stop.room((self.memory() + wanted) // 2) if wanted else ""

    def memory(self) -> int:
        """Bytes of everything that grows."""
        return self.known.nbytes + self.keys.nbytes + self.claims.nbytes + self.roads.memory

    # -- what was found

    @property
    def depth(self) -> int:
        """Steps to the states of the last layer that is not empty."""
        return sum(1 for a, b in zip(self.layers, self.layers[1:], strict=False) if a < b) - 1

    def where(self, formula: int, most: int) -> list[int]:
        """The first states, at most so many, in which a formula holds."""
        found: list[int] = []
        for first, end in _slices(0, self.looked, CHUNK):
            if len(found) >= most:
                break
            steps = self.roads.steps(self._ids(self.keys[first:end]), len(self.formulas))
            rows = np.sort(np.concatenate([s.rows[s.actions == formula] for s in steps]))
            found += (first + rows).tolist()
        return found[:most]

    def path(self, index: int) -> list[int]:
        """The actions of a shortest run to a state, as indices: of all shortest ones the first."""
        actions: list[int] = []
        while index > 0:
            index, action = divmod(int(self.claims[index]), self.of_step)
            actions.append(action - len(self.formulas))
        return actions[::-1]

    def state(self, index: int) -> State:
        """A state of the untimed system."""
        ids = self._ids(self.keys[index : index + 1])
        return State(tuple(self.roads.values([int(each[0]) for each in ids])), (), ())


def _slices(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    for at in range(first, last, size):
        yield at, min(at + size, last)


def _larger(array: Array, size: int) -> Array:
    larger = np.zeros(size, array.dtype)
    larger[: len(array)] = array
    return larger
