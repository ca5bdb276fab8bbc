"""Regions answer from their pieces alone: at a point, along a line, and how far it is to another answer."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hamodel.errors import OutOfRange
from hamodel.ir.region import Atlas, Follows, Law, Margin, Piece, Region, Safety, Unknown

DEADTIME = Unknown("deadtime", ("deadtime[0]", "deadtime[1]"), 2_000, 9_000, 4_000)
KEEPALIVE = Unknown("keepalive", ("keepalive[0]", "keepalive[1]"), 100, 1_500, 500)
WATCHDOG = Unknown("watchdog", ("watchdog[0]", "watchdog[1]"), 3_000, 10_000, 5_000, Follows("deadtime", 10, 1_000))
LAW = Law((-1, 1, -2, 0), "deadtime > 2 keepalive")


def region(*pieces: Piece, undecided: tuple[Piece, ...] = ()) -> Region:
    return Region("claim", "", ("kill",), 1, (DEADTIME, KEEPALIVE, WATCHDOG), (LAW,), pieces, undecided)


RACE = region(Piece((((-700), -1, 1, 1),), ("deadtime <= keepalive + watchdog - 700 ms",)))


def test_what_follows_is_computed_and_changes_where_it_is_rounded() -> None:
    rule = Follows("deadtime", 10, 1_000)

    assert [rule.of(v) for v in (29_989, 29_990, 29_991, 30_000)] == [30_000, 30_000, 31_000, 31_000]
    assert list(rule.changes(2_000, 4_500)) == [2_991, 3_991]


def test_the_answer_at_a_point() -> None:
    assert RACE.safety({}) is Safety.UNSAFE
    assert RACE.holds_at({"deadtime": 4_900, "keepalive": 599}) is True
    assert RACE.holds_at({"deadtime": 4_900, "keepalive": 600}) is False


def test_outside_of_bounds_and_laws_nothing_is_said() -> None:
    assert RACE.safety({"deadtime": 2_000, "keepalive": 1_000}) is None
    with pytest.raises(OutOfRange, match="says nothing"):
        RACE.holds_at({"deadtime": 1})
    with pytest.raises(OutOfRange, match="not kept open"):
        RACE.holds_at({"watchdog": 5_000})


@pytest.mark.parametrize("values", [{}, {"keepalive": 150}, {"keepalive": 690}, {"deadtime": 8_985}])
@pytest.mark.parametrize("name", ["deadtime", "keepalive"])
def test_the_stretches_of_a_line_are_the_answers_at_its_points(name: str, values: dict[str, int]) -> None:
    stretches = RACE.along(name, {**RACE.configuration, **values})

    told = {v: safety for lo, hi, safety in stretches for v in range(lo, hi + 1)}
    axis = next(u for u in RACE.unknowns if u.name == name)
    asked = {v: RACE.safety({**values, name: v}) for v in range(axis.lo, axis.hi + 1)}
    assert told == {v: safety for v, safety in asked.items() if safety is not None}
    assert all(one[2] is not other[2] or one[1] + 1 < other[0] for one, other in pairwise(stretches))


def test_the_margin_is_the_nearest_value_with_another_answer() -> None:
    assert RACE.margin() == {"deadtime": Margin(3_990, 4_801), "keepalive": Margin(None, None)}
    assert RACE.margin({"deadtime": 4_900})["keepalive"] == Margin(None, 600)


def test_what_is_not_decided_is_never_safe() -> None:
    half = region(undecided=(Piece((((-5_000), 1, 0, 0),), ("deadtime >= 5 s",)),))

    assert half.holds_at({"deadtime": 5_000}) is None
    assert half.holds_at({"deadtime": 4_999}) is True
    assert not half.complete


def test_safe_is_what_is_safe_in_every_region() -> None:
    late = region(Piece((((-8_000), 1, 0, 0),), ("deadtime >= 8 s",)))
    both = Atlas("claim", "", RACE.unknowns, RACE.laws, (RACE, late))

    assert both.safety({"deadtime": 4_900}) is Safety.SAFE
    assert both.safety({"deadtime": 8_900}) is Safety.UNSAFE
    assert [s for _, _, s in both.along("deadtime", both.configuration)][-1] is Safety.UNSAFE
