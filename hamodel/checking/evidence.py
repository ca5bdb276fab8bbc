"""No trace is shown before others have gone through it: the reference semantics, and z3 where it is installed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from hamodel.engines import lasso
from hamodel.errors import CannotReplay, EnginesDisagree
from hamodel.ir import schedule
from hamodel.ir.expr import Expr
from hamodel.ir.property import Property
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace

ONE_AT_A_TIME = threading.Lock()
"""z3 shares one context between all threads."""
REPLAYED, BY_Z3 = "replayed by the reference semantics", "times confirmed by z3"
CLOSES, PERIOD = "loop closed by the reference zones", "a period found by z3"


@dataclass(frozen=True, slots=True)
class Certified:
    """A trace with whole milliseconds, and who has confirmed it."""

    trace: Trace
    by: tuple[str, ...]


def certified(system: System, names: Sequence[str], start: State | None, shows: Expr | None) -> Certified:
    """The trace of these events. Raises EnginesDisagree where it cannot happen, or does not show what it should."""
    try:
        trace = schedule.timed(system, names, start)
    except CannotReplay as error:
        raise EnginesDisagree(
            f"the engine found a trace of {len(names)} events that the reference semantics refuses",
            seen=[error.message, *error.seen],
            help="please report this, with the configuration",
        ) from error
    if shows is not None and evaluate(system, trace.last(), shows) == 0:
        raise EnginesDisagree(
            "the engine found a trace whose last state does not show what it should",
            seen=[" ".join(names)],
            help="please report this, with the configuration",
        )
    return confirm(system, trace, start)


def confirm(system: System, trace: Trace, start: State | None, prop: Property | None = None) -> Certified:
    """The same trace with the names of those who agree that it can happen at these times.

    Of a run that never ends also that its loop can be taken for ever, and with `prop` that it breaks this promise.
    """
    names, times = trace.names(), [step.at for step in trace.steps]
    try:
        schedule.replay(system, names, [at for at in times if at is not None] if None not in times else None, start)
    except CannotReplay as error:
        raise EnginesDisagree(
            "two computations of one trace differ", seen=[error.message], help="please report this"
        ) from error
    by = [REPLAYED]
    rounds = _for_ever(system, trace, start, prop)
    if rounds:
        by.append(CLOSES)
    try:
        from hamodel.engines.certify import demand, period
    except ImportError:
        return Certified(trace, tuple(by))
    with ONE_AT_A_TIME:
        demand(system, trace)
        by.append(BY_Z3)
        if rounds:
            period(system, trace, rounds, start)
            by.append(PERIOD)
    return Certified(trace, tuple(by))


def _for_ever(system: System, trace: Trace, start: State | None, prop: Property | None) -> int:
    """After how many rounds the loop of a lasso begins anew; 0 where there is no loop."""
    if trace.loop is None and prop is None:
        return 0
    try:
        return lasso.demand(system, trace, start, prop).rounds
    except CannotReplay as error:
        raise EnginesDisagree(
            "the engine found a run without an end that the reference semantics refuses",
            seen=[error.message, " ".join(trace.names())],
            help="please report this, with the configuration",
        ) from error
