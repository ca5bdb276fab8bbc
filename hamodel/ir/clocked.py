"""The timed system with clocks in place of remaining times, for checkers of timed automata.

A timer that is started draws its remaining time from [lo, hi]. Nobody looks at it before it ends, so it may as well be
drawn late: the timer has a clock that is set to 0 at its start, it may end once the clock is at least `lo`, and time
may not pass the moment at which the clock is `hi`. The same runs come out, at the same times.

- `hasten` says that a running timer ends within so many ms from now. A second clock with its own bound says so, one
  for each number that is asked for: of two deadlines with the same number the earlier one stands. A stopped timer is
  started with [0, number].
- A far timer has no clock: it may end where no near timer runs.
- A stopwatch reads the time and decides nothing; it is left out.
- What happens in one macro step happens at one moment: one edge from a single location to itself.

The result is a plain system, as `untimed` makes it, in which a clock is a variable that is only ever set to 1: that
means "set the clock to 0 here". `clocks` tells which they are, and their bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hamodel.errors import NotExportable
from hamodel.ir import statement as s
from hamodel.ir.expr import FALSE, TRUE, Const, Expr, Op, Read, binary, not_
from hamodel.ir.possible import possible
from hamodel.ir.rewrite import statements
from hamodel.ir.semantics import initial_state
from hamodel.ir.slicing import sliced
from hamodel.ir.state import State
from hamodel.ir.system import System, Variable
from hamodel.ir.untimed import Patient, running

MANY = 200
LONGEST = 1_000_000_000
"""No bound of a timer is as long (ms)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """While `on` is 1 the clock may not pass `most`; its timer may end from `least` on."""

    name: str
    timer: str
    on: str
    least: Expr
    most: Expr


@dataclass(frozen=True, slots=True)
class Clocked:
    """The plain system, its clocks, and for each action with a near timer the clock and its least value."""

    system: System
    clocks: tuple[Clock, ...]
    formulas: tuple[Expr, ...]
    ends: Mapping[str, Clock]


def clocked(system: System, formulas: tuple[Expr, ...] = (), start: State | None = None) -> Clocked:
    """The system with clocks, sliced to what its steps, its times and these formulas depend on."""
    maker = _Clocks(system)
    plain = maker.system(initial_state(system)[0] if start is None else start)
    started = initial_state(system)[1] if start is None else {}
    plain = _settled_bounds(replace(plain, variables=(*plain.variables, *maker.bounds(started))), maker, set(started))
    asked = tuple(maker.term(f) for f in formulas)
    kept = (*asked, *(Read(v) for clock in maker.clocks() for v in maker.parts(clock)))
    cut = sliced(plain, kept)
    known = dict(zip((v for c in maker.clocks() for v in maker.parts(c)), cut.formulas[len(asked) :], strict=True))
    used = {x.variable for p in cut.system.procedures.values() for x in statements(p.body) if isinstance(x, s.Assign)}
    clocks: list[Clock] = []
    ends: dict[str, Clock] = {}
    for name, timer, hasten in maker.clocks():
        on = known[maker.on(timer, hasten)]
        if not isinstance(on, Read):
            continue
        most = known[_hi(timer)] if hasten is None else Const(hasten)
        clock = Clock(name, timer, on.variable, FALSE if hasten is not None else known[_lo(timer)], most)
        clocks.append(clock)
        if hasten is None:
            ends |= {a.name: clock for a in system.actions if a.timer == timer}
    names = {c.name for c in clocks}
    assert used & {n for n, _, _ in maker.clocks()} <= names
    variables = tuple(v for v in cut.system.variables if v.name not in names)
    return Clocked(replace(cut.system, variables=variables), tuple(clocks), cut.formulas[: len(asked)], ends)


