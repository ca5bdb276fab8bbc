"""You are the operator: the part of the reachable graph that lies after the first fault, with what a person could do.

The classes are those of the reference semantics: a state and its zone, so every offer says when it can come. What is at
stake is a state that must not come, or a goal that must (see `stake`). A few commands more than the scenario pays for
are allowed, and every machine may be switched off by hand; faults come only as they came in the run. What does not fit
is left out and says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.checking.case import Case
from hamodel.checking.exhibits.board import Board
from hamodel.checking.exhibits.choices import is_yours
from hamodel.checking.exhibits.follow import paying, starts
from hamodel.checking.exhibits.look import Eye
from hamodel.checking.exhibits.scenes import causes, title
from hamodel.checking.exhibits.stake import Stake
from hamodel.checking.faultsets import count, used_by
from hamodel.engines._lower.zones import Zone, first_zone, successor
from hamodel.errors import CannotReplay
from hamodel.ir.compose import BUDGET_TOTAL, limit
from hamodel.ir.exhibit import Game
from hamodel.ir.semantics import initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System

COMMANDS = 2
"""Commands a player has, besides repairs."""
MOST = 3_000
"""Classes that fit into a page."""


def game(eye: Eye, stake: Stake, names: Sequence[str], most: int = MOST) -> Game | None:
    """The game of a run with these events; None where no fault or command begins it."""
    system = paying(stake.sight.system, names)
    first = next(iter(causes(system, names)), None)
    if first is None:
        return None
    system = _playing(system, names)
    board = Board(eye, stake, system, most)
    board.explore(*_beginning(eye.case, system, names[: first + 1]), names[first + 1 :])
    action = system.actions[system.action_index[names[first]]]
    positions = tuple(board.positions())
    return Game(
        title(action), COMMANDS, tuple(board.choices), tuple(board.looks), tuple(board.stories), positions,
        board.complete, stake.owed is not None,
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


def _beginning(case: Case, system: System, names: Sequence[str]) -> tuple[State, Zone]:
    """The class after these events."""
    for start in starts(case, system):
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
    raise CannotReplay(f"the game cannot begin: {names[-1]} is not enabled where the run begins")
