"""How a report words its numbers: times, counts and outcomes, the same in every place."""

from __future__ import annotations

from hamodel.ir.report import Result, Way, faults_in_words
from hamodel.ir.verdict import Outcome, Range
from hamodel.renderers.language import Say


def seconds(ms: int) -> str:
    """A time as a person says it.

    >>> seconds(900), seconds(4100), seconds(61000), seconds(3_600_000)
    ('900 ms', '4.1 s', '61 s', '1 h')
    """
    if ms and ms % 3_600_000 == 0:
        return f"{ms // 3_600_000} h"
    if abs(ms) < 1000:
        return f"{ms} ms"
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".") + " s"


def count(number: int) -> str:
    """A number in groups of three digits.

    >>> count(141144)
    '141 144'
    """
    return f"{number:,}".replace(",", " ")


def whose(text: str, say: Say) -> str:
    """`TITLE: node1 and node2, Heartbeat 2.0.8`: a title is its author's own words, and may have any signs in it."""
    title, colon, rest = text.rpartition(": ")
    return f"{title}{say(': ')}{say(rest)}" if colon else say(text)


def mode(word: str, say: Say) -> str:
    """How something is, as a lifecycle calls it: the same word may mean something else in a sentence."""
    return said if (said := say(f"mode: {word}")) != f"mode: {word}" else word


WIDE = 30
"""More ways than fit in this many characters are counted, not listed."""


def at_most(length: Range | None) -> str:
    """How long a violation lasts."""
    if length is None:
        return "not measured"
    return "for ever" if length.hi is None else seconds(length.hi)


def lasting(length: Range | None) -> str:
    """The same, after the word `lasts`."""
    return f"at most {at_most(length)}" if length is not None and length.hi is not None else at_most(length)


def how_soon(way: Way) -> str:
    """When a violation begins."""
    return "not measured" if way.earliest is None else seconds(way.earliest)


def when(way: Way) -> str:
    """When a violation begins and how long it lasts, as far as it was measured."""
    begins = [] if way.earliest is None else [f"soonest after {how_soon(way)}"]
    lasts = [] if way.length is None else [f"lasts {lasting(way.length)}"]
    return ", ".join([*begins, *lasts])


def because(result: Result) -> str:
    """The few words beside an outcome in a table."""
    match result.outcome:
        case Outcome.VIOLATED if result.ways:
            ways = " or ".join(faults_in_words(way.faults) for way in result.ways)
            if len(ways) > WIDE and len(result.ways) > 1:
                ways = f"{faults_in_words(result.faults_used)} or {len(result.ways) - 1} other ways"
            return f"by {ways}"
        case Outcome.HOLDS if result.measured is not None and result.measured.hi is not None:
            return f"in {seconds(result.measured.hi)} at most"
        case Outcome.HOLDS if result.provided:
            return "given " + ", ".join(text.rpartition(": ")[2] for text in result.provided)
        case _:
            return result.reason
