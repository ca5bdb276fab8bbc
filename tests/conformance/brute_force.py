"""Whole milliseconds, one at a time: every clock reading is a state of its own. Nothing of a zone is left to be wrong.

Timers are drawn in all ways, time passes in ticks of 1, and hastening takes the minimum. For small bounds only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from hamodel.ir.semantics import Effect, fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import STOPWATCH_MS, System

Clocks = tuple[tuple[str, int], ...]
Node = tuple[State, Clocks]


class TooMany(Exception):
    """More clock readings than this method is for."""


@dataclass
class Enumerated:
    """All of it: every node, those in which a step has just been taken, and the times at which stopwatches stopped."""

    nodes: set[Node] = field(default_factory=set)
    entered: set[Node] = field(default_factory=set)
    elapsed: list[int] = field(default_factory=list)


def enumerate_nodes(system: System, most: int = 60_000) -> Enumerated:
    """Every reachable state with its remaining times."""
    far = {t.name for t in system.timers if t.far}
    state, started, _ = initial_state(system)
    found = Enumerated()
    todo = [(state, c) for c in _draws(system, {}, state, {t: b for t, b in started.items() if t not in far})]
    found.entered.update(todo)
    while todo:
        node = todo.pop()
        if node in found.nodes:
            continue
        found.nodes.add(node)
        if len(found.nodes) > most:
            raise TooMany
        todo += _tick(system, node)
        for effect, clocks in _steps(system, node):
            found.elapsed += _stopped(system, effect, dict(node[1]))
            near = {t: b for t, b in effect.started.items() if t not in far}
            after = [(effect.state, c) for c in _draws(system, clocks, effect.state, near)]
            found.entered.update(after)
            todo += after
    return found


def _tick(system: System, node: Node) -> list[Node]:
    state, clocks = node
    real = [t for t, _ in clocks if not system.timers[system.timer_index[t]].stopwatch]
    if not real or any(left == 0 for _, left in clocks):
        return []
    return [(state, tuple((t, left - 1) for t, left in clocks))]


def _steps(system: System, node: Node) -> Iterator[tuple[Effect, dict[str, int]]]:
    state, clocks = node
    left = dict(clocks)
    for action in system.actions:
        if action.timer in left and left[action.timer] > 0:
            continue
        effect = fire(system, state, action)
        if effect is not None:
            after = {t: min(r, effect.hastened.get(t, r)) for t, r in left.items() if t not in effect.lost}
            yield effect, after


def _draws(system: System, left: dict[str, int], state: State, started: dict[str, tuple[int, int]]) -> Iterator[Clocks]:
    running = state.timers(system)
    kept = {t: r for t, r in left.items() if t in running and t not in started}
    for values in product(*(range(lo, hi + 1) for lo, hi in started.values())):
        drawn = kept | dict(zip(started, values, strict=True))
        yield tuple((t, drawn[t]) for t in running if t in drawn)


def _stopped(system: System, effect: Effect, left: dict[str, int]) -> list[int]:
    running = effect.state.timers(system)
    return [
        STOPWATCH_MS - left[m.timer]
        for m in system.measures
        if m.timer in left and m.timer not in running and m.timer not in effect.lost
    ]
