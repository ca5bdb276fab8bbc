"""Repairs: the smallest changes to a configuration that make a claim hold, in values a renderer can print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from hamodel.ir.report import FaultSet
from hamodel.ir.verdict import Outcome, Range


class Sort(Enum):
    """What kind of change it is; the value is what one of it costs."""

    NUMBER = 1
    WORD = 2
    DIRECTIVE = 4
    HARDWARE = 12

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of a repair, as a person says it; `note` is what it takes for granted."""

    sort: Sort
    text: str
    note: str = ""
    border: str = ""
    """For a number: the nearest value that was seen not to suffice."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a full check says about one property: enough to compare two configurations."""

    name: str
    outcome: Outcome | None
    """None: the property has nothing to say here, for this `reason`."""
    reason: str = ""
    ways: tuple[tuple[FaultSet, Range | None], ...] = ()
    """The smallest sets of faults that break it, and how long it is broken by each."""
    measured: Range | None = None
    """For a timed claim: how long its goal takes over all runs."""

    @property
    def faults(self) -> int:
        """How many faults it takes to break it."""
        return sum(number for _, number in self.ways[0][0]) if self.ways else 0


class Trend(Enum):
    """What a change does to one property."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Effect:
    """One property before and after."""

    before: Standing
    after: Standing
    trend: Trend


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that were tried in the files themselves, with a full check of the result."""

    changes: tuple[Changed, ...]
    cost: int
    diff: str
    """The difference of the files, for `patch -p1`."""
    whole: bool
    """Every chosen property holds."""
    effects: tuple[Effect, ...] = ()
    """Every property that is no longer the same, those of the question first."""
    notes: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """All files with the changes, by their keys."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What was asked for and what was found."""

    properties: tuple[str, ...]
    before: tuple[Standing, ...]
    repairs: tuple[Repair, ...] = ()
    partial: tuple[Repair, ...] = ()
    """Where nothing makes all hold: what makes the violation smallest."""
    moot: tuple[str, ...] = ()
    """Changes after which the question is no longer asked, and why."""
    exhausted: bool = False
    """Every combination of the list was tried."""
    reason: str = ""
    """Why the search ended before."""
    probes: int = 0
    tried: int = 0
    """How many combinations of changes."""
    most: int = 0
    """How many changes a combination could have."""
    undecided: int = 0
    """How many variants a limit left open: any of them may be a repair."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """The whole answer about one cluster."""

    cluster: str
    nodes: tuple[str, ...]
    heartbeat: str
    budget: int
    faults: FaultSet
    goals: tuple[Goal, ...]
    listed: tuple[Changed, ...] = ()
    """Every single change that was on the list."""
    through: tuple[str, ...] = ()
    seconds: float = 0.0
    interrupted: bool = False
    version: str = ""
    holding: tuple[str, ...] = ()
    """Properties that hold already."""
    undecided: tuple[str, ...] = ()
