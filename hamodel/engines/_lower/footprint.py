"""What every action touches, and a division of the variables in two halves that most actions respect.

An action is local if all it reads and writes lies in one half or among the common variables, which both halves keep a
copy of. What a local action does depends on that half alone, so it is worked out once for all states that share it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hamodel.ir import statement as s
from hamodel.ir.expr import Expr, Read, Value
from hamodel.ir.rewrite import statements, terms, within
from hamodel.ir.system import System

ROUNDS = 4
EVEN = 1e-9
ALMOST = 1
"""An action that touches no more of the other half is made local: that little becomes common."""
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


class Touched:
    """What terms read, and what procedures read or write, whichever way through them is taken."""

    def __init__(self, system: System) -> None:
        self.procedures, self.known = system.procedures, dict[str, frozenset[str]]()

    def procedure(self, name: str) -> frozenset[str]:
        if name not in self.known:
            found: set[str] = set()
            for statement in statements(self.procedures[name].body):
                if isinstance(statement, s.Assign):
                    found.add(statement.variable)
                if isinstance(statement, s.Call):
                    found |= self.procedure(statement.procedure)
                for term in terms(statement):
                    found |= self.read(term)
            self.known[name] = frozenset(found)
        return self.known[name]

    def read(self, expr: Expr) -> frozenset[str]:
        found: set[str] = set()
        for term in within(expr):
            if isinstance(term, Read):
                found.add(term.variable)
            elif isinstance(term, Value):
                found |= self.procedure(term.procedure)
        return frozenset(found)


def footprints(system: System) -> dict[str, Footprint]:
    """What the actions of an untimed system touch."""
    by = Touched(system)
    return {a.name: Footprint(g := by.read(a.guard), g | by.procedure(a.procedure)) for a in system.actions}


def division(
    sizes: Mapping[str, int], first: tuple[Sequence[str], Sequence[str]], prints: Collection[Footprint], most: int
) -> Division:
    """From a first guess: a variable goes to the half whose actions touch it most; what many touch is common.

    `most`: so many bits may be common.
    """
    side = {name: half for half, names in enumerate(first) for name in names}
    # What few actions touch says most about where they belong.
    known_by = {name: sum(name in p.touched for p in prints) for name in sizes}

    def home(p: Footprint) -> int | None:
        return _majority((side[name], 1 / known_by[name]) for name in sorted(p.touched))

    for _ in range(ROUNDS):
        votes: dict[str, list[tuple[int, float]]] = {name: [] for name in sizes}
        for p in prints:
            if (where := home(p)) is not None:
                for name in p.touched:
                    votes[name].append((where, 1))
        side = {name: side[name] if (chosen := _majority(votes[name])) is None else chosen for name in sizes}
    foreign = dict.fromkeys(sizes, 0)
    for p in prints:
        where = home(p)
        for name in p.touched:
            foreign[name] += where is not None and side[name] != where
    common: list[str] = []
    many = [name for name in sizes if 5 * foreign[name] >= len(prints) > 0 < foreign[name]]
    few = [name for p in prints if len(minor := _minor(p, side, many)) <= ALMOST for name in sorted(minor)]
    for name in [*sorted(many, key=lambda n: -foreign[n]), *dict.fromkeys(few)]:
        if sum(sizes[n] for n in common) + sizes[name] <= most:
            common.append(name)
    rest = [name for name in sizes if name not in common]
    return Division(
        tuple(n for n in sizes if n in common),
        (tuple(n for n in rest if side[n] == LEFT), tuple(n for n in rest if side[n] == RIGHT)),
    )


def _minor(p: Footprint, side: Mapping[str, int], common: Collection[str]) -> set[str]:
    """What an action touches in the half that it touches less."""
    halves = [{name for name in p.touched if side[name] == half and name not in common} for half in (LEFT, RIGHT)]
    return min(halves, key=len)


def _majority(votes: Iterable[tuple[int, float]]) -> int | None:
    balance = sum(weight if side == RIGHT else -weight for side, weight in votes)
    return None if abs(balance) < EVEN else RIGHT if balance > 0 else LEFT
