"""What a rule means is what this file does with it: one event, one macro step, one new state.

Slow and obvious on purpose; every engine is measured by it. Time is not here: `fire` says which timers a step starts,
hastens and stops; the zones of an engine (or `schedule`, for one trace) say when the step is possible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from hamodel.errors import EngineLimit, ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.state import State
from hamodel.ir.system import Action, System
from hamodel.ir.trace import LogLine

Started = Mapping[str, tuple[int, int]]
"""The timers a step starts and the interval [lo, hi] their remaining time is drawn from."""

LONGEST_LOOP = 10_000


@dataclass(frozen=True, slots=True)
class Effect:
    """What one macro step does. Timers tell their net effect: started and cancelled in one step is nothing at all."""

    state: State
    started: Started
    """Timers that run afterwards with a new remaining time, far timers included."""
    hastened: Mapping[str, int]
    """Timers that went on running but now end within so many ms."""
    lost: tuple[str, ...]
    """Stopwatches that ran while a far timer ended: how long they ran, nobody knows."""
    logs: tuple[LogLine, ...]
    rules: tuple[str, ...]
    """Procedures in order of entry."""


def initial_state(system: System) -> tuple[State, Started, tuple[LogLine, ...]]:
    """The state a run begins in, the timers that run there, and what was written to the logs on the way."""
    effect = first_effect(system)
    return effect.state, effect.started, effect.logs


def first_effect(system: System) -> Effect:
    """What happens before a run begins: every variable at its initial value, the initial procedure, the observers."""
    for variable in system.variables:
        if not variable.lo <= variable.initial <= variable.hi:
            raise ModelError(f"{variable.name} begins as {variable.initial}, outside {variable.lo}..{variable.hi}")
    values = tuple(v.initial for v in system.variables)
    blank = State(values, ((),) * len(system.queues), (False,) * len(system.timers))
    return _macro_step(system, blank, system.initial, ())


def fire(system: System, state: State, action: Action) -> Effect | None:
    """The step `action` takes from `state`, or None where it is not enabled; time is asked elsewhere."""
    if not enabled(system, state, action):
        return None
    if action.timer is None:
        return _macro_step(system, state, action.procedure, ())
    ended = {action.timer}
    lost: tuple[str, ...] = ()
    if system.timers[system.timer_index[action.timer]].far:
        lost = tuple(t.name for t, on in zip(system.timers, state.running, strict=True) if on and t.stopwatch)
        ended |= set(lost)
    running = tuple(on and t.name not in ended for t, on in zip(system.timers, state.running, strict=True))
    return _macro_step(system, State(state.variables, state.queues, running), action.procedure, lost)


def refire(system: System, state: State, action: Action) -> Effect | None:
    """What `fire` says, remembered by the system: traces are walked several times, by several judges."""
    key = (state, action.name)
    if key not in system.fired:
        system.fired[key] = fire(system, state, action)
    found = system.fired[key]
    assert found is None or isinstance(found, Effect)
    return found


def enabled(system: System, state: State, action: Action) -> bool:
    """A timer's action needs its timer (a far one, that nothing nearer runs); a free one permission and its guard."""
    if action.timer is None:
        return system.may_happen(action) and evaluate(system, state, action.guard) != 0
    if action.guard != e.TRUE:
        raise ModelError(f"{action.name} has a timer and a guard; time would stop where the guard is false")
    index = system.timer_index[action.timer]
    if not state.running[index]:
        return False
    if not system.timers[index].far:
        return True
    return all(not on or t.far or t.stopwatch for t, on in zip(system.timers, state.running, strict=True))


def evaluate(system: System, state: State, expr: e.Expr, local: Mapping[str, int] | None = None) -> int:
    """The value of an expression in a state. Asking changes nothing: an effect in a formula is a `ModelError`."""
    step = _Step.of(system, state)
    value = step.value(expr, dict(local or {}))
    if step.frozen() != state or step.started or step.hastened:
        raise ModelError("a formula has an effect", seen=step.rules)
    return value


def _macro_step(system: System, state: State, procedure: str, lost: tuple[str, ...]) -> Effect:
    step = _Step.of(system, state)
    step.call(procedure, ())
    if system.after is not None:
        step.call(system.after, ())
    return Effect(step.frozen(), step.started, step.hastened, lost, tuple(step.logs), tuple(step.rules))


