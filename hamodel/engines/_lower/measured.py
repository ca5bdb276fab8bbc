"""Measured durations: the exact least and most time a stopwatch ran, over every run of the system."""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.engines._lower.zones import Successor, Zone, can_end
from hamodel.ir.state import State
from hamodel.ir.system import STOPWATCH_MS, System
from hamodel.ir.verdict import Range


@dataclass(slots=True)
class Measured:
    """What is known of one measure so far, and where its longest value was found."""

    lo: int | None = None
    hi: int | None = None
    endless: str = ""
    """Why there is no upper bound; empty while there is one."""
    source: int = -1
    """The class before the step that shows `hi`, or the class that waits for ever."""
    action: int = -1
    """That step, as an index of the system's actions; -1 where the class just waits."""

    def range(self) -> Range | None:
        """None: the situation never came about. `lo` is 0 where it came but never ended."""
        if self.lo is None and not self.endless:
            return None
        return Range(self.lo or 0, None if self.endless else self.hi)

    def add(self, lo: int, hi: int, source: int, action: int) -> None:
        self.lo = lo if self.lo is None else min(self.lo, lo)
        if hi >= STOPWATCH_MS:
            self.give_up("it can last longer than a day", source, action)
        elif not self.endless and (self.hi is None or hi > self.hi):
            self.hi, self.source, self.action = hi, source, action

    def give_up(self, why: str, source: int, action: int) -> None:
        """No upper bound; the first reason is kept."""
        if not self.endless:
            self.endless, self.source, self.action = why, source, action


def note_stops(measured: dict[str, Measured], system: System, reached: Successor, source: int, index: int) -> None:
    """Account for the stopwatches that one step stops or loses."""
    stopped = {timer: (lo, hi) for timer, lo, hi in reached.stopped}
    for measure in system.measures:
        if measure.timer in reached.effect.lost:
            measured[measure.name].give_up("it can last an hour or more", source, index)
        elif measure.timer in stopped:
            measured[measure.name].add(*stopped[measure.timer], source, index)


def note_waiting(measured: dict[str, Measured], system: System, state: State, zone: Zone, number: int) -> None:
    """A stopwatch that can end by itself measures something without a bound: nothing else need ever happen."""
    for measure in system.measures:
        if state.running[system.timer_index[measure.timer]] and can_end(system, state, zone, measure.timer):
            why = "it can stay so for ever" if state.quiescent(system) else "it can last an hour or more"
            measured[measure.name].give_up(why, number, -1)
