"""The vocabulary of `packed_kernel`: numbers the lowering puts in, and what is written in LLVM's text beside it."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import Bytes, Ints, Words, at, copy, shift

__all__ = ["Bytes", "Ints", "Words", "at", "copy", "shift"]

STATE = HALF = ACTIONS = BATCH = 0
NEW = EDGES = DEADLOCKS = BAD = AT_PARENT = AT_ACTION = NEXT_ID = LAST_ID = HITS = FIRSTS = FORMULAS = 0
IDS = ENTRIES = NEXT_ENTRY = LAST_ENTRY = ROOM = COMMON = CURSOR = REST = REST_END = WIDE_GUARDS = BLOCK = WHOLE = (
    BUSY
) = TAG = 0


def look(p: Words) -> int:
    """The word, as another thread may just have written it."""
    raise NotImplementedError


def swap(p: Words, old: int, new: int) -> int:
    """Put `new` where `old` is; gives what was there."""
    raise NotImplementedError


def publish(p: Words, value: int) -> int:
    """Write so that whoever sees it sees everything written before."""
    raise NotImplementedError


def raise_to(p: Words, value: int) -> int:
    """The greater of the word and `value` (both without sign)."""
    raise NotImplementedError


def add_to(p: Words, value: int) -> int:
    """Add; gives what was there before."""
    raise NotImplementedError


def fetch(p: Words) -> int:
    """Ask for the cache line that will soon be needed."""
    raise NotImplementedError
