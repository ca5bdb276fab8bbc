"""The same procedures, with every call that changes something on its own.

For languages that have procedures and evaluate terms in another order. A term may still ask procedures that change
nothing. All others are called as a statement, or as the whole right side of a local name, in the order in which the
rules evaluate them. Log lines are left out, for they change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.ordering import Ordering
from hamodel.ir.plain import truth
from hamodel.ir.rewrite import statements, terms, within
from hamodel.ir.system import System


def settled(system: System) -> System:
    """The system with these procedures, each after those it calls."""
    changing = _changing(system)
    order = called_first(system)
    return replace(system, procedures={name: _Settler(system, changing).procedure(name) for name in order})


def called_first(system: System) -> tuple[str, ...]:
    """The names of all procedures, those that are called before those that call them."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in done:
            return
        for other in sorted(_calls(system.procedures[name].body)):
            visit(other)
        done[name] = None

    for name in system.procedures:
        visit(name)
    return tuple(done)


def _calls(body: Iterable[s.Statement]) -> set[str]:
    found: set[str] = set()
    for statement in statements(body):
        if isinstance(statement, s.Call):
            found.add(statement.procedure)
        found |= {t.procedure for u in terms(statement) for t in within(u) if isinstance(t, e.Value)}
    return found


def asked_results(system: System) -> frozenset[str]:
    """The procedures whose result somebody wants."""
    found: set[str] = set()
    for procedure in system.procedures.values():
        for statement in statements(procedure.body):
            for term in terms(statement):
                found |= {t.procedure for t in within(term) if isinstance(t, e.Value)}
    return frozenset(found)


def _changing(system: System) -> frozenset[str]:
    """The procedures that do something to the state, themselves or through others."""
    changing: set[str] = set()
    harmless = s.Bind | s.If | s.While | s.Call | s.Return | s.Log
    for name in called_first(system):
        body = system.procedures[name].body
        writes = any(not isinstance(x, harmless) for x in statements(body))
        if writes or _calls(body) & changing:
            changing.add(name)
    return frozenset(changing)


class _Settler(Ordering):
    """Rewrites one procedure."""

    def __init__(self, system: System, changing: frozenset[str]) -> None:
        super().__init__(system)
        self.changing = changing
        self.names: dict[str, e.Expr] = {}

    def asked(self, procedure: str, args: Sequence[e.Expr], out: list[s.Statement]) -> e.Expr:
        if procedure not in self.changing:
            return e.Value(procedure, tuple(args))
        result = self.fresh("result")
        out.append(s.Bind(result, e.Value(procedure, tuple(args))))
        return e.Local(result)

    def procedure(self, name: str) -> s.Procedure:
        found = self.system.procedures[name]
        self.here = name
        bound = (x.name for x in statements(found.body) if isinstance(x, s.Bind | s.Take))
        self.names = {local: e.Local(local) for local in (*found.params, *bound)}
        return replace(found, body=self.block(found.body))

    def block(self, body: Iterable[s.Statement]) -> tuple[s.Statement, ...]:
        out: list[s.Statement] = []
        for statement in body:
            last = self.statement(statement, out)
            out += last
        return tuple(out)

    def said(self, expr: e.Expr, out: list[s.Statement]) -> e.Expr:
        return self.term(expr, self.names, out)

    def statement(self, statement: s.Statement, out: list[s.Statement]) -> tuple[s.Statement, ...]:
        """The statement, after what has to be done before it, which goes to `out`."""
        match statement:
            case s.Assign(variable, value):
                return (s.Assign(variable, self.said(value, out)),)
            case s.Bind(name, value):
                return (s.Bind(name, self.said(value, out)),)
            case s.If(test, then, otherwise):
                known = truth(self.said(test, out))
                if isinstance(known, e.Const):
                    return self.block(then if known.value else otherwise)
                return (s.If(known, self.block(then), self.block(otherwise)),)
            case s.While(test, body):
                return self.loop(test, body, out)
            case s.Call(procedure, args):
                return (s.Call(procedure, tuple(self.ordered(args, self.names, out))),)
            case s.Start(timer, lo, hi):
                first, last = self.ordered((lo, hi), self.names, out)
                return (s.Start(timer, first, last),)
            case s.Hasten(timer, hi):
                return (s.Hasten(timer, self.said(hi, out)),)
            case s.Push(queue, value):
                return (s.Push(queue, self.said(value, out)),)
            case s.Return(value):
                return (s.Return(None if value is None else self.said(value, out)),)
            case s.Log(_, _, fields):
                for _, text in fields:
                    if not isinstance(text, str):
                        self.said(text, out)
                return ()
            case s.Take() | s.Cancel() | s.Clear() | s.Overflow():
                return (statement,)

    def loop(self, test: e.Expr, body: Sequence[s.Statement], out: list[s.Statement]) -> tuple[s.Statement, ...]:
        """The test is evaluated before each round, with all it does."""
        before: list[s.Statement] = []
        known = truth(self.said(test, before))
        inner = self.block(body)
        if not before:
            return (s.While(known, inner),)
        again = self.fresh("again")
        before.append(s.Bind(again, known))
        out += before
        return (s.While(e.Local(again), (*inner, *before)),)
