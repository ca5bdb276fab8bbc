"""The words of a thread of the packed search: what it counts, where it is, and what it works with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, auto

from hamodel.engines._lower.prepared import Array


class Own(IntEnum):
    """Which word is what; the kernel knows them by these names. Names that end in `_AT` are addresses."""

    EDGES = 0
    DEADLOCKS = auto()
    BAD = auto()
    """The error it met first, and where."""
    AT_PARENT = auto()
    AT_ACTION = auto()
    NEXT_ID = auto()
    """Numbers of halves it has taken and not yet used: from this one to the one before LAST_ID."""
    LAST_ID = auto()
    NEXT_ENTRY = auto()
    LAST_ENTRY = auto()
    REST = auto()
    """States it has taken and not yet expanded: from this one to the one before REST_END."""
    REST_END = auto()
    ANSWERS = auto()
    """How many answers it has remembered."""
    SENDER = auto()
    """Its number among the JOBS threads."""
    JOBS = auto()
    BOX = auto()
    """Steps there is room for from each thread to each."""
    IDS_END = auto()
    """The numbers of halves and of entries from which on it stops and waits for room."""
    ENTRIES_END = auto()
    PARTS_BITS = auto()
    """Of a place in a table, as its size is a power of two."""
    ANSWERS_BITS = auto()
    SLOTS_BITS = auto()
    WIDTH = auto()
    """Bits of the number of a half, as they are kept in the set of states."""
    SPILLED = auto()
    """States that are kept beside the set."""
    KEYS_AT = auto()
    PARTS_AT = auto()
    VALUES_AT = auto()
    LISTS_AT = auto()
    ENTRIES_AT = auto()
    SIGNALS_AT = auto()
    ANSWERS_AT = auto()
    SHARED_AT = auto()
    STEPS_AT = auto()
    SENT_AT = auto()
    SLOTS_AT = auto()
    SPILL_AT = auto()
    FOUND_AT = auto()
    S_AT = auto()
    T_AT = auto()
    SCRATCH_AT = auto()
    HITS = auto()
    """From here on two a formula: in how many states it holds, and the first."""


def write(own: Array, work: Mapping[Own, int]) -> None:
    """Tell a thread what it works with."""
    for word, value in work.items():
        own[word] = value
