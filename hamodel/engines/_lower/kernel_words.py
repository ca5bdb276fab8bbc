"""The vocabulary of the kernel files: kinds of arrays, numbers the lowering puts in, and what it writes by itself."""

from __future__ import annotations

Bytes = list[int]
Ints = list[int]
Words = list[int]

WORDS = WIDTH = RUNNING = TIMERS = ACTIONS = MAXCELLS = 0
HEAD = TAIL = EDGES = MOST = ERROR = AT_ACTION = 0
DONE = PAUSED = GROW = FAILED = 0
STATES = CLASSES = CELLS = EVENTS = QUEUED = MERGED = BLOCKS = ZONES = KEPT = LOOSE = 0
BLOCK = PARTS = 0
MASK = BLOCK_MASK = ZONE_MASK = 0
IDLE = NOW = NEXT = DEAD = 0
FAR = STOPWATCH = STOPWATCH_MS = 0
STARTED = HASTENED = NO_EDGES = 0


def at(array: list[int], index: int) -> list[int]:
    """A pointer into the array."""
    raise NotImplementedError


def behind(array: list[int], index: int) -> list[int]:
    """The words whose address is in the array."""
    raise NotImplementedError


def copy(target: list[int], source: list[int], size: int) -> int:
    """`size` bytes."""
    raise NotImplementedError


def shift(x: int, n: int) -> int:
    """Logical shift to the right."""
    raise NotImplementedError
