"""What the search for a run that writes a log has found: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from hamodel.ir.state import State
from hamodel.ir.trace import Trace
from hamodel.logs.formats import Entry

Kinds = tuple[str, ...]
"""Kinds of faults, in the order of their names; one that came twice is named twice."""


class How(Enum):
    """What the faults of a run are that was found: what the lines themselves say, that and one more, or others."""

    NO_FAULT = "no fault"
    INFERRED = "inferred"
    ONE_MORE = "inferred and one more"
    SEARCHED = "searched"


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a log as the search takes it: file and number, the node that wrote it, and what it says."""

    source: str
    number: int
    node: str
    entry: Entry

    @property
    def place(self) -> str:
        return f"{self.source}:{self.number}"


@dataclass(frozen=True, slots=True)
class Prefix:
    """Runs that write so many of the landmarks, and the first lines that none of them can go on with."""

    written: int
    of: int
    kinds: Kinds
    at: tuple[LogLine, ...]
    """The earliest line that is missing, of each stream whose next line is due first."""


@dataclass(frozen=True, slots=True)
class Near:
    """What would explain the lines although the model with these files does not, and the faults it then takes."""

    text: str
    kinds: Kinds = ()
    kind: str = ""
    """`lost`, `surplus`, `script`, `edit`, `release`, or the name of an option that differs."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change of the files, and whether no run with the same events at about the same times does the damage.

    None: not known within the limits.
    """

    key: str
    text: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a run of the model writes the lines. None: the limits were reached before that was known.

    `trace` is replayed by the reference semantics; its times are ms since `begin`, the node clock of the first node.
    """

    fits: bool | None
    slack: int
    landmarks: int
    kinds: tuple[Kinds, ...] = ()
    """Every smallest set of kinds of faults with which a run was found; the first is that of `trace`."""
    complete: bool = True
    """No other set as small fits: all of them were searched to their end."""
    events: tuple[tuple[int, str], ...] = ()
    """Faults, commands and repairs of the run, with their times."""
    trace: Trace | None = None
    allowed: tuple[str, ...] = ()
    """What the run needs beside its faults, because the model is coarser there than the daemon."""
    breaks: tuple[Prefix, ...] = ()
    classes: int = 0
    seconds: float = 0.0
    reason: str = ""
    begin: datetime | None = None
    ends: tuple[State, ...] = ()
    """Where the runs that were found end, one of each set of faults."""
    how: How | None = None
    """Where the faults of `trace` come from; None without a run."""
