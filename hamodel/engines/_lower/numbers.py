"""Numbers as a known least value and the binary digits of what is added to it; each digit is a literal of `gates`.

A known number has no digits. Sums, differences and comparisons are circuits; the rarer operations are computed case by
case, which is short because numbers here are small.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hamodel.engines._lower.gates import FALSE, TRUE, Gates, Literal
from hamodel.errors import EngineLimit
from hamodel.ir.expr import Op, arithmetic

MANY = 1 << 14
"""More pairs of cases than this are not computed one by one."""


@dataclass(frozen=True, slots=True)
class Word:
    """`lo` plus the number that `bits` write, the lowest digit first."""

    lo: int
    bits: tuple[Literal, ...] = ()

    @property
    def known(self) -> int | None:
        return self.lo if not self.bits else None


ZERO, ONE = Word(0), Word(1)


def word(lo: int, bits: Iterable[Literal]) -> Word:
    """The number without its known digits at the top."""
    digits = list(bits)
    while digits and digits[-1] <= TRUE:
        lo += digits.pop() << len(digits)
    if all(bit <= TRUE for bit in digits):
        return Word(lo + sum(bit << k for k, bit in enumerate(digits)))
    return Word(lo, tuple(digits))


def of_truth(literal: Literal) -> Word:
    """1 where the literal is true, else 0."""
    return word(0, (literal,))


class Arithmetic:
    """The operations of the language on words over one graph."""

    def __init__(self, gates: Gates) -> None:
        self.gates = gates

    def truth(self, number: Word) -> Literal:
        """Whether the number is not 0."""
        return number.bits[0] if number.lo == 0 and len(number.bits) == 1 else self.is_(number, 0) ^ 1

    def is_(self, number: Word, value: int) -> Literal:
        rest = value - number.lo
        if rest < 0 or rest >> len(number.bits):
            return FALSE
        return self.gates.all_of(bit ^ 1 ^ (rest >> k & 1) for k, bit in enumerate(number.bits))

    def cases(self, number: Word) -> dict[int, Literal]:
        """Each value the number can have, and where it has it."""
        found = {number.lo: TRUE}
        for k, bit in enumerate(number.bits):
            split: dict[int, Literal] = {}
            for value, literal in found.items():
                for more, part in ((0, bit ^ 1), (1 << k, bit)):
                    both = self.gates.and_(literal, part)
                    if both != FALSE:
                        split[value + more] = both
            found = split
        return found

    def of_cases(self, cases: dict[int, Literal]) -> Word:
        """The number that has each of these values where its literal is true; the literals exclude each other."""
        lo = min(cases)
        width = (max(cases) - lo).bit_length()
        return word(lo, (self.gates.any_of(t for v, t in cases.items() if v - lo >> k & 1) for k in range(width)))

    def from_(self, number: Word, lo: int) -> tuple[Literal, ...]:
        """The digits of the number counted from a least value that is not above it."""
        return self._sum(number.bits, word_bits(number.lo - lo))

    def choose(self, test: Literal, yes: Word, no: Word) -> Word:
        if test == TRUE or yes == no:
            return yes
        if test == FALSE:
            return no
        lo = min(yes.lo, no.lo)
        one, other = _same_length(self.from_(yes, lo), self.from_(no, lo))
        return word(lo, (self.gates.choose(test, a, b) for a, b in zip(one, other, strict=True)))

    def operate(self, op: Op, left: Word, right: Word) -> Word:
        """`left op right`; division by zero has no value, so any will do."""
        match op:
            case Op.ADD:
                return word(left.lo + right.lo, self._sum(left.bits, right.bits))
            case Op.SUB:
                most = right.lo + (1 << len(right.bits)) - 1
                return word(left.lo - most, self._sum(left.bits, tuple(bit ^ 1 for bit in right.bits)))
            case Op.EQ:
                return of_truth(self._equal(left, right))
            case Op.NE:
                return of_truth(self._equal(left, right) ^ 1)
            case Op.LT:
                return of_truth(self._less(left, right))
            case Op.GE:
                return of_truth(self._less(left, right) ^ 1)
            case Op.GT:
                return of_truth(self._less(right, left))
            case Op.LE:
                return of_truth(self._less(right, left) ^ 1)
            case _:
                return self._case_by_case(op, left, right)

    def _case_by_case(self, op: Op, left: Word, right: Word) -> Word:
        ones, others = self.cases(left), self.cases(right)
        if len(ones) * len(others) > MANY:
            raise EngineLimit(f"{op.value} of numbers with {len(ones)} and {len(others)} values is too large for gates")
        found: dict[int, Literal] = {}
        for a, here in ones.items():
            for b, there in others.items():
                if b == 0 and op in (Op.DIV, Op.MOD):
                    continue
                value = arithmetic(op, a, b)
                found[value] = self.gates.or_(found.get(value, FALSE), self.gates.and_(here, there))
        return self.of_cases(found) if found else ZERO

    def _sum(self, one: tuple[Literal, ...], other: tuple[Literal, ...]) -> tuple[Literal, ...]:
        gates = self.gates
        if not one or not other:
            return one or other
        a, b = _same_length(one, other)
        carry, out = FALSE, []
        for x, y in zip(a, b, strict=True):
            either = gates.xor(x, y)
            out.append(gates.xor(either, carry))
            carry = gates.or_(gates.and_(x, y), gates.and_(either, carry))
        return (*out, carry)

    def _equal(self, left: Word, right: Word) -> Literal:
        if left.known is not None:
            return self.is_(right, left.lo)
        if right.known is not None:
            return self.is_(left, right.lo)
        lo = min(left.lo, right.lo)
        one, other = _same_length(self.from_(left, lo), self.from_(right, lo))
        return self.gates.all_of(self.gates.xor(a, b) ^ 1 for a, b in zip(one, other, strict=True))

    def _less(self, left: Word, right: Word) -> Literal:
        lo = min(left.lo, right.lo)
        one, other = _same_length(self.from_(left, lo), self.from_(right, lo))
        less = FALSE
        for a, b in zip(one, other, strict=True):
            less = self.gates.choose(self.gates.xor(a, b), b, less)
        return less


def word_bits(value: int) -> tuple[Literal, ...]:
    """The digits of a known number."""
    return tuple(TRUE if value >> k & 1 else FALSE for k in range(value.bit_length()))


def _same_length(
    one: tuple[Literal, ...], other: tuple[Literal, ...]
) -> tuple[tuple[Literal, ...], tuple[Literal, ...]]:
    width = max(len(one), len(other))
    return one + (FALSE,) * (width - len(one)), other + (FALSE,) * (width - len(other))
