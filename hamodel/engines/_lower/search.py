"""What a search is asked to do, and when it must stop; the same for the compiled and for the plain one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hamodel.ir.expr import Expr
from hamodel.ir.state import State
from hamodel.ir.verdict import Limits

Progress = Callable[[int, int, float], None]
"""Called now and then with classes, edges and seconds so far."""
MODES = ("equality", "inclusion", "merged", "hulls")


@dataclass(frozen=True, slots=True)
class Order:
    """Where to start (None: the initial state), what counts as new, whether to list edges, when to stop early."""

    starts: tuple[State, ...] | None
    mode: str
    edges: bool = False
    until: Expr | None = None
    zones: bool = False
    """Whether the zones are to be read afterwards (`Exploration.zone`)."""

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}, not {self.mode}")
        if self.edges and self.mode in ("merged", "hulls"):
            raise ValueError("a merged search lists no edges: a path of unions need not be a run")


@dataclass(frozen=True, slots=True)
class Stop:
    """The limits of one search and the moment it began."""

    limits: Limits
    began: float = field(default_factory=time.monotonic)

    @property
    def classes(self) -> int:
        return self.limits.classes

    @property
    def depth(self) -> int | None:
        return self.limits.depth

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def reason(self, classes: int, memory: int) -> str:
        """Why the search must end now, or nothing."""
        if classes >= self.limits.classes:
            return f"the limit of {self.limits.classes} classes was reached"
        if self.limits.seconds is not None and self.elapsed() >= self.limits.seconds:
            return f"the limit of {round(self.limits.seconds, 2):g} seconds was reached"
        if self.limits.memory is not None and memory > self.limits.memory:
            return f"the limit of {self.limits.memory} bytes of memory was reached"
        return ""

    def room(self, memory: int) -> str:
        """Why arrays of `memory` bytes must not be doubled, or nothing."""
        if self.limits.memory is not None and 2 * memory > self.limits.memory:
            return f"the limit of {self.limits.memory} bytes of memory was reached"
        return ""
