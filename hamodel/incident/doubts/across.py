"""What one node says of another that the other's own log denies: a message that was never sent."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.incident.diary import Incident
from hamodel.incident.report import Contradiction


def find(incident: Incident) -> Iterator[Contradiction]:
    """All of them, over all pairs of nodes."""
    yield from ()
