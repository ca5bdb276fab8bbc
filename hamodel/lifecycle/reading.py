"""The rules alone say which moves of a lifecycle can ever be: everything they do not look at may be anything.

Each action is run on what the lifecycle looks at; a test of anything else goes both ways. What comes out is too much
(some moves need a state that is never reached) but never too little, so a move missing here is impossible with this
structure and these options. On the way it is noted which of those tests every run to the move has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import TypeVar

from hamodel.errors import EngineLimit, ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.semantics import initial_state
from hamodel.ir.system import Action, System
from hamodel.lifecycle.control import Control, Values, parts

Test = tuple[e.Expr, bool]
Tests = frozenset[Test]
Local = tuple[tuple[str, int | None], ...]
Spot = tuple[Values, Local]
Spots = dict[Spot, Tests]
"""Where a run may be inside a rule, and the tests every run to there has passed."""
Ends = dict[tuple[Values, int | None], Tests]
NOTHING: Tests = frozenset()
MOST_VALUES, MOST_COMBINATIONS = 4_000, 100_000
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Passage:
    """A move the rules permit: from mode to mode by an action, and the tests it cannot do without."""

    source: str
    action: str
    dest: str
    tests: tuple[Test, ...]


def passages(system: System, control: Control, most: int = MOST_VALUES) -> tuple[Passage, ...] | None:
    """Every move of the lifecycle that the rules permit; None where there are too many values to look at."""
    if _combinations(system, control) > MOST_COMBINATIONS:
        return None
    reader = _Reader(system, control)
    first = control.values(system, initial_state(system)[0])
    known, todo = {first}, [first]
    found: dict[tuple[str, str, str], Tests] = {}
    while todo:
        values = todo.pop()
        source = control.mode_of(system, values)
        for action in system.actions:
            for after, tests in reader.outcomes(action, values).items():
                if after not in known:
                    if len(known) >= most:
                        return None
                    known.add(after)
                    todo.append(after)
                dest = control.mode_of(system, after)
                if dest != source:
                    key = (source, action.name, dest)
                    found[key] = found[key] & tests if key in found else tests
    return tuple(Passage(*key, _sorted(tests)) for key, tests in found.items())


def _combinations(system: System, control: Control) -> int:
    declared = [system.variables[system.variable_index[v]] for v in control.variables]
    return int(2 ** len(control.timers)) * prod(v.hi - v.lo + 1 for v in declared)


def _sorted(tests: Tests) -> tuple[Test, ...]:
    return tuple(sorted(tests, key=lambda t: (len(parts(t[0])), repr(t))))


@dataclass(slots=True)
class _Reader:
    """The rules seen through one lifecycle."""

    system: System
    control: Control
    place: dict[str, int] = field(init=False)
    writers: frozenset[str] = field(init=False)
    kept: dict[tuple[str, Values, tuple[int | None, ...]], Ends] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = (*self.control.variables, *self.control.timers)
        self.place = {name: i for i, name in enumerate(names)}
        self.writers = _writers(self.system, frozenset(names))

    def outcomes(self, action: Action, values: Values) -> dict[Values, Tests]:
        """What the lifecycle's values may be after the action; empty where it cannot happen."""
        if action.timer is None:
            guard = self.value(action.guard, values, {})
            if guard == 0 or not self.system.may_happen(action):
                return {}
        elif action.timer in self.place:
            if not values[self.place[action.timer]]:
                return {}
            values = self.put(values, action.timer, 0)
        if action.procedure not in self.writers:
            return {values: NOTHING}
        result: dict[Values, Tests] = {}
        for (after, _), passed in self.call(action.procedure, (), values).items():
            _join(result, after, passed)
        return result

    def call(self, name: str, args: tuple[int | None, ...], values: Values) -> Ends:
        key = (name, values, args)
        if key not in self.kept:
            procedure = self.system.procedures[name]
            begin: Spot = (values, tuple(zip(procedure.params, args, strict=True)))
            ends: Ends = {}
            for spot, tests in self.block(procedure.body, {begin: NOTHING}, ends).items():
                _join(ends, (spot[0], 0), tests)
            self.kept[key] = ends
        return self.kept[key]

    def block(self, statements: Iterable[s.Statement], spots: Spots, ends: Ends) -> Spots:
        for statement in statements:
            after: Spots = {}
            for spot, tests in spots.items():
                for reached, more in self.statement(statement, spot, tests, ends).items():
                    _join(after, reached, more)
            spots = after
        return spots

    def statement(self, statement: s.Statement, spot: Spot, tests: Tests, ends: Ends) -> Spots:
        values, local = spot[0], dict(spot[1])
        match statement:
            case s.Assign(variable, value):
                return self.assign(variable, self.value(value, values, local), spot, tests)
            case s.Bind(name, value):
                local[name] = self.value(value, values, local)
            case s.Take(name, _):
                local[name] = None
            case s.If():
                return self.branch(statement, spot, tests, ends)
            case s.While():
                return self.loop(statement, spot, tests, ends)
            case s.Call(procedure, args):
                if procedure in self.writers:
                    given = tuple(self.value(a, values, local) for a in args)
                    called: Spots = {}
                    for (after, _), passed in self.call(procedure, given, values).items():
                        _join(called, (after, spot[1]), tests | passed)
                    return called
            case s.Start(timer, _, _) | s.Hasten(timer, _):
                values = self.put(values, timer, 1)
            case s.Cancel(timer):
                values = self.put(values, timer, 0)
            case s.Return(value):
                _join(ends, (values, 0 if value is None else self.value(value, values, local)), tests)
                return {}
            case s.Overflow():
                return {}
            case _:
                pass
        return {(values, tuple(sorted(local.items()))): tests}

    def assign(self, variable: str, value: int | None, spot: Spot, tests: Tests) -> Spots:
        if variable not in self.place:
            return {spot: tests}
        if value is not None:
            return {(self.put(spot[0], variable, value), spot[1]): tests}
        declared = self.system.variables[self.system.variable_index[variable]]
        return {(self.put(spot[0], variable, v), spot[1]): tests for v in range(declared.lo, declared.hi + 1)}

    def branch(self, statement: s.If, spot: Spot, tests: Tests, ends: Ends) -> Spots:
        value = self.value(statement.test, spot[0], dict(spot[1]))
        if value is not None:
            return self.block(statement.then if value else statement.otherwise, {spot: tests}, ends)
        result: Spots = {}
        for truth, body in ((True, statement.then), (False, statement.otherwise)):
            for reached, passed in self.block(body, {spot: tests | _note(statement.test, truth)}, ends).items():
                _join(result, reached, passed)
        return result

    def loop(self, statement: s.While, spot: Spot, tests: Tests, ends: Ends) -> Spots:
        left: Spots = {}
        known: Spots = {}
        todo: Spots = {spot: tests}
        while todo:
            known |= todo
            again: Spots = {}
            for here, passed in todo.items():
                value = self.value(statement.test, here[0], dict(here[1]))
                if value != 0:
                    again |= self.block(statement.body, {here: NOTHING}, ends)
                if value is None or value == 0:
                    _join(left, here, passed & tests)
            todo = {k: NOTHING for k in again if k not in known}
            if len(known) > MOST_VALUES:
                raise EngineLimit(f"a loop has too many outcomes for the lifecycle {self.control.name}")
        return left

    def put(self, values: Values, name: str, value: int) -> Values:
        place = self.place.get(name)
        return values if place is None else (*values[:place], value, *values[place + 1 :])

    def value(self, expr: e.Expr, values: Values, local: Mapping[str, int | None]) -> int | None:
        """The value where it is known."""
        match expr:
            case e.Const(value):
                return value
            case e.Read(name) | e.Running(name):
                return values[self.place[name]] if name in self.place else None
            case e.Local(name):
                return local.get(name)
            case e.Option(name):
                return self.system.setting_value[name]
            case e.Length():
                return None
            case e.Not(arg):
                known = self.value(arg, values, local)
                return None if known is None else int(known == 0)
            case e.And(args):
                return _all(self.value(a, values, local) for a in args)
            case e.Or(args):
                negated = _all(_negated(self.value(a, values, local)) for a in args)
                return _negated(negated)
            case e.Binary(op, left, right):
                a, b = self.value(left, values, local), self.value(right, values, local)
                return None if a is None or b is None else e.arithmetic(op, a, b)
            case e.Value(procedure, args):
                if procedure in self.writers:
                    raise ModelError(f"the formula {procedure} writes what the lifecycle {self.control.name} looks at")
                given = tuple(self.value(a, values, local) for a in args)
                results = {result for _, result in self.call(procedure, given, values)}
                return results.pop() if len(results) == 1 else None


