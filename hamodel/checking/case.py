"""A case is everything the checking needs to know about one cluster, with the files left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hamodel.ir.expr import TRUE, Expr
from hamodel.ir.report import ConfigLine
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.properties.cluster import Layout

STEADY, BOOT = "steady", "boot"
RestsOn = Callable[[System, Trace], tuple[ConfigLine, ...]]


def nothing(_system: System, _trace: Trace) -> tuple[ConfigLine, ...]:
    """No configuration is known, so nothing rests on it."""
    return ()


@dataclass(frozen=True)
class Case:
    """A composed system, the names behind its indices, and where its runs begin."""

    system: System
    layout: Layout
    name: str
    heartbeat: str = "3.0.6"
    start: str = STEADY
    rests_on: RestsOn = nothing
    taken: Expr = TRUE
    """The runs one looks at: those in which this came true (see `ir.course`)."""
