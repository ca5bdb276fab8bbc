"""IC3: a proof that something never happens, whatever the delays, with an invariant that others can check.

Over the untimed abstraction, on bits (`_lower/bits.py`) and SAT solvers (`_lower/pdr.py`). Every proof is checked again
by z3 from a fresh encoding of the rules before it is told, every run found is replayed by the reference semantics and
then in time. Good where a short reason excludes the bad; a deep counterexample is found sooner by listing states.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from hamodel.engines._lower import abstraction, inductive
from hamodel.engines._lower.abstraction import Question
from hamodel.engines._lower.bits import Bits, lowered
from hamodel.engines._lower.gates import Literal as Gate
from hamodel.engines._lower.pdr import Cube, Pdr, Proof, Reached, Stopped
from hamodel.errors import EnginesDisagree
from hamodel.ir.expr import Expr
from hamodel.ir.invariant import Invariant, Literal
from hamodel.ir.possible import Values, possible
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate, fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome, Verdict

Progress = Callable[[str, int], None]
"""Told which level is reached and how many clauses there are."""


class Ic3:
    """Safety by proof."""

    name: ClassVar[str] = "ic3"
    answers: ClassVar[frozenset[PropertyKind]] = frozenset({PropertyKind.ALWAYS, PropertyKind.SOMETIMES})

    def check(
        self,
        system: System,
        prop: Property,
        limits: Limits | None = None,
        start: State | None = None,
        progress: Progress | None = None,
    ) -> Verdict:
        """The verdict on one property of a timed system; `holds` comes with a certificate that z3 has checked."""
        return self.answer(abstraction.asked(system, prop, start), limits, progress)

    def answer(self, question: Question, limits: Limits | None = None, progress: Progress | None = None) -> Verdict:
        return _Answer(question, limits or Limits(), progress).verdict()


class _Answer:
    def __init__(self, question: Question, limits: Limits, progress: Progress | None) -> None:
        self.question, self.limits, self.progress = question, limits, progress
        self.end = None if limits.seconds is None else question.began + limits.seconds
        asked = [question.wanted, question.limit, *([question.witness] if question.witness is not None else [])]
        self.bits = lowered(question.system, asked)
        self.values = possible(question.system).variables

    def verdict(self) -> Verdict:
        question, gates = self.question, self.bits.gates
        wanted, limit = self.bits.formulas[0], gates.or_(self.bits.formulas[1], self.bits.limit)
        found = self.search(gates.or_(wanted, limit))
        match found:
            case Stopped():
                return self._bounded(found)
            case Reached(names) if not self._shows(names, question.wanted):
                return self._beyond_the_limit(self.search(wanted))
            case Reached(names):
                return abstraction.verdict_on_run(question, Ic3.name, names)
            case Proof(cubes):
                certificate = invariant(self.bits, self.values, cubes)
                checked = self._certified(certificate)
                if checked is not None:
                    return checked
                verdict = abstraction.verdict_on_absence(
                    question, Ic3.name, witnessed=self._witnessed(), certificate=certificate
                )
                return replace(verdict, details=(*verdict.details, *self._words(certificate)))

    def search(self, bad: Gate) -> Proof | Reached | Stopped:
        def tell(level: int, clauses: int) -> None:
            if self.progress is not None:
                self.progress(f"level {level}", clauses)

        left = None if self.end is None else max(0.0, self.end - time.monotonic())
        pdr = Pdr(self.bits, bad, seconds=left, depth=self.limits.depth, tell=tell)
        try:
            return pdr.run()
        finally:
            pdr.close()

    def _bounded(self, found: Stopped) -> Verdict:
        reason = f"nothing found in untimed runs of up to {found.level - 1} steps: {found.why}"
        return abstraction.verdict(self.question, Ic3.name, Outcome.BOUNDED, reason)

    def _beyond_the_limit(self, found: Proof | Reached | Stopped) -> Verdict:
        """A fixed size is exceeded by some run; what is wanted may still be found, but its absence proves nothing."""
        if isinstance(found, Reached):
            return abstraction.verdict_on_run(self.question, Ic3.name, found.names)
        return abstraction.verdict(self.question, Ic3.name, Outcome.UNKNOWN, abstraction.TOO_SMALL)

    def _shows(self, names: Sequence[str], formula: Expr) -> bool:
        system = self.question.system
        state = initial_state(system)[0]
        for name in names:
            effect = fire(system, state, system.actions[system.action_index[name]])
            if effect is None:
                raise EnginesDisagree(f"the proving engine found a run in which {name} is not enabled", seen=names)
            state = effect.state
        return evaluate(system, state, formula) != 0

    def _certified(self, certificate: Invariant) -> Verdict | None:
        """None where z3 agrees; EnginesDisagree where it does not, `bounded` where it was not given enough time."""
        left = None if self.end is None else max(0.0, self.end - time.monotonic())
        try:
            wrong = inductive.objections(
                self.question.system, certificate, [self.question.wanted, self.question.limit], left
            )
        except inductive.OutOfTime:
            reason = "a proof was found, but z3 had no time left to check it"
            return abstraction.verdict(self.question, Ic3.name, Outcome.BOUNDED, reason)
        if wrong:
            raise EnginesDisagree("z3 does not accept the invariant of a proof", seen=wrong)
        return None

    def _witnessed(self) -> bool | None:
        if self.question.witness is None:
            return True
        found = self.search(self.bits.formulas[2])
        if isinstance(found, Proof):
            return False
        if isinstance(found, Reached) and abstraction.feasible(self.question, found.names):
            return True
        return None

    def _words(self, certificate: Invariant) -> tuple[tuple[str, str], ...]:
        lines = certificate.lines(self.question.whole)
        return (("checked", "the invariant by z3"), *(("invariant", line) for line in lines))


def invariant(bits: Bits, values: Mapping[str, Values], cubes: Sequence[Cube]) -> Invariant:
    """The clauses that exclude these cubes, said of variables and their values instead of bits."""
    whole = {v.name: range(v.lo, v.hi + 1) for v in bits.variables}
    known = {name: tuple(sorted(values.get(name, domain))) for name, domain in whole.items()}
    return Invariant(tuple(known.items()), tuple(_clause(bits, known, cube) for cube in cubes))


def _clause(bits: Bits, known: dict[str, tuple[int, ...]], cube: Cube) -> tuple[Literal, ...]:
    demands: dict[str, list[tuple[int, bool]]] = {}
    lowest: dict[str, int] = {}
    for bit in sorted(cube, key=abs):
        variable, digit = bits.owner[abs(bit) - 1]
        demands.setdefault(variable.name, []).append((digit, bit > 0))
        lowest[variable.name] = variable.lo
    clause: list[Literal] = []
    for name, digits in demands.items():
        inside = [v for v in known[name] if all(bool(v - lowest[name] >> k & 1) == on for k, on in digits)]
        if len(inside) == 1:
            clause.append(Literal(name, "!=", inside[0]))
        else:
            clause += [Literal(name, "==", v) for v in known[name] if v not in inside]
    return tuple(clause)
