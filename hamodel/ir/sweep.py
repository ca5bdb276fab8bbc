"""What holds where: a claim asked of many values of some options, point by point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from hamodel.ir.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Axis:
    """An option and the values it takes, as they are written into the files."""

    name: str
    values: tuple[str, ...]


class Mark(Enum):
    """What came of one point for one property."""

    HOLDS = "holds"
    VIOLATED = "violated"
    OPEN = "inconclusive"
    VACUOUS = "vacuous"
    REFUSED = "refused"
    FAILED = "failed"
    MISSING = "not checked"


MARKS = {
    Outcome.HOLDS: Mark.HOLDS, Outcome.VIOLATED: Mark.VIOLATED, Outcome.BOUNDED: Mark.OPEN,
    Outcome.UNKNOWN: Mark.OPEN, Outcome.VACUOUS: Mark.VACUOUS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """The verdict on one property at one point."""

    name: str
    outcome: Outcome
    by: tuple[str, ...] = ()
    """The smallest sets of faults that break it, in words."""
    reason: str = ""
    states: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """One choice of values, in the order of the axes, and what came of it."""

    values: tuple[str, ...]
    told: tuple[Told, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    """Codes and messages, where Heartbeat does not start with these values."""
    failed: str = ""
    """Why there is no verdict, where something else went wrong."""

    def mark(self, name: str) -> Mark:
        """What came of it for one property."""
        if self.refused:
            return Mark.REFUSED
        if self.failed:
            return Mark.FAILED
        told = self.of(name)
        return MARKS[told.outcome] if told is not None else Mark.MISSING

    def of(self, name: str) -> Told | None:
        """The verdict on one property."""
        return next((told for told in self.told if told.name == name), None)


@dataclass(frozen=True, slots=True)
class Sweep:
    """All points of one sweep."""

    cluster: str
    axes: tuple[Axis, ...]
    properties: tuple[str, ...]
    points: tuple[Point, ...]
    strength: int | None = None
    """Every combination of so many values occurs; None: every combination of all of them."""
    never: int = 0
    """With a strength: how many combinations are refused whatever the other values are."""
    earlier: int = 0
    """How many points were taken from the journal of an earlier run."""
    interrupted: bool = False

    def marks(self) -> Iterator[Mark]:
        """What came of every point for every property."""
        return (point.mark(name) for name in self.properties for point in self.points)

    def count(self, name: str, mark: Mark) -> int:
        """How many points have this mark for a property."""
        return sum(1 for point in self.points if point.mark(name) is mark)
