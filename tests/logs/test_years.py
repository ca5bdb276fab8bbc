"""A year for lines without one."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from hamodel.logs.headers import Moment, moment
from hamodel.logs.years import Calendar, before, in_year


def read(text: str) -> Moment:
    found = moment(text)
    assert found is not None
    return found


def dated(anchor: datetime, *stamps: str) -> list[str]:
    calendar = Calendar(anchor)
    return [f"{calendar.date(read(stamp)):%Y-%m-%d}" for stamp in stamps]


def test_january_after_december_is_the_next_year() -> None:
    days = dated(datetime(2009, 12, 31), "Dec 31 23:59:59", "Jan  1 00:00:01", "Dec 30 00:00:00", "Jan  2 00:00:00")
    assert days == ["2009-12-31", "2010-01-01", "2009-12-30", "2010-01-02"]


def test_disorder_of_months_is_no_new_year() -> None:
    assert dated(datetime(2009, 6, 1), "Jun  1 00:00:00", "Mar  1 00:00:00", "Jun  2 00:00:00") == [
        "2009-06-01",
        "2009-03-01",
        "2009-06-02",
    ]


def test_a_quiet_half_year_stays_in_its_year() -> None:
    assert dated(datetime(2009, 2, 1), "Feb  1 00:00:00", "Nov 20 00:00:00") == ["2009-02-01", "2009-11-20"]


def test_a_stamp_with_a_year_rules_what_follows() -> None:
    days = dated(datetime(2000, 1, 1), "2011/08/30_15:18:29", "Aug 31 00:00:00", "Jan  1 00:00:00")
    assert days == ["2011-08-30", "2011-08-31", "2012-01-01"]


def test_a_leap_day_finds_the_nearest_leap_year() -> None:
    assert in_year(read("Feb 29 10:00:00"), 2011) == datetime(2012, 2, 29, 10)
    assert in_year(read("Feb 29 10:00:00"), 1900) == datetime(1896, 2, 29, 10)
    assert dated(datetime(2010, 2, 28), "Feb 29 00:00:00", "Mar  1 00:00:00") == ["2008-02-29", "2008-03-01"]


def test_the_last_time_a_day_came_round() -> None:
    assert before(read("Dec 24 00:00:00"), datetime(2010, 3, 1)) == datetime(2009, 12, 24)
    assert before(read("Mar  1 12:00:00"), datetime(2010, 3, 1)) == datetime(2010, 3, 1, 12)
    assert before(read("Feb 29 00:00:00"), datetime(2011, 3, 1)) == datetime(2008, 2, 29)


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)),
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 29), st.integers(0, 9999)), max_size=20),
)
def test_no_order_of_days_raises(anchor: datetime, days: list[tuple[int, int, int]]) -> None:
    calendar = Calendar(anchor)
    for month, day, year in days:
        calendar.date(Moment(year, month, day, 0, 0, 0, 0))
        before(Moment(0, month, day, 0, 0, 0, 0), anchor)
