"""A search too large for one go is divided: a run with two faults has faults of two kinds at most.

Every run with at most k faults uses some of a multiset of kinds with k members, and a slice is all runs that use no
others: the same system with other limits, so the slices together are the whole, run by run. What is asked of single
states (claims, deadlines, least and greatest durations, which faults come) is the union of the answers, and the
smallest set of faults that breaks a claim is the same, because the steps of the ladder below have excluded smaller
ones. The claims speak of the whole budget (`faults_spent`), which every slice has. A slice that is still too large is
divided once more, by the actions themselves: which cable, which node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, product
from math import comb

from hamodel.checking.faultsets import kinds_of, used_by, without
from hamodel.checking.search import Found
from hamodel.ir import expr as e
from hamodel.ir.compose import BUDGET, BUDGET_TOTAL, left, limit
from hamodel.ir.report import FaultSet
from hamodel.ir.state import State
from hamodel.ir.system import Kind, System

CANDIDATES = 50
"""So many states of a search by hulls are asked for a run to them."""
MOST_SLICES = 5_000
"""With more multisets than this their number would cost more than it saves: the search is not divided."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The runs with no other faults than these, and no more of them."""

    text: str
    system: System
    start: State | None
    faults: FaultSet
    budget: int

    def fewest(self, found: Found, violation: e.Expr) -> dict[FaultSet, tuple[str, ...]]:
        """What is left of the budget tells which faults a state has seen: one trace is enough for each set of them."""
        for size in range(sum(n for _, n in self.faults) + 1):
            shown = {}
            for used in product(*(range(n + 1) for _, n in self.faults)):
                if sum(used) != size:
                    continue
                rest = [e.binary(e.Op.EQ, e.Read(BUDGET), e.Const(self.budget - size))]
                for (kind, n), m in zip(self.faults, used, strict=True):
                    if n < self.budget:
                        rest.append(e.binary(e.Op.EQ, e.Read(left(kind)), e.Const(n - m)))
                runs = (found.run_to(index) for index in list(found.where(e.and_(violation, *rest))[:CANDIDATES]))
                names = next((run for run in runs if run is not None), None)
                if names is not None:
                    shown[used_by(self.system, names)] = names
            if shown:
                return {f: shown[f] for f in sorted(shown, key=lambda f: (len(shown[f]), f))}
        return {}


def slices_of(system: System, start: State | None) -> Iterator[Slice]:
    """The multisets of kinds as large as budget and limits allow; none where limits cannot be set or all is small."""
    budget = system.setting_value.get(BUDGET_TOTAL, 0)
    kinds = [kind for kind in sorted(kinds_of(system)) if system.setting_value.get(limit(kind), 0) > 0]
    if budget < 1 or any(limit(kind) not in system.setting_value for kind in kinds_of(system)):
        return
    most = {kind: min(budget, system.setting_value[limit(kind)]) for kind in kinds}
    size = min(budget, sum(most.values()))
    if comb(len(kinds) + size - 1, size) > MOST_SLICES:
        return
    for chosen in combinations_with_replacement(kinds, size):
        faults = tuple((kind, chosen.count(kind)) for kind in dict.fromkeys(chosen))
        if all(n <= most[kind] for kind, n in faults):
            yield slice_of(system, start, faults, budget)


def slice_of(system: System, start: State | None, faults: FaultSet, budget: int) -> Slice:
    """The runs of a system that use at most these faults."""
    kinds = dict(faults)
    less = without(system, [kind for kind in kinds_of(system) if kind not in kinds])
    less = less.with_settings(**{limit(kind): n for kind, n in faults})
    text = " + ".join(kind for kind, n in faults for _ in range(n))
    return Slice(text, less, _with_limits(system, start, faults, budget), faults, budget)


def actions_of(slice: Slice) -> Iterator[Slice]:
    """The same runs by the actions they use: one choice of as many actions of each kind as may come of it."""
    system = slice.system
    loose = [a for a in system.actions if a.timer is None and system.may_happen(a)]
    paid = [a for a in loose if a.fault and a.kind in (Kind.FAULT, Kind.OPERATOR)]
    free = frozenset(a.name for a in loose) - {a.name for a in paid}
    choices = []
    for kind, n in slice.faults:
        names = [a.name for a in paid if a.fault == kind]
        choices.append([frozenset(c) for c in combinations_with_replacement(names, n)])
    chosen = [frozenset(name for names in sets for name in names) for sets in product(*choices)]
    for some in dict.fromkeys(c for c in chosen if not any(c < other for other in chosen)):
        yield replace(slice, text=" + ".join(sorted(some)), system=system.with_enabled(free | some))


def has_runs(system: System, text: str) -> bool:
    """Whether the runs of the slice of this text are runs of a system: it has the kinds or actions that it names."""
    may = {action.name for action in system.actions if system.may_happen(action)} | kinds_of(system).keys()
    names = text.split(" + ")
    return len(names) <= system.setting_value.get(BUDGET_TOTAL, 0) and all(name in may for name in names)


def _with_limits(system: System, start: State | None, faults: FaultSet, budget: int) -> State | None:
    """The start as the budget's first rule would set it: what is left of a kind is counted only below the whole."""
    if start is None:
        return None
    values = list(start.variables)
    for kind, n in faults:
        values[system.variable_index[left(kind)]] = n if n < budget else 0
    return replace(start, variables=tuple(values))
