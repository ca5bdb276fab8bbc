"""The tables of the packed search that all threads share: numbered halves, and what is known because of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.packed_own import Own
from hamodel.engines._lower.packed_program import (
    BLOCK,
    ENTRIES,
    IDS,
    LINE,
    MOST_SIGNALS,
    SHARED,
    PackedProgram,
    room_of,
    steps_of,
)
from hamodel.engines._lower.prepared import Array, pointer

FIRST = 1 << 12
"""Slots of the first tables."""
RESERVED = 1 << 23
"""Bytes that are reserved at once for what grows row by row."""
AMPLE = 1 << 28
"""Bytes that are reserved at most where a sixteenth would do."""

LARGE_PAGE = 1 << 21
"""Bytes of a page as numpy asks for them where an array has room for some: fewer for the processor to look up."""


def aligned(*shape: int) -> Array:
    """Zeros from the beginning of a cache line on, or of a large page. Pages that nobody writes to take no memory."""
    return _aligned(np.zeros, shape)


def room_for(*shape: int) -> Array:
    """The same with anything in it: as it is used from the beginning on, nobody has to clear it."""
    return _aligned(np.empty, shape)


def _aligned(made: Callable[[int, type[np.uint8]], npt.NDArray[np.uint8]], shape: Sequence[int]) -> Array:
    size = 8 * math.prod(shape)
    bound = LARGE_PAGE if size >= LARGE_PAGE else 64
    room = made(size + bound, np.uint8)
    skipped = -pointer(room) % bound
    found: npt.NDArray[np.int64] = room[skipped : skipped + size].view(np.int64).reshape(shape)
    return found


def larger(array: Array, used: int, wanted: int, made: Callable[..., Array] = room_for) -> Array:
    """The same rows in an array with room for so many; ample room, as it takes no memory before it is used."""
    if wanted <= len(array):
        return array
    width = array.nbytes // len(array)
    found = made(max(2 * wanted, min(16 * wanted, AMPLE // width)), *array.shape[1:])
    found[:used] = array[:used]
    return found


def _bits(size: int) -> int:
    """Of which power of two it is."""
    return size.bit_length() - 1


class Halves:
    """What `packed_halves`, `packed_follow` and `packed_answers` write to; it is given room between two calls."""

    def __init__(self, program: PackedProgram, jobs: int) -> None:
        self.program, self.jobs = program, jobs
        self.margin = 5 * steps_of(program.actions) + BLOCK
        """Halves a thread may number before it looks whether there is room."""
        self.block = room_of(program.actions)
        self.shared = aligned(SHARED)
        self.parts = aligned(2 * FIRST)
        each = 8 * program.packing.half
        self.values, self.lists = room_for(RESERVED // each + 1, program.packing.half), aligned(RESERVED // 16 + 1, 2)
        self.entries = room_for(RESERVED // 8 + 1)
        self.signals, self.answers = aligned(MOST_SIGNALS), aligned(LINE << 9)

    @property
    def ends(self) -> tuple[int, int]:
        """The numbers of halves and of entries from which on a thread stops and waits for room."""
        halves = min(len(self.values), len(self.lists), len(self.parts) // 2)
        return halves - self.jobs * self.margin, len(self.entries) - self.jobs * self.block

    @property
    def bits(self) -> tuple[int, int]:
        """Of a place among the parts, and of a line among the answers."""
        return _bits(len(self.parts)), _bits(len(self.answers) // LINE)

    def wanted(self, counts: Sequence[Array]) -> tuple[int, int]:
        """How long the two hash tables should be: at most half full; `counts` are the words of the threads."""
        halves = int(self.shared[IDS]) + 2 * self.jobs * self.margin
        kept = 2 * sum(int(own[Own.ANSWERS]) for own in counts)
        sizes = [len(self.parts), len(self.answers)]
        while 2 * halves > sizes[0]:
            sizes[0] *= 4
        while kept > sizes[1]:
            sizes[1] *= 4
        return sizes[0], sizes[1]

    def more(self, wanted: tuple[int, int]) -> int:
        """Bytes that this would take beside those in use."""
        tables = (self.parts, self.answers)
        return sum(8 * size for size, table in zip(wanted, tables, strict=True) if size > len(table))

    def enlarge(self, wanted: tuple[int, int]) -> bool:
        """Make room for as many halves and entries as all threads may add before they look again; whether any moved."""
        parts, answers = wanted
        before = [id(table) for table in self._tables()]
        call, used, taken = self.program.call, int(self.shared[IDS]), int(self.shared[ENTRIES])
        self.values = larger(self.values, used, used + 2 * self.jobs * self.margin)
        self.lists = larger(self.lists, used, used + 2 * self.jobs * self.margin, aligned)
        self.entries = larger(self.entries, taken, taken + 2 * self.jobs * self.block)
        if answers > len(self.answers):
            target = aligned(answers)
            call["enlarge_answers"](
                pointer(self.answers), len(self.answers) // LINE, self.bits[1], pointer(target), _bits(answers // LINE)
            )
            self.answers = target
        if parts > len(self.parts):
            target = aligned(parts)
            call["enlarge_parts"](pointer(self.parts), len(self.parts), pointer(target), _bits(parts))
            self.parts = target
        return before != [id(table) for table in self._tables()]

    def _tables(self) -> tuple[Array, ...]:
        return self.parts, self.values, self.lists, self.entries, self.answers

    def work(self) -> dict[Own, int]:
        """What a thread has to know of them."""
        halves, entries = self.ends
        parts, answers = self.bits
        return {
            Own.IDS_END: halves, Own.ENTRIES_END: entries, Own.PARTS_BITS: parts, Own.ANSWERS_BITS: answers,
            Own.PARTS_AT: pointer(self.parts), Own.VALUES_AT: pointer(self.values), Own.LISTS_AT: pointer(self.lists),
            Own.ENTRIES_AT: pointer(self.entries), Own.SIGNALS_AT: pointer(self.signals),
            Own.ANSWERS_AT: pointer(self.answers), Own.SHARED_AT: pointer(self.shared),
        }  # fmt: skip

    def memory(self) -> int:
        """Bytes of everything that grows, as far as it is used."""
        rows = int(self.shared[IDS]) * (self.values.shape[1] + self.lists.shape[1])
        return int(self.parts.nbytes + self.answers.nbytes + 8 * (rows + int(self.shared[ENTRIES])))
