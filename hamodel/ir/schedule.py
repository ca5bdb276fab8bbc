"""When could it have happened? Every time of a trace follows from the timers its steps start.

Earliest times, exact least and most time between two events, replay of kept evidence, and shorter evidence for the
same claim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hamodel.errors import CannotReplay
from hamodel.ir.constraints import UNBOUNDED, Constraint, Matrix, Run, closure, run
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Range


def feasible(system: System, names: Sequence[str], start: State | None = None) -> bool:
    """Whether some clock readings let these events happen in this order."""
    try:
        found = run(system, names, start)
    except CannotReplay:
        return False
    return closure(len(names), found.constraints) is not None


def between(system: System, names: Sequence[str], first: int, last: int, start: State | None = None) -> Range:
    """The least and the most time from event `first` to event `last` of this trace; exact, and both are reached."""
    bounds = _bounds(run(system, names, start))
    most = bounds[last][first]
    return Range(-bounds[first][last], most if most < UNBOUNDED else None)


def _bounds(found: Run) -> Matrix:
    bounds = closure(len(found.names), found.constraints)
    if bounds is None:
        raise _out_of_time(found)
    return bounds


def _out_of_time(found: Run) -> CannotReplay:
    """The error for the first event whose time cannot be met, with the constraints that exclude each other."""
    for number in range(1, len(found.names) + 1):
        so_far = [c for c in found.constraints if max(c.later, c.earlier) <= number]
        if closure(number, so_far) is None:
            core = _core(number, so_far)
            return CannotReplay(
                f"event {number}, {found.names[number - 1]}, cannot happen at any time", seen=[c.why for c in core]
            )
    raise AssertionError("a feasible run has no first event out of time")


def _core(events: int, constraints: Sequence[Constraint]) -> list[Constraint]:
    """As few constraints as still exclude each other: drop whatever is not needed."""
    core = list(constraints)
    for candidate in constraints:
        rest = [c for c in core if c is not candidate]
        if closure(events, rest) is None:
            core = rest
    return core


def earliest(found: Run, longest: tuple[int, int] | None = None) -> list[int]:
    """Times for events 0.., each as early as the ones before permit; `longest` first stretches one span of events."""
    constraints = list(found.constraints)
    bounds = _bounds(found)
    if longest is not None and bounds[longest[1]][longest[0]] < UNBOUNDED:
        most = bounds[longest[1]][longest[0]]
        constraints.append(Constraint(longest[0], longest[1], -most, "the longest time"))
        bounds = closure(len(found.names), constraints) or bounds
    times = [0]
    for i in range(1, len(found.names) + 1):
        times.append(max(times[j] - bounds[j][i] for j in range(i)))
    return times


def timed(
    system: System, names: Sequence[str], start: State | None = None, *, longest: tuple[int, int] | None = None
) -> Trace:
    """The trace in whole milliseconds, each event as early as can be; `longest` first stretches one span of events."""
    found = run(system, names, start)
    return found.trace(earliest(found, longest))


def replay(
    system: System, names: Sequence[str], times: Sequence[int] | None = None, start: State | None = None
) -> Trace:
    """The trace these events take through `system`, by the reference semantics.

    An event names its step, so names are enough; `times` (one for each event) are checked where given. Raises
    `CannotReplay` at the first event that is not enabled or that comes too early or too late, and says by how much.
    """
    if times is not None and len(times) != len(names):
        raise CannotReplay(f"{len(names)} events but {len(times)} times")
    found = Run.begin(system, start)
    moments = None if times is None else [0, *times]
    for name in names:
        checked = len(found.constraints)
        found.step(name)
        if moments is not None:
            _check_times(found, moments, checked)
    if moments is None:
        _bounds(found)
    return found.trace(moments)


def _check_times(found: Run, moments: Sequence[int], checked: int) -> None:
    number = len(found.names)
    for c in found.constraints[checked:]:
        excess = moments[c.later] - moments[c.earlier] - c.most
        if excess > 0:
            how = f"{excess} ms too {'early' if c.earlier == number else 'late'}"
            raise CannotReplay(f"event {number}, {found.names[-1]}, at {moments[number]} ms is {how}", seen=[c.why])


def shrink(
    system: System, names: Sequence[str], predicate: Callable[[Trace], bool], start: State | None = None
) -> tuple[str, ...]:
    """The same story without the faults, repairs and commands it does not need.

    One free action is left out at a time, with all that can no longer happen without it; the rest is replayed and asked
    again.
    """
    kept = tuple(names)
    position = 0
    while position < len(kept):
        shorter = _without(system, kept, position, start)
        if shorter is not None and feasible(system, shorter, start) and predicate(replay(system, shorter, start=start)):
            kept, position = shorter, 0
        else:
            position += 1
    return kept


def _without(system: System, names: Sequence[str], position: int, start: State | None) -> tuple[str, ...] | None:
    if system.actions[system.action_index[names[position]]].timer is not None:
        return None
    found = run(system, names[:position], start)
    for name in names[position + 1 :]:
        if found.allows(name):
            found.step(name)
    return tuple(found.names)
