"""How long things take is the one thing ha.cf never says: intervals in milliseconds, and how long scripts take.

An interval is a number, a pair, or words: `300`, `[300, 900]`, `"300ms"`, `"0.3s"`, `"2s..3s"`, `["2s", "1min"]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hamodel.config.parts import Resource

_TIME = re.compile(r"\s*([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(ms|s|min|m|h|)\s*\Z")
_SCALE = {"": 1, "ms": 1, "s": 1000, "min": 60_000, "m": 60_000, "h": 3_600_000}


@dataclass(frozen=True, slots=True)
class Interval:
    """Any time from `lo` to `hi`, both included, in ms."""

    lo: int
    hi: int

    def __str__(self) -> str:
        return f"{self.lo} ms" if self.lo == self.hi else f"{self.lo}-{self.hi} ms"


def parse_duration(value: object) -> int | None:
    """A time in ms from a number or from a text with a unit; None for anything else, and for what is negative."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    if isinstance(value, str):
        match = _TIME.match(value)
        return round(float(match.group(1)) * _SCALE[match.group(2)]) if match else None
    return None


def parse_interval(value: object) -> Interval | None:
    """An interval, or None for what is none.

    An interval upside down is returned as it stands, for the caller to refuse.
    """
    if isinstance(value, str) and ".." in value:
        low, _, high = value.partition("..")
        value = [low, high]
    if isinstance(value, list):
        if len(value) != 2:
            return None
        lo, hi = parse_duration(value[0]), parse_duration(value[1])
        return Interval(lo, hi) if lo is not None and hi is not None else None
    one = parse_duration(value)
    return Interval(one, one) if one is not None else None


@dataclass(frozen=True, slots=True)
class ScriptTimes:
    """How long one kind of script takes to start, to stop and to tell its status."""

    start: Interval = Interval(500, 3000)
    stop: Interval = Interval(500, 3000)
    status: Interval = Interval(100, 400)


_ADDRESS = ScriptTimes(Interval(200, 600), Interval(100, 400))
_MOUNT = ScriptTimes(Interval(300, 900), Interval(200, 900))

WELL_KNOWN: Mapping[str, ScriptTimes] = MappingProxyType(
    {"IPaddr": _ADDRESS, "IPaddr2": _ADDRESS, "IPv6addr": _ADDRESS, "Filesystem": _MOUNT}
)


@dataclass(frozen=True, slots=True)
class Durations:
    """Script times by resource type; types nobody named take the well-known times, or the default."""

    by_type: Mapping[str, ScriptTimes] = field(default_factory=lambda: WELL_KNOWN)
    default: ScriptTimes = ScriptTimes()

    def of(self, resource: Resource | str) -> ScriptTimes:
        """The times of a resource or of a type."""
        kind = resource.type if isinstance(resource, Resource) else resource
        return self.by_type.get(kind, self.default)

    def start(self, resource: Resource | str) -> Interval:
        """How long its start takes."""
        return self.of(resource).start

    def stop(self, resource: Resource | str) -> Interval:
        """How long its stop takes."""
        return self.of(resource).stop

    def status(self, resource: Resource | str) -> Interval:
        """How long its status takes."""
        return self.of(resource).status
