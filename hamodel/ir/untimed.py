"""The untimed abstraction: a running timer may end at any moment, whatever its bounds.

What holds here holds for every timing. Every run of the timed system is a run of this one, for a timer that ends does
so while it runs, and nothing else about time decides a step; so a state that is unreachable here is unreachable there.
The reverse is not true: a run found here may be impossible in time, and `schedule` says whether it is.

The result is a System of the plainest kind: variables, procedures, actions with a guard. A timer is a variable that is
1 while it runs, a queue one variable for its length and one for each place, options are numbers. Stopwatches are gone
(they read the time and decide nothing). Where a fixed size is exceeded, or a value would leave its domain, `limit`
becomes 1 and nothing happens any more: beyond that state nobody has looked, and `holds` must not be said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from hamodel.ir import statement as s
from hamodel.ir.expr import (
    FALSE,
    TRUE,
    Binary,
    Const,
    Expr,
    Length,
    Local,
    Op,
    Option,
    Read,
    Running,
    and_,
    binary,
    not_,
)
from hamodel.ir.rewrite import rebuilt
from hamodel.ir.semantics import initial_state
from hamodel.ir.state import State
from hamodel.ir.system import Action, System, Variable

LIMIT = "limit"
"""1: a fixed size of the model was exceeded on the way here."""
MESSAGE = 255
"""The largest message."""
BEGIN = "begin untimed"


def running(timer: str) -> str:
    """The variable that is 1 while the timer runs."""
    return f"running[{timer}]"


def length(queue: str) -> str:
    """The variable with the number of messages in the queue."""
    return f"length[{queue}]"


def message(queue: str, place: int) -> str:
    """The variable with the message in this place of the queue, 0 where there is none."""
    return f"message[{queue},{place}]"


def bound(queue: str) -> str:
    """The local name of a message that is put into the queue."""
    return f"message to {queue}"


def step(action: str) -> str:
    """The procedure of an action: its timer stops, then what the action does."""
    return f"step[{action}]"


def untimed(system: System, start: State | None = None) -> System:
    """The abstraction of `system` from its initial state, or from `start`; options have the values they have there."""
    first = initial_state(system)[0] if start is None else start
    return Untimed(system).system(first)


def patient(system: System, start: State | None = None) -> System:
    """The abstraction in which an hour does not pass while something nearer is under way, as it never does in time.

    Sharper than `untimed`, for who asks; what is exported and counted elsewhere is the plainest one.
    """
    first = initial_state(system)[0] if start is None else start
    return Patient(system).system(first)


def untimed_formula(system: System, formula: Expr) -> Expr:
    """A formula about the states of `system`, said of the states of its abstraction."""
    return Untimed(system).term(formula)


class Untimed:
    """Rewrites a system; whoever keeps the times extends it (see `clocked`)."""

    def __init__(self, timed: System) -> None:
        self.timed = timed
        self.stopwatches = {t.name for t in timed.timers if t.stopwatch}
        self.capacity = {q.name: q.capacity for q in timed.queues}

    def system(self, first: State) -> System:
        timed = self.timed
        actions = [a for a in timed.actions if timed.may_happen(a)]
        procedures = {name: replace(p, body=tuple(self.block(p.body))) for name, p in timed.procedures.items()}
        procedures |= {step(a.name): s.Procedure(step(a.name), (), tuple(self._body(a)), a.ids) for a in actions}
        procedures[BEGIN] = s.Procedure(BEGIN, (), ())
        return System(
            name=timed.name,
            variables=tuple(self._variables(first)),
            timers=(),
            queues=(),
            settings=(),
            procedures=procedures,
            actions=tuple(replace(a, procedure=step(a.name), timer=None, guard=self._guard(a)) for a in actions),
            initial=BEGIN,
            after=None,
            invariants=tuple((text, self.term(formula)) for text, formula in timed.invariants),
            observables={name: self.term(formula) for name, formula in timed.observables.items()},
        )

    def _variables(self, first: State) -> Iterator[Variable]:
        """Every variable with its value at the start; the observers run there before the first step, as in time."""
        for variable, value in zip(self.timed.variables, first.variables, strict=True):
            yield replace(variable, initial=value)
        for queue, waiting in zip(self.timed.queues, first.queues, strict=True):
            yield Variable(length(queue.name), queue.capacity, len(waiting), owner=queue.name)
            for place in range(queue.capacity):
                value = waiting[place] if place < len(waiting) else 0
                yield Variable(message(queue.name, place), MESSAGE, value, owner=queue.name)
        for timer, on in zip(self.timed.timers, first.running, strict=True):
            if not timer.stopwatch:
                yield Variable(running(timer.name), 1, int(on), owner=timer.owner)
        yield Variable(LIMIT, 1, 0, owner="untimed")

    def _guard(self, action: Action) -> Expr:
        if action.timer is None:
            return and_(not_(Read(LIMIT)), self.term(action.guard))
        return and_(not_(Read(LIMIT)), Read(running(action.timer)), self.also(action.timer))

    def also(self, timer: str) -> Expr:
        """What else has to be so where the timer may end."""
        return TRUE

    def _body(self, action: Action) -> Iterator[s.Statement]:
        if action.timer is not None:
            yield from self.statement(s.Cancel(action.timer))
        yield s.Call(action.procedure)
        if self.timed.after is not None:
            yield s.Call(self.timed.after)

    def term(self, expr: Expr) -> Expr:
        return rebuilt(expr, self._leaf)

    def _leaf(self, expr: Expr) -> Expr:
        match expr:
            case Option(name):
                return Const(self.timed.setting_value[name])
            case Running(timer):
                return FALSE if timer in self.stopwatches else Read(running(timer))
            case Length(queue):
                return Read(length(queue))
            case _:
                return expr

    def block(self, body: Sequence[s.Statement]) -> Iterator[s.Statement]:
        for statement in body:
            yield from self.statement(statement)

    def statement(self, statement: s.Statement) -> Iterator[s.Statement]:
        match statement:
            case s.Assign(variable, value):
                yield from self._assign(variable, self.term(value))
            case s.Bind(name, value):
                yield s.Bind(name, self.term(value))
            case s.If(test, then, otherwise):
                yield s.If(self.term(test), tuple(self.block(then)), tuple(self.block(otherwise)))
            case s.While(test, body):
                yield s.While(self.term(test), tuple(self.block(body)))
            case s.Call(procedure, args):
                yield s.Call(procedure, tuple(self.term(a) for a in args))
            case s.Start(timer) | s.Hasten(timer):
                if timer not in self.stopwatches:
                    yield s.Assign(running(timer), Const(1))
            case s.Cancel(timer):
                if timer not in self.stopwatches:
                    yield s.Assign(running(timer), FALSE)
            case s.Push(queue, value):
                yield from self._push(queue, self.term(value))
            case s.Take(name, queue):
                yield from self._take(name, queue)
            case s.Clear(queue):
                yield s.Assign(length(queue), FALSE)
                for place in range(self.capacity[queue]):
                    yield s.Assign(message(queue, place), FALSE)
            case s.Overflow():
                yield s.Assign(LIMIT, Const(1))
            case s.Return(value):
                yield s.Return(None if value is None else self.term(value))
            case s.Log():
                pass

    def _assign(self, variable: str, value: Expr) -> Iterator[s.Statement]:
        """A value outside the domain is a limit; one that is known to be inside needs no test."""
        domain = self.timed.variables[self.timed.variable_index[variable]]
        if _fits(value, domain, self.timed):
            yield s.Assign(variable, value)
            return
        name = f"value of {variable}"
        inside = and_(Binary(Op.GE, Local(name), Const(domain.lo)), Binary(Op.LE, Local(name), Const(domain.hi)))
        yield s.Bind(name, value)
        yield s.If(inside, (s.Assign(variable, Local(name)),), (s.Assign(LIMIT, Const(1)),))

    def _push(self, queue: str, value: Expr) -> Iterator[s.Statement]:
        yield s.Bind(bound(queue), value)
        yield _placed(queue, self.capacity[queue])

    def _take(self, name: str, queue: str) -> Iterator[s.Statement]:
        """Places beyond the last message are 0, so that taking from an empty queue gives 0."""
        capacity = self.capacity[queue]
        yield s.Bind(name, Read(message(queue, 0)) if capacity else FALSE)
        shifted: list[s.Statement] = []
        for place in range(capacity):
            later = Read(message(queue, place + 1)) if place + 1 < capacity else FALSE
            shifted.append(s.Assign(message(queue, place), later))
        fewer = s.Assign(length(queue), Binary(Op.SUB, Read(length(queue)), Const(1)))
        yield s.If(binary(Op.GT, Read(length(queue)), FALSE), (*shifted, fewer))


def _placed(queue: str, capacity: int) -> s.Statement:
    """The message that was bound goes to the first free place; where there is none a limit is met."""
    placed: s.Statement = s.Assign(LIMIT, Const(1))
    for place in reversed(range(capacity)):
        stored = s.Assign(message(queue, place), Local(bound(queue)))
        counted = s.Assign(length(queue), Const(place + 1))
        placed = s.If(binary(Op.EQ, Read(length(queue)), Const(place)), (stored, counted), (placed,))
    return placed


def pushes(system: System) -> dict[str, s.Statement]:
    """For each queue the untimed system once had, the statement that puts a message into it."""
    names = system.variable_index
    queues = [v.owner for v in system.variables if v.name == length(v.owner)]
    return {queue: _placed(queue, next(n for n in count() if message(queue, n) not in names)) for queue in queues}


class Patient(Untimed):
    """A far timer waits for all that are near."""

    def also(self, timer: str) -> Expr:
        if not self.timed.timers[self.timed.timer_index[timer]].far:
            return TRUE
        return and_(*(not_(Read(running(t.name))) for t in self.timed.timers if not t.far and not t.stopwatch))


def _fits(value: Expr, domain: Variable, system: System) -> bool:
    """Known without further thought to lie in the domain."""
    match value:
        case Const(number):
            return domain.lo <= number <= domain.hi
        case Read(name) if name in system.variable_index:
            other = system.variables[system.variable_index[name]]
            return domain.lo <= other.lo and other.hi <= domain.hi
        case _:
            return False
