"""And-inverter graphs: every formula is built of inputs, `and` and `not`, and equal formulas of one shape are one gate.

A literal is twice the number of its gate, plus one where it is negated; gate 0 is false. What can be seen from one or
two gates deep (`a and not a`, `a and (a and b)`, `a and not (a and b)`) is computed at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Literal = int
FALSE, TRUE = 0, 1


class Gates:
    """The gates in an order in which each comes after those it reads."""

    def __init__(self) -> None:
        self.left: list[Literal] = [0]
        self.right: list[Literal] = [0]
        """The two literals of a gate; an input has itself twice."""
        self._known: dict[tuple[Literal, Literal], Literal] = {}

    def __len__(self) -> int:
        return len(self.left)

    def input(self) -> Literal:
        """A new unknown."""
        literal = 2 * len(self.left)
        self.left.append(literal)
        self.right.append(literal)
        return literal

    def is_and(self, gate: int) -> bool:
        return gate > 0 and self.left[gate] != 2 * gate

    def and_(self, a: Literal, b: Literal) -> Literal:
        if a > b:
            a, b = b, a
        if a <= TRUE:
            return b if a == TRUE else FALSE
        if a == b:
            return a
        if a ^ b == 1:
            return FALSE
        found = self._known.get((a, b))
        if found is None:
            found = self._known[a, b] = self._new(a, b)
        return found

    def _new(self, a: Literal, b: Literal) -> Literal:
        for one, other in ((a, b), (b, a)):
            gate = one >> 1
            if self.is_and(gate):
                parts = (self.left[gate], self.right[gate])
                if not one & 1:
                    if other in parts:
                        return one
                    if other ^ 1 in parts:
                        return FALSE
                elif other ^ 1 in parts:
                    return other
                elif other in parts:
                    return self.and_(other, (parts[0] if parts[1] == other else parts[1]) ^ 1)
        literal = 2 * len(self.left)
        self.left.append(a)
        self.right.append(b)
        return literal

    def or_(self, a: Literal, b: Literal) -> Literal:
        return self.and_(a ^ 1, b ^ 1) ^ 1

    def xor(self, a: Literal, b: Literal) -> Literal:
        return self.or_(self.and_(a, b ^ 1), self.and_(a ^ 1, b))

    def choose(self, test: Literal, yes: Literal, no: Literal) -> Literal:
        """`yes` where the test holds, else `no`."""
        if yes == no or test == TRUE:
            return yes
        if test == FALSE:
            return no
        return self.or_(self.and_(test, yes), self.and_(test ^ 1, no))

    def all_of(self, literals: Iterable[Literal]) -> Literal:
        found = TRUE
        for literal in literals:
            found = self.and_(found, literal)
        return found

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        return self.all_of(a ^ 1 for a in literals) ^ 1

    def cone(self, roots: Iterable[Literal]) -> list[int]:
        """The gates these literals are made of, inputs among them, each after those it reads."""
        needed: set[int] = set()
        waiting = [root >> 1 for root in roots]
        while waiting:
            gate = waiting.pop()
            if gate and gate not in needed:
                needed.add(gate)
                if self.is_and(gate):
                    waiting += (self.left[gate] >> 1, self.right[gate] >> 1)
        return sorted(needed)

    def parts(self, literal: Literal) -> Iterator[Literal]:
        """What is true together with a true literal: itself and, where it is a conjunction, its parts."""
        waiting = [literal]
        while waiting:
            one = waiting.pop()
            yield one
            if not one & 1 and self.is_and(one >> 1):
                waiting += (self.left[one >> 1], self.right[one >> 1])

    def value(self, inputs: Sequence[bool], roots: Sequence[Literal]) -> list[bool]:
        """The truth of literals where the inputs, in the order of their making, have these values."""
        given = iter(inputs)
        truth = [False] * len(self.left)
        for gate in range(1, len(self.left)):
            a, b = self.left[gate], self.right[gate]
            if a == 2 * gate:
                truth[gate] = next(given)
            else:
                truth[gate] = truth[a >> 1] != bool(a & 1) and truth[b >> 1] != bool(b & 1)
        return [truth[root >> 1] != bool(root & 1) for root in roots]
