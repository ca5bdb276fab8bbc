"""What every action touches, and a division of the variables in two halves that most actions respect.

An action is local if all it reads and writes lies in one half or among the common variables, which both halves keep a
copy of. What a local action does depends on that half alone, so it is worked out once for all states that share it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hamodel.ir import statement as s
from hamodel.ir.expr import Expr, Read, Value
from hamodel.ir.rewrite import statements, terms, within
from hamodel.ir.system import System

ROUNDS = 4
LEFT, RIGHT, WIDE = range(3)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Of one action: what its guard reads, and everything it or its guard reads or writes."""

    guard: frozenset[str]
    touched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Division:
    """The variables both halves know, and those of each."""

    common: tuple[str, ...]
    halves: tuple[tuple[str, ...], tuple[str, ...]]

    def side(self, names: Collection[str]) -> int:
        """The half that knows all of these names, or WIDE."""
        for side in (LEFT, RIGHT):
            known = {*self.common, *self.halves[side]}
            if all(name in known for name in names):
                return side
        return WIDE


def footprints(system: System) -> dict[str, Footprint]:
    """What the actions of an untimed system touch, whichever way through them is taken."""
    known: dict[str, frozenset[str]] = {}

    def procedure(name: str) -> frozenset[str]:
        if name not in known:
            found: set[str] = set()
            for statement in statements(system.procedures[name].body):
                if isinstance(statement, s.Assign):
                    found.add(statement.variable)
                if isinstance(statement, s.Call):
                    found |= procedure(statement.procedure)
                for term in terms(statement):
                    found |= read(term)
            known[name] = frozenset(found)
        return known[name]

    def read(expr: Expr) -> frozenset[str]:
        found: set[str] = set()
        for term in within(expr):
            if isinstance(term, Read):
                found.add(term.variable)
            elif isinstance(term, Value):
                found |= procedure(term.procedure)
        return frozenset(found)

    return {a.name: Footprint(g := read(a.guard), g | procedure(a.procedure)) for a in system.actions}


def division(
    sizes: Mapping[str, int], first: tuple[Sequence[str], Sequence[str]], prints: Collection[Footprint], most: int
) -> Division:
    """From a first guess: a variable goes to the half whose actions touch it most; what many touch is common.

    `most`: so many bits may be common.
    """
    side = {name: half for half, names in enumerate(first) for name in names}
    for _ in range(ROUNDS):
        home = [_majority([side[name] for name in p.touched]) for p in prints]
        votes: dict[str, list[int]] = {name: [] for name in sizes}
        for p, where in zip(prints, home, strict=True):
            if where is not None:
                for name in p.touched:
                    votes[name].append(where)
        side = {name: side[name] if (chosen := _majority(votes[name])) is None else chosen for name in sizes}
    foreign = dict.fromkeys(sizes, 0)
    for p in prints:
        where = _majority([side[name] for name in p.touched])
        for name in p.touched:
            foreign[name] += where is not None and side[name] != where
    common: list[str] = []
    left = most
    for name in sorted((n for n in sizes if 5 * foreign[n] >= len(prints) > 0 < foreign[n]), key=lambda n: -foreign[n]):
        if sizes[name] <= left:
            common.append(name)
            left -= sizes[name]
    rest = [name for name in sizes if name not in common]
    return Division(
        tuple(n for n in sizes if n in common),
        (tuple(n for n in rest if side[n] == LEFT), tuple(n for n in rest if side[n] == RIGHT)),
    )


def _majority(sides: Sequence[int]) -> int | None:
    right = sum(sides)
    return None if 2 * right == len(sides) else int(2 * right > len(sides))