def _join(into: dict[K, Tests], key: K, tests: Tests) -> None:
    into[key] = into[key] & tests if key in into else tests


def _note(test: e.Expr, truth: bool) -> Tests:
    """A test worth telling: it speaks of the state, not of local names."""
    if any(isinstance(p, e.Local) for p in parts(test)):
        return NOTHING
    return frozenset({(test, truth)})


def _all(values: Iterable[int | None]) -> int | None:
    known = list(values)
    if any(v == 0 for v in known):
        return 0
    return None if any(v is None for v in known) else 1


def _negated(value: int | None) -> int | None:
    return None if value is None else int(value == 0)


def _writers(system: System, names: frozenset[str]) -> frozenset[str]:
    """The procedures that may change one of these, by themselves or by what they call."""
    calls: dict[str, set[str]] = {}
    found: set[str] = set()
    for name, procedure in system.procedures.items():
        calls[name] = set()
        for statement in flat(procedure.body):
            match statement:
                case s.Assign(target) | s.Start(target) | s.Hasten(target) | s.Cancel(target):
                    if target in names:
                        found.add(name)
                case s.Call(called):
                    calls[name].add(called)
            for expr in _expressions(statement):
                calls[name] |= {p.procedure for p in parts(expr) if isinstance(p, e.Value)}
    while more := {n for n, called in calls.items() if n not in found and called & found}:
        found |= more
    return frozenset(found)


def flat(statements: Iterable[s.Statement]) -> Iterable[s.Statement]:
    """Statements with all that stand inside them."""
    for statement in statements:
        yield statement
        if isinstance(statement, s.If):
            yield from flat((*statement.then, *statement.otherwise))
        elif isinstance(statement, s.While):
            yield from flat(statement.body)


def _expressions(statement: s.Statement) -> tuple[e.Expr, ...]:
    match statement:
        case s.Assign(_, value) | s.Bind(_, value) | s.Push(_, value):
            return (value,)
        case s.If(test) | s.While(test):
            return (test,)
        case s.Call(_, args):
            return args
        case s.Start(_, lo, hi):
            return (lo, hi)
        case s.Hasten(_, hi):
            return (hi,)
        case s.Return(value):
            return () if value is None else (value,)
        case s.Log(_, _, fields):
            return tuple(v for _, v in fields if not isinstance(v, str))
        case _:
            return ()
