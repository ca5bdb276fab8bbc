"""A polytope: the points, bounded on all sides, for which some linear terms are at least 0; exact, without fractions.

It knows its corners (double description), so every question about a linear term is asked at the corners alone. A corner
is written as whole numbers over a common denominator, which comes first: a term and a corner are multiplied entry by
entry, and only the sign counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import gcd
from operator import mul

from hamodel.ir.linear import Term, opposite

Corner = tuple[tuple[int, ...], int]
"""Denominator and coordinates; the faces it lies on, as a set of bits."""


@dataclass(frozen=True, slots=True)
class Polytope:
    """Never empty: what would be empty is None. Answers are remembered, and equal cuts are one and the same object."""

    faces: tuple[Term, ...]
    corners: tuple[Corner, ...]
    seen: dict[Term, tuple[int, int, int]] = field(default_factory=dict, repr=False, compare=False)
    parts: dict[Term, Polytope | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def box(cls, bounds: Sequence[tuple[int, int]]) -> Polytope:
        """All points between a least and a greatest value in each direction."""
        size = len(bounds)
        faces: list[Term] = []
        choices: list[list[tuple[int, int]]] = []
        for i, (lo, hi) in enumerate(bounds):
            below, above = 1 << len(faces), 2 << len(faces)
            faces.append((-lo, *(int(j == i) for j in range(size))))
            faces.append((hi, *(-int(j == i) for j in range(size))))
            choices.append([(lo, below | above)] if lo == hi else [(lo, below), (hi, above)])
        corners = [((1, *(v for v, _ in chosen)), sum(m for _, m in chosen)) for chosen in product(*choices)]
        return cls(tuple(faces), tuple(corners))

    def look(self, face: Term) -> tuple[int, int, int]:
        """The signs of a term's least and greatest value, and the corners where it is below 0, as a set of bits."""
        found = self.seen.get(face)
        if found is None:
            values = [sum(map(mul, face, p)) for p, _ in self.corners]
            found = (min(values), max(values), sum(1 << i for i, v in enumerate(values) if v < 0))
            self.seen[face] = found
        return found

    def entails(self, face: Term) -> bool:
        """Whether the term is at least 0 in every point."""
        return self.look(face)[0] >= 0

    def touches(self, face: Term) -> bool:
        """Whether the term is at least 0 in some point."""
        return self.look(face)[1] >= 0

    def outside(self, face: Term) -> int:
        """The corners at which the term is below 0, as a set of bits."""
        return self.look(face)[2]

    def cut(self, face: Term) -> Polytope | None:
        """The part in which the term is at least 0."""
        least, most, _ = self.look(face)
        if least >= 0:
            return self
        if most < 0:
            return None
        if face not in self.parts:
            self.parts[face] = self._cut(face)
        return self.parts[face]

    def _cut(self, face: Term) -> Polytope:
        values = [sum(map(mul, face, p)) for p, _ in self.corners]
        bit = 1 << len(self.faces)
        masks = [m for _, m in self.corners]
        kept = [(p, m | bit if v == 0 else m) for (p, m), v in zip(self.corners, values, strict=True) if v >= 0]
        inner = [i for i, v in enumerate(values) if v > 0]
        for j in (i for i, v in enumerate(values) if v < 0):
            for i in inner:
                common = masks[i] & masks[j]
                if any(k != i and k != j and m & common == common for k, m in enumerate(masks)):
                    continue
                a, b = values[i], -values[j]
                point = tuple(b * x + a * y for x, y in zip(self.corners[i][0], self.corners[j][0], strict=True))
                shared = gcd(*point)
                kept.append((tuple(x // shared for x in point), common | bit))
        return _tidy((*self.faces, face), kept)

    def within(self, faces: Iterable[Term]) -> Polytope | None:
        """The part in which all of these terms are at least 0."""
        part: Polytope | None = self
        for face in faces:
            part = part.cut(face) if part is not None else None
        return part

    def without(self, other: Polytope) -> Iterator[Polytope]:
        """Parts that together hold every point in whole numbers that is not in `other`."""
        crossed = [face for face in other.faces if not self.entails(face)]
        if not all(self.touches(face) for face in crossed):
            yield self
            return
        rest: Polytope | None = self
        for face in crossed:
            if rest is None:
                return
            outside = rest.cut(opposite(face))
            if outside is not None:
                yield outside
            rest = rest.cut(face)

    def holds(self, corner: Sequence[int]) -> bool:
        """Whether a point, written as a corner is, lies in the polytope."""
        return all(sum(map(mul, face, corner)) >= 0 for face in self.faces)

    def less(self, other: Polytope) -> Polytope | None:
        """What is left of this polytope without `other`, where that is one polytope; else all of it."""
        crossed = [face for face in other.faces if not self.entails(face)]
        if not crossed:
            return None
        if len(crossed) > 1:
            return self
        return self.cut(opposite(crossed[0]))

    def covered_by(self, others: Sequence[Polytope]) -> bool:
        """Whether every point in whole numbers is in one of the others; where in doubt, not."""
        for point, _ in self.corners:
            if point[0] == 1 and not any(other.holds(point) for other in others):
                return False
        rest = [self]
        for other in others:
            rest = [part for piece in rest for part in piece.without(other)]
            if not rest:
                return True
        return not rest


def _tidy(faces: tuple[Term, ...], corners: Sequence[Corner]) -> Polytope:
    """Forget the faces that no corner lies on."""
    used = 0
    for _, mask in corners:
        used |= mask
    places = [i for i in range(len(faces)) if used >> i & 1]
    if len(places) == len(faces):
        return Polytope(faces, tuple(corners))
    moved = [(p, sum(1 << new for new, old in enumerate(places) if m >> old & 1)) for p, m in corners]
    return Polytope(tuple(faces[i] for i in places), tuple(moved))
