"""Gates as clauses for a SAT solver: one small solver for each action, made of just the gates it needs.

In every solver the variables 1, 2, ... are the bits of the state, so that clauses about states mean the same in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hamodel.engines._lower.bits import Bits
from hamodel.engines._lower.gates import TRUE, Literal
from hamodel.errors import EngineUnavailable

SOLVER = "minisat22"
REBUILT_AFTER = 3000
"""So many clauses that are used once may a solver hold before it is made anew."""


def solver_class() -> Any:  # noqa: ANN401  # python-sat has no types
    """The class of the SAT solvers; EngineUnavailable without python-sat."""
    try:
        from pysat.solvers import Solver
    except ImportError as error:
        raise EngineUnavailable(
            "python-sat is not installed, so nothing can be proved", help='pip install "hamodel[proofs]"'
        ) from error
    return Solver


class Clauses:
    """The clauses of some literals over the bits of a state. A literal of a clause is a number, negative: not."""

    def __init__(self, bits: Bits, roots: Iterable[Literal]) -> None:
        self.bits = bits
        gates = bits.gates
        self.number = {literal >> 1: i for i, literal in enumerate(bits.inputs, 1)}
        self.top = len(bits.inputs)
        self.clauses: list[list[int]] = []
        for gate in gates.cone([*roots, *bits.domain]):
            if gate in self.number:
                continue
            self.top += 1
            self.number[gate] = out = self.top
            a, b = self.literal(gates.left[gate]), self.literal(gates.right[gate])
            self.clauses += [[-out, a], [-out, b], [out, -a, -b]]
        self.clauses += [[self.literal(domain)] for domain in bits.domain if domain != TRUE]

    def literal(self, literal: Literal) -> int:
        """The number for a literal that is neither true nor false."""
        number = self.number[literal >> 1]
        return -number if literal & 1 else number


class Solver:
    """A solver over the bits of one state and some gates, with clauses that can be switched on by assumptions."""

    def __init__(self, bits: Bits, roots: Iterable[Literal]) -> None:
        self.source = Clauses(bits, roots)
        self.lasting: list[list[int]] = []
        self.queries, self.once = 0, 0
        self.levels: list[int] = []
        self._fresh()

    def _fresh(self) -> None:
        self.inner = solver_class()(name=SOLVER, bootstrap_with=self.source.clauses)
        self.top, self.once = self.source.top, 0
        self.levels = [self.new() for _ in self.levels]
        for level, *clause in self.lasting:
            self.inner.add_clause([-self.levels[level], *clause])

    def close(self) -> None:
        self.inner.delete()

    def new(self) -> int:
        self.top += 1
        return self.top

    def open_level(self) -> None:
        self.levels.append(self.new())

    def add(self, level: int, clause: Sequence[int]) -> None:
        """A clause that counts wherever this level or a lower one is asked for."""
        self.lasting.append([level, *clause])
        self.inner.add_clause([-self.levels[level], *clause])

    def forget(self, keep: Sequence[tuple[int, Sequence[int]]]) -> None:
        """Only these clauses of levels are needed any more."""
        self.lasting = [[level, *clause] for level, clause in keep]

    def ask(self, assumed: Sequence[int], level: int | None = None, also: Sequence[int] = ()) -> bool:
        """Whether the assumptions can be met, with the clauses from this level on (None: none), and with one more."""
        self.queries += 1
        given = list(assumed)
        if level is not None:
            given = self.levels[level:] + given
        if not also:
            return bool(self.inner.solve(assumptions=given))
        if self.once >= REBUILT_AFTER:
            self.inner.delete()
            self._fresh()
            if level is not None:
                given = self.levels[level:] + list(assumed)
        switch = self.new()
        self.inner.add_clause([-switch, *also])
        answer = bool(self.inner.solve(assumptions=[switch, *given]))
        self.once += 1
        self._retired = switch
        return answer

    def retire(self) -> None:
        """The clause that was asked once is gone for good (after the answer was read)."""
        self.inner.add_clause([-self._retired])

    def state(self) -> list[int]:
        """The bits of the state in the model of the last answer, as literals."""
        size = len(self.source.bits.inputs)
        model = self.inner.get_model()
        return list(model[:size])

    def core(self) -> set[int]:
        """The assumptions that exclude each other."""
        return set(self.inner.get_core() or ())
