"""What decides the outcome of a macro step: for everything it writes, the variables whose values beforehand matter.

An action of two nodes often tells one of them little about the other: a message comes out of one half and changes the
other, which sees the message and nothing else. Of a procedure it is worked out once what its effects depend on, in
terms of the state in which it is called and of its parameters; calls put in what is known about these.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from hamodel.engines._lower.layout import Layout
from hamodel.engines._lower.packing import Packing
from hamodel.engines._lower.ranges import interval, within
from hamodel.errors import ModelError
from hamodel.ir import statement as s
from hamodel.ir.expr import And, Binary, Const, Expr, Local, Op, Or, Read, Value
from hamodel.ir.rewrite import parts, statements
from hamodel.ir.system import System

Names = frozenset[str]
NOTHING: Names = frozenset()
MOST_TOLD = 24
"""Bits; where more is told, the same is seldom told twice."""
FAILS, LOCAL = "", "$"
"""Stands for a variable that says whether the step is an error; what stands before local names."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Of a procedure: for each variable it may write, what decides the value afterwards; and what its result."""

    written: dict[str, Names]
    result: Names


class Influence:
    """The effects of the procedures of an untimed system."""

    def __init__(self, system: System, layout: Layout) -> None:
        self.system, self.layout = system, layout
        self.known: dict[str, Effect] = {}

    def procedure(self, name: str) -> Effect:
        if name not in self.known:
            walk = _Walk(self)
            walk.block(self.system.procedures[name].body)
            outside = {n: found for n, found in walk.written.items() if not n.startswith(LOCAL)}
            self.known[name] = Effect(outside, walk.result)
        return self.known[name]


class Signals:
    """What actions tell the half that does not decide on them."""

    def __init__(self, system: System, layout: Layout, packing: Packing) -> None:
        self.influence, self.packing = Influence(system, layout), packing

    def told(self, procedure: str, side: int) -> list[int] | None:
        """The bits, by word, of half `side` that the other half and what both know depend on.

        None where half `side` itself depends on the other in more than what both know, or where too much is told.
        """
        division, written = self.packing.division, self.influence.procedure(procedure).written
        mine, theirs = (frozenset(division.halves[half]) for half in (side, 1 - side))
        own = NOTHING.union(*(found for name, found in written.items() if name in mine))
        other = NOTHING.union(*(found for name, found in written.items() if name not in mine))
        fields = [self.packing.fields[name] for name in other & mine]
        if own & theirs or sum(told.width for told in fields) > MOST_TOLD:
            return None
        words = [0] * self.packing.half
        for told in fields:
            words[told.word - side * self.packing.half] |= told.mask << told.shift
        return words


class _Walk:
    """One procedure, statement by statement."""

    def __init__(self, module: Influence) -> None:
        self.module = module
        self.written: ChainMap[str, Names] = ChainMap()
        """What has been done so far; in a branch, the first map is what the branch did."""
        self.result: Names = NOTHING
        self.because: Names = NOTHING
        """What decides whether this place is reached."""
        self.found: Names = NOTHING
        """What decides the value of the term in the last branch."""

    def block(self, body: Sequence[s.Statement]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, statement: s.Statement) -> None:
        match statement:
            case s.Assign(name, value):
                found = self.read(value)
                if not within(interval(value, self.module.layout), self.module.layout.bounds[name]):
                    self.may_fail(found)
                self.write(name, found)
            case s.Bind(name, value):
                self.write(LOCAL + name, self.read(value))
            case s.If(test, then, otherwise):
                self.choose(self.read(test), then, otherwise)
            case s.While(test, body):
                before = -1
                while before != (before := self.size()):
                    found = self.read(test)
                    self.may_fail(found)
                    self.choose(found, body, ())
            case s.Call(procedure, args):
                self.call(procedure, args)
            case s.Return(value):
                if value is not None:
                    self.result |= self.read(value) | self.because
            case s.Log():
                pass
            case s.Start() | s.Cancel() | s.Hasten() | s.Push() | s.Take() | s.Clear() | s.Overflow():
                raise ModelError("only untimed systems are asked what their actions depend on")
            case _:
                assert_never(statement)

    def size(self) -> int:
        return sum(map(len, self.written.values())) + len(self.result) + len(self.because)

    def before(self, name: str) -> Names:
        """What decides the value a variable has here."""
        return self.written.get(name, frozenset((name,)))

    def write(self, name: str, found: Names) -> None:
        self.written[name] = found | self.because

    def may_fail(self, found: Names) -> None:
        self.write(FAILS, self.before(FAILS) | found)

    def choose(self, test: Names, then: Sequence[s.Statement], otherwise: Sequence[s.Statement]) -> None:
        """Either branch is taken; if one may return, what decides that decides whether the rest is reached, too."""
        ends, further = [], self.because
        for body in (then, otherwise):
            written, because = self.branch(test, body)
            ends.append(written)
            if any(isinstance(inner, s.Return) for inner in statements(body)):
                further |= because
        self.join(test, ends)
        self.because = further

    def branch(self, test: Names, body: Sequence[s.Statement] | Expr) -> tuple[Mapping[str, Names], Names]:
        """What statements, or what a term, write where a test decides whether they are reached; and `because` there."""
        outer, because = self.written, self.because
        self.written, self.because = outer.new_child(), because | test
        if isinstance(body, Sequence):
            self.block(body)
        else:
            self.found |= self.read(body)
        done, late, self.written, self.because = self.written.maps[0], self.because, outer, because
        return done, late

    def join(self, test: Names, ends: Sequence[Mapping[str, Names]]) -> None:
        """What only one branch writes keeps its value in the other."""
        for name in dict.fromkeys(name for end in ends for name in end):
            self.write(name, test.union(*(end.get(name, self.before(name)) for end in ends)))

    def call(self, procedure: str, args: Sequence[Expr]) -> Names:
        """The effects of the procedure put behind what was done; what decides its result."""
        effect = self.module.procedure(procedure)
        params = self.module.system.procedures[procedure].params
        given = {LOCAL + name: self.read(arg) for name, arg in zip(params, args, strict=True)}
        written = {name: self.seen(found, given) for name, found in effect.written.items()}
        result = self.seen(effect.result, given)
        for name, found in written.items():
            self.write(name, found)
        return result

    def seen(self, names: Names, given: Mapping[str, Names]) -> Names:
        """The same said of the state in which this procedure was called."""
        return NOTHING.union(*(given.get(n, NOTHING) if n.startswith(LOCAL) else self.before(n) for n in names))

    def read(self, expr: Expr) -> Names:
        """What decides the value of a term; what it does is done."""
        match expr:
            case Read(variable):
                return self.before(variable)
            case Local(name):
                return self.before(LOCAL + name)
            case Value(procedure, args):
                return self.call(procedure, args)
            case And(args) | Or(args):
                found = self.read(args[0])
                for arg in args[1:]:
                    outer, self.found = self.found, NOTHING
                    self.join(found, [self.branch(found, arg)[0], {}])
                    found, self.found = found | self.found, outer
                return found
            case Binary(op, left, right):
                found, divisor = self.read(left), self.read(right)
                if op in (Op.DIV, Op.MOD) and not (isinstance(right, Const) and right.value != 0):
                    self.may_fail(divisor)
                return found | divisor
            case _:
                return NOTHING.union(*(self.read(part) for part in parts(expr)))
