"""The borders of a region under the eyes of another engine: a millisecond to either side it has to give other answers.

The points are found along lines: from a corner of a piece, from the configuration, one unknown moves while the others
stand still, and where the region says that the answer changes, both neighbours are asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from hamodel.checking.examine import silent
from hamodel.checking.search import Clock, Searcher, steady_starts
from hamodel.errors import EngineLimit, EnginesDisagree
from hamodel.ir.expr import Expr
from hamodel.ir.linear import at
from hamodel.ir.polytope import Polytope
from hamodel.ir.region import Region, Safety
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits

Point = dict[str, int]
"""Values of the unknowns that follow no other one."""


class Asked(Protocol):
    """What a region is an answer to."""

    @property
    def broken(self) -> Expr: ...
    @property
    def rests(self) -> bool: ...
    def at(self, values: Mapping[str, int]) -> tuple[System, System]: ...


def compare(asked: Asked, found: Region, engine: Searcher, points: int, clock: Clock | None = None) -> int:
    """Ask another engine next to the borders and at the configuration; how many points were compared.

    Raises EnginesDisagree at the first point with another answer. A point that the other engine does not decide within
    the limits is not counted.
    """
    clock = clock or Clock.start(Limits())
    done = 0
    for values in chosen(found, points):
        expected = found.holds_at(values)
        answer = answer_at(asked, values, engine, clock.rest()) if expected is not None else None
        if answer is None:
            continue
        if answer is not expected:
            where = ", ".join(f"{name} {value} ms" for name, value in values.items())
            raise EnginesDisagree(
                f"with {where} {found.claim} {'holds' if answer else 'is violated'} by {engine.name}; "
                "the region says the opposite",
                seen=[" and ".join(p.conditions) or "unsafe everywhere" for p in found.pieces],
                help="please report this, with the configuration",
            )
        done += 1
    return done


def answer_at(asked: Asked, values: Mapping[str, int], engine: Searcher, limits: Limits) -> bool | None:
    """Whether the claim holds at one choice of the options, by an engine that knows nothing of regions."""
    system, quiet = asked.at(values)
    starts: Sequence[State | None] = (None,)
    whole = True
    try:
        if asked.rests:
            starts = steady_starts(engine, quiet, limits, silent)
        for start in starts:
            seen = engine.explore(system, start, "inclusion", limits, silent)
            if len(seen.where(asked.broken)) > 0:
                return False
            whole = whole and seen.complete
    except EngineLimit:
        return None
    return True if whole else None


def chosen(found: Region, most: int) -> list[Point]:
    """At most so many points: the configuration, then from each face of each piece a few, then from the corners."""
    here = found.configuration
    lines = [_around(found, [here]), *_faces(found), _around(found, _corners(_space(found), found))]
    points: dict[tuple[int, ...], Point] = {}
    if found.safety(here) is not None:
        points[found.point(here)] = here
    while lines and len(points) < most:
        for line in list(lines):
            values = next((v for v in line if found.point(v) not in points), None)
            if values is None:
                lines.remove(line)
            elif len(points) < most:
                points[found.point(values)] = values
    return list(points.values())


def _space(found: Region) -> Polytope:
    box = Polytope.box([(u.lo, u.hi) for u in found.unknowns])
    return box.within(law.face for law in found.laws) or box


def _faces(found: Region) -> list[Iterator[Point]]:
    """For each face of each piece the points beside it, on lines through the corners the face has with the piece."""
    lines = []
    for piece in found.pieces:
        part = _space(found).within(piece.faces)
        for face in piece.faces:
            side = part.cut(tuple(-c for c in face)) if part is not None else None
            corners = _corners(side or part, found) if part is not None else []
            lines.append(_around(found, corners))
    return lines


def _corners(part: Polytope, found: Region) -> list[Point]:
    """The corners in whole milliseconds."""
    points = []
    for (below, *above), _ in part.corners:
        values = {u.name: a // below for u, a in zip(found.unknowns, above, strict=True) if u.follows is None}
        if values not in points:
            points.append(values)
    return points


def _around(found: Region, starts: Sequence[Point]) -> Iterator[Point]:
    """From each start along each unknown: both neighbours of every change, and the ends."""
    for start in starts:
        for u in found.varied:
            stretches = found.along(u.name, start)
            changes = [v for (_, b, _), (c, _, _) in pairwise(stretches) for v in (b, c)]
            ends = [stretches[0][0], stretches[-1][1]] if stretches else []
            for value in (*changes, *ends):
                values = {**start, u.name: value}
                if found.safety(values) in (Safety.SAFE, Safety.UNSAFE):
                    yield values


def straddled(found: Region, points: Sequence[Mapping[str, int]]) -> bool:
    """Whether for every face some pair of neighbours, one unknown a millisecond apart, lies on both sides of it."""
    places = [found.point(v) for v in points]
    for piece in found.pieces:
        for face in piece.faces:
            sides = {at(face, p) >= 0 for p in places}
            if len(sides) < 2:
                return False
    return True
