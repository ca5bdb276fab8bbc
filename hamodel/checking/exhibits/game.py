"""You are the operator: the part of the reachable graph that lies after the first fault, with what a person could do.

The classes are those of the reference semantics: a state and its zone, so every offer says when it can come. A few
commands more than the scenario pays for are allowed, and every machine may be switched off by hand; faults come only as
they came in the run. What does not fit is left out and says so.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hamodel.checking.examine import cast_of
from hamodel.checking.exhibits.choices import imperative, is_yours
from hamodel.checking.exhibits.follow import Followed, starts
from hamodel.checking.exhibits.look import Eye
from hamodel.checking.exhibits.scenes import causes, title, told
from hamodel.checking.faultsets import count, used_by
from hamodel.engines._lower.zones import NOW, Zone, first_zone, rows, successor, window
from hamodel.ir.compose import BUDGET, BUDGET_TOTAL, limit
from hamodel.ir.exhibit import BROKEN, Choice, Edge, Game, Look, Position
from hamodel.ir.report import StoryLine
from hamodel.ir.semantics import enabled, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Step

COMMANDS = 2
"""Commands a player has, besides repairs."""
MOST = 1_500
"""Classes that fit into a page."""
YOU, WORLD, CLOCK = "you", "world", "clock"
T = TypeVar("T")


def game(eye: Eye, followed: Followed, most: int = MOST) -> Game | None:
    """The game of a run; None where no fault or command begins it, or where the run cannot be begun again."""
    names = followed.trace.names()
    first = next(iter(causes(followed.system, names)), None)
    if first is None:
        return None
    system = _playing(followed.system, names)
    began = _beginning(eye, followed, system, names[: first + 1])
    if began is None:
        return None
    board = _Board(eye, followed, system, most)
    board.explore(*began)
    action = system.actions[system.action_index[names[first]]]
    positions = tuple(board.positions())
    return Game(
        title(action), COMMANDS, tuple(board.choices), tuple(board.looks), tuple(board.stories), positions,
        board.complete,
    )  # fmt: skip


def _playing(system: System, names: Sequence[str]) -> System:
    """The faults of the run, every command, every repair, and the switch of every machine."""
    used = dict(used_by(system, names))
    yours = {a.fault for a in system.actions if is_yours(a) and a.fault}
    free = {a.name for a in system.actions if a.timer is None and (is_yours(a) or not a.kind.free)}
    allowed = free | {n for n in names if system.actions[system.action_index[n]].timer is None}
    settings = {BUDGET_TOTAL: count(used_by(system, names)) + COMMANDS}
    for kind in {*yours, *used}:
        if limit(kind) in system.setting_value:
            settings[limit(kind)] = used.get(kind, 0) + (COMMANDS if kind in yours else 0)
    known = {name: value for name, value in settings.items() if name in system.setting_value}
    return system.with_settings(**known).with_enabled(frozenset(allowed))


def _beginning(eye: Eye, followed: Followed, system: System, names: Sequence[str]) -> tuple[State, Zone] | None:
    """The class after these events."""
    for start in starts(eye.case, system):
        if start is None:
            state, started, _ = initial_state(system)
            zone = first_zone(system, state, started)
        else:
            state, zone = start, first_zone(system, start, {})
        for name in names:
            reached = successor(system, state, zone, system.actions[system.action_index[name]])
            if reached is None:
                break
            state, zone = reached.effect.state, reached.zone
        else:
            return state, zone
    return None


@dataclass
class _Board:
    """The graph while it grows."""

    eye: Eye
    followed: Followed
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
    _index: dict[object, int] = field(default_factory=dict)

    def explore(self, state: State, zone: Zone) -> None:
        """The fewest interventions first, then the fewest events: what happens if nobody does anything comes whole.

        A class in which the claim is broken is not gone on from.
        """
        self._admit(state, zone)
        waiting = [(0, 0, 0)]
        while waiting:
            spent, depth, here = heapq.heappop(waiting)
            if self._broken(here):
                self.edges[here] = []
                continue
            before = len(self.states)
            found = self._from(here)
            if found is None:
                self.complete = False
                break
            self.edges[here] = found
            for edge in found:
                if edge.target >= before:
                    before = edge.target + 1
                    yours = self.choices[edge.choice].who == YOU
                    heapq.heappush(waiting, (spent + yours, depth + 1, edge.target))

    def positions(self) -> list[Position]:
        """Every class that was found; those that were not gone on from are known to nobody."""
        left = self.system.variable_index.get(BUDGET)
        places = []
        for number, state in enumerate(self.states):
            look = self.eye.look(self.system, state, self.followed.seen.here(self.system, state))
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
            found.append(Edge(choice, target, lo, hi, self._numbered(self.stories, story)))
        return found

    def _admit(self, state: State, zone: Zone) -> int | None:
        row = _row(zone, rows(self.system, state))
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
        return self.followed.seen.here(self.system, self.states[number])[:1] == (BROKEN,)

    def _numbered(
        self, kept: list[object] | list[Choice] | list[Look] | list[tuple[StoryLine, ...]], one: object
    ) -> int:
        key = (id(kept), one)
        if key not in self._index:
            self._index[key] = len(kept)
            kept.append(one)
        return self._index[key]


def _row(zone: Zone, names: Sequence[str]) -> tuple[int, ...]:
    order = (NOW, *names)
    return tuple(zone[i, j] for i in order for j in order)
