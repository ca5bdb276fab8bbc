"""Which values can a variable have at all? A set for each, large enough for every run; most are a single number.

The sets grow from the start until no action adds a value (flow-insensitive: a variable has one set, a procedure one set
for each of its locals and for what it returns). What an action cannot reach because its guard or a test is never true
adds nothing. Only for systems without timers, queues and options (see `untimed`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any, assert_never

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.system import System

Values = frozenset[int]
Key = tuple[str, str, str]
"""Whose values: the kind (variable, local of a procedure, result), the procedure of a local, the name."""
NONE: Values = frozenset()
BIT: Values = frozenset((0, 1))
MANY = 4096
"""Pairs of values up to which an operation is computed pair by pair."""
WIDEST = range(-256, 512)
"""What a term can be where nothing better is known: domains are bytes, and terms add or subtract a few of them."""


def variable(name: str) -> Key:
    return "x", "", name


def local(procedure: str, name: str) -> Key:
    return "l", procedure, name


def result(procedure: str) -> Key:
    return "r", "", procedure


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
    """The sets as they grow. A procedure is looked at again only when a set that it read has grown since."""

    system: System | None
    sets: dict[Key, Values] = field(default_factory=dict)
    readers: defaultdict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The procedures that have read a set ("": the guards)."""
    entered: set[str] = field(default_factory=set)
    stale: dict[str, None] = field(default_factory=lambda: {"": None})
    """Those that read something before it grew, in the order in which that came about."""
    within: set[str] = field(default_factory=set)

    @classmethod
    def reading(cls, found: Possible) -> _Grower:
        sets = {variable(name): values for name, values in found.variables.items()}
        sets |= {local(*place): values for place, values in found.local.items()}
        return cls(None, sets | {result(name): values for name, values in found.results.items()})

    def grown(self) -> Possible:
        assert self.system is not None
        system = self.system
        self.sets = {variable(v.name): frozenset((v.initial,)) for v in system.variables}
        happening: set[str] = set()
        while self.stale:
            if "" not in self.stale:
                self.enter(next(iter(self.stale)))
                continue
            del self.stale[""]
            for action in system.actions:
                if action.name not in happening and self.value(action.guard, "") != {0}:
                    happening.add(action.name)
                    self.enter(action.procedure)
            if system.after is not None and happening:
                self.enter(system.after)
        kinds: dict[str, dict[Any, Values]] = {kind: {} for kind in "xlr"}
        for (kind, here, name), values in self.sets.items():
            kinds[kind][(here, name) if kind == "l" else name] = values
        actions = tuple(a.name for a in system.actions if a.name in happening)
        return Possible(kinds["x"], kinds["l"], kinds["r"], actions)

    def add(self, key: Key, values: Iterable[int]) -> None:
        before = self.sets.get(key)
        after = frozenset(values) if before is None else before.union(values)
        if before is None or len(after) > len(before):
            self.sets[key] = after
            self.stale.update(dict.fromkeys(sorted(self.readers[key])))

    def read(self, key: Key, here: str) -> Values:
        self.readers[key].add(here)
        return self.sets.get(key, NONE)

    def enter(self, name: str) -> None:
        """Look at a procedure, unless nothing is new to it, or it is looked at just now."""
        if self.system is None or name in self.within or (name in self.entered and name not in self.stale):
            return
        self.entered.add(name)
        self.stale.pop(name, None)
        self.within.add(name)
        if not self.block(self.system.procedures[name].body, name):
            self.add(result(name), (0,))
        self.within.remove(name)

    def block(self, body: Sequence[s.Statement], here: str) -> bool:
        """True where every way through the block returns."""
        return any(self.statement(statement, here) for statement in body)

    def statement(self, statement: s.Statement, here: str) -> bool:
        assert self.system is not None
        match statement:
            case s.Assign(name, value):
                domain = self.system.variables[self.system.variable_index[name]]
                values = self.value(value, here)
                self.add(variable(name), (v for v in values if domain.lo <= v <= domain.hi))
            case s.Bind(name, value):
                self.add(local(here, name), self.value(value, here))
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
                self.add(result(here), {0} if value is None else self.value(value, here))
                return True
            case s.Log():
                pass
            case s.Start() | s.Cancel() | s.Hasten() | s.Push() | s.Take() | s.Clear() | s.Overflow():
                raise ModelError("values are collected for untimed systems only")
            case _:
                assert_never(statement)
        return False

    def call(self, name: str, args: Sequence[e.Expr], here: str) -> Values:
        if self.system is not None:
            for param, arg in zip(self.system.procedures[name].params, args, strict=True):
                self.add(local(name, param), self.value(arg, here))
            self.enter(name)
        return self.read(result(name), here)

    def value(self, expr: e.Expr, here: str) -> Values:
        match expr:
            case e.Const(number):
                return frozenset((number,))
            case e.Read(name):
                return self.read(variable(name), here)
            case e.Local(name):
                return self.read(local(here, name), here)
            case e.Not(arg):
                return frozenset(int(v == 0) for v in self.value(arg, here))
            case e.And(args):
                return self.chain(args, here, stop=False)
            case e.Or(args):
                return self.chain(args, here, stop=True)
            case e.Binary(op, left, right):
                return operated(op, self.value(left, here), self.value(right, here))
            case e.Value(procedure, args):
                return self.call(procedure, args, here)
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


@lru_cache(maxsize=10_000)
def operated(op: e.Op, left: Values, right: Values) -> Values:
    """The results of an operation on any two of these values; division by zero has none."""
    if not left or not right:
        return NONE
    if op.compares:
        return frozenset(int(truth) for truth in compared(op, left, right))
    if len(left) * len(right) > MANY:
        return frozenset(WIDEST)
    if op is e.Op.ADD:
        return frozenset(a + b for a in left for b in right)
    divides = op in (e.Op.DIV, e.Op.MOD)
    return frozenset(e.arithmetic(op, a, b) for a, b in product(left, right) if not (divides and b == 0))


def compared(op: e.Op, left: Values, right: Values) -> set[bool]:
    """How the comparison of any two of these values can come out."""
    match op:
        case e.Op.EQ | e.Op.NE:
            same = {True} if not left.isdisjoint(right) else set()
            other = {False} if len(left | right) > 1 else set()
            found = same | other
            return found if op is e.Op.EQ else {not truth for truth in found}
        case e.Op.GT:
            return compared(e.Op.LT, right, left)
        case e.Op.GE:
            return compared(e.Op.LE, right, left)
        case e.Op.LT:
            return {min(left) < max(right), max(left) < min(right)}
        case _:
            return {min(left) <= max(right), max(left) <= min(right)}
