"""Rules run on whole sets of states: a test parts a set in two, an assignment moves a set, ways that meet are joined.

A way through a procedure is a set of states, with the variables and local names that are known on it as plain numbers.
A known variable is not looked up in the set, and only at the end of the step it is written into it; so the work of a
step is one cut for each test that both kinds of states of the set can answer differently, and one move at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import assert_never

from hamodel.engines._lower.decisions import Set, Store
from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.rewrite import within
from hamodel.ir.state import State
from hamodel.ir.system import System, Variable

Cases = dict[int, Set]
"""The values a term can have, and the states where it has them."""
WAYS = 16
"""More ways than this are joined, their known variables written into their sets."""
ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Way:
    """States on one way through a procedure; `known` variables have another value than in the set."""

    states: Set
    known: Mapping[str, int]
    local: Mapping[str, int] = field(default_factory=dict)
    result: int | None = None
    """What the procedure has returned."""

    def mark(self) -> tuple[object, ...]:
        """Ways with the same mark go on in the same manner."""
        return tuple(sorted(self.known.items())), tuple(sorted(self.local.items())), self.result


class Images:
    """The steps of one untimed system on sets of states."""

    def __init__(self, system: System, order: Sequence[Variable], sets: Store) -> None:
        self.system, self.sets = system, sets
        self.order = tuple(order)
        self.bits: dict[str, tuple[int, ...]] = {}
        self.domain: dict[str, Variable] = {}
        used = 0
        for variable in order:
            size = (variable.hi - variable.lo).bit_length()
            self.bits[variable.name] = tuple(range(used, used + size))
            self.domain[variable.name] = variable
            used += size
        self._values: dict[tuple[str, int], Set] = {}
        self._cases: dict[tuple[object, ...], Cases] = {}
        self._reads: dict[int, tuple[tuple[str, ...], tuple[str, ...], bool, e.Expr]] = {}
        self._same: dict[tuple[str, str], Set] = {}

    def forget(self) -> None:
        """Let go of every set."""
        for kept in (self._values, self._cases, self._same):
            kept.clear()

    # -- states

    def value_is(self, name: str, value: int) -> Set:
        """The states in which the variable has this value."""
        key = (name, value)
        if key not in self._values:
            rest, found = value - self.domain[name].lo, self.sets.true
            for k, bit in reversed(tuple(enumerate(self.bits[name]))):
                found = found & (self.sets.bit(bit) if rest >> k & 1 else ~self.sets.bit(bit))
            self._values[key] = found
        return self._values[key]

    def one(self, state: State) -> Set:
        """The set of one state."""
        found = self.sets.true
        for variable in reversed(self.order):
            found = self.value_is(variable.name, state.value(self.system, variable.name)) & found
        return found

    def state(self, bits: Sequence[bool]) -> State:
        """The state with these bits."""
        values = {
            v.name: v.lo + sum(1 << k for k, bit in enumerate(self.bits[v.name]) if bits[bit]) for v in self.order
        }
        return State(tuple(values[v.name] for v in self.system.variables), (), ())

    def where(self, formula: e.Expr) -> Set:
        """The states in which a formula holds; what it calls has no effect."""
        found = self.sets.false
        for way in self.parted(formula, Way(self.sets.true, {}))[0]:
            found = found | way.states
        return found

    def image(self, states: Set, name: str) -> Set:
        """The states after this action, from those of the set in which it may happen."""
        action = self.system.actions[self.system.action_index[name]]
        enabled = states & self.where(action.guard)
        if enabled == self.sets.false:
            return self.sets.false
        ways = self.call(action.procedure, (), Way(enabled, {}))
        if self.system.after is not None:
            after = self.system.after
            ways = self._joined(w for way in ways for w in self.call(after, (), replace(way, result=None)))
        found = self.sets.false
        for way in ways:
            found = found | self._written(way)
        return found

    def _written(self, way: Way) -> Set:
        """The states of a way, what is known written into them."""
        names = sorted(way.known)
        found = self.sets.some(way.states, [bit for name in names for bit in self.bits[name]])
        for name in names:
            found = found & self.value_is(name, way.known[name])
        return found

    def _joined(self, ways: Iterable[Way]) -> list[Way]:
        """Ways that go on in the same manner become one."""
        found: dict[tuple[object, ...], Way] = {}
        for way in ways:
            mark = way.mark()
            same = found.get(mark)
            found[mark] = way if same is None else replace(way, states=same.states | way.states)
        if len(found) <= WAYS:
            return list(found.values())
        plain = [replace(way, states=self._written(way), known={}) for way in found.values()]
        return self._joined(plain) if any(way.known for way in found.values()) else plain

    # -- statements

    def call(self, name: str, args: Sequence[int], way: Way) -> list[Way]:
        """The ways out of a procedure, each with what it returned; the caller's local names are put back."""
        procedure = self.system.procedures[name]
        inside = replace(way, local=dict(zip(procedure.params, args, strict=True)), result=None)
        return self._joined(
            replace(out, local=way.local, result=out.result or 0) for out in self.block(procedure.body, [inside])
        )

    def block(self, body: Sequence[s.Statement], ways: list[Way]) -> list[Way]:
        ended: list[Way] = []
        for statement in body:
            if not ways:
                break
            after = self._joined(out for way in ways for out in self.statement(statement, way))
            ended += [way for way in after if way.result is not None]
            ways = [way for way in after if way.result is None]
        return ended + ways

    def statement(self, statement: s.Statement, way: Way) -> list[Way]:
        match statement:
            case s.Assign(name, e.Read(source)) if self._copies(name, source, way):
                return [self._copied(name, source, way)]
            case s.Assign(name, value):
                return [self._assigned(name, number, out) for number, out in self.values(value, way)]
            case s.Bind(name, value):
                return [replace(out, local={**out.local, name: number}) for number, out in self.values(value, way)]
            case s.If(test, then, otherwise):
                yes, no = self.parted(test, way)
                return self._joined([*self.block(then, yes), *self.block(otherwise, no)])
            case s.While(test, body):
                return self._loop(test, body, way)
            case s.Call(procedure, args):
                return [
                    replace(out, result=None)
                    for numbers, before in self._arguments(args, way)
                    for out in self.call(procedure, numbers, before)
                ]
            case s.Return(value):
                if value is None:
                    return [replace(way, result=0)]
                return [replace(out, result=number) for number, out in self.values(value, way)]
            case s.Log():
                return [way]
            case _:
                raise ModelError("only untimed systems are explored as sets")

    def _loop(self, test: e.Expr, body: Sequence[s.Statement], way: Way) -> list[Way]:
        over: list[Way] = []
        going = [way]
        for _ in range(ROUNDS):
            yes: list[Way] = []
            for one in going:
                inside, outside = self.parted(test, one)
                yes += inside
                over += outside
            after = self._joined(self.block(body, yes))
            over += [one for one in after if one.result is not None]
            going = [one for one in after if one.result is None]
            if not going:
                return self._joined(over)
        raise ModelError(f"a loop does not end in {ROUNDS} rounds")

    def _assigned(self, name: str, value: int, way: Way) -> Way:
        domain = self.domain[name]
        if not domain.lo <= value <= domain.hi:
            raise ModelError(f"{name} = {value} is outside {domain.lo}..{domain.hi}")
        return replace(way, known={**way.known, name: value})

    def _copies(self, name: str, source: str, way: Way) -> bool:
        """Whether a variable takes over the bits of another one as they are."""
        if source in way.known or name == source:
            return False
        one, other = self.domain[name], self.domain[source]
        return one.lo == other.lo and one.hi >= other.hi

    def _copied(self, name: str, source: str, way: Way) -> Way:
        states = self.sets.some(way.states, self.bits[name])
        key = (name, source)
        if key not in self._same:
            same, theirs = self.sets.true, self.bits[source]
            for k, bit in enumerate(self.bits[name]):
                other = self.sets.bit(theirs[k]) if k < len(theirs) else self.sets.false
                own = self.sets.bit(bit)
                same = same & ((own & other) | (~own & ~other))
            self._same[key] = same
        return replace(way, states=states & self._same[key], known={n: v for n, v in way.known.items() if n != name})

    # -- terms

    def _arguments(self, args: Sequence[e.Expr], way: Way) -> list[tuple[tuple[int, ...], Way]]:
        found: list[tuple[tuple[int, ...], Way]] = [((), way)]
        for arg in args:
            found = [((*before, number), out) for before, one in found for number, out in self.values(arg, one)]
        return found

    def parted(self, test: e.Expr, way: Way) -> tuple[list[Way], list[Way]]:
        """The states in which the test holds, and the others; each at most where there are some."""
        yes: list[Way] = []
        no: list[Way] = []
        if self._facts(test)[2]:
            for number, out in self.values(test, way):
                (yes if number else no).append(out)
            return self._joined(yes), self._joined(no)
        holds = self._true(self.cases(test, way))
        for states, into in ((way.states & holds, yes), (way.states & ~holds, no)):
            if states != self.sets.false:
                into.append(replace(way, states=states))
        return yes, no

    def values(self, expr: e.Expr, way: Way) -> list[tuple[int, Way]]:
        """The values a term has on this way, each with the states that have it, after what the term itself does."""
        match expr:
            case e.Value(procedure, args):
                return [
                    (out.result or 0, replace(out, result=None))
                    for numbers, before in self._arguments(args, way)
                    for out in self.call(procedure, numbers, before)
                ]
            case e.Not(arg) if self._facts(expr)[2]:
                return [(int(number == 0), out) for number, out in self.values(arg, way)]
            case e.Binary(op, left, right) if self._facts(expr)[2]:
                return [
                    (e.arithmetic(op, a, b), out)
                    for a, one in self.values(left, way)
                    for b, out in self.values(right, one)
                ]
            case e.And(args) | e.Or(args) if self._facts(expr)[2]:
                return self._chain(args, isinstance(expr, e.And), way)
            case _:
                found = []
                for number, holds in self.cases(expr, way).items():
                    states = way.states & holds
                    if states != self.sets.false:
                        found.append((number, replace(way, states=states)))
                return found

    def _chain(self, args: Sequence[e.Expr], all_of: bool, way: Way) -> list[tuple[int, Way]]:
        """`and` / `or` from left to right: the rest is evaluated only where it still matters."""
        yes, no = self.parted(args[0], way)
        decided, open_ = (no, yes) if all_of else (yes, no)
        found = [(int(not all_of), one) for one in decided]
        if len(args) == 1:
            return found + [(int(all_of), one) for one in open_]
        return found + [pair for one in open_ for pair in self._chain(args[1:], all_of, one)]

    def _facts(self, expr: e.Expr) -> tuple[tuple[str, ...], tuple[str, ...], bool, e.Expr]:
        """The variables and the local names a term reads, and whether it calls something."""
        found = self._reads.get(id(expr))
        if found is None:
            parts = list(within(expr))
            found = self._reads[id(expr)] = (
                tuple(sorted({p.variable for p in parts if isinstance(p, e.Read)})),
                tuple(sorted({p.name for p in parts if isinstance(p, e.Local)})),
                any(isinstance(p, e.Value) for p in parts),
                expr,
            )
        return found

    def cases(self, expr: e.Expr, way: Way) -> Cases:
        """The values of a term without calls, whatever states the way has."""
        variables, local, _, _ = self._facts(expr)
        key = (id(expr), *(way.known.get(n) for n in variables), *(way.local.get(n) for n in local))
        found = self._cases.get(key)
        if found is None:
            found = self._cases[key] = self._new_cases(expr, way)
        return found

    def _new_cases(self, expr: e.Expr, way: Way) -> Cases:
        match expr:
            case e.Const(value):
                return {value: self.sets.true}
            case e.Read(name):
                if name in way.known:
                    return {way.known[name]: self.sets.true}
                domain = self.domain[name]
                return {v: self.value_is(name, v) for v in range(domain.lo, domain.hi + 1)}
            case e.Local(name):
                if name not in way.local:
                    raise ModelError(f"the local name {name} has no value yet")
                return {way.local[name]: self.sets.true}
            case e.Not(arg):
                return self._truth(~self._true(self.cases(arg, way)))
            case e.And(args):
                found = self.sets.true
                for arg in args:
                    if found == self.sets.false:
                        break
                    found = found & self._true(self.cases(arg, way))
                return self._truth(found)
            case e.Or(args):
                found = self.sets.false
                for arg in args:
                    if found == self.sets.true:
                        break
                    found = found | self._true(self.cases(arg, way))
                return self._truth(found)
            case e.Binary(op, left, right):
                return self._operated(op, self.cases(left, way), self.cases(right, way))
            case e.Value() | e.Option() | e.Running() | e.Length():
                raise ModelError("only untimed systems are explored as sets")
            case _:
                assert_never(expr)

    def _operated(self, op: e.Op, left: Cases, right: Cases) -> Cases:
        found: Cases = {}
        for (a, here), (b, there) in product(left.items(), right.items()):
            if b == 0 and op in (e.Op.DIV, e.Op.MOD):
                continue
            both = here & there
            if both != self.sets.false:
                value = e.arithmetic(op, a, b)
                found[value] = found[value] | both if value in found else both
        return found

    def _true(self, cases: Cases) -> Set:
        if len(cases) == 1:
            return self.sets.true if 0 not in cases else self.sets.false
        if 0 in cases:
            found = self.sets.false
            for value, states in cases.items():
                if value != 0:
                    found = found | states
            return found
        return self.sets.true

    def _truth(self, holds: Set) -> Cases:
        if holds == self.sets.true:
            return {1: holds}
        if holds == self.sets.false:
            return {0: self.sets.true}
        return {1: holds, 0: ~holds}
