"""The reference is the measure of all other engines: breadth first, one class at a time, nothing clever.

A class is a state and its canonical zone. It is new if no stored class equals it (`equality`, exact for every question
about runs) or if no stored class of its state includes it (`inclusion`, exact for what is reachable and for measured
durations). Stored classes are never removed. The order is breadth first and, within a class, the system's order of
actions: shortest traces are unique.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from hamodel.engines._lower import answers
from hamodel.engines._lower.measured import Measured, note_stops, note_waiting
from hamodel.engines._lower.zones import Zone, canonical, first_zone, rows, successor
from hamodel.errors import ModelError
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Verdict

MODES = ("equality", "inclusion")


@dataclass(slots=True)
class Exploration:
    """What was found: classes numbered as they came, edges in the order in which they were fired."""

    system: System
    mode: str
    states: list[State] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    via: list[int] = field(default_factory=list)
    """The action that first led to the class, as an index of `system.actions`; -1 for the first class."""
    sources: list[int] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    actions: list[int] = field(default_factory=list)
    measured: dict[str, Measured] = field(default_factory=dict)
    start: State | None = None
    complete: bool = True
    """Nothing reachable was left out: no limit was met and the search was not stopped."""
    seconds: float = 0.0

    @property
    def classes(self) -> int:
        return len(self.states)

    @property
    def edges(self) -> int:
        return len(self.sources)

    def state(self, index: int) -> State:
        return self.states[index]

    def names(self, index: int) -> tuple[str, ...]:
        """The events of the shortest trace to a class."""
        found: list[str] = []
        while self.parents[index] >= 0:
            found.append(self.system.actions[self.via[index]].name)
            index = self.parents[index]
        return tuple(reversed(found))

    def quiescent(self) -> tuple[State, ...]:
        """The states in which nothing happens by itself any more, each once, in the order they were found."""
        return tuple(dict.fromkeys(s for s in self.states if s.quiescent(self.system)))

    def depth(self, index: int) -> int:
        return len(self.names(index))


class Reference:
    """The slow engine that is right by construction."""

    name: ClassVar[str] = "reference"
    answers: ClassVar[frozenset[PropertyKind]] = frozenset(PropertyKind)

    def explore(
        self,
        system: System,
        mode: str = "equality",
        limits: Limits | None = None,
        *,
        start: State | None = None,
        until: Callable[[State], bool] | None = None,
    ) -> Exploration:
        """Every class reachable from the beginning or from a quiescent `start`; ends early where `until` holds."""
        if mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}, not {mode}")
        return _Search(system, mode, limits or Limits(), start, until).run()

    def check(
        self, system: System, prop: Property, limits: Limits | None = None, start: State | None = None
    ) -> Verdict:
        """The verdict on one property, its trace replayed and timed."""
        return answers.check(self.name, self.explore, system, prop, limits or Limits(), start)


class _Search:
    """One breadth-first search under way."""

    def __init__(
        self, system: System, mode: str, limits: Limits, start: State | None, until: Callable[[State], bool] | None
    ) -> None:
        self.system, self.mode, self.limits, self.until = system, mode, limits, until
        self.found = Exploration(system, mode, start=start)
        self.found.measured = {m.name: Measured() for m in system.measures}
        self.known: dict[State, list[int]] = {}
        self.rows: list[tuple[int, ...]] = []
        self.depths: list[int] = []
        self.stop = False

    def run(self) -> Exploration:
        began = time.monotonic()
        self.admit(*self.first(), -1, -1)
        source = 0
        while source < self.found.classes and not self.stop:
            if self.limits.seconds is not None and time.monotonic() - began > self.limits.seconds:
                self.stop = True
            elif self.limits.depth is not None and self.depths[source] >= self.limits.depth:
                self.found.complete = False
            else:
                self.expand(source)
            source += 1
        self.found.complete = self.found.complete and not self.stop
        self.found.seconds = time.monotonic() - began
        return self.found

    def first(self) -> tuple[State, Zone]:
        if self.found.start is None:
            state, started, _ = initial_state(self.system)
            return state, first_zone(self.system, state, started)
        if rows(self.system, self.found.start):
            raise ModelError("a search starts in the initial state or in one where no clock runs")
        return self.found.start, first_zone(self.system, self.found.start, {})

    def expand(self, source: int) -> None:
        state, zone = self.found.states[source], self.found.zones[source]
        for index, action in enumerate(self.system.actions):
            reached = successor(self.system, state, zone, action)
            if reached is None:
                continue
            note_stops(self.found.measured, self.system, reached, source, index)
            target = self.admit(reached.effect.state, reached.zone, source, index)
            if target < 0:
                return
            self.found.sources.append(source)
            self.found.targets.append(target)
            self.found.actions.append(index)
            if self.stop:
                return

    def admit(self, state: State, zone: Zone, source: int, action: int) -> int:
        """The number of the class, stored now or before; -1 where there is no room for another one."""
        row = canonical(zone, rows(self.system, state))
        for index in self.known.get(state, ()):
            if self.covers(self.rows[index], row):
                return index
        number = self.found.classes
        if number >= self.limits.classes:
            self.stop = True
            return -1
        self.known.setdefault(state, []).append(number)
        self.rows.append(row)
        self.depths.append(self.depths[source] + 1 if source >= 0 else 0)
        self.found.states.append(state)
        self.found.zones.append(zone)
        self.found.parents.append(source)
        self.found.via.append(action)
        note_waiting(self.found.measured, self.system, state, zone, number)
        self.stop = self.stop or (self.until is not None and self.until(state))
        return number

    def covers(self, stored: tuple[int, ...], row: tuple[int, ...]) -> bool:
        if self.mode == "equality":
            return stored == row
        return all(a >= b for a, b in zip(stored, row, strict=True))
