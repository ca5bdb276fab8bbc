"""The packed search: layer by layer, threads side by side, and the same numbers whatever the threads did.

A layer is expanded in waves, and a wave in small chunks that each thread takes when it is done with its last one; then
the new states get their numbers, in the order in which one thread would have found them. Between waves Python looks at
limits, progress and Ctrl-C, and gives the tables room. A thread that runs out of room keeps the rest of its chunk.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.packed_program import (
    ANSWERS,
    AT_ACTION,
    AT_PARENT,
    BAD,
    BATCH,
    BLOCK,
    CURSOR,
    DEADLOCKS,
    EDGES,
    ENTRIES,
    HITS,
    IDS,
    LINE,
    MOST_SIGNALS,
    NEVER,
    NEW,
    REST,
    REST_END,
    SHARED,
    PackedProgram,
    places,
    room_of,
)
from hamodel.engines._lower.prepared import Array, pointer
from hamodel.engines._lower.search import Stop
from hamodel.errors import HamodelError
from hamodel.ir.state import State

CHUNK = 256
"""States that a thread takes at a time."""
WAVE = 32_768
"""States that all threads together expand in one call, some milliseconds."""
FIRST, SMALL, SLOT = 1 << 12, 1 << 22, 16
"""Slots of the first table, and of the largest that grew fourfold at once; bytes of a slot."""
Tell = Callable[[int, int, float], None]
T = TypeVar("T")


class Worker:
    """What one thread counts in and writes to."""

    def __init__(self, program: PackedProgram) -> None:
        self.own = aligned(program.own_words)
        self.own[HITS + program.formulas :] = NEVER
        self.fresh = aligned(FIRST)
        size, steps = 2 * program.packing.half, BATCH + program.actions + 1
        self.s, self.t = aligned(size), aligned(steps * size)
        self.scratch = aligned(places(program.packing.half, program.actions)[-1])

    @property
    def new(self) -> int:
        return int(self.own[NEW])

    @property
    def rest(self) -> int:
        """States it has taken and not yet expanded."""
        return int(self.own[REST_END] - self.own[REST])


class PackedSearch:
    """One search under way; `keys` are the states in the order in which they are found."""

    def __init__(self, program: PackedProgram, first: Sequence[Sequence[int]], jobs: int = 1) -> None:
        self.program, self.jobs = program, max(1, jobs)
        self.workers = [Worker(program) for _ in range(self.jobs)]
        self.margin = 2 * BATCH + 8 * program.actions + BLOCK
        """Parts a thread may add before it looks again."""
        self.slots = aligned(FIRST, 2, dtype=np.uint64)
        self.parts = aligned(2 * FIRST, dtype=np.uint64)
        self.values = aligned(FIRST, program.packing.half)
        self.lists = np.zeros(2 * FIRST, np.int64)
        self.entries = np.zeros(0, np.int64)
        self.signals, self.answers = aligned(MOST_SIGNALS), aligned(LINE << 8)
        self.room = room_of(program.actions)
        self.shared = aligned(SHARED)
        self.keys = np.zeros(FIRST, np.uint64)
        self.claims, self.found, self.by = (np.zeros(0, np.int64) for _ in range(3))
        self.states = 0
        self.layers: list[int] = [0]
        """Where each layer begins, in numbers of states; the last entry is where the next one will."""
        self.pool: ThreadPoolExecutor | None = None
        self.stopped = ""
        self.error: HamodelError | None = None
        self.room_for_parts()
        for words in first:
            self.store(words)
        self.layers.append(self.states)

    # -- tables

    def room_for_parts(self) -> None:
        """At least as many parts as all threads may add before they look again, and the table at most half full."""
        taken, block = int(self.shared[ENTRIES]), 2 * self.jobs * self.room
        if taken + block > len(self.entries):
            self.entries = _larger(self.entries, 2 * (taken + block), taken)
        self.room_for_answers()
        used = int(self.shared[IDS])
        if used + 4 * self.jobs * self.margin <= len(self.values):
            return
        size = len(self.values)
        while used + 8 * self.jobs * self.margin > size:
            size *= 2
        self.values = _larger(self.values, size, used)
        self.lists = _larger(self.lists, 2 * size, 2 * used)
        larger = aligned(2 * size, dtype=np.uint64)
        self.program.call["enlarge_parts"](
            pointer(self.parts), len(self.parts), pointer(self.values), pointer(larger), len(larger) - 1
        )
        self.parts = larger

    def room_for_answers(self) -> None:
        """Lines that are half full on the average; more would often be lost."""
        lines, wanted = len(self.answers) // LINE, 2 * sum(int(w.own[ANSWERS]) for w in self.workers)
        if wanted <= LINE * lines:
            return
        larger = aligned(4 * LINE * lines)
        self.program.call["enlarge_answers"](pointer(self.answers), lines, pointer(larger), 4 * lines - 1)
        self.answers = larger

    def room_for_states(self, more: int, stop: Stop) -> str:
        """Room for `more` states beside those that are numbered and those that are new, or why there is none."""
        wanted = self.states + sum(w.new for w in self.workers) + more
        size = len(self.slots)
        while 4 * wanted > 3 * size:
            size *= 2
        if size == len(self.slots):
            return ""
        now, ample = self.memory(), 4 * len(self.slots)
        if size < ample <= SMALL and not stop.room(now + SLOT * ample):
            size = ample
        if refused := stop.room(max(now, (now + SLOT * size) // 2)):
            return refused
        larger = aligned(size, 2, dtype=np.uint64)
        parts = [len(self.slots) * n // self.jobs for n in range(self.jobs + 1)]
        call, old = self.program.call, self.slots
        self.together(lambda part: call["enlarge"](pointer(old), *part, pointer(larger), size - 1), pairwise(parts))
        self.together(
            lambda w: call["relocate"](pointer(w.fresh), w.new, pointer(old), pointer(larger), size - 1), self.workers
        )
        self.slots = larger
        return ""

    def memory(self) -> int:
        """Bytes of everything that grows."""
        arrays = (
            self.slots,
            self.parts,
            self.values,
            self.lists,
            self.entries,
            self.answers,
            self.keys,
            self.claims,
            self.found,
            self.by,
        )
        return sum(a.nbytes for a in arrays) + sum(w.fresh.nbytes for w in self.workers)

    def store(self, words: Sequence[int]) -> None:
        """A state to begin with."""
        worker = self.workers[0]
        worker.t[: len(words)] = words
        call = self.program.call
        key = call["begin"](
            pointer(worker.t), pointer(self.parts), len(self.parts) - 1, pointer(self.values), pointer(worker.own),
            pointer(self.shared),
        )  # fmt: skip
        if key not in self.keys[: self.states]:
            target = np.zeros((1, 2), np.uint64)
            target[0] = key + 1, 2**64 - 1
            call["enlarge"](pointer(target), 0, 1, pointer(self.slots), len(self.slots) - 1)
            self.keys[self.states] = key
            self.states += 1

    # -- the search

    def run(self, stop: Stop, until: int = 0, tell: Tell | None = None) -> None:
        """Until everything is found, a formula of the mask `until` holds somewhere, or a limit is met (`stopped`)."""
        self.pool = ThreadPoolExecutor(self.jobs - 1) if self.jobs > 1 else None
        try:
            while self.layers[-2] < self.layers[-1] and not self.stopped:
                if stop.depth is not None and self.depth >= stop.depth:
                    self._look_at_last()
                    self.stopped = f"the depth limit of {stop.depth} steps was reached"
                    return
                self._layer(stop, tell)
                if not self.error and not self.stopped and any(until >> f & 1 and n for f, n in enumerate(self.hits)):
                    self.stopped = "found"
        except KeyboardInterrupt:
            self.stopped = "interrupted"
        finally:
            if self.pool is not None:
                self.pool.shutdown()
                self.pool = None

    def together(self, run: Callable[[T], object], parts: Iterable[T]) -> None:
        """Run all parts, each in a thread of its own if there are threads."""
        first, *others = parts
        futures = [self.pool.submit(run, part) for part in others] if self.pool is not None else []
        run(first)
        for part in others if self.pool is None else ():
            run(part)
        for future in futures:
            future.result()

    def _layer(self, stop: Stop, tell: Tell | None) -> None:
        first, end = self.layers[-2], self.layers[-1]
        self.shared[CURSOR] = first
        while not self.stopped and (first < end or any(w.rest for w in self.workers)):
            last = min(first + WAVE, end)
            left = last - first + sum(w.rest for w in self.workers)
            busy = self.workers if left > CHUNK else [w for w in self.workers if w.rest] or self.workers[:1]
            self.room_for_parts()
            share = 4 * left // len(busy) + 4 * self.program.actions + BATCH
            self.stopped = self.room_for_states(len(busy) * share, stop)
            if self.stopped:
                break
            self.together(lambda w: self._expand(w, last, share), busy)  # noqa: B023
            found = self.states + sum(w.new for w in self.workers)
            self.stopped = stop.reason(found, self.memory())
            if tell is not None:
                tell(found, self.edges, stop.elapsed())
            first = self.shared[CURSOR] = min(int(self.shared[CURSOR]), last)
            if any(w.own[BAD] for w in self.workers):
                end = first
        self._number()
        if any(w.own[BAD] for w in self.workers):
            self._fail()

    def _expand(self, worker: Worker, last: int, share: int) -> None:
        room = worker.new + share
        if room > len(worker.fresh):
            worker.fresh = _larger(worker.fresh, 2 * room, worker.new)
        self.program.call["expand"](
            last, CHUNK, pointer(self.keys), pointer(self.slots), len(self.slots) - 1, pointer(self.parts),
            len(self.parts) - 1, pointer(self.values), len(self.values) - 2 * self.jobs * self.margin,
            pointer(self.lists), pointer(self.entries), len(self.entries) - self.jobs * self.room,
            pointer(self.signals), pointer(self.answers), len(self.answers) // LINE - 1, pointer(worker.fresh), room,
            pointer(worker.own), pointer(self.shared), pointer(worker.s), pointer(worker.t), pointer(worker.scratch),
        )  # fmt: skip

    def _number(self) -> None:
        """The new states of a layer, in the order in which one thread would have found them."""
        first, width = self.layers[-2], self.layers[-1] - self.layers[-2]
        many = sum(w.new for w in self.workers)
        if len(self.claims) < many:
            self.claims, self.found, self.by = (np.zeros(2 * many, np.int64) for _ in range(3))
        if self.states + many > len(self.keys):
            self.keys = _larger(self.keys, max(2 * len(self.keys), self.states + many), self.states)
        starts = list(accumulate((w.new for w in self.workers), initial=0))
        self.together(lambda part: self._gather(*part), zip(self.workers, starts, strict=False))
        counts = np.zeros(width + 1, np.int32)
        self.by[:many] = 0
        self.program.call["arrange"](
            many, pointer(self.claims), pointer(self.found), pointer(counts), first, width, pointer(self.by),
            pointer(self.keys), self.states,
        )  # fmt: skip
        self.states += many
        self.layers.append(self.states)

    def _gather(self, worker: Worker, start: int) -> None:
        """Claims and keys of what one thread found, from `start` on."""
        self.program.call["gather"](
            pointer(worker.fresh), worker.new, pointer(self.slots), pointer(self.claims) + 8 * start,
            pointer(self.found) + 8 * start,
        )  # fmt: skip
        worker.own[NEW] = 0

    def _look_at_last(self) -> None:
        """The formulas in the states of the last layer, which is not expanded."""
        first, last = self.layers[-2], self.layers[-1]
        bits = self.judged(first, last)
        own = self.workers[0].own
        for f in range(self.program.formulas):
            where = np.flatnonzero(bits >> f & 1)
            if len(where):
                own[HITS + f] += len(where)
                own[HITS + self.program.formulas + f] = min(
                    own[HITS + self.program.formulas + f], first + int(where[0])
                )

    def _fail(self) -> None:
        """The error that one thread would have met first: all states before it are expanded."""
        worker = min((w for w in self.workers if w.own[BAD]), key=lambda w: int(w.own[AT_PARENT]))
        self.error = self.program.error(int(worker.own[BAD]))
        self.failed = int(worker.own[AT_PARENT]), int(worker.own[AT_ACTION])
        self.stopped = self.error.message

    # -- what was found

    @property
    def depth(self) -> int:
        """Steps to the states of the last layer that is not empty."""
        return sum(1 for a, b in zip(self.layers, self.layers[1:], strict=False) if a < b) - 1

    @property
    def edges(self) -> int:
        return sum(int(w.own[EDGES]) for w in self.workers)

    @property
    def deadlocks(self) -> int:
        """States without a step."""
        return sum(int(w.own[DEADLOCKS]) for w in self.workers)

    @property
    def hits(self) -> list[int]:
        """For each formula, in how many of the expanded states it holds."""
        return [sum(int(w.own[HITS + f]) for w in self.workers) for f in range(self.program.formulas)]

    @property
    def firsts(self) -> list[int | None]:
        """For each formula, the first state in which it holds."""
        least = [
            min(int(w.own[HITS + self.program.formulas + f]) for w in self.workers)
            for f in range(self.program.formulas)
        ]
        return [None if n >= NEVER else n for n in least]

    def judged(self, first: int, last: int) -> Array:
        """For each of these states, a bit for each formula that holds in it."""
        out, worker = np.zeros(max(0, last - first), np.int64), self.workers[0]
        self.program.call["judged"](
            first, last, pointer(self.keys), pointer(out), pointer(self.values), pointer(worker.s)
        )
        return out

    def where(self, formula: int, most: int) -> list[int]:
        """The first states, at most so many, in which a formula holds."""
        found: list[int] = []
        for first, last in _slices(0, self.states, 1 << 16):
            bits = self.judged(first, last)
            found += [first + int(i) for i in np.flatnonzero(bits >> formula & 1)[: most - len(found)]]
            if len(found) >= most:
                break
        return found

    def state(self, index: int) -> State:
        """A state of the untimed system."""
        return self.program.packing.state(self.words(index))

    def words(self, index: int) -> list[int]:
        """The words of a state."""
        out = np.zeros(2 * self.program.packing.half, np.int64)
        self.program.call["read"](index, index + 1, pointer(self.keys), pointer(out), pointer(self.values))
        found: list[int] = out.tolist()
        return found

    def path(self, index: int) -> list[int]:
        """The actions of a shortest run to a state, as indices: of all shortest ones the first."""
        actions: list[int] = []
        while index >= self.layers[1]:
            claim = self.program.call["claim_of"](int(self.keys[index]), pointer(self.slots), len(self.slots) - 1)
            index, action = claim >> 16, claim & 65535
            actions.append(action)
        return actions[::-1]


def _slices(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    for at in range(first, last, size):
        yield at, min(at + size, last)


def _larger(array: Array, size: int, used: int) -> Array:
    larger = aligned(size, *array.shape[1:], dtype=array.dtype)
    larger[:used] = array[:used]
    return larger


def aligned(*shape: int, dtype: npt.DTypeLike = np.int64) -> Array:
    """Zeros from the beginning of a cache line on."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    room = np.zeros(size + 64, np.uint8)
    skipped = -pointer(room) % 64
    found: Array = room[skipped : skipped + size].view(dtype).reshape(shape)
    return found
