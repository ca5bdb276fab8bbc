"""One step of a system as a z3 relation between two copies of its state, written once and instantiated for every depth.

Discrete values are small bit-vectors, clocks are absolute: `now` and, for every near timer, the moment it ends. Out-
of-domain assignments are not looked for here; the reference and the compiled engine find them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import z3

from hamodel.engines._lower.symbolic import WIDTH, Interpreter, Store, Term, choose, truth, word
from hamodel.ir.expr import Expr
from hamodel.ir.semantics import Started
from hamodel.ir.state import State
from hamodel.ir.system import Action, System

LAST_MOMENT = 2**30
"""Twelve days in ms: sums of deadlines stay far from the sign bit."""


class Step:
    """The relation between the state before (`pre`) and after (`post`) one action.

    Of a large system it takes a minute to build: `tick` is called all the while, and ends it by raising.
    """

    def __init__(self, system: System, tick: Callable[[], None] = lambda: None) -> None:
        self.system = system
        self.interpreter = Interpreter(system, tick)
        self.near = [t.name for t in system.timers if not t.far]
        self.sorts = self._sorts()
        self.pre, self.post = self.copy("pre"), self.copy("post")
        self.act = z3.BitVec("act", WIDTH)
        self.store = self._store(self.pre)
        self.relation = z3.simplify(z3.And(self._formulas()))
        """One term, so that what its parts share is instantiated once."""

    def _sorts(self) -> dict[str, int]:
        """The name of every part of a state and its width in bits (0: a truth value)."""
        sorts = {f"x:{v.name}": 0 if v.hi <= 1 else v.hi.bit_length() for v in self.system.variables}
        for queue in self.system.queues:
            sorts[f"q:{queue.name}:length"] = queue.capacity.bit_length()
            sorts |= {f"q:{queue.name}:{i}": 8 for i in range(queue.capacity)}
        sorts |= {f"r:{t.name}": 0 for t in self.system.timers}
        sorts |= {f"end:{t}": WIDTH for t in self.near}
        return sorts | {"limit": 0, "now": WIDTH}

    def copy(self, tag: str) -> dict[str, Any]:
        return {n: z3.BitVec(f"{tag}.{n}", bits) if bits else z3.Bool(f"{tag}.{n}") for n, bits in self.sorts.items()}

    def _store(self, part: Mapping[str, Any]) -> Store:
        values: dict[str, Term] = {}
        for name, bits in self.sorts.items():
            if not name.startswith(("end:", "now")):
                values[name] = z3.ZeroExt(WIDTH - bits, part[name]) if 0 < bits < WIDTH else part[name]
        for timer in self.system.timers:
            values |= {f"s:{timer.name}": False, f"l:{timer.name}": 0, f"h:{timer.name}": 0, f"d:{timer.name}": -1}
        values["limit"] = False
        return Store(values)

    def fits(self, name: str, value: Term) -> Any:  # noqa: ANN401
        """A term in the width of the part it is stored in."""
        bits = self.sorts[name]
        return truth(value) if bits == 0 else z3.Extract(bits - 1, 0, word(value)) if bits < WIDTH else word(value)

    def _formulas(self) -> list[Any]:
        actions = [(i, a) for i, a in enumerate(self.system.actions) if self.system.may_happen(a)]
        after = {i: self._fired(a) for i, a in actions}
        result = {name: self._chain(name, after) for name in self.store.values}
        formulas = [z3.Or([self.act == i for i, _ in actions]), z3.Not(self.pre["limit"])]
        formulas += [self.pre["now"] <= self.post["now"], self.post["now"] <= LAST_MOMENT]
        formulas += [z3.Implies(self.act == i, self._possible(a)) for i, a in actions]
        formulas += [self.post[n] == self.fits(n, result[n]) for n in self.sorts if n in result]
        formulas += [f for timer in self.near for f in self._clock(timer, result)]
        return formulas

    def _fired(self, action: Action) -> Store:
        ended = {action.timer} if action.timer is not None else set()
        if action.timer is not None and action.timer not in self.near:
            ended |= {t.name for t in self.system.timers if t.stopwatch}
        store = self.interpreter.put(self.store, {f"r:{t}": False for t in ended})
        store, _ = self.interpreter.call(action.procedure, (), store)
        if self.system.after is not None:
            store, _ = self.interpreter.call(self.system.after, (), store)
        return store

    def _chain(self, name: str, after: Mapping[int, Store]) -> Term:
        """The value of one part after the step, whatever action it was."""
        term = self.store.values[name]
        for index, store in after.items():
            if store.values[name] is not self.store.values[name]:
                term = choose(self.act == index, store.values[name], term)
        return term

    def _possible(self, action: Action) -> Any:  # noqa: ANN401
        now = self.post["now"]
        if action.timer is not None and action.timer not in self.near:
            nearer = [t.name for t in self.system.timers if not t.far and not t.stopwatch]
            return z3.And(self.pre[f"r:{action.timer}"], *(z3.Not(self.pre[f"r:{t}"]) for t in nearer))
        in_time = [z3.Implies(self.pre[f"r:{t}"], now <= self.pre[f"end:{t}"]) for t in self.near]
        if action.timer is None:
            return z3.And(self.formula(action.guard), *in_time)
        return z3.And(self.pre[f"r:{action.timer}"], now == self.pre[f"end:{action.timer}"], *in_time)

    def _clock(self, timer: str, result: Mapping[str, Term]) -> list[Any]:
        now, end, before = self.post["now"], self.post[f"end:{timer}"], self.pre[f"end:{timer}"]
        running, fresh = truth(result[f"r:{timer}"]), truth(result[f"s:{timer}"])
        lo, hi, due = (word(result[f"{part}:{timer}"]) for part in "lhd")
        begun = z3.And(now + lo <= end, end <= now + hi)
        kept = z3.And(end == before, z3.Or(due < 0, end <= now + due))
        return [z3.Implies(_z3(running), z3.If(_z3(fresh), begun, kept))]

    def formula(self, expr: Expr) -> Any:  # noqa: ANN401
        """A formula about the state before the step."""
        return _z3(truth(self.interpreter.value(expr, self.store)[1]))

    def initial(self, state: State, started: Started) -> tuple[dict[str, Any], list[Any]]:
        """The first copy of the state, known but for the ends of its timers, and what is known of those."""
        values = {f"x:{v.name}": value for v, value in zip(self.system.variables, state.variables, strict=True)}
        for queue, waiting in zip(self.system.queues, state.queues, strict=True):
            places = [*waiting, *(0 for _ in range(queue.capacity - len(waiting)))]
            values |= {f"q:{queue.name}:length": len(waiting)}
            values |= {f"q:{queue.name}:{i}": v for i, v in enumerate(places)}
        values |= {f"r:{t.name}": on for t, on in zip(self.system.timers, state.running, strict=True)}
        values |= {"limit": False, "now": 0}
        first = self.copy("0")
        for name, value in values.items():
            bits = self.sorts[name]
            first[name] = z3.BitVecVal(value, bits) if bits else z3.BoolVal(value != 0)
        near = [(first[f"end:{t}"], lo, hi) for t, (lo, hi) in started.items() if t in self.near]
        return first, [z3.And(end >= lo, end <= hi) for end, lo, hi in near]


def _z3(value: Term) -> Any:  # noqa: ANN401
    return z3.BoolVal(value) if isinstance(value, bool) else value
