"""An untimed system as gates: for each action when it may happen, and what it makes of the bits it writes.

Procedures are run once with unknown bits for the state. Both ways of a test are taken and merged, except where the
tests on the way here have already decided it. A bit an action does not write is not among its writes: it stays.
Shared by the symbolic, the proving and the bounded engine; each step function is total, so that a step can be computed
from any bits, whether the guard holds there or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from hamodel.engines._lower.gates import FALSE, TRUE, Gates, Literal
from hamodel.engines._lower.numbers import ONE, ZERO, Arithmetic, Word, of_truth, word
from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.state import State
from hamodel.ir.system import Action, System, Variable
from hamodel.ir.untimed import LIMIT

Key = str | tuple[int, str]
"""A variable, or a local name of one of the procedures that are under way."""
DONE, RESULT = "#done", "#result"
ROUNDS = 17
"""Rounds of a loop: one more than the longest queue has places. What needs more is a limit."""
DEEP = 5
"""So many gates deep a test is looked at to see whether it is already decided."""


@dataclass(frozen=True, slots=True)
class Step:
    """One action: it may happen where `guard` is true, and gives these bits these new values."""

    name: str
    guard: Literal
    writes: Mapping[int, Literal]


@dataclass(frozen=True)
class Bits:
    """The whole system in bits. Bit `i` of the state is `inputs[i]`; a variable is its least value plus its bits."""

    gates: Gates
    variables: tuple[Variable, ...]
    first: Mapping[str, int]
    inputs: tuple[Literal, ...]
    initial: tuple[bool, ...]
    steps: tuple[Step, ...]
    domain: tuple[Literal, ...]
    """True in every state: no variable is beyond its greatest value."""
    formulas: tuple[Literal, ...]

    @property
    def limit(self) -> Literal:
        """Where a fixed size of the model was exceeded; false where that cannot be."""
        return self.inputs[self.first[LIMIT]] if LIMIT in self.first else FALSE

    @cached_property
    def owner(self) -> tuple[tuple[Variable, int], ...]:
        """Whose bit each is, and which of its bits."""
        return tuple((v, k) for v in self.variables for k in range(width(v)))

    def of_state(self, system: System, state: State) -> tuple[bool, ...]:
        """The bits of a state of the system that was lowered."""
        given = {v.name: value for v, value in zip(system.variables, state.variables, strict=True)}
        return tuple(bool(given.get(v.name, v.initial) - v.lo >> k & 1) for v, k in self.owner)


def width(variable: Variable) -> int:
    return (variable.hi - variable.lo).bit_length()


def lowered(system: System, formulas: Sequence[e.Expr] = ()) -> Bits:
    """The bits of an untimed system, and these formulas over them."""
    if system.timers or system.queues or system.settings:
        raise ModelError("only untimed systems are lowered to bits")
    return _Lowering(system).bits(formulas)


class _Lowering:
    def __init__(self, system: System) -> None:
        self.system, self.gates = system, Gates()
        self.variables: list[Variable] = []
        self.first: dict[str, int] = {}
        self.inputs: list[Literal] = []
        self.start: dict[Key, Word] = {}
        for variable in system.variables:
            self._declare(variable)
        self.domains = {v.name: v for v in (*system.variables, Variable(LIMIT, 1))}

    def _declare(self, variable: Variable) -> None:
        own = [self.gates.input() for _ in range(width(variable))]
        self.first[variable.name] = len(self.inputs)
        self.inputs += own
        self.variables.append(variable)
        self.start[variable.name] = word(variable.lo, own)

    def bits(self, formulas: Sequence[e.Expr]) -> Bits:
        blank = _Path(self)
        fired = [found for action in self.system.actions if (found := self._fired(action)) is not None]
        if LIMIT not in self.first and any(LIMIT in after for _, _, after in fired):
            self._declare(Variable(LIMIT, 1))
        return Bits(
            self.gates,
            tuple(self.variables),
            self.first,
            tuple(self.inputs),
            tuple(bool(v.initial - v.lo >> k & 1) for v in self.variables for k in range(width(v))),
            tuple(Step(name, guard, self._writes(after)) for name, guard, after in fired),
            tuple(self._within(v) for v in self.variables if v.hi - v.lo + 1 != 1 << width(v)),
            tuple(blank.test(f) for f in formulas),
        )

    def _within(self, variable: Variable) -> Literal:
        path = _Path(self)
        return path.numbers.truth(path.numbers.operate(e.Op.LE, self.start[variable.name], Word(variable.hi)))

    def _fired(self, action: Action) -> tuple[str, Literal, dict[Key, Word]] | None:
        """Where an action may happen and what it changes; None where it never may."""
        path = _Path(self)
        guard = path.test(action.guard)
        if guard == FALSE:
            return None
        return action.name, guard, path.aside(guard, lambda: path.macro_step(action.procedure))

    def _writes(self, after: Mapping[Key, Word]) -> dict[int, Literal]:
        writes: dict[int, Literal] = {}
        path = _Path(self)
        for key, number in after.items():
            if isinstance(key, str):
                for bit, made in enumerate(path.digits(number, self.domains[key]), self.first[key]):
                    if made != self.inputs[bit]:
                        writes[bit] = made
        return writes


class _Path:
    """One macro step under way: what every variable and local name is by now, and what is sure on this way."""

    def __init__(self, lowering: _Lowering) -> None:
        self.system, self.gates, self.domains = lowering.system, lowering.gates, lowering.domains
        self.numbers = Arithmetic(self.gates)
        self.values: dict[Key, Word] = dict(lowering.start)
        self.before: list[dict[Key, Word | None]] = []
        """For each branch one is in: what it has changed, with the values from before it."""
        self.sure: set[Literal] = set()
        self.here, self.calls = 0, 0

    # -- the state

    def put(self, key: Key, number: Word) -> None:
        if self.before:
            self.before[-1].setdefault(key, self.values.get(key))
        self.values[key] = number

    def get(self, key: Key) -> Word:
        return self.values.get(key, ZERO)

    def digits(self, number: Word, variable: Variable) -> tuple[Literal, ...]:
        """The bits of a variable with this value; values outside the domain were excluded before."""
        size = width(variable)
        offset = (number.lo - variable.lo) % (1 << size)
        moved = self.numbers.operate(e.Op.ADD, Word(0, number.bits), Word(offset))
        found = self.numbers.from_(moved, 0)[:size]
        return found + (FALSE,) * (size - len(found))

    # -- ways

    def decided(self, literal: Literal, depth: int = DEEP) -> Literal:
        """The literal, or what it must be on this way."""
        if literal <= TRUE or not self.sure:
            return literal
        if literal in self.sure:
            return TRUE
        if literal ^ 1 in self.sure:
            return FALSE
        gate = literal >> 1
        if depth and self.gates.is_and(gate):
            left = self.decided(self.gates.left[gate], depth - 1)
            right = self.decided(self.gates.right[gate], depth - 1) if left != FALSE else FALSE
            if FALSE in (left, right):
                return FALSE ^ (literal & 1)
            if left == right == TRUE:
                return TRUE ^ (literal & 1)
        return literal

    def aside(self, test: Literal, run: Callable[[], None]) -> dict[Key, Word]:
        """What running this changes where the test holds; nothing is changed yet."""
        added = {part for part in self.gates.parts(test) if part not in self.sure}
        self.sure |= added
        self.before.append({})
        run()
        before = self.before.pop()
        self.sure -= added
        changed = {key: self.values[key] for key in before if key in self.values}
        for key, number in before.items():
            if number is None:
                self.values.pop(key, None)
            else:
                self.values[key] = number
        return changed

    def split(self, test: Literal, then: Callable[[], None], otherwise: Callable[[], None] | None = None) -> None:
        """Take both ways and merge what they leave; only one where the test is decided."""
        test = self.decided(test)
        if test == TRUE:
            then()
        elif test == FALSE:
            if otherwise is not None:
                otherwise()
        else:
            yes = self.aside(test, then)
            no = self.aside(test ^ 1, otherwise) if otherwise is not None else {}
            for key in {**yes, **no}:
                now = self.get(key)
                self.put(key, self.numbers.choose(test, yes.get(key, now), no.get(key, now)))

    def unless_done(self, run: Callable[[], None]) -> None:
        """Go on with the procedure where it has not returned."""
        self.split(self.numbers.truth(self.get((self.here, DONE))) ^ 1, run)

    # -- statements

    def macro_step(self, procedure: str) -> None:
        self.call(procedure, ())
        if self.system.after is not None:
            self.call(self.system.after, ())

    def call(self, name: str, args: Sequence[Word]) -> Word:
        procedure = self.system.procedures[name]
        caller = self.here
        self.calls += 1
        self.here = self.calls
        for param, arg in zip(procedure.params, args, strict=True):
            self.put((self.here, param), arg)
        self.block(procedure.body)
        result = self.get((self.here, RESULT))
        for key in [k for k in self.values if isinstance(k, tuple) and k[0] == self.here]:
            del self.values[key]
        self.here = caller
        return result

    def block(self, body: Sequence[s.Statement]) -> None:
        for position, statement in enumerate(body):
            self.statement(statement)
            done = self.get((self.here, DONE))
            if done.known is None:
                self.unless_done(lambda rest=body[position + 1 :]: self.block(rest))  # type: ignore[misc]
                return
            if done.known:
                return

    def statement(self, statement: s.Statement) -> None:
        match statement:
            case s.Assign(variable, value):
                domain = self.domains[variable]
                self.put(variable, word(domain.lo, self.digits(self.value(value), domain)))
            case s.Bind(name, value):
                self.put((self.here, name), self.value(value))
            case s.If(test, then, otherwise):
                self.split(self.test(test), lambda: self.block(then), lambda: self.block(otherwise))
            case s.While(test, body):
                self.loop(test, body, ROUNDS)
            case s.Call(procedure, args):
                self.call(procedure, [self.value(a) for a in args])
            case s.Return(value):
                self.put((self.here, RESULT), ZERO if value is None else self.value(value))
                self.put((self.here, DONE), ONE)
            case s.Log():
                pass
            case s.Start() | s.Cancel() | s.Hasten() | s.Push() | s.Take() | s.Clear() | s.Overflow():
                raise ModelError("only untimed systems are lowered to bits")
            case _:
                assert_never(statement)

    def loop(self, test: e.Expr, body: Sequence[s.Statement], rounds: int) -> None:
        def again() -> None:
            if rounds == 0:
                self.put(LIMIT, ONE)
            else:
                self.block(body)
                self.unless_done(lambda: self.loop(test, body, rounds - 1))

        self.split(self.test(test), again)

    # -- terms

    def test(self, expr: e.Expr) -> Literal:
        return self.decided(self.numbers.truth(self.value(expr)))

    def value(self, expr: e.Expr) -> Word:
        match expr:
            case e.Const(value):
                return Word(value)
            case e.Read(variable):
                return self.simpler(self.get(variable))
            case e.Local(name):
                return self.simpler(self.get((self.here, name)))
            case e.Not(arg):
                return of_truth(self.test(arg) ^ 1)
            case e.And(args) | e.Or(args):
                return of_truth(self.chain(args, stop=FALSE if isinstance(expr, e.And) else TRUE))
            case e.Binary(op, left, right):
                return self.numbers.operate(op, self.value(left), self.value(right))
            case e.Value(procedure, args):
                return self.call(procedure, [self.value(a) for a in args])
            case e.Option() | e.Running() | e.Length():
                raise ModelError("only untimed systems are lowered to bits")
            case _:
                assert_never(expr)

    def simpler(self, number: Word) -> Word:
        """The number with the digits known that are sure on this way."""
        if not self.sure or not any(bit in self.sure or bit ^ 1 in self.sure for bit in number.bits):
            return number
        return word(number.lo, (self.decided(bit, 0) for bit in number.bits))

    def chain(self, args: Sequence[e.Expr], stop: Literal) -> Literal:
        """`and` / `or` from left to right: what comes after a part that decides is not evaluated."""
        first = self.test(args[0])
        if first == stop or len(args) == 1:
            return first
        found: list[Literal] = []
        self.split(first if stop == FALSE else first ^ 1, lambda: found.append(self.chain(args[1:], stop)))
        rest = found[0] if found else stop
        return self.gates.and_(first, rest) if stop == FALSE else self.gates.or_(first, rest)
