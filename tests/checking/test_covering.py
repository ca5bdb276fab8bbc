"""A covering array shows every combination, in few points, whatever is refused."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamodel.checking.covering import Values, combinations_of, covering, every
from hamodel.ir.sweep import Axis


def axes_of(sizes: list[int]) -> list[Axis]:
    return [Axis(f"a{i}", tuple(f"{i}.{v}" for v in range(size))) for i, size in enumerate(sizes)]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(1, 3))
def test_every_combination_occurs(sizes: list[int], strength: int) -> None:
    axes = axes_of(sizes)

    rows, never = covering(axes, strength, lambda _: True)

    shown = {c for row in rows for c in combinations_of(row, strength)}
    assert shown == set(every(axes, strength)) and never == 0
    assert len(rows) == len(set(rows)) <= len(list(product(*(a.values for a in axes))))


@given(st.lists(st.integers(2, 3), min_size=2, max_size=4), st.integers(0, 2**32 - 1))
def test_what_is_refused_in_one_point_is_shown_in_another_or_counted(sizes: list[int], seed: int) -> None:
    axes = axes_of(sizes)
    whole = list(product(*(a.values for a in axes)))
    refused = {row for number, row in enumerate(whole) if seed >> (number % 32) & 1}

    rows, never = covering(axes, 2, lambda row: row not in refused)

    shown = {c for row in rows if row not in refused for c in combinations_of(row, 2)}
    possible = {c for row in whole if row not in refused for c in combinations_of(row, 2)}
    assert shown == possible
    assert never == len(set(every(axes, 2)) - possible)


def test_pairs_of_many_options_need_few_points() -> None:
    axes = axes_of([4] * 6)

    rows, _ = covering(axes, 2, lambda _: True)

    assert len(rows) < 40 < 4**6


def test_the_same_axes_give_the_same_points() -> None:
    first, second = (covering(axes_of([3, 3, 2, 4]), 2, lambda _: True) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("strength", [2, 3])
def test_more_than_all_axes_is_all_of_them(strength: int) -> None:
    rows, _ = covering(axes_of([3, 2]), strength, lambda _: True)

    assert len(rows) == 6


def test_each_point_is_read_once() -> None:
    asked: list[Values] = []

    def accepts(row: Values) -> bool:
        asked.append(row)
        return row[0] != "0.1"

    covering(axes_of([3, 3, 3]), 2, accepts)

    assert len(asked) == len(set(asked))
