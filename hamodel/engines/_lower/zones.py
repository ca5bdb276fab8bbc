"""A zone says everything about the clocks of a class: how far apart any two of its deadlines can be.

Dictionaries and full Floyd-Warshall, so that the text can be compared with the definition. `zone[x, y]` bounds x - y,
where `NOW` is the present and every other name the deadline of a running timer. Far timers have no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hamodel.errors import ModelError
from hamodel.ir.constraints import UNBOUNDED
from hamodel.ir.semantics import Effect, Started, fire
from hamodel.ir.state import State
from hamodel.ir.system import STOPWATCH_MS, Action, System

Zone = dict[tuple[str, str], int]

NOW, EVENT = "now", "event"


@dataclass(frozen=True, slots=True)
class Successor:
    """One firing: what the step did, the zone after it, and how long each stopwatch that it stopped had run."""

    effect: Effect
    zone: Zone
    stopped: tuple[tuple[str, int, int], ...]
    """(stopwatch, least, most) in ms."""


def rows(system: System, state: State) -> tuple[str, ...]:
    """The timers that are clocks here: running and not far."""
    return tuple(t.name for t, on in zip(system.timers, state.running, strict=True) if on and not t.far)


def first_zone(system: System, state: State, started: Started) -> Zone:
    return _with_started({(NOW, NOW): 0}, (NOW,), rows(system, state), started)


def canonical(zone: Zone, names: Sequence[str]) -> tuple[int, ...]:
    """The zone as a row of numbers, now first, then the timers in the system's order: equal zones have equal rows."""
    order = (NOW, *names)
    return tuple(zone[i, j] for i in order for j in order)


def successor(system: System, state: State, zone: Zone, action: Action) -> Successor | None:
    """The class after `action`, or None where no clock reading of this class permits it.

    Time passes to the event first: it is no earlier than now, no later than any deadline, and at that of its own timer.
    """
    clocks = rows(system, state)
    far = action.timer is not None and system.timers[system.timer_index[action.timer]].far
    if action.timer is not None and not far and action.timer not in clocks:
        return None
    delayed: Zone | None = {} if far else _at_event(zone, clocks, action.timer)
    if delayed is None:
        return None
    effect = fire(system, state, action)
    if effect is None:
        return None
    after = rows(system, effect.state)
    kept = [t for t in after if t not in effect.started]
    survivors = {(_then(i), _then(j)): delayed[i, j] for i in (EVENT, *kept) for j in (EVENT, *kept)} if not far else {}
    for timer, hi in effect.hastened.items():
        if timer in kept:
            survivors[timer, NOW] = min(survivors[timer, NOW], hi)
    survivors[NOW, NOW] = 0
    if not close(survivors, (NOW, *kept)):
        raise ModelError(f"{action.name} hastens {', '.join(effect.hastened)}, which cannot end so early any more")
    stopped = () if far else tuple(_elapsed(system, delayed, clocks, effect.state))
    return Successor(effect, _with_started(survivors, (NOW, *kept), after, effect.started), stopped)


def window(system: System, state: State, zone: Zone, action: Action) -> tuple[int, int | None]:
    """How long after the last event this action can come, least and most; `successor` says whether it can at all."""
    if action.timer is not None and system.timers[system.timer_index[action.timer]].far:
        return 0, None
    delayed = _at_event(zone, rows(system, state), action.timer)
    if delayed is None:
        raise ModelError(f"{action.name} cannot come here")
    most = delayed[EVENT, NOW]
    return -delayed[NOW, EVENT], most if most < UNBOUNDED // 2 else None


def can_end(system: System, state: State, zone: Zone, timer: str) -> bool:
    """Whether some clock reading lets this running timer be the first to end."""
    return _at_event(zone, rows(system, state), timer) is not None


def _at_event(zone: Zone, clocks: Sequence[str], timer: str | None) -> Zone | None:
    names = (NOW, EVENT, *clocks)
    delayed = {(i, j): zone.get((i, j), 0 if i == j else UNBOUNDED) for i in names for j in names}
    delayed[NOW, EVENT] = 0
    for clock in clocks:
        delayed[EVENT, clock] = 0
    if timer is not None:
        delayed[timer, EVENT] = 0
    return delayed if close(delayed, names) else None


def close(zone: Zone, names: Iterable[str]) -> bool:
    """Tighten every bound by every detour; False where no clock reading is left."""
    names = tuple(names)
    for k in names:
        for i in names:
            for j in names:
                zone[i, j] = min(zone[i, j], zone[i, k] + zone[k, j])
    return all(zone[i, i] >= 0 for i in names)


def _then(name: str) -> str:
    return NOW if name == EVENT else name


def _with_started(zone: Zone, known: Sequence[str], after: Sequence[str], started: Started) -> Zone:
    names = (NOW, *after)
    full = {(i, j): 0 if i == j else UNBOUNDED for i in names for j in names}
    full |= {(i, j): zone[i, j] for i in known for j in known}
    for timer in after:
        if timer in started:
            lo, hi = started[timer]
            full[timer, NOW], full[NOW, timer] = hi, -lo
    close(full, names)
    return full


def _elapsed(system: System, delayed: Zone, clocks: Sequence[str], after: State) -> Iterable[tuple[str, int, int]]:
    for name in clocks:
        index = system.timer_index[name]
        if system.timers[index].stopwatch and not after.running[index]:
            yield name, STOPWATCH_MS - delayed[name, EVENT], STOPWATCH_MS + delayed[EVENT, name]
