"""Regions: for which values of some options a claim holds, and how far a configuration is from the border.

An unknown is an option that is kept open. Some follow another one, as the period of the watchdog follows the deadtime:
they stand in the conditions under their own name, and are computed wherever values are given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import pairwise

from hamodel.errors import OutOfRange
from hamodel.ir.linear import Term, at
from hamodel.ir.report import FaultSet, StoryLine
from hamodel.ir.trace import Trace


@dataclass(frozen=True, slots=True)
class Follows:
    """How an unknown is computed from another one: `add` more, rounded up to whole `step` ms, and `extra` more."""

    source: str
    add: int = 0
    step: int = 1
    extra: int = 0

    def of(self, value: int) -> int:
        return -(-(value + self.add) // self.step) * self.step + self.extra

    def changes(self, lo: int, hi: int) -> Iterator[int]:
        """The values of the source, above `lo` and up to `hi`, at which this one becomes another."""
        first = (lo + self.add + self.step - 1) // self.step * self.step - self.add + 1
        yield from range(first, hi + 1, self.step)


@dataclass(frozen=True, slots=True)
class Unknown:
    """An option kept open between `lo` and `hi` ms: its name, the settings it stands for, and its present value."""

    name: str
    settings: tuple[str, ...]
    lo: int
    hi: int
    value: int
    follows: Follows | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """What holds between the unknowns wherever Heartbeat starts at all, or the model has a meaning; and why."""

    face: Term
    why: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the options for which the claim breaks: where all faces are at least 0 and the laws hold."""

    faces: tuple[Term, ...]
    conditions: tuple[str, ...]
    """The faces in words; none: everywhere."""
    faults: FaultSet = ()
    sample: Mapping[str, int] = field(default_factory=dict)
    """Values in the piece at which the trace was replayed, the configuration's own where they lie in it."""
    trace: Trace | None = None
    story: tuple[StoryLine, ...] = ()
    certified: tuple[str, ...] = ()

    def holds(self, point: Sequence[int]) -> bool:
        return all(at(face, point) >= 0 for face in self.faces)


class Safety(Enum):
    """What is known of one choice of the options."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Margin:
    """Along one unknown: the nearest smaller and the nearest greater value with another answer; None: there is none."""

    below: int | None
    above: int | None

    def nearest(self, value: int) -> int | None:
        """The nearer of the two."""
        known = [v for v in (self.below, self.above) if v is not None]
        return min(known, key=lambda v: (abs(v - value), v)) if known else None


@dataclass(frozen=True)
class Region:
    """The answer to one question: for which options does this claim hold when these faults come?"""

    claim: str
    doc: str
    kinds: tuple[str, ...]
    """The faults and commands that may come."""
    budget: int
    unknowns: tuple[Unknown, ...]
    laws: tuple[Law, ...]
    pieces: tuple[Piece, ...]
    """Together exactly the options for which a violation was found."""
    undecided: tuple[Piece, ...] = ()
    """Options for which not every run was explored."""
    reason: str = ""
    classes: int = 0
    seconds: float = 0.0
    idle: tuple[str, ...] = ()
    """Unknowns no rule has asked for on the way."""
    checked: int = 0
    """Points at the borders at which another engine gave the same answer."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(u.name for u in self.unknowns)

    @property
    def varied(self) -> tuple[Unknown, ...]:
        """The unknowns that follow no other one."""
        return tuple(u for u in self.unknowns if u.follows is None)

    @property
    def complete(self) -> bool:
        """Whatever is outside the pieces is proven safe."""
        return not self.undecided

    @property
    def configuration(self) -> dict[str, int]:
        """The present values of the unknowns that follow no other one."""
        return {u.name: u.value for u in self.varied}

    def point(self, values: Mapping[str, int]) -> tuple[int, ...]:
        """All unknowns, in order; those that follow another one are computed, those not given have present values.

        Raises OutOfRange for a name that is not open.
        """
        known = self.configuration
        for name in values:
            if name not in known:
                raise OutOfRange(f"{name} was not kept open", help="open are: " + ", ".join(known))
        known |= values
        return tuple(
            u.follows.of(known[u.follows.source]) if u.follows is not None else known[u.name] for u in self.unknowns
        )

    def inside(self, point: Sequence[int]) -> bool:
        """Whether the region says anything about a point: within the bounds, and allowed by the laws."""
        within = all(u.lo <= v <= u.hi for u, v in zip(self.unknowns, point, strict=True))
        return within and all(at(law.face, point) >= 0 for law in self.laws)

    def safety(self, values: Mapping[str, int]) -> Safety | None:
        """What is known of these values; None where they are out of bounds, or Heartbeat would refuse them."""
        point = self.point(values)
        if not self.inside(point):
            return None
        if any(piece.holds(point) for piece in self.pieces):
            return Safety.UNSAFE
        return Safety.UNDECIDED if any(piece.holds(point) for piece in self.undecided) else Safety.SAFE

    def holds_at(self, values: Mapping[str, int]) -> bool | None:
        """Whether the claim holds with these values; None where that is not known. Raises OutOfRange outside."""
        found = self.safety(values)
        if found is None:
            raise OutOfRange(
                "the region says nothing about " + ", ".join(f"{k} {v}" for k, v in values.items()),
                help="; ".join([*(f"{u.name} {u.lo}..{u.hi}" for u in self.unknowns), *(w.why for w in self.laws)]),
            )
        return None if found is Safety.UNDECIDED else found is Safety.SAFE

    def along(self, name: str, values: Mapping[str, int]) -> list[tuple[int, int, Safety]]:
        """The stretches of one unknown with one answer each, in order, while the others keep these values."""
        unknown = next(u for u in self.unknowns if u.name == name)
        cuts = {unknown.lo}
        for u in self.unknowns:
            if u.follows is not None and u.follows.source == name:
                cuts |= set(u.follows.changes(unknown.lo, unknown.hi))
        starts = sorted(cuts)
        found: list[tuple[int, int, Safety]] = []
        for lo, hi in zip(starts, [*(s - 1 for s in starts[1:]), unknown.hi], strict=True):
            for first, last, safety in self._stretch(name, {**values, name: lo}, lo, hi):
                if found and found[-1][2] is safety and found[-1][1] + 1 == first:
                    found[-1] = (found[-1][0], last, safety)
                else:
                    found.append((first, last, safety))
        return found

    def _stretch(self, name: str, values: Mapping[str, int], lo: int, hi: int) -> list[tuple[int, int, Safety]]:
        """The same where only this unknown moves, from `lo` to `hi`."""
        axis, point = self.names.index(name), self.point(values)
        for i, u in enumerate(self.unknowns):
            if i != axis and not u.lo <= point[i] <= u.hi:
                return []
        inside = _interval([w.face for w in self.laws], axis, point, lo, hi)
        if inside is None:
            return []
        marks = {inside[0]}
        spans = [
            (span, safety)
            for pieces, safety in ((self.pieces, Safety.UNSAFE), (self.undecided, Safety.UNDECIDED))
            for piece in pieces
            if (span := _interval(piece.faces, axis, point, *inside)) is not None
        ]
        for (first, last), _ in spans:
            marks |= {first, last + 1} if last < inside[1] else {first}
        starts = sorted(marks)
        return [
            (a, b, next((s for (first, last), s in spans if first <= a <= last), Safety.SAFE))
            for a, b in zip(starts, [*(s - 1 for s in starts[1:]), inside[1]], strict=True)
        ]

    def margin(self, values: Mapping[str, int] | None = None) -> dict[str, Margin]:
        """For each unknown that can be set: the nearest values at which the answer is another one, others unchanged.

        Values Heartbeat refuses are no answer. For undecided values the nearest decided ones are told.
        """
        known = self.configuration | dict(values or {})
        return {u.name: _margin(self.along(u.name, known), known[u.name], self.safety(known)) for u in self.varied}


