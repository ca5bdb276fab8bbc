"""The search without machine code: what a step does is worked out once for all states that look alike to it.

A state is one whole number. An action sees the bits of the variables it touches and nothing else, so what it does is
remembered by them: which bits it turns over. Most steps are then two look-ups in dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hamodel.engines._lower.footprint import Touched
from hamodel.engines._lower.layout import layout_of
from hamodel.engines._lower.python import python_rules
from hamodel.engines._lower.untimed_search import ListedSearch
from hamodel.ir.expr import Expr
from hamodel.ir.semantics import evaluate, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import System


class RememberingSearch(ListedSearch[int]):
    """The same states in the same order as by the reference semantics; what is not yet remembered is run as Python."""

    def __init__(self, system: System, formulas: Sequence[Expr]) -> None:
        self.fields: dict[str, tuple[int, int, int]] = {}
        used = 0
        for variable in system.variables:
            width = (variable.hi - variable.lo).bit_length()
            self.fields[variable.name] = used, (1 << width) - 1, variable.lo
            used += width
        by = Touched(system)
        guards = [by.read(a.guard) for a in system.actions]
        self.guarded = self._mask(frozenset().union(*guards))
        touched = [g | by.procedure(a.procedure) for g, a in zip(guards, system.actions, strict=True)]
        self.touched = [self._mask(names) for names in touched]
        layout = layout_of(system)
        self.rules, self.width = python_rules(system, layout), layout.width
        self.columns = [[(layout.variables[n], *self.fields[n]) for n in sorted(names)] for names in touched]
        """For each action where the variables it touches lie in a row of bytes, and where in a state."""
        self.judged = self._mask(frozenset().union(*(by.read(f) for f in formulas)))
        self.ready: dict[int, tuple[int, ...]] = {}
        self.turned: list[dict[int, int]] = [{} for _ in system.actions]
        self.judgements: dict[int, int] = {}
        super().__init__(system, formulas, self._packed(initial_state(system)[0]))

    def _mask(self, names: Iterable[str]) -> int:
        return sum(mask << shift for shift, mask, _ in (self.fields[name] for name in names))

    def _packed(self, state: State) -> int:
        placed = zip(state.variables, self.fields.values(), strict=True)
        return sum((value - lo) << shift for value, (shift, _, lo) in placed)

    def unpacked(self, state: int) -> State:
        return State(tuple((state >> shift & mask) + lo for shift, mask, lo in self.fields.values()), (), ())

    def judge(self, state: int) -> int:
        seen = state & self.judged
        if seen not in self.judgements:
            here = self.unpacked(state)
            holds = (evaluate(self.system, here, formula) != 0 for formula in self.formulas)
            self.judgements[seen] = sum(1 << f for f, it in enumerate(holds) if it)
        return self.judgements[seen]

    def steps(self, state: int) -> Iterable[tuple[int, int]]:
        ready = self.ready.get(state & self.guarded)
        if ready is None:
            row = bytearray(self.width)
            row[: len(self.fields)] = bytes(self.unpacked(state).variables)
            ready = tuple(i for i, guard in enumerate(self.rules.guards) if guard(row, {}, {}, ()))
            self.ready[state & self.guarded] = ready
        found = []
        for number in ready:
            seen = state & self.touched[number]
            turned = self.turned[number].get(seen)
            if turned is None:
                turned = self.turned[number][seen] = self._fired(number, seen)
            found.append((number, state ^ turned))
        return found

    def _fired(self, number: int, seen: int) -> int:
        """The bits that an action turns over where it sees these."""
        row = bytearray(self.width)
        for column, shift, mask, lo in self.columns[number]:
            row[column] = (seen >> shift & mask) + lo
        self.rules.fire(number, row, {}, {}, ())
        after = 0
        for column, shift, _, lo in self.columns[number]:
            after |= (row[column] - lo) << shift
        return seen ^ after

    def state(self, index: int) -> State:
        """A state of the untimed system."""
        return self.unpacked(self.order[index])
