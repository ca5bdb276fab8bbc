"""Bounded model checking: z3 looks for a run of exactly so many steps, then one more; shallow bugs come fast.

The trace it finds is the first of the shortest in the order of actions, as in the exploring engines, and is replayed.
Without a violation the verdict is `bounded` and names the depth, unless z3 shows that no run is longer: then
everything was seen.
"""

from __future__ import annotations

from typing import Any, ClassVar

import z3

from hamodel.engines._lower.search import Stop
from hamodel.engines._lower.unroll import Step
from hamodel.errors import CannotReplay, EnginesDisagree, PropertyError
from hamodel.ir import schedule
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits, Outcome, Verdict

DEPTH = 10


class Bmc:
    """Safety by search for a short run."""

    name: ClassVar[str] = "bmc"
    answers: ClassVar[frozenset[PropertyKind]] = frozenset({PropertyKind.ALWAYS, PropertyKind.SOMETIMES})

    def check(
        self, system: System, prop: Property, limits: Limits | None = None, start: State | None = None
    ) -> Verdict:
        """Look for a violation (or, for `sometimes`, a witness) up to `limits.depth` steps, 10 where none is given."""
        if prop.kind not in self.answers:
            raise PropertyError(f"{prop.name}: bounded model checking answers `always` and `sometimes` only")
        search = _Search(system, prop, limits or Limits(), start)
        try:
            search.build()
        except _Out:
            return search.bounded(-1)
        return search.run()


class _Out(Exception):
    """The time is over."""


class _Search:
    """One unrolling, deeper by one step at a time, in one incremental solver."""

    def __init__(self, system: System, prop: Property, limits: Limits, start: State | None) -> None:
        self.system, self.prop, self.limits, self.start = system, prop, limits, start
        self.stop = Stop(limits)
        self.solver = z3.SolverFor("QF_BV")
        self.copies: list[dict[str, Any]] = []
        self.choices: list[Any] = []
        self.model: Any = None
        self.unwitnessed = prop.witness is not None

    def tick(self) -> None:
        if self.stop.reason(0, 0):
            raise _Out

    def build(self) -> None:
        """The step and the property as terms. Raises _Out."""
        self.step = Step(self.system, self.tick)
        wanted = self.step.formula(self.prop.formula)
        self.goal = wanted if self.prop.kind is PropertyKind.SOMETIMES else z3.Not(wanted)
        self.witness = self.step.formula(self.prop.witness) if self.prop.witness is not None else z3.BoolVal(True)

    def run(self) -> Verdict:
        state, started, _ = initial_state(self.system) if self.start is None else (self.start, {}, ())
        first, deadlines = self.step.initial(state, started)
        self.copies.append(first)
        self.solver.add(deadlines)
        deepest = DEPTH if self.limits.depth is None else self.limits.depth
        for depth in range(deepest + 1):
            found = self.ask(z3.Or(self.at(self.goal, depth), self.copies[depth]["limit"]))
            if found == z3.sat:
                return self.found(self.names(depth))
            if found == z3.unknown:
                return self.bounded(depth - 1)
            if self.unwitnessed and self.ask(self.at(self.witness, depth)) == z3.sat:
                self.unwitnessed = False
            self.deepen(depth)
            if self.ask(z3.BoolVal(True)) == z3.unsat:
                return self.exhausted(depth)
        return self.bounded(deepest)

    def at(self, formula: Any, depth: int, deeper: int | None = None) -> Any:  # noqa: ANN401
        """The formula about the states at these depths."""
        pairs = [(self.step.pre[n], v) for n, v in self.copies[depth].items()]
        if deeper is not None:
            pairs += [(self.step.post[n], v) for n, v in self.copies[deeper].items()]
            pairs.append((self.step.act, self.choices[depth]))
        return z3.substitute(formula, *pairs)

    def deepen(self, depth: int) -> None:
        self.copies.append(self.step.copy(str(depth + 1)))
        self.choices.append(z3.BitVec(f"act{depth + 1}", self.step.act.size()))
        self.solver.add(z3.simplify(self.at(self.step.relation, depth, depth + 1)))

    def ask(self, *formulas: Any) -> Any:  # noqa: ANN401
        """sat, unsat or unknown with these formulas; the model stays readable until the next question."""
        if self.limits.seconds is not None:
            left = self.limits.seconds - self.stop.elapsed()
            self.solver.set("timeout", max(1, int(left * 1000)))
        self.solver.push()
        self.solver.add(*formulas)
        answer = self.solver.check()
        self.model = self.solver.model() if answer == z3.sat else None
        self.solver.pop()
        return answer

    def names(self, depth: int) -> tuple[str, ...]:
        """The first run in the order of actions: each choice as small as the ones before it permit."""
        goal = z3.Or(self.at(self.goal, depth), self.copies[depth]["limit"])
        fixed: list[Any] = []
        for choice in self.choices[:depth]:
            best = self.chosen(choice)
            while self.ask(goal, *fixed, z3.ULT(choice, best)) == z3.sat:
                best = self.chosen(choice)
            fixed.append(choice == best)
            self.ask(goal, *fixed)
        return tuple(self.system.actions[f.arg(1).as_long()].name for f in fixed)

    def chosen(self, choice: Any) -> int:  # noqa: ANN401
        return int(self.model.eval(choice, model_completion=True).as_long())

    def found(self, names: tuple[str, ...]) -> Verdict:
        try:
            trace = schedule.timed(self.system, names, self.start)
        except CannotReplay as error:
            raise EnginesDisagree("z3 found a run that the semantics refuses", seen=(*names, error.message)) from error
        sometimes = self.prop.kind is PropertyKind.SOMETIMES
        return self.verdict(Outcome.HOLDS if sometimes else Outcome.VIOLATED, trace=trace)

    def exhausted(self, depth: int) -> Verdict:
        if self.prop.kind is PropertyKind.SOMETIMES:
            return self.verdict(Outcome.VIOLATED, f"no run is longer than {depth} steps, and none gets there")
        if self.unwitnessed:
            return self.verdict(Outcome.VACUOUS, "the situation it speaks of is never reached")
        return self.verdict(Outcome.HOLDS, f"no run is longer than {depth} steps")

    def bounded(self, depth: int) -> Verdict:
        if depth < 0:
            return self.verdict(Outcome.BOUNDED, self.stop.reason(0, 0) or "z3 gives no answer")
        return self.verdict(Outcome.BOUNDED, f"nothing found in runs of up to {depth} steps")

    def verdict(self, outcome: Outcome, reason: str = "", trace: Trace | None = None) -> Verdict:
        return Verdict(self.prop.name, outcome, "bmc", seconds=self.stop.elapsed(), trace=trace, reason=reason)
