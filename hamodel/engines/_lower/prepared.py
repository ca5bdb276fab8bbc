"""What every compiled search begins with: the system as arrays for the machine code, and the classes to start from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from hamodel.engines._lower.exploration import MeasureResult
from hamodel.engines._lower.layout import Layout
from hamodel.engines._lower.program import COUNTS, Program
from hamodel.engines._lower.search import Order
from hamodel.errors import HamodelError, ModelError
from hamodel.ir.system import STOPWATCH_MS, System

Array = npt.NDArray[Any]
FIRST_SLICE, LONGEST_SLICE = 1_000, 32_000
"""Classes expanded in one call; the last is some hundredths of a second."""
WORDS_PER_MEASURE = 8


def pointer(array: Array) -> int:
    """The address of an array; it must be kept alive by the caller."""
    return int(array.ctypes.data)


class Prepared(ABC):
    """A search about to begin."""

    def __init__(self, system: System, program: Program, order: Order) -> None:
        self.system, self.program, self.order = system, program, order
        self.layout: Layout = program.layout
        self.options = np.array([s.value for s in system.settings] or [0], np.int64)
        self.timer = np.array(
            [self.layout.timers[a.timer] if a.timer is not None else -1 for a in system.actions] or [0], np.int64
        )
        self.allowed = np.array([int(system.may_happen(a)) for a in system.actions] or [0], np.uint8)
        self.kinds = np.zeros(self.layout.width, np.uint8)
        self.kinds[: len(self.layout.kinds)] = self.layout.kinds
        self.work = np.zeros(program.work_size, np.int64)
        self.scratch = [np.zeros(len(system.timers) + 1, np.int64) for _ in range(4)]
        self.todo = np.zeros(len(system.actions) + 1, np.int64)
        self.meters = np.full(WORDS_PER_MEASURE * max(1, len(system.measures)), -1, np.int64)
        for i, measure in enumerate(system.measures):
            self.meters[WORDS_PER_MEASURE * i] = self.layout.timers[measure.timer]
        self.count = np.zeros(COUNTS, np.int64)
        self.stopped = ""
        self.error: HamodelError | None = None

    @abstractmethod
    def admit(self, row: Array, zone: Array, clocks: int) -> None:
        """Store a class to start from."""

    def begin(self) -> None:
        """The classes to start from: the initial one, or the given states without clocks."""
        if self.order.starts is None:
            row = np.zeros(self.layout.width, np.uint8)
            for variable, at in zip(self.system.variables, self.layout.variables.values(), strict=True):
                row[at] = variable.initial
            self.program.begin(pointer(row), pointer(self.work), pointer(self.options))
            if self.work[0]:
                self.error = self.program.error(int(self.work[0]))
                return
            clocks = [t for t, kind in enumerate(self.layout.kinds) if row[self.layout.running + t] and kind != 1]
            bounds = [(int(self.work[2 + 3 * t]), int(self.work[3 + 3 * t])) for t in clocks]
            self.work[:] = 0
            self.admit(row, _first_zone(bounds), len(bounds))
            return
        for state in dict.fromkeys(self.order.starts):
            row = np.frombuffer(bytes(self.layout.pack(state)), np.uint8)
            if any(row[self.layout.running + t] and kind != 1 for t, kind in enumerate(self.layout.kinds)):
                raise ModelError("a search starts in the initial state or in one where no clock runs")
            self.admit(row, _first_zone([]), 0)

    def enter(self, table: Array, digest: int, number: int) -> None:
        """Write a number into the first free place of the hash table."""
        mask = len(table) - 1
        slot = digest & mask
        while table[slot] >= 0:
            slot = (slot + 1) & mask
        table[slot] = number

    def wider(self, table: Array, hashes: Array) -> Array:
        """The same table, twice as large."""
        larger = np.full(2 * len(table), -1, np.int32)
        self.program.rehash(pointer(table), len(table), pointer(larger), len(larger) - 1, pointer(hashes))
        return larger

    def failed(self, before: Sequence[str], action: str, number: int) -> HamodelError:
        """The error of a macro step, with the events that lead to it; number 0: its zone is empty."""
        error = (
            self.program.error(number)
            if number
            else ModelError(f"{action} hastens a timer which cannot end so early any more")
        )
        error.seen = (f"after {' '.join([*before, action])}",)
        self.work[:] = 0
        return error

    def measures(self) -> dict[str, MeasureResult]:
        """The exact ranges of the measured durations."""
        words = self.meters.reshape(-1, WORDS_PER_MEASURE).tolist()
        return {m.name: measure_result(w) for m, w in zip(self.system.measures, words, strict=False)}


def measure_result(words: Sequence[int]) -> MeasureResult:
    """From the kernel's words: timer, lo, its class and action, hi, its class and action, class where unbounded."""
    _, lo, lo_class, lo_action, hi, hi_class, hi_action, unbounded = words
    if hi_class >= 0 and hi >= STOPWATCH_MS and unbounded < 0:
        unbounded = hi_class
    return MeasureResult(
        lo if lo_class >= 0 else None,
        hi if hi_class >= 0 and unbounded < 0 else None,
        (lo_class, lo_action) if lo_class >= 0 else None,
        (hi_class, hi_action) if hi_class >= 0 else None,
        unbounded if unbounded >= 0 else None,
    )


def _first_zone(bounds: Sequence[tuple[int, int]]) -> Array:
    """Independent clocks, flat."""
    upper = np.array([0, *(hi for _, hi in bounds)], np.int64)
    lower = np.array([0, *(-lo for lo, _ in bounds)], np.int64)
    zone = (upper[:, None] + lower[None, :]).astype(np.int32)
    np.fill_diagonal(zone, 0)
    return zone.ravel()
