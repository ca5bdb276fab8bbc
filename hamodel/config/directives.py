"""Every word that may begin a line of ha.cf is one row of one table.

A row says what the word takes, what the daemon says when it refuses a value, what the word means, and whether the model
acts on it and why. The readers look rows up; nothing about a single directive is written twice. The rows themselves are
in `directives_options.py` and `directives_lines.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from types import MappingProxyType

from hamodel.config.daemon import BOTH, NEITHER, Version


class Kind(Enum):
    """The four kinds of line, which differ in their separators and in who reads the values."""

    OPTION = "option"
    MEDIA_ARG = "media-arg"
    MEDIA_LINE = "media-line"
    WHOLE_LINE = "whole-line"


class Takes(Enum):
    """What a single value has to look like."""

    TEXT = "any word"
    TIME = "a time"
    BOOL = "a switch"
    NUMBER = "a number"
    WORD = "one of a few words"
    LINE = "the rest of the line"


class Times(Enum):
    """What a second use of the same directive does."""

    LAST_WINS = "the last value wins"
    ADDS_UP = "values add up"
    ONCE = "may be given once"


class Modelled(Enum):
    """Whether behaviour follows from the directive in the model."""

    YES = "yes"
    CHECKED = "read and reviewed, no behaviour"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Directive:
    """One row. `complaint` is the daemon's ERROR for a bad value, empty where it refuses silently.

    `low`/`high` bound numbers and times.
    """

    name: str
    kind: Kind
    takes: Takes
    meaning: str
    modelled: Modelled
    why: str
    default: str = ""
    syntax: str = ""
    low: int | None = None
    high: int | None = None
    words: tuple[str, ...] = ()
    any_case: bool = False
    complaint: str = ""
    times: Times = Times.LAST_WINS
    versions: frozenset[Version] = field(default=BOTH)
    alias_of: str = ""
    missing: str = ""

    def known_to(self, version: Version) -> bool:
        """Whether the usual build of this version accepts the word at all."""
        return version in self.versions


@cache
def directives() -> Mapping[str, Directive]:
    """All rows by name, those of optional and never built plugins included."""
    from hamodel.config.directives_lines import LINES  # here, because the rows are made of the class above
    from hamodel.config.directives_options import OPTIONS

    return MappingProxyType({row.name: row for row in (*OPTIONS, *LINES)})


__all__ = ["BOTH", "NEITHER", "Directive", "Kind", "Modelled", "Takes", "Times", "directives"]
