"""A run is gone through once more with every property in sight, so that each step can say which of them hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hamodel.checking.case import BOOT, Case
from hamodel.checking.faultsets import count, used_by
from hamodel.checking.search import searcher, steady_starts, with_budget
from hamodel.errors import CannotReplay
from hamodel.ir import schedule
from hamodel.ir.constraints import Run
from hamodel.ir.exhibit import BROKEN, GOOD, WAITING, Light
from hamodel.ir.expr import Expr
from hamodel.ir.observe import observe, switch_of
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits
from hamodel.properties.bind import bind
from hamodel.properties.words import Definition


@dataclass(frozen=True)
class Seen:
    """A case with the observers of all its properties, and a light for each of them."""

    case: Case
    system: System
    lights: tuple[Light, ...]
    properties: tuple[tuple[Property, ...], ...]

    def here(self, system: System, state: State) -> tuple[int, ...]:
        """The lights of a single state; of a promise only whether its goal is wanted now."""
        return tuple(_all(_now(system, state, p) for p in parts) for parts in self.properties)


@dataclass(frozen=True)
class Followed:
    """A run in a system with every property in sight."""

    seen: Seen
    system: System
    start: State | None
    trace: Trace
    run: Run
    certified: tuple[str, ...] = ()
    """Who has confirmed it."""


def seen(case: Case, definitions: Sequence[Definition], main: str) -> Seen:
    """The case with all that its properties remember; the light of `main` comes first."""
    bounds = [bind(d, case.system, case.layout, case.taken) for d in definitions]
    bounds = [b for b in bounds if not b.skipped and b.kind is not PropertyKind.SOMETIMES]
    bounds.sort(key=lambda b: b.name != main)
    system = observe(case.system, [r for b in bounds for r in b.requests])
    switches = {switch_of(m.switch or m.name): 1 for b in bounds for m in b.memories}
    lights = tuple(Light(b.name, b.doc, b.name == main) for b in bounds)
    return Seen(case, system.with_settings(**switches), lights, tuple(b.properties for b in bounds))


def follow(
    sight: Seen, system: System, names: Sequence[str], times: Sequence[int | None], loop: int | None = None
) -> Followed:
    """The run of these events in `system`. Raises CannotReplay where they cannot happen."""
    unknown = next((n for n in names if n not in system.action_index), None)
    if unknown is not None:
        raise CannotReplay(f"this cluster has no action called {unknown}")
    refused: CannotReplay | None = None
    moments = [at for at in times if at is not None]
    for start in starts(sight.case, system):
        try:
            trace = schedule.replay(system, names, moments if len(moments) == len(names) else None, start)
            if len(moments) != len(names):
                trace = schedule.timed(system, names, start)
        except CannotReplay as error:
            refused = refused or error
            continue
        found = Trace(trace.system, trace.initial, trace.steps, trace.initial_logs, loop)
        return Followed(sight, system, start, found, Run.begin(system, start))
    raise refused or CannotReplay("without any fault this cluster never comes to rest, so the trace has no beginning")


def paying(system: System, names: Sequence[str]) -> System:
    """The system that pays for the faults among these events and for no others, with the deadlines that pass in it."""
    known = [n for n in names if n in system.action_index]
    late = {switch_of(n[len("late[") : -1]): 1 for n in known if n.startswith("late[")}
    paid = with_budget(system, count(used_by(system, known)))
    return paid.with_settings(**late) if late else paid


def starts(case: Case, system: System) -> Sequence[State | None]:
    """Where a run of this case may begin."""
    if case.start == BOOT:
        return (None,)
    return steady_starts(searcher(), system, Limits(), lambda *_: None)


def lights_along(followed: Followed) -> tuple[tuple[int, ...], ...]:
    """For each state of the run, the first one included, the light of every property."""
    states = [followed.trace.initial, *(s.state for s in followed.trace.steps)]
    moments = [0, *(s.at or 0 for s in followed.trace.steps)]
    columns = [
        [_all(column) for column in zip(*(_along(followed.system, states, moments, p) for p in parts), strict=True)]
        for parts in followed.seen.properties
    ]
    if followed.trace.loop is not None or states[-1].quiescent(followed.system):
        for column in columns:
            column[-1] = BROKEN if column[-1] == WAITING else column[-1]
    return tuple(tuple(column[i] for column in columns) for i in range(len(states)))


def _along(system: System, states: Sequence[State], moments: Sequence[int], prop: Property) -> list[int]:
    """One property at every state: a promise waits from its trigger to its goal, and is broken past its time."""
    if prop.kind is PropertyKind.ALWAYS:
        return [_now(system, state, prop) for state in states]
    since: int | None = None
    found = []
    for state, at in zip(states, moments, strict=True):
        ended = _holds(system, state, prop.goal) or _holds(system, state, prop.release)
        if ended:
            since = None
        elif since is None and evaluate(system, state, prop.formula):
            since = at
        late = since is not None and prop.within is not None and at - since > prop.within
        found.append(GOOD if since is None else BROKEN if late else WAITING)
    return found


def _now(system: System, state: State, prop: Property) -> int:
    if prop.kind is PropertyKind.ALWAYS:
        return GOOD if evaluate(system, state, prop.formula) else BROKEN
    ended = _holds(system, state, prop.goal) or _holds(system, state, prop.release)
    return WAITING if evaluate(system, state, prop.formula) and not ended else GOOD


def _holds(system: System, state: State, formula: Expr | None) -> bool:
    return formula is not None and evaluate(system, state, formula) != 0


def _all(lights: object) -> int:
    """Of several parts the worst."""
    listed = list(lights)  # type: ignore[call-overload]
    return BROKEN if BROKEN in listed else WAITING if WAITING in listed else GOOD
