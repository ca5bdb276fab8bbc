"""The graph of the game while it grows: classes of the reference semantics, every plan of the player in its turn."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TypeVar

from hamodel.checking.examine import cast_of
from hamodel.checking.exhibits.choices import effort, imperative, is_yours
from hamodel.checking.exhibits.look import Eye
from hamodel.checking.exhibits.scenes import title, told
from hamodel.checking.exhibits.stake import Stake, never_met
from hamodel.engines._lower.zones import Zone, canonical, rows, successor, window
from hamodel.ir.compose import BUDGET
from hamodel.ir.exhibit import Choice, Edge, Look, Position
from hamodel.ir.report import StoryLine
from hamodel.ir.semantics import enabled
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Step

YOU, WORLD, CLOCK = "you", "world", "clock"
T = TypeVar("T")
Plan = tuple[int, ...]
"""What the player has chosen so far, in order; when does not matter."""
Waiting = dict[Plan, list[tuple[int, int]]]
"""Positions that are not gone on from yet, by plan: how many events lead there, and which."""


@dataclass
class Board:
    """Positions and edges in the order in which they were found."""

    eye: Eye
    stake: Stake
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
    _names: dict[tuple[int, int, int], str] = field(default_factory=dict)
    """Of each edge (from, to, choice) the action."""

    def explore(self, state: State, zone: Zone, run: Sequence[str] = ()) -> None:
        """The events of the run that is shown come first, so that it can be played. Then plans take turns.

        One that costs little effort, and of which little was seen, comes first. So what happens if nobody does
        anything, and what a single move can bring about, is whole before two moves are. Of a plan the fewest events
        come first. A class in which the claim is broken is not gone on from.
        """
        self._admit(state, zone)
        waiting: Waiting = {(): [(0, 0)]}
        if not self._along(run, waiting):
            return
        seen: dict[Plan, int] = {}
        while waiting:
            plan = min(waiting, key=lambda each: ((seen.get(each, 0) + 1) * self._effort(each), len(each), each))
            depth, here = heapq.heappop(waiting[plan])
            if not waiting[plan]:
                del waiting[plan]
            seen[plan] = seen.get(plan, 0) + 1
            if not self._opened(here, plan, depth, waiting):
                return

    def _along(self, run: Sequence[str], waiting: Waiting) -> bool:
        """The positions of a run, from the first on; False where they do not fit."""
        here, depth = 0, 0
        plan: Plan = ()
        for name in run:
            if not self._opened(here, plan, depth, waiting):
                return False
            edge = next((e for e in self.edges[here] if self._names[here, e.target, e.choice] == name), None)
            if edge is None:
                return True
            plan = (*plan, edge.choice) if self.choices[edge.choice].who == YOU else plan
            here, depth = edge.target, depth + 1
        return self._opened(here, plan, depth, waiting)

    def _opened(self, here: int, plan: Plan, depth: int, waiting: Waiting) -> bool:
        """What follows a position is in the board, and what is new waits for its turn; False where it does not fit."""
        if here in self.edges:
            return True
        self.edges[here] = []
        if self._broken(here):
            return True
        before = len(self.states)
        found = self._from(here)
        if found is None:
            del self.edges[here]
            self.complete = False
            return False
        self.edges[here] = found
        for edge in found:
            if edge.target >= before:
                before = edge.target + 1
                after = (*plan, edge.choice) if self.choices[edge.choice].who == YOU else plan
                heapq.heappush(waiting.setdefault(after, []), (depth + 1, edge.target))
        return True

    def _effort(self, plan: Plan) -> int:
        return prod(4 * self._efforts[choice] for choice in plan)

    def positions(self) -> list[Position]:
        """Every class that was found; those that were not gone on from are known to nobody."""
        left = self.system.variable_index.get(BUDGET)
        yours = frozenset(i for i, choice in enumerate(self.choices) if choice.who == YOU)
        never = never_met(self.stake, self.system, self.states, self.edges, yours)
        places = []
        for number, state in enumerate(self.states):
            look = self.eye.look(self.system, state, (self.stake.light(self.system, state),))
            places.append(
                Position(
                    self._numbered(self.looks, look), self._broken(number), number in self.edges,
                    0 if left is None else state.variables[left], tuple(self.edges.get(number, ())), number in never,
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
            self._names[here, target, choice] = action.name
            found.append(Edge(choice, target, lo, hi, self._numbered(self.stories, story)))
        return found

    def _admit(self, state: State, zone: Zone) -> int | None:
        row = canonical(zone, rows(self.system, state))
        for known in self._known.get(state, ()):
            there = self._rows[known]
            if there == row:
                return known
            if not self.stake.in_the_end and all(a >= b for a, b in zip(there, row, strict=True)):
                return known
        if len(self.states) >= self.most:
            return None
        self._known.setdefault(state, []).append(len(self.states))
        self.states.append(state)
        self.zones.append(zone)
        self._rows.append(row)
        return len(self.states) - 1

    def _broken(self, number: int) -> bool:
        return self.stake.broken(self.system, self.states[number])

    def _numbered(self, kept: list[T], one: T) -> int:
        """The place of something among those of its kind, which hold each only once."""
        key = (id(kept), one)
        if key not in self._index:
            self._index[key] = len(kept)
            kept.append(one)
        return self._index[key]
