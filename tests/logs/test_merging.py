"""Many files, one stream: each line once, in order, in memory that does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from hamodel.logs.merging import DISORDER, Duplicates, Stream, in_order, merged

ZERO = datetime(2010, 10, 31, 2, 0, 0)


def at(*seconds: float) -> list[tuple[datetime, float]]:
    return [(ZERO + timedelta(seconds=second), second) for second in seconds]


def ordered(*seconds: float) -> list[float]:
    return [what for _, what in in_order(at(*seconds))]


def test_neighbours_out_of_order_by_seconds_are_put_in_order() -> None:
    assert ordered(1, 3, 2, 2.5, 4, 0) == [0, 1, 2, 2.5, 3, 4]


def test_lines_of_one_instant_keep_the_order_of_the_file() -> None:
    lines = [(ZERO, name) for name in "hat"]
    assert [name for _, name in in_order(lines)] == list("hat")


def test_a_clock_that_is_set_back_keeps_the_order_of_the_file() -> None:
    assert ordered(3598, 3599, 0, 1, 3600) == [3598, 3599, 0, 1, 3600]


@given(st.lists(st.integers(0, 100)))
def test_nothing_is_lost_and_small_disorder_vanishes(seconds: list[int]) -> None:
    found = ordered(*seconds)
    assert sorted(found) == sorted(seconds)
    if all(
        newest - second <= DISORDER.seconds for second, newest in zip(seconds, accumulate(seconds, max), strict=True)
    ):
        assert found == sorted(seconds)


def test_only_a_window_is_kept() -> None:
    drawn = 0

    def many() -> Iterator[tuple[datetime, int]]:
        nonlocal drawn
        for drawn in range(100_000):
            yield ZERO, drawn

    for count, _ in enumerate(in_order(many())):
        assert drawn - count <= 5000


def stream(*seconds: float) -> Stream[float]:
    return Stream(ZERO + timedelta(seconds=min(seconds)), lambda: iter(at(*seconds)))


def test_sources_are_merged_by_time() -> None:
    found = [what for _, what in merged([stream(1, 4, 7), stream(2, 3, 9), stream(20, 21)])]
    assert found == [1, 2, 3, 4, 7, 9, 20, 21]


def test_an_hour_gained_in_autumn_stays_in_two_files_side_by_side() -> None:
    """Both files go from 2:59:59 back to 2:00:00; neither runs ahead of the other."""
    found = [what for _, what in merged([stream(3599, 0, 2, 3602), stream(3599, 1, 3, 3603)])]
    assert found == [3599, 3599, 0, 1, 2, 3, 3602, 3603]


def test_a_source_is_opened_when_its_time_comes() -> None:
    opened: list[int] = []

    def source(day: int) -> Stream[int]:
        def lines() -> Iterator[tuple[datetime, int]]:
            opened.append(day)
            yield ZERO + timedelta(days=day), day

        return Stream(ZERO + timedelta(days=day), lines)

    for _, day in merged([source(day) for day in (2, 0, 1)]):
        assert opened == list(range(day + 1))


def new(*lines: tuple[float, int, str]) -> list[bool]:
    seen: Duplicates[str] = Duplicates()
    return [seen.is_new(what, ZERO + timedelta(seconds=second), place) for second, place, what in lines]


def test_the_same_line_in_another_file_is_a_duplicate() -> None:
    assert new((0, 0, "x"), (0, 1, "x"), (1, 2, "x")) == [True, False, False]


def test_a_line_written_twice_is_two_lines_however_many_files_hold_it() -> None:
    assert new((0, 0, "x"), (0, 0, "x"), (0, 1, "x"), (1, 1, "x")) == [True, True, False, False]
    assert new((0, 0, "x"), (0, 1, "x"), (0, 0, "x"), (1, 1, "x")) == [True, False, True, False]


def test_the_same_words_later_are_another_line() -> None:
    assert new((0, 0, "x"), (10, 1, "x"), (10, 0, "x")) == [True, True, False]


def test_what_is_long_gone_is_forgotten() -> None:
    seen: Duplicates[int] = Duplicates()
    for second in range(50_000):
        assert seen.is_new(second, ZERO + timedelta(seconds=second), 0)
    assert len(seen) < 5000
