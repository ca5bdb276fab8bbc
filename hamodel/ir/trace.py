"""Traces: what happened, in which order, and when. Names of events are enough to know everything else."""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.state import State


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line a node writes: the id of its text in the catalogue and the placeholders' values."""

    node: int
    key: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One action taken.

    Its name, when (ms since the trace began; None: not chosen yet), the state after it, its lines.
    """

    action: str
    at: int | None
    state: State
    logs: tuple[LogLine, ...] = ()
    rules: tuple[str, ...] = ()
    """The procedures that ran in this macro step, in order of entry."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A finite run of a system; with `loop` its steps from that index on repeat for ever (a lasso)."""

    system: str
    initial: State
    steps: tuple[Step, ...]
    initial_logs: tuple[LogLine, ...] = ()
    loop: int | None = None

    def names(self) -> tuple[str, ...]:
        return tuple(step.action for step in self.steps)

    def last(self) -> State:
        return self.steps[-1].state if self.steps else self.initial
