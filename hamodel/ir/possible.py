"""Which values can a variable have at all? A set for each, large enough for every run; most are a single number.

The sets grow from the start until no action adds a value (flow-insensitive: a variable has one set, a procedure one set
for each of its locals and for what it returns). What an action cannot reach because its guard or a test is never true
adds nothing. Only for systems without timers, queues and options (see `untimed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import assert_never

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.system import System

Values = frozenset[int]
BIT: Values = frozenset((0, 1))
MANY = 4096
"""Pairs of values up to which an operation is computed pair by pair."""
WIDEST = range(-256, 512)
"""What a term can be where nothing better is known: domains are bytes, and terms add or subtract a few of them."""


@dataclass(frozen=True, slots=True)
class Possible:
    """The values of every variable, the locals and results of every procedure, and the actions that can happen."""

    variables: Mapping[str, Values]
    local: Mapping[tuple[str, str], Values]
    results: Mapping[str, Values]
    actions: tuple[str, ...]

    def reader(self) -> Callable[[e.Expr, str], Values]:
        """Tells the values a term can have where it stands in a procedure ("": in a guard or an asked formula)."""
        return _Grower.reading(self).value


def possible(system: System) -> Possible:
    """The values from the initial ones on. Raises ModelError for a system that is not untimed."""
    if system.timers or system.queues:
        raise ModelError("values are collected for untimed systems only")
    return _Grower(system).grown()


@dataclass(slots=True)
class _Grower:
    system: System | None
    variables: dict[str, set[int]] = field(default_factory=dict)
    local: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    results: dict[str, set[int]] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)
    grew: bool = True

    @classmethod
    def reading(cls, found: Possible) -> _Grower:
        grower = cls(None)
        grower.variables = {k: set(v) for k, v in found.variables.items()}
        grower.local = {k: set(v) for k, v in found.local.items()}
        grower.results = {k: set(v) for k, v in found.results.items()}
        return grower

    def grown(self) -> Possible:
        assert self.system is not None
        system = self.system
        self.variables = {v.name: {v.initial} for v in system.variables}
        while self.grew:
            self.grew = False
            self.entered = set()
            happening = [a for a in system.actions if self.value(a.guard, "") != {0}]
            for action in happening:
                self.enter(action.procedure)
            if system.after is not None and happening:
                self.enter(system.after)
        return Possible(
            {k: frozenset(v) for k, v in self.variables.items()},
            {k: frozenset(v) for k, v in self.local.items()},
            {k: frozenset(v) for k, v in self.results.items()},
            tuple(a.name for a in happening),
        )

    def add(self, into: set[int], values: Iterable[int]) -> None:
        before = len(into)
        into.update(values)
        self.grew = self.grew or len(into) > before

    def enter(self, name: str) -> None:
        if self.system is not None and name not in self.entered:
            self.entered.add(name)
            procedure = self.system.procedures[name]
            if not self.block(procedure.body, name):
                self.add(self.results.setdefault(name, set()), (0,))

    def block(self, body: Sequence[s.Statement], here: str) -> bool:
        """True where every way through the block returns."""
        return any(self.statement(statement, here) for statement in body)

    def statement(self, statement: s.Statement, here: str) -> bool:
        assert self.system is not None
        match statement:
            case s.Assign(name, value):
                domain = self.system.variables[self.system.variable_index[name]]
                values = self.value(value, here)
                self.add(self.variables[name], (v for v in values if domain.lo <= v <= domain.hi))
            case s.Bind(name, value):
                self.add(self.local.setdefault((here, name), set()), self.value(value, here))
            case s.If(test, then, otherwise):
                truth = {v != 0 for v in self.value(test, here)}
                ends = [self.block(part, here) for part, on in ((then, True), (otherwise, False)) if on in truth]
                return bool(ends) and all(ends)
            case s.While(test, body):
                if self.value(test, here) - {0}:
                    self.block(body, here)
            case s.Call(procedure, args):
                self.call(procedure, args, here)
            case s.Return(value):
                self.add(self.results.setdefault(here, set()), {0} if value is None else self.value(value, here))
                return True
            case s.Log():
                pass
            case s.Start() | s.Cancel() | s.Hasten() | s.Push() | s.Take() | s.Clear() | s.Overflow():
                raise ModelError("values are collected for untimed systems only")
            case _:
                assert_never(statement)
        return False

    def call(self, name: str, args: Sequence[e.Expr], here: str) -> set[int]:
        if self.system is not None:
            for param, arg in zip(self.system.procedures[name].params, args, strict=True):
                self.add(self.local.setdefault((name, param), set()), self.value(arg, here))
            self.enter(name)
        return self.results.get(name, set())

    def value(self, expr: e.Expr, here: str) -> Values:
        match expr:
            case e.Const(number):
                return frozenset((number,))
            case e.Read(name):
                return frozenset(self.variables[name])
            case e.Local(name):
                return frozenset(self.local.get((here, name), ()))
            case e.Not(arg):
                return frozenset(int(v == 0) for v in self.value(arg, here))
            case e.And(args):
                return self.chain(args, here, stop=False)
            case e.Or(args):
                return self.chain(args, here, stop=True)
            case e.Binary(op, left, right):
                return operated(op, self.value(left, here), self.value(right, here))
            case e.Value(procedure, args):
                return frozenset(self.call(procedure, args, here))
            case e.Option() | e.Running() | e.Length():
                raise ModelError("values are collected for untimed systems only")
            case _:
                assert_never(expr)

    def chain(self, args: Sequence[e.Expr], here: str, *, stop: bool) -> Values:
        """`and` / `or`: what comes after a part that certainly decides is not evaluated."""
        found: set[int] = set()
        for arg in args:
            truths = {v != 0 for v in self.value(arg, here)}
            if not truths:
                return frozenset(found)
            if stop in truths:
                found.add(int(stop))
            if truths == {stop}:
                return frozenset(found)
        return frozenset(found | {int(not stop)})


def operated(op: e.Op, left: Values, right: Values) -> Values:
    """The results of an operation on any two of these values; division by zero has none."""
    if len(left) * len(right) > MANY:
        return BIT if op.compares else frozenset(WIDEST)
    divides = op in (e.Op.DIV, e.Op.MOD)
    return frozenset(e.arithmetic(op, a, b) for a, b in product(left, right) if not (divides and b == 0))
