"""Less of the same: what can never happen, never changes or never matters is left out, and the rest behaves the same.

Three steps. What is known is computed: a variable with one possible value is that number, a test with one outcome is
decided, an action whose guard is never true is gone. Then only variables are kept that some guard, some kept test, or
one of the asked formulas depends on (the cone of influence). Last, domains are narrowed to the values that occur.

Sound for every property over the asked formulas, with the numbers of steps: the runs are the same, step by step, seen
through fewer variables. Numbers of states are those of the sliced system.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.ir import statement as s
from hamodel.ir.expr import FALSE, Const, Expr, Local, Read, Value, not_
from hamodel.ir.possible import Possible, possible
from hamodel.ir.rewrite import rebuilt, statements, terms, within
from hamodel.ir.system import System


@dataclass(frozen=True, slots=True)
class Sliced:
    """The smaller system, and the asked formulas said of it."""

    system: System
    formulas: tuple[Expr, ...]


def sliced(system: System, formulas: Sequence[Expr] = ()) -> Sliced:
    """The untimed system without what makes no difference to its runs and to these formulas."""
    found = possible(system)
    known = _Known(system, found)
    actions = [replace(a, guard=known.term(a.guard, "")) for a in system.actions if a.name in set(found.actions)]
    procedures = {name: replace(p, body=known.block(p.body, name)[0]) for name, p in system.procedures.items()}
    asked = tuple(known.term(f, "") for f in formulas)
    entered = [*(a.procedure for a in actions), system.initial]
    questions = [*(a.guard for a in actions), *asked]
    procedures = _reached(procedures, entered, questions)
    cone = _Cone(procedures, questions)
    kept = {name: replace(p, body=cone.block(p.body, name)) for name, p in procedures.items()}
    kept = _reached(kept, entered, questions)
    variables = tuple(
        replace(v, lo=min(values), hi=max(values), labels=())
        for v in system.variables
        if v.name in cone.variables and len(values := found.variables[v.name]) > 1
    )
    smaller = replace(
        system, variables=variables, procedures=kept, actions=tuple(actions), invariants=(), observables={}
    )
    return Sliced(smaller, asked)


class _Known:
    """Terms and statements with what is known put in."""

    def __init__(self, system: System, found: Possible) -> None:
        self.system, self.found, self.values = system, found, found.reader()

    def term(self, expr: Expr, here: str) -> Expr:
        def change(inner: Expr) -> Expr:
            values = self.values(inner, here)
            if len(values) == 1 and not isinstance(inner, Value):
                return Const(next(iter(values)))
            return inner

        return rebuilt(expr, change)

    def block(self, body: Sequence[s.Statement], here: str) -> tuple[tuple[s.Statement, ...], bool]:
        """The block, and whether it always returns; nothing is left of what comes after."""
        out: list[s.Statement] = []
        for statement in body:
            parts, ends = self.statement(statement, here)
            out += parts
            if ends:
                return tuple(out), True
        return tuple(out), False

    def statement(self, statement: s.Statement, here: str) -> tuple[Sequence[s.Statement], bool]:
        match statement:
            case s.Assign(name, value):
                if len(self.found.variables[name]) == 1:
                    return (), False
                return [s.Assign(name, self.term(value, here))], False
            case s.Bind(name, value):
                return [s.Bind(name, self.term(value, here))], False
            case s.If(test, then, otherwise):
                known = self.term(test, here)
                if isinstance(known, Const):
                    return self.block(then if known.value else otherwise, here)
                (yes, ends), (no, also) = self.block(then, here), self.block(otherwise, here)
                if not yes and not no:
                    return (), False
                if not yes:
                    return [s.If(not_(known), no)], False
                return [s.If(known, yes, no)], ends and also
            case s.While(test, inner):
                known = self.term(test, here)
                if known == FALSE:
                    return (), False
                return [s.While(known, self.block(inner, here)[0])], False
            case s.Call(procedure, args):
                return [s.Call(procedure, tuple(self.term(a, here) for a in args))], False
            case s.Return(value):
                return [s.Return(None if value is None else self.term(value, here))], True
            case _:
                return [statement], False


class _Cone:
    """The variables that guards, formulas and kept tests depend on, and the statements that write them."""

    def __init__(self, procedures: Mapping[str, s.Procedure], asked: Sequence[Expr]) -> None:
        self.procedures = procedures
        self.variables: set[str] = set()
        self.local: set[tuple[str, str]] = set()
        self.results: set[str] = set()
        """Procedures whose result matters."""
        self.busy: set[str] = set()
        """Procedures that write something that matters."""
        for expr in asked:
            self.need(expr, "")
        before = -1
        while before != (before := self._size()):
            for name, procedure in procedures.items():
                if self.keep(procedure.body, name):
                    self.busy.add(name)

    def _size(self) -> int:
        return len(self.variables) + len(self.local) + len(self.results) + len(self.busy)

    def need(self, expr: Expr, here: str) -> None:
        for term in within(expr):
            match term:
                case Read(name):
                    self.variables.add(name)
                case Local(name):
                    self.local.add((here, name))
                case Value(procedure):
                    self.results.add(procedure)
                    self.local |= {(procedure, p) for p in self.procedures[procedure].params}
                case _:
                    pass

    def keep(self, body: Sequence[s.Statement], here: str) -> bool:
        """Whether something of the block matters; what that depends on is needed then."""
        some = False
        for statement in body:
            matters = self.matters(statement, here)
            if matters:
                for term in terms(statement):
                    self.need(term, here)
            some = some or matters
        return some

    def matters(self, statement: s.Statement, here: str) -> bool:
        match statement:
            case s.Assign(name, _):
                return name in self.variables
            case s.Bind(name, _):
                return (here, name) in self.local
            case s.If(_, then, otherwise):
                return any([self.keep(then, here), self.keep(otherwise, here)])
            case s.While(_, body):
                self.keep(body, here)
                return True
            case s.Call(procedure):
                return procedure in self.busy
            case s.Return():
                return here in self.results or here in self.busy
            case _:
                return True

    def block(self, body: Sequence[s.Statement], here: str) -> tuple[s.Statement, ...]:
        """What matters of a block."""
        return tuple(self._inner(statement, here) for statement in body if self.matters(statement, here))

    def _inner(self, statement: s.Statement, here: str) -> s.Statement:
        match statement:
            case s.If(test, then, otherwise):
                yes, no = self.block(then, here), self.block(otherwise, here)
                return s.If(test, yes, no) if yes else s.If(not_(test), no)
            case s.While(test, body):
                return s.While(test, self.block(body, here))
            case _:
                return statement


def _reached(
    procedures: Mapping[str, s.Procedure], entered: Sequence[str], asked: Sequence[Expr]
) -> dict[str, s.Procedure]:
    """The procedures that are still called from somewhere."""
    found: dict[str, s.Procedure] = {}
    waiting = [*entered, *(name for expr in asked for name in _calls(expr))]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = procedures[name]
        for statement in statements(procedures[name].body):
            if isinstance(statement, s.Call):
                waiting.append(statement.procedure)
            waiting += [called for term in terms(statement) for called in _calls(term)]
    return dict(sorted(found.items()))


def _calls(expr: Expr) -> Iterator[str]:
    return (term.procedure for term in within(expr) if isinstance(term, Value))
