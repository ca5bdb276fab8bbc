"""The composed product: variables, timers, queues, options, procedures and actions. All that any engine ever sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from hamodel.ir.expr import TRUE, Expr
from hamodel.ir.statement import Procedure


@dataclass(frozen=True, slots=True)
class Variable:
    """A finite variable with values `lo..hi` (within 0..255) and one owner file; `labels` name its values."""

    name: str
    hi: int
    initial: int = 0
    labels: tuple[str, ...] = ()
    owner: str = ""
    lo: int = 0


@dataclass(frozen=True, slots=True)
class Timer:
    """Off, or a remaining time drawn from [lo, hi] ms; time never passes a due timer.

    `far`: an hour or so; it is not kept as a clock but may end only where no other timer (except stopwatches) runs.
    `stopwatch`: started by an observer to measure a duration; reads the time, never decides anything.
    """

    name: str
    owner: str = ""
    far: bool = False
    stopwatch: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """A first-in first-out channel of small numbers (1..255) with a fixed capacity."""

    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A run-time option: its value in this system, in `unit` ("ms" or "" for a switch)."""

    name: str
    value: int
    unit: str = "ms"


BY_CHANCE = "by chance"
"""In place of the name of a repair: it mends nothing, it comes and goes by itself at any instant, at no cost."""


class Kind(Enum):
    """Who initiates an action."""

    TIMER = "timer"
    FAULT = "fault"
    REPAIR = "repair"
    OPERATOR = "operator"
    SCRIPT = "script"

    @property
    def free(self) -> bool:
        """May happen at any instant, not at the end of a timer."""
        return self is not Kind.TIMER


@dataclass(frozen=True, slots=True)
class Action:
    """A named step: with a `timer` it happens when that timer ends, else whenever `guard` holds.

    `procedure` takes no arguments. `fault` names the kind of fault or operator command this is paid as.
    """

    name: str
    kind: Kind
    procedure: str
    timer: str | None = None
    guard: Expr = TRUE
    fault: str = ""
    ids: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A duration: from the step after which `start` holds to the step after which `stop` (or `release`) holds.

    `timer` is a stopwatch of the system, which runs meanwhile; `switch` the option that turns the observer on.
    """

    name: str
    timer: str
    switch: str
    start: Expr
    stop: Expr
    release: Expr


STOPWATCH_MS = 100_000_000
"""What a stopwatch is started with: elapsed time is this minus what remains."""


@dataclass(frozen=True)
class System:
    """One definition, read by everything. Frozen; `with_settings` and `with_actions` give changed copies."""

    name: str
    variables: tuple[Variable, ...]
    timers: tuple[Timer, ...]
    queues: tuple[Queue, ...]
    settings: tuple[Setting, ...]
    procedures: Mapping[str, Procedure]
    actions: tuple[Action, ...]
    initial: str
    """The procedure that runs once, in the state where every variable has its initial value."""
    after: str | None = None
    """The observers: run at the end of every macro step; they read everything and write only their own."""
    invariants: tuple[tuple[str, Expr], ...] = ()
    observables: Mapping[str, Expr] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    enabled: frozenset[str] | None = None
    """The names of the untimed actions that may happen at all; None: every one."""

    @cached_property
    def variable_index(self) -> dict[str, int]:
        return {v.name: i for i, v in enumerate(self.variables)}

    @cached_property
    def timer_index(self) -> dict[str, int]:
        return {t.name: i for i, t in enumerate(self.timers)}

    @cached_property
    def queue_index(self) -> dict[str, int]:
        return {q.name: i for i, q in enumerate(self.queues)}

    @cached_property
    def action_index(self) -> dict[str, int]:
        return {a.name: i for i, a in enumerate(self.actions)}

    @cached_property
    def fired(self) -> dict[tuple[object, str], object]:
        """Effects that were computed once, by state and action (see `semantics.refire`)."""
        return {}

    @cached_property
    def setting_value(self) -> dict[str, int]:
        return {s.name: s.value for s in self.settings}

    def may_happen(self, action: Action) -> bool:
        """False for an untimed action that this scenario switches off."""
        return action.timer is not None or self.enabled is None or action.name in self.enabled

    def with_settings(self, **changes: int) -> System:
        """The same system with other run-time options; the compiled code stays the same."""
        unknown = set(changes) - set(self.setting_value)
        if unknown:
            raise KeyError(sorted(unknown))
        changed = {
            s.name: replace(s, value=changes[s.name]) for s in self.settings if changes.get(s.name, s.value) != s.value
        }
        return replace(self, settings=tuple(changed.get(s.name, s) for s in self.settings))

    def with_enabled(self, names: frozenset[str]) -> System:
        """The same system with only these untimed actions."""
        return replace(self, enabled=names)
