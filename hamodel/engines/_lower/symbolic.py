"""Procedures as z3 terms: both branches are taken, and what they leave is merged by if-then-else.

A value is a Python int while it is known, else a bit-vector (numbers) or a z3 truth value. What is known stays known:
only what depends on the state before the step becomes a term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

import z3

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.system import System

Term = Any
"""int | bool | z3.BitVecRef | z3.BoolRef"""
WIDTH = 32


def truth(value: Term) -> Term:
    """The value as a formula: a Python bool where it is known."""
    if isinstance(value, int):
        return value != 0
    return value if z3.is_bool(value) else value != 0


def number(value: Term) -> Term:
    """The value as a number: a Python int where it is known."""
    if isinstance(value, int):
        return int(value)
    return z3.If(value, word(1), word(0)) if z3.is_bool(value) else value


def word(value: Term) -> Term:
    """The value as a bit-vector."""
    value = number(value)
    return z3.BitVecVal(value, WIDTH) if isinstance(value, int) else value


def not_(value: Term) -> Term:
    return not value if isinstance(value, bool) else z3.Not(value)


def and_(left: Term, right: Term) -> Term:
    if isinstance(left, bool):
        return right if left else False
    if isinstance(right, bool):
        return left if right else False
    return z3.And(left, right)


def or_(left: Term, right: Term) -> Term:
    return not_(and_(not_(left), not_(right)))


def choose(test: Term, yes: Term, no: Term) -> Term:
    """`yes` where the test holds, else `no`; one of them where they are the same."""
    if isinstance(test, bool):
        return yes if test else no
    if yes is no or (isinstance(yes, int) and isinstance(no, int) and int(yes) == int(no)):
        return yes
    if _formula(yes) and _formula(no):
        return or_(and_(test, yes), and_(not_(test), no))
    return z3.If(test, word(yes), word(no))


def _formula(value: Term) -> bool:
    return isinstance(value, bool) or z3.is_bool(value)


@dataclass(slots=True)
class Store:
    """Everything a path may change, by name; paths are merged entry by entry."""

    values: dict[str, Term]
    """`x:` variables, `q:` queues; of timers `r:` running, `s:` started, `l:` `h:` bounds, `d:` due."""
    local: dict[str, Term] = field(default_factory=dict)
    done: Term = False
    """The procedure has returned."""
    result: Term = 0

    def copy(self) -> Store:
        return Store(dict(self.values), dict(self.local), self.done, self.result)


def merge(test: Term, yes: Store, no: Store) -> Store:
    other = no.values
    values = {k: v if v is other[k] else choose(test, v, other[k]) for k, v in yes.values.items()}
    both = {k: choose(test, yes.local.get(k, 0), no.local.get(k, 0)) for k in {**yes.local, **no.local}}
    return Store(values, both, choose(test, yes.done, no.done), choose(test, yes.result, no.result))


class Interpreter:
    """Runs procedures of one system on stores; `tick` is called before each, and may end it all by raising."""

    def __init__(self, system: System, tick: Callable[[], None] = lambda: None) -> None:
        self.system, self.tick = system, tick
        self.capacity = {q.name: q.capacity for q in system.queues}
        self.rounds = max(self.capacity.values(), default=0) + 1

    def call(self, name: str, args: Sequence[Term], store: Store) -> tuple[Store, Term]:
        """The store after the procedure (the caller's locals are kept) and what it returned."""
        self.tick()
        procedure = self.system.procedures[name]
        inner = Store(store.values, dict(zip(procedure.params, args, strict=True)))
        after = self.block(procedure.body, inner)
        return Store(after.values, store.local, store.done, store.result), after.result

    def block(self, statements: Sequence[s.Statement], store: Store) -> Store:
        for position, statement in enumerate(statements):
            store = self.statement(statement, store)
            if store.done is True:
                return store
            if store.done is not False:
                rest = store.copy()
                rest.done = False
                return merge(store.done, store, self.block(statements[position + 1 :], rest))
        return store

    def statement(self, statement: s.Statement, store: Store) -> Store:
        match statement:
            case s.Assign(variable, value):
                store, term = self.value(value, store)
                return self.put(store, {f"x:{variable}": number(term)})
            case s.Bind(name, value):
                store, term = self.value(value, store)
                return Store(store.values, {**store.local, name: term}, store.done, store.result)
            case s.If(test, then, otherwise):
                store, term = self.value(test, store)
                return self.branch(truth(term), then, otherwise, store)
            case s.While(test, body):
                return self.loop(test, body, store, self.rounds)
            case s.Call(procedure, args):
                store, terms = self.values(args, store)
                return self.call(procedure, terms, store)[0]
            case s.Start(timer, lo, hi):
                store, (least, most) = self.values((lo, hi), store)
                return self.put(store, started(timer, number(least), number(most)))
            case s.Cancel(timer):
                return self.put(store, {f"r:{timer}": False, f"s:{timer}": False, f"d:{timer}": -1})
            case s.Hasten(timer, hi):
                store, most = self.value(hi, store)
                return self.hasten(timer, number(most), store)
            case s.Push(queue, value):
                store, term = self.value(value, store)
                return self.push(queue, number(term), store)
            case s.Take(name, queue):
                return self.take(name, queue, store)
            case s.Clear(queue):
                return self.put(store, {f"q:{queue}:length": 0})
            case s.Log():
                return store
            case s.Overflow():
                return self.put(store, {"limit": True})
            case s.Return(value):
                store, result = self.value(value, store) if value is not None else (store, 0)
                return Store(store.values, store.local, True, result)
            case _:
                assert_never(statement)

    def put(self, store: Store, changed: Mapping[str, Term]) -> Store:
        return Store({**store.values, **changed}, store.local, store.done, store.result)

    def branch(self, test: Term, then: Sequence[s.Statement], otherwise: Sequence[s.Statement], store: Store) -> Store:
        if isinstance(test, bool):
            return self.block(then if test else otherwise, store)
        return merge(test, self.block(then, store.copy()), self.block(otherwise, store.copy()))

    def loop(self, test: e.Expr, body: Sequence[s.Statement], store: Store, rounds: int) -> Store:
        """As many rounds as the largest queue is long; one more is a limit of this engine, and said."""
        store, term = self.value(test, store)
        again = truth(term)
        if again is False:
            return store
        if rounds == 0:
            return self.put(store, {"limit": or_(store.values["limit"], again)})
        inside = self.block(body, store.copy())
        if inside.done is not True:
            rest = inside.copy()
            rest.done = False
            inside = merge(inside.done, inside, self.loop(test, body, rest, rounds - 1))
        return merge(again, inside, store)

    def hasten(self, timer: str, most: Term, store: Store) -> Store:
        running, fresh = store.values[f"r:{timer}"], store.values[f"s:{timer}"]
        hi, due = store.values[f"h:{timer}"], store.values[f"d:{timer}"]
        lower = self.compare(e.Op.LT, most, hi)
        first = or_(self.compare(e.Op.LT, due, 0), self.compare(e.Op.LT, most, due))
        begun = self.put(store, started(timer, 0, most))
        eager = self.put(store, {f"h:{timer}": choose(lower, most, hi)})
        kept = self.put(store, {f"d:{timer}": choose(first, most, due)})
        return merge(running, merge(fresh, eager, kept), begun)

    def push(self, queue: str, term: Term, store: Store) -> Store:
        length = store.values[f"q:{queue}:length"]
        full = self.compare(e.Op.GE, length, self.capacity[queue])
        changed: dict[str, Term] = {"limit": or_(store.values["limit"], full)}
        for place in range(self.capacity[queue]):
            here = self.compare(e.Op.EQ, length, place)
            changed[f"q:{queue}:{place}"] = choose(here, term, store.values[f"q:{queue}:{place}"])
        changed[f"q:{queue}:length"] = choose(full, length, self.arithmetic(e.Op.ADD, length, 1))
        return self.put(store, changed)

    def take(self, name: str, queue: str, store: Store) -> Store:
        length = store.values[f"q:{queue}:length"]
        some = self.compare(e.Op.GT, length, 0)
        places = [store.values[f"q:{queue}:{i}"] for i in range(self.capacity[queue])]
        changed = {
            f"q:{queue}:{i}": choose(some, later, now)
            for i, (now, later) in enumerate(zip(places, [*places[1:], 0], strict=True))
        }
        changed[f"q:{queue}:length"] = choose(some, self.arithmetic(e.Op.SUB, length, 1), length)
        after = self.put(store, changed)
        after.local = {**after.local, name: choose(some, places[0] if places else 0, 0)}
        return after

    def values(self, args: Sequence[e.Expr], store: Store) -> tuple[Store, list[Term]]:
        terms = []
        for arg in args:
            store, term = self.value(arg, store)
            terms.append(term)
        return store, terms

    def value(self, expr: e.Expr, store: Store) -> tuple[Store, Term]:
        """The value of an expression and the store after it, for a procedure called in it may have effects."""
        match expr:
            case e.Const(value):
                return store, value
            case e.Read(variable):
                return store, store.values[f"x:{variable}"]
            case e.Local(name):
                return store, store.local.get(name, 0)
            case e.Option(name):
                return store, self.system.setting_value[name]
            case e.Running(timer):
                return store, store.values[f"r:{timer}"]
            case e.Length(queue):
                return store, store.values[f"q:{queue}:length"]
            case e.Not(arg):
                store, term = self.value(arg, store)
                return store, not_(truth(term))
            case e.And(args) | e.Or(args):
                return self.chain(args, isinstance(expr, e.And), store)
            case e.Binary(op, left, right):
                store, (a, b) = self.values((left, right), store)
                return store, self.arithmetic(op, a, b)
            case e.Value(procedure, args):
                store, terms = self.values(args, store)
                return self.call(procedure, terms, store)
            case _:
                assert_never(expr)

    def chain(self, args: Sequence[e.Expr], all_of: bool, store: Store) -> tuple[Store, Term]:
        """`and` / `or` from left to right: the rest is evaluated only where it still matters."""
        store, term = self.value(args[0], store)
        first = truth(term)
        if len(args) == 1 or first is (not all_of):
            return store, first
        after, rest = self.chain(args[1:], all_of, store.copy())
        if self.changed(store, after):
            store = merge(first if all_of else not_(first), after, store)
        return store, and_(first, rest) if all_of else or_(first, rest)

    def changed(self, before: Store, after: Store) -> bool:
        return any(after.values[k] is not v for k, v in before.values.items())

    def compare(self, op: e.Op, left: Term, right: Term) -> Term:
        return truth(self.arithmetic(op, left, right))

    def arithmetic(self, op: e.Op, left: Term, right: Term) -> Term:
        if op in (e.Op.EQ, e.Op.NE) and z3.is_bool(left) and isinstance(right, int) and right in (0, 1):
            return left if (op is e.Op.EQ) == (right == 1) else z3.Not(left)
        left, right = number(left), number(right)
        if isinstance(left, int) and isinstance(right, int):
            return e.arithmetic(op, left, right)
        a, b = word(left), word(right)
        match op:
            case e.Op.DIV:
                if not isinstance(right, int) or right <= 0:
                    raise ModelError("z3 divides by positive constants only")
                return (a - a % b) / b
            case e.Op.MOD:
                return a % b
            case e.Op.EQ:
                return a == b
            case e.Op.NE:
                return a != b
            case e.Op.LT | e.Op.LE | e.Op.GT | e.Op.GE | e.Op.ADD | e.Op.SUB | e.Op.MUL | e.Op.BITAND | e.Op.BITOR:
                return _PLAIN[op](a, b)
            case _:
                assert_never(op)


_PLAIN: Mapping[e.Op, Any] = {
    e.Op.LT: lambda a, b: a < b,
    e.Op.LE: lambda a, b: a <= b,
    e.Op.GT: lambda a, b: a > b,
    e.Op.GE: lambda a, b: a >= b,
    e.Op.ADD: lambda a, b: a + b,
    e.Op.SUB: lambda a, b: a - b,
    e.Op.MUL: lambda a, b: a * b,
    e.Op.BITAND: lambda a, b: a & b,
    e.Op.BITOR: lambda a, b: a | b,
}


def started(timer: str, lo: Term, hi: Term) -> dict[str, Term]:
    return {f"r:{timer}": True, f"s:{timer}": True, f"l:{timer}": lo, f"h:{timer}": hi, f"d:{timer}": -1}
