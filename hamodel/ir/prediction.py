"""Predictions: every way a scenario can end, in values a renderer can print without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Bounds = tuple[int, int]
"""Least and greatest, in ms."""


@dataclass(frozen=True, slots=True)
class Ending:
    """One way it can end: who holds what, and what has happened on the way. Nodes are named once, however often."""

    final_owners: Mapping[str, tuple[str, ...]]
    overlap_ms: Mapping[str, Bounds]
    """A resource held by two at a time: the length of one such time, [0, 0] where there is none."""
    gap_ms: Mapping[str, Bounds]
    """A resource held by nobody after its first owner."""
    self_restarts: tuple[str, ...] = ()
    resets: tuple[str, ...] = ()
    stonith_requests: tuple[str, ...] = ()
    """Who asked for a reset of its peer."""
    refused: bool = False
    """Heartbeat does not start with these files."""


@dataclass(frozen=True, slots=True)
class Observed:
    """How a recorded run ended; overlaps and gaps by their longest, in ms."""

    final_owners: Mapping[str, tuple[str, ...]]
    overlap_ms: Mapping[str, int]
    gap_ms: Mapping[str, int]
    self_restarts: tuple[str, ...] = ()
    resets: tuple[str, ...] = ()
    stonith_requests: tuple[str, ...] | None = ()
    """None: the device is not the test bed's, which alone records who asked."""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """All endings of one scenario, and what became of the comparison where there was a recording."""

    name: str
    endings: tuple[Ending, ...]
    complete: bool = True
    """False: a limit was reached. These endings can happen; there may be more of them, or wider times."""
    stopped: str = ""
    classes: int = 0
    seconds: float = 0.0
    uncertainty_ms: int = 0
    """How much the moments of the script are open, all together."""
    observed: Observed | None = None
    differences: tuple[str, ...] = ()
    """Against the nearest ending; empty where the recording is one of them."""
    excluded: bool = False
    """Not complete, and yet it is known that the recorded ending is none of those that can come."""
    notes: tuple[str, ...] = ()
    """What is approximated here."""

    @property
    def agrees(self) -> bool | None:
        """None: nothing to compare with, or undecided because a limit was reached."""
        if self.observed is None or (self.differences and not (self.complete or self.excluded)):
            return None
        return not self.differences

    @property
    def sharp(self) -> bool:
        """Who holds what at the end is certain, or there are few endings and their times are as exact as the script."""
        if not self.complete or not self.endings:
            return False
        if all(dict(e.final_owners) == dict(self.endings[0].final_owners) for e in self.endings):
            return True
        spans = [b for e in self.endings for b in (*e.overlap_ms.values(), *e.gap_ms.values())]
        return len(self.endings) <= 4 and all(hi - lo <= 2 * max(self.uncertainty_ms, 1) for lo, hi in spans)