@dataclass(slots=True)
class _Step:
    """One macro step under way."""

    system: System
    variables: list[int]
    queues: list[list[int]]
    running: list[bool]
    started: dict[str, tuple[int, int]] = field(default_factory=dict)
    hastened: dict[str, int] = field(default_factory=dict)
    logs: list[LogLine] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, system: System, state: State) -> _Step:
        return cls(system, list(state.variables), [list(q) for q in state.queues], list(state.running))

    def frozen(self) -> State:
        return State(tuple(self.variables), tuple(tuple(q) for q in self.queues), tuple(self.running))

    def call(self, name: str, args: Sequence[int]) -> int:
        procedure = self.system.procedures[name]
        self.rules.append(name)
        result = self.block(procedure.body, dict(zip(procedure.params, args, strict=True)))
        return 0 if result is None else result

    def block(self, statements: Sequence[s.Statement], local: dict[str, int]) -> int | None:
        """Run statements in order; a number means that the procedure has returned it."""
        for statement in statements:
            result = self.statement(statement, local)
            if result is not None:
                return result
        return None

    def statement(self, statement: s.Statement, local: dict[str, int]) -> int | None:
        match statement:
            case s.Assign(variable, value):
                self.assign(variable, self.value(value, local))
            case s.Bind(name, value):
                local[name] = self.value(value, local)
            case s.If(test, then, otherwise):
                return self.block(then if self.value(test, local) else otherwise, local)
            case s.While(test, body):
                return self.loop(test, body, local)
            case s.Call(procedure, args):
                self.call(procedure, [self.value(a, local) for a in args])
            case s.Start(timer, lo, hi):
                self.start(timer, self.value(lo, local), self.value(hi, local))
            case s.Cancel(timer):
                self.cancel(timer)
            case s.Hasten(timer, hi):
                self.hasten(timer, self.value(hi, local))
            case s.Push(queue, value):
                self.push(queue, self.value(value, local))
            case s.Take(name, queue):
                waiting = self.queue(queue)
                local[name] = waiting.pop(0) if waiting else 0
            case s.Clear(queue):
                self.queue(queue).clear()
            case s.Log(node, key, fields):
                said = tuple((k, v if isinstance(v, str) else str(self.value(v, local))) for k, v in fields)
                self.logs.append(LogLine(node, key, said))
            case s.Overflow(what):
                raise EngineLimit(f"the model is too small here: {what}", seen=self.rules)
            case s.Return(value):
                return 0 if value is None else self.value(value, local)
            case _:
                assert_never(statement)
        return None

    def loop(self, test: e.Expr, body: Sequence[s.Statement], local: dict[str, int]) -> int | None:
        for _ in range(LONGEST_LOOP):
            if not self.value(test, local):
                return None
            result = self.block(body, local)
            if result is not None:
                return result
        raise ModelError(f"a loop does not end in {LONGEST_LOOP} rounds", seen=self.rules)

    def assign(self, name: str, value: int) -> None:
        index = self.system.variable_index[name]
        variable = self.system.variables[index]
        if not variable.lo <= value <= variable.hi:
            raise ModelError(f"{name} = {value} is outside {variable.lo}..{variable.hi}", seen=self.rules)
        self.variables[index] = value

    def queue(self, name: str) -> list[int]:
        return self.queues[self.system.queue_index[name]]

    def push(self, name: str, value: int) -> None:
        if not 1 <= value <= 255:
            raise ModelError(f"{name} carries {value}, which is outside 1..255", seen=self.rules)
        waiting, capacity = self.queue(name), self.system.queues[self.system.queue_index[name]].capacity
        if len(waiting) >= capacity:
            raise EngineLimit(f"the queue {name} is full: it holds {capacity} messages", seen=self.rules)
        waiting.append(value)

    def start(self, timer: str, lo: int, hi: int) -> None:
        if not 0 <= lo <= hi:
            raise ModelError(f"{timer} starts with [{lo}, {hi}], which is no interval", seen=self.rules)
        self.running[self.system.timer_index[timer]] = True
        self.started[timer] = (lo, hi)
        self.hastened.pop(timer, None)

    def cancel(self, timer: str) -> None:
        self.running[self.system.timer_index[timer]] = False
        self.started.pop(timer, None)
        self.hastened.pop(timer, None)

    def hasten(self, timer: str, hi: int) -> None:
        if hi < 0:
            raise ModelError(f"{timer} is to end within {hi} ms", seen=self.rules)
        if not self.running[self.system.timer_index[timer]]:
            self.start(timer, 0, hi)
        elif timer in self.started:
            lo, before = self.started[timer]
            self.start(timer, lo, min(before, hi))
        else:
            self.hastened[timer] = min(hi, self.hastened.get(timer, hi))

    def value(self, expr: e.Expr, local: Mapping[str, int]) -> int:
        match expr:
            case e.Const(value):
                return value
            case e.Read(variable):
                return self.variables[self.system.variable_index[variable]]
            case e.Local(name):
                if name not in local:
                    raise ModelError(f"the local name {name} has no value yet", seen=self.rules)
                return local[name]
            case e.Option(name):
                return self.system.setting_value[name]
            case e.Running(timer):
                return int(self.running[self.system.timer_index[timer]])
            case e.Length(queue):
                return len(self.queue(queue))
            case e.Not(arg):
                return int(self.value(arg, local) == 0)
            case e.And(args):
                return int(all(self.value(a, local) != 0 for a in args))
            case e.Or(args):
                return int(any(self.value(a, local) != 0 for a in args))
            case e.Binary(op, left, right):
                return self.binary(op, self.value(left, local), self.value(right, local))
            case e.Value(procedure, args):
                return self.call(procedure, [self.value(a, local) for a in args])
            case _:
                assert_never(expr)

    def binary(self, op: e.Op, left: int, right: int) -> int:
        if op in (e.Op.DIV, e.Op.MOD) and right == 0:
            raise ModelError("a division by zero", seen=self.rules)
        return e.arithmetic(op, left, right)