Stretches = list[tuple[int, int, Safety]]


@dataclass(frozen=True)
class Atlas:
    """The regions of one claim for several slices of a scenario; safe is what is safe in all of them."""

    claim: str
    doc: str
    unknowns: tuple[Unknown, ...]
    laws: tuple[Law, ...]
    regions: tuple[Region, ...]
    interrupted: bool = False
    cluster: str = ""
    heartbeat: str = ""
    start: str = ""
    nodes: tuple[str, ...] = ()
    seconds: float = 0.0
    version: str = ""

    @property
    def varied(self) -> tuple[Unknown, ...]:
        return tuple(u for u in self.unknowns if u.follows is None)

    @property
    def configuration(self) -> dict[str, int]:
        return {u.name: u.value for u in self.varied}

    def safety(self, values: Mapping[str, int]) -> Safety | None:
        """The worst answer of all regions; None where they say nothing."""
        return _worst([region.safety(values) for region in self.regions])

    def along(self, name: str, values: Mapping[str, int]) -> Stretches:
        """The stretches of one unknown with one answer each, in order."""
        lines = [region.along(name, values) for region in self.regions]
        starts = sorted({mark for line in lines for a, b, _ in line for mark in (a, b + 1)})
        found: Stretches = []
        for a, after in pairwise(starts):
            worst = _worst([next((s for lo, hi, s in line if lo <= a <= hi), None) for line in lines])
            if worst is None:
                continue
            if found and found[-1][2] is worst and found[-1][1] + 1 == a:
                found[-1] = (found[-1][0], after - 1, worst)
            else:
                found.append((a, after - 1, worst))
        return found

    def margin(self, values: Mapping[str, int] | None = None) -> dict[str, Margin]:
        """As `Region.margin`, for all regions together."""
        known = self.configuration | dict(values or {})
        return {u.name: _margin(self.along(u.name, known), known[u.name], self.safety(known)) for u in self.varied}


def _worst(answers: Sequence[Safety | None]) -> Safety | None:
    if not answers or None in answers:
        return None
    return next((s for s in (Safety.UNSAFE, Safety.UNDECIDED) if s in answers), Safety.SAFE)


def _margin(stretches: Stretches, now: int, here: Safety | None) -> Margin:
    others = [(a, b) for a, b, s in stretches if s is not here and s is not Safety.UNDECIDED]
    below, above = [b for _, b in others if b < now], [a for a, _ in others if a > now]
    return Margin(max(below, default=None), min(above, default=None))


def _interval(faces: Sequence[Term], axis: int, point: Sequence[int], lo: int, hi: int) -> tuple[int, int] | None:
    """The values of one unknown, between `lo` and `hi`, for which all faces are at least 0."""
    for face in faces:
        slope = face[axis + 1]
        rest = at(face, point) - slope * point[axis]
        if slope > 0:
            lo = max(lo, -(rest // slope))
        elif slope < 0:
            hi = min(hi, rest // -slope)
        elif rest < 0:
            return None
    return (lo, hi) if lo <= hi else None
