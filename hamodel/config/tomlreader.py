"""A wrong key in a spec is found at once, in its place and with the name it should have had; so are all others.

The reader takes values out of a parsed TOML table, checks their type and range, and collects every problem.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hamodel.config.durations import Interval, parse_duration, parse_interval
from hamodel.config.tomlplaces import Path, Places
from hamodel.errors import HamodelError, OutOfRange, SpecError, UnknownKey, WrongType


@dataclass(slots=True)
class Reader:
    """Takes values by path; what is not there leaves the default, what is wrong is noted and leaves the default too."""

    data: Mapping[str, object]
    places: Places
    problems: list[HamodelError] = field(default_factory=list)

    def problem(self, kind: type[SpecError], path: Path, message: str, help: str = "") -> None:
        """Note one problem at the place of a key."""
        self.problems.append(kind(message, span=self.places.of(path), help=help))

    def get(self, path: Path) -> object | None:
        """The raw value, or None."""
        here: object = self.data
        for part in path:
            if not isinstance(here, Mapping) or part not in here:
                return None
            here = here[part]
        return here

    def table(self, path: Path, known: Iterable[str] | None = None) -> Mapping[str, object]:
        """A table with, if they are given, only known keys; empty where there is none."""
        value = self.data if not path else self.get(path)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self._wrong(path, "a table", value)
            return {}
        if known is not None:
            self.known(path, value, tuple(known))
        return value

    def known(self, path: Path, value: Mapping[str, object], names: tuple[str, ...]) -> None:
        """Complain about every key that is not one of the names."""
        for key in value:
            if key in names:
                continue
            near = difflib.get_close_matches(key, names, n=1, cutoff=0.6)
            where = f" in [{'.'.join(path)}]" if path else ""
            help = f"did you mean {near[0]}?" if near else f"known{where}: {', '.join(names)}"
            self.problem(UnknownKey, (*path, key), f"{key} is no key{where}", help)

    def _wrong(self, path: Path, wanted: str, value: object) -> None:
        self.problem(WrongType, path, f"{'.'.join(path)} has to be {wanted}, not {_kind(value)}")

    def text(self, path: Path, default: str = "") -> str:
        """A text."""
        value = self.get(path)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        self._wrong(path, "a text", value)
        return default

    def switch(self, path: Path, default: bool) -> bool:
        """True or false."""
        value = self.get(path)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self._wrong(path, "true or false", value)
        return default

    def count(self, path: Path, default: int) -> int:
        """A whole number from 0."""
        value = self.get(path)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool):
            if 0 <= value <= 10**9:
                return value
            self.problem(OutOfRange, path, f"{'.'.join(path)} cannot be {value}", "write a whole number from 0")
            return default
        self._wrong(path, "a whole number", value)
        return default

    def duration(self, path: Path, default: int) -> int:
        """A time in ms."""
        value = self.get(path)
        if value is None:
            return default
        time = parse_duration(value)
        if time is None:
            self._bad_time(path, value)
            return default
        return time

    def interval(self, path: Path, default: Interval) -> Interval:
        """An interval in ms, lower end first."""
        value = self.get(path)
        if value is None:
            return default
        interval = parse_interval(value)
        if interval is None:
            self._bad_time(path, value)
            return default
        if interval.lo > interval.hi:
            message = f"{'.'.join(path)} begins at {interval.lo} ms and ends at {interval.hi} ms"
            self.problem(OutOfRange, path, message, "put the smaller number first")
            return default
        return interval

    def _bad_time(self, path: Path, value: object) -> None:
        name = ".".join(path)
        numbers = value if isinstance(value, list) else [value]
        if any(isinstance(n, int) and not isinstance(n, bool) and n < 0 for n in numbers):
            self.problem(OutOfRange, path, f"{name} is negative", "times are 0 ms or more")
            return
        help = 'write 300, [300, 900], "300ms", "0.3s" or "2s..3s"'
        self.problem(WrongType, path, f"{name} has to be a time or an interval, not {_kind(value)}", help)

    def choice(self, path: Path, words: Iterable[str], default: str) -> str:
        """One of a few words."""
        value = self.get(path)
        if value is None:
            return default
        words = tuple(words)
        if isinstance(value, str) and value in words:
            return value
        if not isinstance(value, str):
            self._wrong(path, "a text", value)
            return default
        near = difflib.get_close_matches(value, words, n=1, cutoff=0.6)
        help = f"did you mean {near[0]}?" if near else f"write one of: {', '.join(words)}"
        self.problem(OutOfRange, path, f"{'.'.join(path)} cannot be {value!r}", help)
        return default

    def texts(self, path: Path) -> tuple[str, ...] | None:
        """A list of texts, or None where there is none."""
        value = self.get(path)
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        self._wrong(path, "a list of texts", value)
        return None


def _kind(value: object) -> str:
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number with a point",
        str: f"the text {str(value)[:40]!r}",
    }
    return names.get(
        type(value), "a list" if isinstance(value, list) else "a table" if isinstance(value, Mapping) else "a date"
    )
