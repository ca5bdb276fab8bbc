"""Verdicts: a true sentence with its evidence, its budget and its cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from hamodel.ir.invariant import Invariant
from hamodel.ir.trace import Trace


class Outcome(Enum):
    """`bounded` means: no violation found as far as was looked, which is not `holds`."""

    HOLDS = "holds"
    VIOLATED = "violated"
    BOUNDED = "bounded"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Limits:
    """When to give up: classes stored, wall-clock seconds, bytes of memory, depth of a bounded search."""

    classes: int = 50_000_000
    seconds: float | None = None
    memory: int | None = None
    depth: int | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Range:
    """An exact range of a measured duration in ms. `hi` None: not bounded (for ever, or longer than an hour)."""

    lo: int
    hi: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one engine found out about one property of one system."""

    property: str
    outcome: Outcome
    engine: str
    states: int = 0
    edges: int = 0
    seconds: float = 0.0
    trace: Trace | None = None
    """The shortest counterexample (or, for `sometimes`, the witness)."""
    reason: str = ""
    measured: Range | None = None
    """For timed claims: the measured duration over all runs."""
    details: tuple[tuple[str, str], ...] = field(default=())
    certificate: Invariant | None = None
    """For what holds whatever the delays: an inductive invariant over the untimed system, which anybody can check."""
