"""The nearest safe run: what the same faults do where one value is another, told beside the run that goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from hamodel.checking.case import BOOT, Case
from hamodel.checking.evidence import Certified, certified
from hamodel.checking.probe import Prober
from hamodel.checking.search import steady_starts
from hamodel.config.spec import Spec
from hamodel.ir.compose import BUDGET
from hamodel.ir.expr import Const, Expr, Op, Read, Running, and_, binary, not_
from hamodel.ir.state import State
from hamodel.ir.system import System

MOST = 400
"""So many ends are compared with the failing run."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A safe run: what was changed for it, the files and the case with that change, and the run itself."""

    text: str
    spec: Spec
    case: Case
    system: System
    found: Certified


def nearest(prober: Prober, case: Case, system: System, names: Sequence[str]) -> tuple[System, Certified] | None:
    """The run of this system that has most in common with these events, after the same faults and no others.

    It ends where nothing happens by itself any more, if any run does. None where the faults cannot all come.
    """
    free = frozenset(n for n in names if n in system.action_index and system.actions[system.action_index[n]].kind.free)
    system = system.with_enabled(free)
    starts: Sequence[State | None] = (None,)
    if case.start != BOOT:
        starts = steady_starts(prober.searcher, system, prober.clock.rest(), prober.progress)
    spent = binary(Op.EQ, Read(BUDGET), Const(0))
    for start in starts:
        found = prober.searcher.explore(system, start, "inclusion", prober.clock.rest(), prober.progress)
        ends = list(found.where(and_(spent, *_still(system)))[:MOST]) or list(found.where(spent)[-MOST:])
        if not ends:
            continue
        runs = [found.names_to(int(index)) for index in ends]
        best = max(runs, key=lambda run: (SequenceMatcher(None, run, names, autojunk=False).ratio(), -len(run)))
        return system, certified(system, best, start, None)
    return None


def _still(system: System) -> tuple[Expr, ...]:
    """Nothing but stopwatches runs."""
    return tuple(not_(Running(t.name)) for t in system.timers if not t.stopwatch)
