"""Time goes on for ever, or the run does not count: which circles of classes let it?

A run that goes round a circle of classes can take for ever exactly if, on the circle, every near timer is not running
somewhere or is ended or started anew (one that just runs on would end and stop the time), and time can pass in some
class. Why that is enough: if a timer of 1 ms or more that was started on the circle also ends on it, each round takes
that long. If none does, no lower bound keeps any event back, so all events of several rounds may happen at one instant,
and in the class in which time can pass it may pass 1 ms each time after every timer has been started anew: no deadline
sees more than one such delay between its start and its end, and it is at least 1 ms away. Bounds are whole ms.

The timers of an hour or so have no clock; they may end only where nothing nearer runs. On a circle where one of them
could end again and again it does end, is cancelled or is started anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from hamodel.engines._lower.zones import NOW, Zone, rows
from hamodel.ir.expr import And as AllOf
from hamodel.ir.expr import Binary, Expr, Not, Value
from hamodel.ir.expr import Or as AnyOf
from hamodel.ir.semantics import refire
from hamodel.ir.state import State
from hamodel.ir.statement import Assign, Bind, Call, Hasten, If, Push, Return, Start, Statement, While
from hamodel.ir.system import Action, System


def can_pass(system: System, state: State, zone: Zone) -> bool:
    """Whether some clock reading of the class lets time pass in it: no deadline is now in all of them."""
    lasting = {t.name for t in system.timers if t.stopwatch}
    return all(zone[timer, NOW] > 0 for timer in rows(system, state) if timer not in lasting)


def starts(system: System, state: State, action: Action, timer: str) -> bool:
    """Whether the step starts the timer (anew)."""
    effect = refire(system, state, action)
    return effect is not None and timer in effect.started


class Starters:
    """Which timers a procedure can start at all, read off its text: what cannot need not be tried."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.of_procedure = lru_cache(maxsize=None)(self._of_procedure)

    def may_start(self, action: Action, timer: str) -> bool:
        """Whether some step of this action, or an observer after it, can start the timer."""
        found = self.of_procedure(action.procedure)
        return timer in found or (self.system.after is not None and timer in self.of_procedure(self.system.after))

    def _of_procedure(self, name: str) -> frozenset[str]:
        return frozenset(self._in(self.system.procedures[name].body))

    def _in(self, statements: tuple[Statement, ...]) -> Iterator[str]:
        for statement in statements:
            match statement:
                case Start(timer) | Hasten(timer):
                    yield timer
                case If(test, then, otherwise):
                    yield from (*self._asked(test), *self._in(then), *self._in(otherwise))
                case While(test, body):
                    yield from (*self._asked(test), *self._in(body))
                case Call(procedure, args):
                    yield from self.of_procedure(procedure)
                    for arg in args:
                        yield from self._asked(arg)
                case Assign(_, value) | Bind(_, value) | Push(_, value):
                    yield from self._asked(value)
                case Return(value) if value is not None:
                    yield from self._asked(value)
                case _:
                    pass

    def _asked(self, expr: Expr) -> Iterator[str]:
        """A value may be computed by a procedure."""
        match expr:
            case Value(procedure, args):
                yield from self.of_procedure(procedure)
                for arg in args:
                    yield from self._asked(arg)
            case Not(arg):
                yield from self._asked(arg)
            case AllOf(args) | AnyOf(args):
                for arg in args:
                    yield from self._asked(arg)
            case Binary(_, left, right):
                yield from self._asked(left)
                yield from self._asked(right)
            case _:
                pass
