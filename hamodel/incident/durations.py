"""Long times in the units that people say them in: hours and minutes, or days and hours."""

from __future__ import annotations

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def spoken(ms: int) -> str:
    """A time in seconds, from an hour on in larger units as well.

    >>> spoken(71_400), spoken(7_200_000), spoken(-90_000_000)
    ('71 s', '7200 s (2 h 0 min)', '90000 s (1 d 1 h)')
    """
    return f"{round(abs(ms) / 1000)} s{in_units(ms)}"


def in_units(ms: int) -> str:
    """What stands behind a time in seconds; nothing below an hour.

    >>> in_units(3_599_000), in_units(3_600_000), in_units(86_399_000)
    ('', ' (1 h 0 min)', ' (1 d 0 h)')
    """
    if abs(ms) < HOUR:
        return ""
    minutes = round(abs(ms) / MINUTE)
    if minutes < DAY // MINUTE:
        return f" ({minutes // 60} h {minutes % 60} min)"
    hours = round(abs(ms) / HOUR)
    return f" ({hours // 24} d {hours % 24} h)"
