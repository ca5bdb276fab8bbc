"""The graph of the game while it grows: classes of the reference semantics, every plan of the player in its turn."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from math import prod
from typing import TypeVar

from hamodel.checking.examine import cast_of
from hamodel.checking.exhibits.choices import effort, imperative, is_yours
from hamodel.checking.exhibits.follow import Seen
from hamodel.checking.exhibits.look import Eye
from hamodel.checking.exhibits.scenes import title, told
from hamodel.engines._lower.zones import Zone, canonical, rows, successor, window
from hamodel.ir.compose import BUDGET
from hamodel.ir.exhibit import BROKEN, Choice, Edge, Look, Position
from hamodel.ir.report import StoryLine
from hamodel.ir.semantics import enabled
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Step

YOU, WORLD, CLOCK = "you", "world", "clock"
T = TypeVar("T")
Plan = tuple[int, ...]
"""What the player has chosen so far, in order; when does not matter."""


@dataclass
class Board:
    """Positions and edges in the order in which they were found."""

    eye: Eye
    sight: Seen
    system: System
    most: int
    states: list[State] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    edges: dict[int, list[Edge]] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    stories: list[tuple[StoryLine, ...]] = field(default_factory=list)
    complete: bool = True
    _known: dict[State, list[int]] = field(default_factory=dict)
    _rows: list[tuple[int, ...]] = field(default_factory=list)
    _efforts: dict[int, int] = field(default_factory=dict)
    _index: dict[tuple[int, object], int] = field(default_factory=dict)

    def explore(self, state: State, zone: Zone) -> None:
        """Plans take turns: one that costs little effort, and of which little was seen, comes first.

        So what happens if nobody does anything, and what a single move can bring about, is whole before two moves are.
        Of a plan the fewest events come first. A class in which the claim is broken is not gone on from.
        """
        self._admit(state, zone)
        waiting: dict[Plan, list[tuple[int, int]]] = {(): [(0, 0)]}
        seen: dict[Plan, int] = {}
        while waiting:
            plan = min(waiting, key=lambda each: ((seen.get(each, 0) + 1) * self._effort(each), len(each), each))
            depth, here = heapq.heappop(waiting[plan])
            if not waiting[plan]:
                del waiting[plan]
            seen[plan] = seen.get(plan, 0) + 1
            self.edges[here] = []
            if self._broken(here):
                continue
            before = len(self.states)
            found = self._from(here)
            if found is None:
                del self.edges[here]
                self.complete = False
                return
            self.edges[here] = found
            for edge in found:
                if edge.target >= before:
                    before = edge.target + 1
                    after = (*plan, edge.choice) if self.choices[edge.choice].who == YOU else plan
                    heapq.heappush(waiting.setdefault(after, []), (depth + 1, edge.target))

    def _effort(self, plan: Plan) -> int:
        return prod(4 * self._efforts[choice] for choice in plan)

    def positions(self) -> list[Position]:
        """Every class that was found; those that were not gone on from are known to nobody."""
        left = self.system.variable_index.get(BUDGET)
        places = []
        for number, state in enumerate(self.states):
            look = self.eye.look(self.system, state, self.sight.here(self.system, state))
            places.append(
                Position(
                    self._numbered(self.looks, look), self._broken(number), number in self.edges,
                    0 if left is None else state.variables[left], tuple(self.edges.get(number, ())),
                )
            )  # fmt: skip
        return places

    def _from(self, here: int) -> list[Edge] | None:
        """The events of a class; None where a class they lead to does not fit any more."""
        state, zone, found = self.states[here], self.zones[here], []
        for action in self.system.actions:
            if not enabled(self.system, state, action):
                continue
            reached = successor(self.system, state, zone, action)
            if reached is None:
                continue
            target = self._admit(reached.effect.state, reached.zone)
            if target is None:
                return None
            lo, hi = window(self.system, state, zone, action)
            step = Step(action.name, None, reached.effect.state, reached.effect.logs)
            story = told(self.system, step, cast_of(self.eye.case))
            who = YOU if is_yours(action) else CLOCK if action.timer is not None else WORLD
            choice = self._numbered(self.choices, Choice(imperative(action, title(action)), who))
            self._efforts[choice] = effort(action)
            found.append(Edge(choice, target, lo, hi, self._numbered(self.stories, story)))
        return found

    def _admit(self, state: State, zone: Zone) -> int | None:
        row = canonical(zone, rows(self.system, state))
        for known in self._known.get(state, ()):
            if all(a >= b for a, b in zip(self._rows[known], row, strict=True)):
                return known
        if len(self.states) >= self.most:
            return None
        self._known.setdefault(state, []).append(len(self.states))
        self.states.append(state)
        self.zones.append(zone)
        self._rows.append(row)
        return len(self.states) - 1

    def _broken(self, number: int) -> bool:
        return self.sight.here(self.system, self.states[number])[:1] == (BROKEN,)

    def _numbered(self, kept: list[T], one: T) -> int:
        """The place of something among those of its kind, which hold each only once."""
        key = (id(kept), one)
        if key not in self._index:
            self._index[key] = len(kept)
            kept.append(one)
        return self._index[key]
