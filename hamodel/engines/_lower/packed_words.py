"""The vocabulary of the packed search: numbers the lowering puts in, and what is written in LLVM's text beside it."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import Words, at, copy, shift

__all__ = ["Words", "at", "copy", "shift"]

STATE = HALF = ACTIONS = BATCH = FORMULAS = ROOM = COMMON = WHOLE_STATES = BLOCK = 0
WHOLE = BUSY = TAG = SIGNAL = TELLS = 0
EDGES = DEADLOCKS = BAD = AT_PARENT = AT_ACTION = NEXT_ID = LAST_ID = NEXT_ENTRY = LAST_ENTRY = 0
REST = REST_END = ANSWERS = HITS = FIRSTS = 0
IDS = ENTRIES = CURSOR = 0
MANY = ASKED = UNSURE = TODO = WORK = DRAFT = HALVES = CLAIMS = QUESTIONS = UNKNOWN = CHANGES = HASHES = RECENT = 0
ACTION = BEYOND = NO_CLAIM = AHEAD = MEMORY = 0
LINE = MOST_SIGNALS = TRIES = ASKABLE = QUESTION = QUESTION_BITS = 0


def look(p: Words) -> int:
    """The word, as another thread may just have written it."""
    raise NotImplementedError


def swap(p: Words, old: int, new: int) -> int:
    """Put `new` where `old` is; gives what was there."""
    raise NotImplementedError


def publish(p: Words, value: int) -> int:
    """Write so that whoever sees it sees everything written before."""
    raise NotImplementedError


def add_to(p: Words, value: int) -> int:
    """Add; gives what was there before."""
    raise NotImplementedError


def fetch(p: Words) -> int:
    """Ask for the cache line that will soon be needed."""
    raise NotImplementedError
