"""Causes: what a violation needs and what is enough for it, in values a renderer can print."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hamodel.ir.report import FaultSet, StoryLine
from hamodel.ir.verdict import Range

OVER = "the time was over"
"""What is said of a thing that was not looked at any more."""


class Need(Enum):
    """Whether a violation needs something to be as it is; every answer but the last was decided by checks."""

    NEEDED = "needed"
    NOT_NEEDED = "not needed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Contrast:
    """The nearest run that is safe: the same faults under one changed value."""

    text: str
    story: tuple[StoryLine, ...]
    certified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that could be otherwise: an option, a directive, a piece of hardware, or a delay."""

    sort: str
    now: str
    need: Need
    says: str
    """The border, or what was tried."""
    how: str
    """How it was decided."""
    contrast: Contrast | None = None


@dataclass(frozen=True, slots=True)
class MinimalSet:
    """Faults that are enough together and of which none can be left out."""

    faults: FaultSet
    events: tuple[tuple[str, ...], ...] = ()
    """The events, in words, each line another choice of nodes, cables and resources; those that were seen."""
    every: bool = True
    """No other choice breaks it: each was tried."""


@dataclass(frozen=True, slots=True)
class FaultTree:
    """The violation as OR of ANDs: all minimal sets of faults up to a budget."""

    top: str
    budget: int
    sets: tuple[MinimalSet, ...]
    complete: int
    """All sets of up to so many faults are here; below the budget where a limit ended the search."""
    reason: str = ""
    """Why it is not complete."""
    searches: int = 0
    classes: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """What one minimal set of faults needs besides, and its story."""

    faults: FaultSet
    story: tuple[StoryLine, ...]
    length: Range | None
    causes: tuple[Cause, ...]
    enough: tuple[str, ...] = ()
    """What is enough, each sentence with how it was decided."""
    certified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """Everything about one violated property."""

    name: str
    doc: str
    tree: FaultTree
    ways: tuple[Way, ...]
    unanswered: tuple[str, ...] = ()
    """Sets of faults whose causes were not looked for, and why."""
    probes: int = 0


@dataclass(frozen=True, slots=True)
class Whys:
    """The whole answer about one cluster."""

    cluster: str
    nodes: tuple[str, ...]
    heartbeat: str
    budget: int
    faults: FaultSet
    answers: tuple[Why, ...]
    notes: tuple[str, ...] = ()
    """Properties that were asked for and are not violated."""
    interrupted: bool = False
    seconds: float = 0.0
    version: str = ""
