"""A control state is what one would answer when asked how a thing is: one word, true in exactly one way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System

Values = tuple[int, ...]
"""What a lifecycle looks at: its variables, then its timers (1: runs)."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One mode and when it is the present one, unless an earlier mode of the list is."""

    name: str
    when: e.Expr


@dataclass(frozen=True)
class Control:
    """A lifecycle: modes in order of precedence over the variables and timers their formulas read."""

    kind: str
    name: str
    title: str
    modes: tuple[Mode, ...]
    labels: tuple[str, ...] = ()
    """The names of what it belongs to: its node, its resource, its cable."""

    @cached_property
    def variables(self) -> tuple[str, ...]:
        return _read(self, e.Read)

    @cached_property
    def timers(self) -> tuple[str, ...]:
        return _read(self, e.Running)

    def values(self, system: System, state: State) -> Values:
        """All that this lifecycle looks at in a state."""
        return (
            *(state.variables[system.variable_index[v]] for v in self.variables),
            *(int(state.running[system.timer_index[t]]) for t in self.timers),
        )

    def mode(self, system: System, state: State) -> str:
        """The mode in a state of the whole system."""
        for mode in self.modes:
            if evaluate(system, state, mode.when):
                return mode.name
        raise ModelError(f"{self.name} is in none of its modes {', '.join(m.name for m in self.modes)}")

    def mode_of(self, system: System, values: Values) -> str:
        """The mode for these values, whatever the rest of the state is."""
        variables = [0] * len(system.variables)
        running = [False] * len(system.timers)
        for name, value in zip(self.variables, values, strict=False):
            variables[system.variable_index[name]] = value
        for name, value in zip(self.timers, values[len(self.variables) :], strict=True):
            running[system.timer_index[name]] = value != 0
        return self.mode(system, State(tuple(variables), ((),) * len(system.queues), tuple(running)))


def _read(control: Control, kind: type[e.Read] | type[e.Running]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for mode in control.modes:
        for part in parts(mode.when):
            if isinstance(part, kind):
                found[part.variable if isinstance(part, e.Read) else part.timer] = None
            elif isinstance(part, e.Value | e.Local | e.Length):
                raise ModelError(f"{control.name}: a mode may look at variables and timers, not at {part}")
    return tuple(found)


def parts(expr: e.Expr) -> tuple[e.Expr, ...]:
    """An expression and all its subexpressions."""
    match expr:
        case e.Not(arg):
            return (expr, *parts(arg))
        case e.And(args) | e.Or(args) | e.Value(_, args):
            return (expr, *(p for a in args for p in parts(a)))
        case e.Binary(_, left, right):
            return (expr, *parts(left), *parts(right))
        case _:
            return (expr,)
