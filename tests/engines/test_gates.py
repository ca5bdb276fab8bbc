"""Gates and numbers over them mean what truth tables and Python's integers mean."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from hamodel.engines._lower.gates import FALSE, TRUE, Gates, Literal
from hamodel.engines._lower.numbers import Arithmetic, Word, of_truth, word
from hamodel.ir.expr import Op, arithmetic

TABLE = list(product((False, True), repeat=4))


def truths(gates: Gates, literal: Literal) -> list[bool]:
    return [gates.value(row, [literal])[0] for row in TABLE]


@pytest.mark.parametrize("seed", range(8))
def test_random_gates_have_the_truth_table_of_their_formula(seed: int) -> None:
    random, gates = Random(seed), Gates()
    made: list[tuple[Literal, list[bool]]] = [(gates.input(), [row[i] for row in TABLE]) for i in range(4)]

    for _ in range(120):
        (a, x), (b, y), (c, z) = (random.choice(made[-12:]) for _ in range(3))
        match random.randrange(5):
            case 0:
                made.append((gates.and_(a, b), [p and q for p, q in zip(x, y, strict=True)]))
            case 1:
                made.append((gates.or_(a, b), [p or q for p, q in zip(x, y, strict=True)]))
            case 2:
                made.append((gates.xor(a, b), [p != q for p, q in zip(x, y, strict=True)]))
            case 3:
                made.append((gates.choose(c, a, b), [p if t else q for p, q, t in zip(x, y, z, strict=True)]))
            case _:
                made.append((a ^ 1, [not p for p in x]))
        assert truths(gates, made[-1][0]) == made[-1][1]


def test_one_gate_inside_another_is_computed_at_once() -> None:
    gates = Gates()
    a, b = gates.input(), gates.input()
    both = gates.and_(a, b)
    before = len(gates)

    assert gates.and_(b, a) == both
    assert gates.and_(both, a) == both
    assert gates.and_(both, a ^ 1) == FALSE
    assert gates.and_(both ^ 1, a ^ 1) == a ^ 1
    assert gates.or_(both, both ^ 1) == TRUE
    assert len(gates) == before
    assert truths_of_two(gates, gates.and_(both ^ 1, a)) == [False, False, True, False]


def truths_of_two(gates: Gates, literal: Literal) -> list[bool]:
    return [gates.value(row, [literal])[0] for row in product((False, True), repeat=2)]


@pytest.mark.parametrize("op", Op)
@pytest.mark.parametrize(("left", "right"), [(0, 0), (-2, 1), (3, -1), (1, 2)])
def test_operations_compute_as_integers_do(op: Op, left: int, right: int) -> None:
    gates = Gates()
    numbers = Arithmetic(gates)
    a, b = word(left, (gates.input(), gates.input())), word(right, (gates.input(), gates.input()))
    result = numbers.operate(op, a, b)

    for row in TABLE:
        x, y = left + row[0] + 2 * row[1], right + row[2] + 2 * row[3]
        if op in (Op.DIV, Op.MOD) and y == 0:
            continue
        digits = gates.value(row, result.bits)
        assert result.lo + sum(digit << k for k, digit in enumerate(digits)) == arithmetic(op, x, y)


def test_choices_cases_and_known_numbers() -> None:
    gates = Gates()
    numbers = Arithmetic(gates)
    test = gates.input()
    either = numbers.choose(test, Word(7), Word(-3))

    assert {v for v, t in numbers.cases(either).items() for row in ((False,), (True,)) if gates.value(row, [t])[0]} == {
        7,
        -3,
    }
    assert numbers.choose(test, Word(4), Word(4)).known == 4
    assert word(2, (TRUE, FALSE, TRUE)).known == 7
    assert numbers.truth(of_truth(test)) == test
    assert numbers.truth(Word(0)) == FALSE
