"""Actions as equations: the value of every variable after an action, in terms of the values before it.

For languages that describe steps by formulas. Each intermediate value gets one definition, in the order in which it is
computed, and is shared: a definition is a term, or a choice between two. Loops are unrolled; one that goes on longer
than its queue has places sets the limit, which never comes about where a loop empties a queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hamodel.errors import NotExportable
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.bounds import Bounds, bounds
from hamodel.ir.flat import FlatAction
from hamodel.ir.plain import is_bit, simplified, truth
from hamodel.ir.rewrite import rebuilt
from hamodel.ir.system import System
from hamodel.ir.untimed import LIMIT

ROUNDS = 9
"""A loop is unrolled so often; the longest queue holds fewer messages."""


@dataclass(frozen=True, slots=True)
class Definition:
    """`name` is `value`, or where there is a `test`: `value` if it is not 0, else `other`."""

    name: str
    value: e.Expr
    test: e.Expr | None = None
    other: e.Expr | None = None


@dataclass(frozen=True, slots=True)
class Equations:
    """What an action does: definitions, each in terms of those before it, and the variables that may change.

    A `Read` is a value before the step, a `Local` a definition.
    """

    definitions: tuple[Definition, ...]
    after: Mapping[str, e.Expr]
    known: Mapping[str, Bounds]
    """The bounds of the definitions."""


def equations(system: System, action: FlatAction, first: Mapping[str, e.Expr] | None = None) -> Equations:
    """The action as equations; `first` are values that are known before it.

    Raises NotExportable for a loop in a system that has no limit to set.
    """
    solver = _Solver(system)
    values: dict[str, e.Expr] = dict(first or {})
    solver.block(action.body, values)
    after = {v.name: values[v.name] for v in system.variables if v.name in values and values[v.name] != e.Read(v.name)}
    needed = _needed(solver.definitions, after)
    return Equations(tuple(d for d in solver.definitions if d.name in needed), after, solver.known)


def _needed(definitions: Sequence[Definition], after: Mapping[str, e.Expr]) -> set[str]:
    needed: set[str] = set()

    def note(expr: e.Expr | None) -> None:
        if expr is not None:
            rebuilt(expr, seen)

    def seen(expr: e.Expr) -> e.Expr:
        if isinstance(expr, e.Local):
            needed.add(expr.name)
        return expr

    for value in after.values():
        note(value)
    for definition in reversed(definitions):
        if definition.name in needed:
            for part in (definition.value, definition.test, definition.other):
                note(part)
    return needed


class _Solver:
    """Runs an action on terms. Keys are variables and local names, told apart by what writes them."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.definitions: list[Definition] = []
        self.known: dict[str, Bounds] = {}

    def block(self, body: Sequence[s.Statement], values: dict[str, e.Expr]) -> None:
        for statement in body:
            match statement:
                case s.Assign(name, value):
                    values[name] = self.named(self.term(value, values))
                case s.Bind(name, value):
                    values[_local(name)] = self.named(self.term(value, values))
                case s.If(test, then, otherwise):
                    self.branch(truth(self.term(test, values)), then, otherwise, values)
                case s.While(test, inner):
                    self.loop(test, inner, values, ROUNDS)
                case _:
                    raise NotExportable(f"{type(statement).__name__} is no statement of an untimed system")

    def loop(self, test: e.Expr, body: Sequence[s.Statement], values: dict[str, e.Expr], rounds: int) -> None:
        if rounds == 0:
            if LIMIT not in self.system.variable_index:
                raise NotExportable("a loop of this model cannot be written as a formula")
            self.branch(truth(self.term(test, values)), (s.Assign(LIMIT, e.TRUE),), (), values)
            return
        known = truth(self.term(test, values))
        if known == e.FALSE:
            return
        then = dict(values)
        self.block(body, then)
        self.loop(test, body, then, rounds - 1)
        self.merge(known, then, dict(values), values)

    def branch(
        self, test: e.Expr, then: Sequence[s.Statement], otherwise: Sequence[s.Statement], values: dict[str, e.Expr]
    ) -> None:
        if isinstance(test, e.Const):
            self.block(then if test.value else otherwise, values)
            return
        known = self.named(test)
        yes, no = dict(values), dict(values)
        self.block(then, yes)
        self.block(otherwise, no)
        self.merge(known, yes, no, values)

    def merge(
        self, test: e.Expr, yes: Mapping[str, e.Expr], no: Mapping[str, e.Expr], values: dict[str, e.Expr]
    ) -> None:
        """What two branches leave behind; a local name of only one of them is not asked for afterwards."""
        for key in {**yes, **no}:
            default = e.FALSE if key.startswith("local ") else e.Read(key)
            a, b = yes.get(key, default), no.get(key, default)
            values[key] = a if a == b else self.chosen(test, a, b)

    def chosen(self, test: e.Expr, a: e.Expr, b: e.Expr) -> e.Expr:
        name = f"t{len(self.definitions)}"
        self.definitions.append(Definition(name, a, test, b))
        (lo, hi), (low, high) = (bounds(x, self.system, self.known) for x in (a, b))
        self.known[name] = (min(lo, low), max(hi, high))
        return e.Local(name)

    def named(self, value: e.Expr) -> e.Expr:
        """A name for a term that is more than a value."""
        if isinstance(value, e.Const | e.Read | e.Local):
            return value
        name = f"t{len(self.definitions)}"
        self.definitions.append(Definition(name, value))
        self.known[name] = (0, 1) if is_bit(value, self.system) else bounds(value, self.system, self.known)
        return e.Local(name)

    def term(self, expr: e.Expr, values: Mapping[str, e.Expr]) -> e.Expr:
        def put(term: e.Expr) -> e.Expr:
            match term:
                case e.Read(name):
                    return values.get(name, term)
                case e.Local(name):
                    return values.get(_local(name), e.FALSE)
                case _:
                    return term

        return simplified(rebuilt(expr, put), self.system)


def _local(name: str) -> str:
    return f"local {name}"
