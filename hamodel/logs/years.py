"""syslog writes no year: it follows from the lines around, from the file, or from the one who asks.

Time in a log flows forward, with small steps back. A month far behind the last one is therefore the next year, and a
December right after the first of January is disorder at the turn of the year, not a jump of a year ahead.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hamodel.logs.headers import Moment

NO_YEAR = 2000
"""The year of lines that nothing dates; a leap year, so that every day exists in it."""
_NEXT = timedelta(days=183)
_PREVIOUS = timedelta(days=350)
_NEAR = (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6, -7, 7, -8, 8)


def in_year(moment: Moment, year: int) -> datetime:
    """The time in this year; a 29th of February goes to the nearest year that has one."""
    for step in _NEAR:
        found = moment.at(min(max(year + step, 1), 9999))
        if found is not None:
            return found
    return datetime(NO_YEAR, moment.month, moment.day)


def before(moment: Moment, latest: datetime) -> datetime:
    """The last time this moment came round up to `latest`; a day of grace, because clocks differ."""
    for year in range(latest.year + 1, max(latest.year - 9, 0), -1):
        found = moment.at(min(year, 9999))
        if found is not None and found <= latest + timedelta(days=1):
            return found
    return in_year(moment, latest.year)


class Calendar:
    """Dates the lines of one source in their order, from a first guess on."""

    def __init__(self, anchor: datetime) -> None:
        self._anchor = anchor
        self._moment: Moment | None = None

    def date(self, moment: Moment) -> datetime:
        """When this line was written; the year follows from the line before if the line has none."""
        if moment is not self._moment:
            self._moment = moment
            self._anchor = self._next(moment)
        return self._anchor

    def _next(self, moment: Moment) -> datetime:
        if moment.year:
            return in_year(moment, moment.year)
        year = self._anchor.year
        found = in_year(moment, year)
        if found.year != year:
            return found
        if self._anchor - found > _NEXT:
            return in_year(moment, year + 1)
        if found - self._anchor > _PREVIOUS:
            return in_year(moment, year - 1)
        return found
