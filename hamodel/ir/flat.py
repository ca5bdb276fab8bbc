"""Actions without calls: what an action does as one list of plain statements, for languages that have no procedures.

A call is replaced by what it does. Its parameters and local names get names of their own, `a.1` and so on, unique in
the action; what it returns is one more such name. What comes after a `return` is not done: it moves into the branches
that have not returned, or behind a flag where several ways meet again. Log lines are left out, for they change nothing.

Terms lose their calls too. What a call in a term does is done before the term, in the order of evaluation; `and` and
`or` evaluate only as far as needed. A guard or an asked formula has no place for statements: its calls, which have no
effects, become cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.formulas import without_calls
from hamodel.ir.ordering import Ordering
from hamodel.ir.plain import truth
from hamodel.ir.rewrite import rebuilt, statements, terms, within
from hamodel.ir.system import Action, System


@dataclass(frozen=True, slots=True)
class FlatAction:
    """An action, when it may happen, and what it does, both free of calls."""

    action: Action
    guard: e.Expr
    body: tuple[s.Statement, ...]

    @property
    def name(self) -> str:
        return self.action.name

    @property
    def locals(self) -> tuple[str, ...]:
        """The local names in the order in which they are first bound."""
        found = (x.name for x in statements(self.body) if isinstance(x, s.Bind | s.Take))
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Flat:
    """A system without procedures, and the asked formulas without calls."""

    system: System
    actions: tuple[FlatAction, ...]
    formulas: tuple[e.Expr, ...]

    @property
    def size(self) -> int:
        """The number of statements."""
        return sum(1 for a in self.actions for _ in statements(a.body))


def flat(system: System, formulas: Sequence[e.Expr] = ()) -> Flat:
    """Every action that may happen, as one list. Raises ModelError for a guard that cannot be written as a formula."""
    actions = [a for a in system.actions if system.may_happen(a)]
    return Flat(
        system,
        tuple(FlatAction(a, without_calls(system, a.guard), _whole(system, a)) for a in actions),
        tuple(without_calls(system, f) for f in formulas),
    )


def _whole(system: System, action: Action) -> tuple[s.Statement, ...]:
    """The macro step of an action: its procedure, then the observers."""
    inliner = _Inliner(system)
    body: list[s.Statement] = []
    for name in (action.procedure, system.after):
        if name is not None:
            body += inliner.call(name, (), None)
    return _used(body)


def _used(body: Sequence[s.Statement]) -> tuple[s.Statement, ...]:
    """The block without local names that nobody asks for, and without tests that decide nothing."""
    while True:
        asked = {t.name for x in statements(body) for u in terms(x) for t in within(u) if isinstance(t, e.Local)}
        smaller = tuple(_kept(body, asked))
        if smaller == tuple(body):
            return smaller
        body = smaller


def _kept(body: Iterable[s.Statement], asked: set[str]) -> Iterator[s.Statement]:
    for statement in body:
        match statement:
            case s.Bind(name, _) if name not in asked:
                pass
            case s.If(test, then, otherwise):
                yes, no = tuple(_kept(then, asked)), tuple(_kept(otherwise, asked))
                known = truth(test)
                if isinstance(known, e.Const):
                    yield from yes if known.value else no
                elif yes:
                    yield s.If(known, yes, no)
                elif no:
                    yield s.If(truth(e.not_(known)), no)
            case s.While(test, inner):
                yield s.While(truth(test), tuple(_kept(inner, asked)))
            case _:
                yield statement


class _End(Enum):
    """How a block ends: it never returns, on some ways, on all."""

    NEVER = 0
    SOMETIMES = 1
    ALWAYS = 2


class _NeedsFlag(Exception):
    """Ways that have returned and ways that have not meet again."""


@dataclass(slots=True)
class _Frame:
    """One call under way: what its local names are called outside, and where its result goes."""

    procedure: s.Procedure
    names: dict[str, e.Expr]
    result: str | None
    flag: str | None = None


class _Inliner(Ordering):
    """Writes out the calls of one action."""

    def __init__(self, system: System) -> None:
        super().__init__(system)
        self.nested: list[str] = []

    def asked(self, procedure: str, args: Sequence[e.Expr], out: list[s.Statement]) -> e.Expr:
        result = self.fresh("result")
        out += self.call(procedure, args, result)
        return e.Local(result)

    def call(self, name: str, args: Sequence[e.Expr], result: str | None) -> list[s.Statement]:
        """What a call does; the arguments are free of calls."""
        if name in self.nested:
            raise ModelError(f"{name} calls itself", seen=self.nested)
        procedure = self.system.procedures[name]
        self.nested.append(name)
        self.here = name
        written = {x.name for x in statements(procedure.body) if isinstance(x, s.Bind | s.Take)}
        out: list[s.Statement] = []
        names: dict[str, e.Expr] = {}
        for param, arg in zip(procedure.params, args, strict=True):
            if isinstance(arg, e.Const) and param not in written:
                names[param] = arg
            else:
                own = self.fresh(param)
                names[param] = e.Local(own)
                out.append(s.Bind(own, arg))
        names |= {local: e.Local(self.fresh(local)) for local in sorted(written - set(procedure.params))}
        try:
            body, end = self.block(procedure.body, _Frame(procedure, dict(names), result))
        except _NeedsFlag:
            flag = self.fresh("returned")
            out.append(s.Bind(flag, e.FALSE))
            body, end = self.block(procedure.body, _Frame(procedure, dict(names), result, flag))
        if result is not None and end is not _End.ALWAYS:
            out.append(s.Bind(result, e.FALSE))
        self.nested.pop()
        self.here = self.nested[-1] if self.nested else ""
        return out + body

    def block(self, body: Sequence[s.Statement], frame: _Frame) -> tuple[list[s.Statement], _End]:
        out: list[s.Statement] = []
        for number, statement in enumerate(body):
            rest = body[number + 1 :]
            match statement:
                case s.Return(value):
                    if frame.result is not None:
                        out.append(
                            s.Bind(frame.result, e.FALSE if value is None else self.term(value, frame.names, out))
                        )
                    elif value is not None:
                        self.term(value, frame.names, out)
                    if frame.flag is not None:
                        out.append(s.Bind(frame.flag, e.TRUE))
                    return out, _End.ALWAYS
                case s.If(test, then, otherwise) if _returns(statement):
                    known = self.term(test, frame.names, out)
                    yes, ends = self.block(then, frame)
                    no, also = self.block(otherwise, frame)
                    return self.joined(out, known, (yes, ends), (no, also), rest, frame)
                case s.While(test, inner) if _returns(statement):
                    if frame.flag is None:
                        raise _NeedsFlag
                    self.loop(test, inner, frame, out)
                    return self.unless(out, rest, frame)
                case s.While(test, inner):
                    self.loop(test, inner, frame, out)
                case _:
                    out += self.statement(statement, frame)
        return out, _End.NEVER

    def joined(
        self,
        out: list[s.Statement],
        test: e.Expr,
        yes: tuple[list[s.Statement], _End],
        no: tuple[list[s.Statement], _End],
        rest: Sequence[s.Statement],
        frame: _Frame,
    ) -> tuple[list[s.Statement], _End]:
        """A test one of whose branches returns, and what comes after it."""
        (then, ends), (otherwise, also) = yes, no
        if ends is _End.ALWAYS and also is _End.ALWAYS:
            return [*out, s.If(test, tuple(then), tuple(otherwise))], _End.ALWAYS
        if _End.SOMETIMES not in (ends, also):
            more, end = self.block(rest, frame)
            then, otherwise = (then, otherwise + more) if ends is _End.ALWAYS else (then + more, otherwise)
            whole = _End.ALWAYS if end is _End.ALWAYS else _End.SOMETIMES
            return [*out, s.If(test, tuple(then), tuple(otherwise))], whole
        if rest and frame.flag is None:
            raise _NeedsFlag
        out.append(s.If(test, tuple(then), tuple(otherwise)))
        return self.unless(out, rest, frame) if rest else (out, _End.SOMETIMES)

    def unless(
        self, out: list[s.Statement], rest: Sequence[s.Statement], frame: _Frame
    ) -> tuple[list[s.Statement], _End]:
        """What comes after a place from which some ways have returned."""
        assert frame.flag is not None
        more, end = self.block(rest, frame)
        if more:
            out.append(s.If(e.not_(e.Local(frame.flag)), tuple(more)))
        return out, _End.ALWAYS if end is _End.ALWAYS else _End.SOMETIMES

    def loop(self, test: e.Expr, body: Sequence[s.Statement], frame: _Frame, out: list[s.Statement]) -> None:
        """The test is evaluated before each round, with all it does."""
        before: list[s.Statement] = []
        known = self.term(test, frame.names, before)
        inner, end = self.block(body, frame)
        if before:
            again = self.fresh("again")
            before.append(s.Bind(again, truth(known)))
            known = e.Local(again)
            if end is _End.NEVER:
                inner += before
            else:
                assert frame.flag is not None
                inner.append(s.If(e.not_(e.Local(frame.flag)), tuple(before)))
        if end is not _End.NEVER:
            if frame.flag is None:
                raise _NeedsFlag
            known = e.and_(e.not_(e.Local(frame.flag)), known)
        out += [*before, s.While(known, tuple(inner))]

    def statement(self, statement: s.Statement, frame: _Frame) -> list[s.Statement]:
        """A statement in which nothing returns."""
        out: list[s.Statement] = []
        match statement:
            case s.Assign(variable, value):
                out.append(s.Assign(variable, self.term(value, frame.names, out)))
            case s.Bind(name, value):
                out.append(s.Bind(self.local(name, frame), self.term(value, frame.names, out)))
            case s.If(test, then, otherwise):
                known = self.term(test, frame.names, out)
                out.append(s.If(known, tuple(self.block(then, frame)[0]), tuple(self.block(otherwise, frame)[0])))
            case s.Call(procedure, args):
                values = self.ordered(args, frame.names, out)
                out += self.call(procedure, values, None)
            case s.Start(timer, lo, hi):
                first, last = self.ordered((lo, hi), frame.names, out)
                out.append(s.Start(timer, first, last))
            case s.Hasten(timer, hi):
                out.append(s.Hasten(timer, self.term(hi, frame.names, out)))
            case s.Push(queue, value):
                out.append(s.Push(queue, self.term(value, frame.names, out)))
            case s.Take(name, queue):
                out.append(s.Take(self.local(name, frame), queue))
            case s.Log(_, _, fields):
                for _, text in fields:
                    if not isinstance(text, str):
                        self.term(text, frame.names, out)
            case s.Cancel() | s.Clear() | s.Overflow():
                out.append(statement)
            case s.While() | s.Return():
                raise AssertionError("handled by the block")
            case _:
                assert_never(statement)
        return out

    def local(self, name: str, frame: _Frame) -> str:
        found = frame.names[name]
        assert isinstance(found, e.Local)
        return found.name


def _returns(statement: s.Statement) -> bool:
    return any(isinstance(x, s.Return) for x in statements((statement,)))


def renamed(action: FlatAction, names: Mapping[str, str]) -> FlatAction:
    """The same action with other local names."""

    def term(expr: e.Expr) -> e.Expr:
        return rebuilt(expr, lambda t: e.Local(names[t.name]) if isinstance(t, e.Local) else t)

    def block(body: Iterable[s.Statement]) -> tuple[s.Statement, ...]:
        return tuple(map(statement, body))

    def statement(given: s.Statement) -> s.Statement:
        match given:
            case s.Assign(variable, value):
                return s.Assign(variable, term(value))
            case s.Bind(name, value):
                return s.Bind(names[name], term(value))
            case s.If(test, then, otherwise):
                return s.If(term(test), block(then), block(otherwise))
            case s.While(test, body):
                return s.While(term(test), block(body))
            case s.Start(timer, lo, hi):
                return s.Start(timer, term(lo), term(hi))
            case s.Hasten(timer, hi):
                return s.Hasten(timer, term(hi))
            case s.Push(queue, value):
                return s.Push(queue, term(value))
            case s.Take(name, queue):
                return s.Take(names[name], queue)
            case _:
                return given

    return replace(action, body=block(action.body))
