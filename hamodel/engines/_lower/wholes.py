"""z3 on regions: is a union of pieces covered, does one piece follow from others, and where is a point in whole ms?

It knows the pieces as their faces alone and no corners, so it also judges what `ir.polytope` has computed.
"""

from __future__ import annotations

from collections.abc import Sequence

import z3

from hamodel.errors import EngineLimit
from hamodel.ir.linear import Term, opposite

Faces = Sequence[Term]
Rest = tuple[int, int, int]
"""An unknown is a multiple of a number of ms, and a rest: (index, step, rest)."""


class Wholes:
    """Questions about points with whole coordinates that satisfy some faces."""

    def __init__(self, size: int, domain: Faces, rests: Sequence[Rest] = ()) -> None:
        self.size = size
        self.unknowns = [z3.Int(f"u{i}") for i in range(size)]
        self.claims = [self.face(f) for f in domain]
        for index, step, rest in rests:
            self.claims.append(self.unknowns[index] == step * z3.Int(f"n{index}") + rest)

    def face(self, face: Term) -> z3.BoolRef:
        return self.value(face) >= 0

    def value(self, term: Term) -> z3.ArithRef:
        parts = [c * u for c, u in zip(term[1:], self.unknowns, strict=True) if c]
        return z3.Sum([z3.IntVal(term[0]), *parts])

    def point(self, inside: Faces = (), outside: Sequence[Faces] = ()) -> tuple[int, ...] | None:
        """A point on the inner side of all faces and in none of the pieces outside."""
        solver = z3.Solver()
        self._add(solver, inside, outside)
        return self._read(solver)

    def covered(self, piece: Faces, others: Sequence[Faces]) -> bool:
        """Whether every point of the piece is in one of the others."""
        return self.point(piece, others) is None

    def _add(self, solver: z3.Solver, inside: Faces, outside: Sequence[Faces]) -> None:
        solver.add(*self.claims, *(self.face(f) for f in inside))
        for piece in outside:
            solver.add(z3.Or([self.face(opposite(f)) for f in piece]) if piece else z3.BoolVal(False))

    def _read(self, solver: z3.Solver) -> tuple[int, ...] | None:
        answer = solver.check()
        if answer == z3.unknown:
            raise EngineLimit("z3 does not come to an answer about the region")
        if answer == z3.unsat:
            return None
        model = solver.model()
        return tuple(model.eval(u, model_completion=True).as_long() for u in self.unknowns)


def simplest(wholes: Wholes, pieces: Sequence[Faces]) -> list[tuple[int, tuple[Term, ...]]]:
    """The same points as few pieces with few faces, each with the index of the piece it has grown from.

    Earlier pieces are kept before later ones.
    """
    grown = []
    for index, piece in enumerate(pieces):
        own = list(dict.fromkeys(piece))
        for face in list(own):
            wider = [f for f in own if f != face]
            if wholes.covered(wider, pieces):
                own = wider
        grown.append((index, tuple(own)))
    kept = [g for g in grown if wholes.point(g[1]) is not None]
    for candidate in reversed(list(kept)):
        others = [faces for other in kept if other is not candidate for faces in [other[1]]]
        if wholes.covered(candidate[1], others):
            kept.remove(candidate)
    return kept
