"""The calls of resource scripts: an end without a begin, and groups that are called for and never touched."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.incident.diary import Diary
from hamodel.incident.doubts.finding import missing
from hamodel.incident.report import Contradiction

LONG = 600_000
"""ms that a script may take; the begin of a call is looked for so far back."""


def find(diary: Diary) -> Iterator[Contradiction]:
    """All of one node's."""
    yield from ()
