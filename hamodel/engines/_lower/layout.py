"""Where everything of a state lies in its row of bytes.

A row is: one byte a variable, then each queue as its length and its places, then (from a multiple of eight) one byte
a timer that is 1 while it runs, padded to whole words. What is not used is zero, so rows compare and hash word by
word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hamodel.errors import EngineLimit
from hamodel.ir.state import State
from hamodel.ir.system import System

NEAR, FAR, STOPWATCH = 0, 1, 2
"""Kinds of timers: an ordinary clock; an hour or so, kept without a clock; a clock that only reads the time."""


@dataclass(frozen=True, slots=True)
class Place:
    """A queue in the row: where its length is (the messages follow) and how many it can hold."""

    offset: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The row of one system."""

    variables: dict[str, int]
    bounds: dict[str, tuple[int, int]]
    queues: dict[str, Place]
    timers: dict[str, int]
    kinds: tuple[int, ...]
    running: int
    """Offset of the first timer's byte."""
    width: int

    @property
    def words(self) -> int:
        return self.width // 8

    def flag(self, timer: str) -> int:
        """Offset of the byte that says whether `timer` runs."""
        return self.running + self.timers[timer]

    def pack(self, state: State) -> bytearray:
        """The row of `state`."""
        row = bytearray(self.width)
        row[: len(state.variables)] = bytes(state.variables)
        for place, messages in zip(self.queues.values(), state.queues, strict=True):
            row[place.offset] = len(messages)
            row[place.offset + 1 : place.offset + 1 + len(messages)] = bytes(messages)
        row[self.running : self.running + len(state.running)] = bytes(state.running)
        return row

    def unpack(self, row: Sequence[int]) -> State:
        """The state of a row."""
        return State(
            tuple(int(row[at]) for at in self.variables.values()),
            tuple(
                tuple(int(row[place.offset + 1 + i]) for i in range(int(row[place.offset])))
                for place in self.queues.values()
            ),
            tuple(bool(row[self.running + i]) for i in range(len(self.timers))),
        )


def layout_of(system: System) -> Layout:
    """The row of `system`; a variable that does not fit a byte is refused."""
    for variable in system.variables:
        if not 0 <= variable.lo <= variable.hi <= 255:
            values = f"{variable.lo}..{variable.hi}"
            raise EngineLimit(f"variable {variable.name} has the values {values}; a byte holds 0..255")
    at = len(system.variables)
    queues = {}
    for queue in system.queues:
        if not 0 < queue.capacity <= 255:
            raise EngineLimit(f"queue {queue.name} has {queue.capacity} places; 1..255 are possible")
        queues[queue.name] = Place(at, queue.capacity)
        at += 1 + queue.capacity
    running = -(-at // 8) * 8
    return Layout(
        variables={v.name: i for i, v in enumerate(system.variables)},
        bounds={v.name: (v.lo, v.hi) for v in system.variables},
        queues=queues,
        timers={t.name: i for i, t in enumerate(system.timers)},
        kinds=tuple(FAR if t.far else STOPWATCH if t.stopwatch else NEAR for t in system.timers),
        running=running,
        width=max(8, running + -(-len(system.timers) // 8) * 8),
    )
