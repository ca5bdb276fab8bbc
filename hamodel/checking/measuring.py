"""How long something takes: the exact range of a measure over every run, as far as it can be had for a fair price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hamodel.checking.division import Division, Query
from hamodel.checking.faultsets import only
from hamodel.checking.reading import Reading, timing
from hamodel.checking.search import Clock, Searcher, is_interrupted
from hamodel.checking.side_by_side import SideBySide
from hamodel.checking.slices import has_runs
from hamodel.checking.standing import Standing
from hamodel.errors import EngineLimit
from hamodel.ir.observe import cap_of
from hamodel.ir.property import Property
from hamodel.ir.report import FaultSet
from hamodel.ir.state import State
from hamodel.ir.system import Measure, System
from hamodel.ir.verdict import Range
from hamodel.properties.bind import length_of

MEASURED_CLASSES, MEASURED_TIMES, MEASURED_MOST = 20_000, 2, 2_000_000
"""A measure may take so many classes, and so many times those that the search itself had, and no more than so many."""


@dataclass(slots=True, frozen=True)
class Measuring:
    """Who measures, how long, and what is known of the slices (see `checking.slices`)."""

    searcher: Searcher
    side: SideBySide
    clock: Clock
    endless: frozenset[str] = frozenset()
    split: frozenset[str] = frozenset()

    def measure(self, standing: Standing, name: str, faults: FaultSet) -> Range | None:
        """The exact range of a measure, over every run in which only these kinds of faults come."""
        if standing.system is None:
            return None
        return self.measured(standing.system, standing.start, name, faults, standing.states)

    def earliest(self, standing: Standing, name: str, faults: FaultSet, known: int) -> int | None:
        """The least time of a measure of which one run is known to take `known` ms."""
        if standing.system is None:
            return None
        system = standing.system.with_settings(**{cap_of(name): known + 1})
        took = self.measured(system, standing.start, name, faults, standing.states, endless=False)
        return None if took is None else min(took.lo, known)

    def measured(
        self,
        system: System,
        start: State | None,
        name: str,
        faults: FaultSet | None,
        classes: int,
        *,
        endless: bool = True,
    ) -> Range | None:
        """A range as exact as it can be had for a few times the work of the search itself, which had so many classes.

        A duration with no end is known as soon as one run shows it; whatever else is unfinished is not told. Where the
        search itself came to no end without hulls, a measure would not either, and is not begun.
        """
        measure = measure_called(system, name)
        if measure is None:
            return None
        slice = system if faults is None else only(system, [kind for kind, _ in faults])
        if any(has_runs(slice, part) for part in self.endless):
            return None
        rest = self.clock.rest()
        limits = replace(rest, classes=min(rest.classes, MEASURED_MOST, MEASURED_CLASSES + MEASURED_TIMES * classes))
        self.side.progress(name, 0)
        try:
            reading = Division(self.searcher, self.side, lambda: limits, self.endless, self.split, exact=True).read(
                Query(
                    slice.with_settings(**{measure.switch: 1}),
                    timing(lambda _part, _found, _shown: Reading(), [measure]),
                ),
                start,
            )
        except EngineLimit:
            return None
        if is_interrupted(reading):
            raise KeyboardInterrupt
        took = reading.took.get(measure.name)
        if reading.complete:
            return took if reading.timed else None
        return Range(0, None) if endless and took is not None and took.hi is None else None


def measure_called(system: System, name: str) -> Measure | None:
    """The measure of this name, if the system has it."""
    return next((m for m in system.measures if m.name == name), None)


def lengths_of(system: System, promises: Sequence[Property]) -> tuple[Measure, ...]:
    """The measures of how long these promises take to be kept."""
    names = {length_of(p.name) for p in promises}
    return tuple(m for m in system.measures if m.name in names)
