"""What decides the outcome of a macro step: for everything it writes, the variables whose values beforehand matter.

An action of two nodes often tells one of them little about the other: a message comes out of one half and changes the
other, which sees the message and nothing else. Of a procedure it is worked out once what its effects depend on, in
terms of the state in which it is called and of its parameters; calls put in what is known about these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hamodel.engines._lower.layout import Layout
from hamodel.engines._lower.packing import Packing
from hamodel.engines._lower.ranges import interval, within
from hamodel.ir import statement as s
from hamodel.ir.expr import Binary, Const, Expr, Local, Op, Read, Value
from hamodel.ir.rewrite import parts, statements, terms
from hamodel.ir.system import System

Names = frozenset[str]
NOTHING: Names = frozenset()
MOST_TOLD = 24
"""Bits; where more is told, the same is seldom told twice."""
FAILS = ""
"""Stands for a variable that says whether the step is an error; local names have a `$` before them."""


@dataclass(slots=True)
class Effect:
    """Of a procedure: for each variable it may write, what decides the value afterwards; and what its result."""

    written: dict[str, Names] = field(default_factory=dict)
    result: Names = NOTHING

    def of(self, name: str) -> Names:
        return self.written.get(name, frozenset((name,)))


class Influence:
    """The effects of the procedures of an untimed system."""

    def __init__(self, system: System, layout: Layout) -> None:
        self.system, self.layout = system, layout
        self.known: dict[str, Effect] = {}

    def procedure(self, name: str) -> Effect:
        if name not in self.known:
            walk = _Walk(self)
            walk.block(self.system.procedures[name].body)
            self.known[name] = Effect(
                {n: found for n, found in walk.now.written.items() if not n.startswith("$")}, walk.now.result
            )
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
        own = frozenset[str]().union(*(found for name, found in written.items() if name in mine))
        other = frozenset[str]().union(*(found for name, found in written.items() if name not in mine))
        fields = [self.packing.fields[name] for name in sorted(other & mine)]
        if own & theirs or sum(field.width for field in fields) > MOST_TOLD:
            return None
        words = [0] * self.packing.half
        for field in fields:
            words[field.word - side * self.packing.half] |= field.mask << field.shift
        return words


class _Walk:
    """One procedure, statement by statement: `now` is what has been done so far."""

    def __init__(self, module: Influence) -> None:
        self.module, self.now = module, Effect()
        self.because: Names = NOTHING
        """What decides whether this place is reached."""

    def block(self, body: Sequence[s.Statement]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, statement: s.Statement) -> None:
        match statement:
            case s.Assign(name, value):
                lo, hi = self.module.layout.bounds[name]
                found = self.read(value)
                if not within(interval(value, self.module.layout), (lo, hi)):
                    self.may_fail(found)
                self.write(name, found)
            case s.Bind(name, value):
                self.write(f"${name}", self.read(value))
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
                    self.now.result |= self.read(value) | self.because
            case s.Log():
                pass
            case _:
                for term in terms(statement):
                    self.read(term)
                self.may_fail(NOTHING)

    def size(self) -> int:
        return sum(map(len, self.now.written.values())) + len(self.now.result) + len(self.because)

    def write(self, name: str, found: Names) -> None:
        self.now.written[name] = found | self.because

    def may_fail(self, found: Names) -> None:
        self.now.written[FAILS] = self.now.of(FAILS) | found | self.because

    def choose(self, test: Names, then: Sequence[s.Statement], otherwise: Sequence[s.Statement]) -> None:
        """Either branch is taken: what only one writes keeps its value in the other."""
        because = self.because
        before = dict(self.now.written)
        ends: list[dict[str, Names]] = []
        for branch in (then, otherwise):
            self.now.written, self.because = dict(before), because | test
            self.block(branch)
            ends.append(self.now.written)
        old = Effect(before)
        self.now.written = before | {
            name: frozenset().union(*(end.get(name, old.of(name)) for end in ends)) | test | because
            for name in dict.fromkeys((*ends[0], *ends[1]))
            if any(end.get(name) is not before.get(name) for end in ends)
        }
        leaves = any(isinstance(inner, s.Return) for inner in statements((*then, *otherwise)))
        self.because = because | test if leaves else because

    def call(self, procedure: str, args: Sequence[Expr]) -> Names:
        """The effects of the procedure put behind what was done; what decides its result."""
        effect = self.module.procedure(procedure)
        given = {f"${n}": self.read(arg) for n, arg in zip(self.module.system.procedures[procedure].params, args, strict=True)}
        written = {name: self.seen(found, given) for name, found in effect.written.items()}
        result = self.seen(effect.result, given)
        for name, found in written.items():
            self.write(name, found)
        return result

    def seen(self, names: Names, given: Mapping[str, Names]) -> Names:
        """The same said of the state in which this procedure was called."""
        return frozenset().union(*(given.get(n, NOTHING) if n.startswith("$") else self.now.of(n) for n in names))

    def read(self, expr: Expr) -> Names:
        match expr:
            case Read(variable):
                return self.now.of(variable)
            case Local(name):
                return self.now.written.get(f"${name}", frozenset((f"${name}",)))
            case Value(procedure, args):
                return self.call(procedure, args)
            case _:
                found = frozenset[str]().union(*(self.read(part) for part in parts(expr)))
                if isinstance(expr, Binary) and expr.op in (Op.DIV, Op.MOD) and not isinstance(expr.right, Const):
                    self.may_fail(self.read(expr.right))
                return found