def _settled_bounds(plain: System, maker: _Clocks, started: set[str]) -> System:
    """The bounds of a timer that is off mean nothing: where they are always set to one number, they have it at once."""
    found = possible(plain).variables
    first: dict[str, int] = {}
    for timer in maker.near:
        for name in (_lo(timer), _hi(timer)):
            values = found[name] if timer in started else found[name] - {0}
            if len(values) > MANY:
                raise NotExportable(f"the bounds of {timer} can be too many numbers")
            if len(values) == 1:
                first[name] = next(iter(values))
    return replace(plain, variables=tuple(replace(v, initial=first.get(v.name, v.initial)) for v in plain.variables))


def _lo(timer: str) -> str:
    return f"least[{timer}]"


def _hi(timer: str) -> str:
    return f"most[{timer}]"


def _clock(timer: str) -> str:
    return f"clock[{timer}]"


class _Clocks(Patient):
    """The untimed abstraction, in which the times of near timers are kept."""

    def __init__(self, timed: System) -> None:
        super().__init__(timed)
        self.near = [t.name for t in timed.timers if not t.far and not t.stopwatch]
        self.hastened: dict[str, tuple[int, ...]] = {}
        found: dict[str, set[int]] = {}
        for procedure in timed.procedures.values():
            for x in statements(procedure.body):
                if isinstance(x, s.Hasten):
                    found.setdefault(x.timer, set()).add(self.constant(x))
        self.hastened = {timer: tuple(sorted(numbers)) for timer, numbers in found.items() if timer in self.near}

    def constant(self, statement: s.Hasten) -> int:
        value = self.term(statement.hi)
        if not isinstance(value, Const):
            raise NotExportable(f"{statement.timer} is hastened by a time that is not known beforehand")
        return value.value

    def clocks(self) -> Iterator[tuple[str, str, int | None]]:
        """Clock, timer, and for a clock of `hasten` its number."""
        for timer in self.near:
            yield _clock(timer), timer, None
            for number in self.hastened.get(timer, ()):
                yield f"clock[{timer} within {number}]", timer, number

    def on(self, timer: str, number: int | None) -> str:
        """The variable that is 1 while the clock counts."""
        return running(timer) if number is None else f"hastened[{timer} within {number}]"

    def parts(self, clock: tuple[str, str, int | None]) -> tuple[str, ...]:
        """The variables that say when the clock matters, and how long."""
        name, timer, number = clock
        return (name, self.on(timer, number), *((_lo(timer), _hi(timer)) if number is None else ()))

    def bounds(self, started: Mapping[str, tuple[int, int]]) -> Iterator[Variable]:
        """The variables beside those of the untimed abstraction; a clock begins at 0."""
        for name, timer, number in self.clocks():
            lo, hi = started.get(timer, (0, 0))
            yield Variable(name, 1, owner="time")
            if number is None:
                yield Variable(_lo(timer), LONGEST, lo, owner="time")
                yield Variable(_hi(timer), LONGEST, hi, owner="time")
            else:
                yield Variable(self.on(timer, number), 1, owner="time")

    def statement(self, statement: s.Statement) -> Iterator[s.Statement]:
        match statement:
            case s.Start(timer, lo, hi) if timer in self.near:
                yield s.Assign(running(timer), TRUE)
                yield s.Assign(_lo(timer), self.term(lo))
                yield s.Assign(_hi(timer), self.term(hi))
                yield s.Assign(_clock(timer), TRUE)
                yield from self.slow(timer)
            case s.Cancel(timer) if timer in self.near:
                yield from super().statement(statement)
                yield from self.slow(timer)
            case s.Hasten(timer) if timer in self.near:
                number = self.constant(statement)
                on = self.on(timer, number)
                sooner = s.If(not_(Read(on)), (s.Assign(on, TRUE), s.Assign(f"clock[{timer} within {number}]", TRUE)))
                begun = tuple(self.statement(s.Start(timer, FALSE, Const(number))))
                yield s.If(binary(Op.NE, Read(running(timer)), FALSE), (sooner,), begun)
            case _:
                yield from super().statement(statement)

    def slow(self, timer: str) -> Iterator[s.Statement]:
        """Nothing hastens the timer any more."""
        for number in self.hastened.get(timer, ()):
            yield s.Assign(self.on(timer, number), FALSE)
