"""Which faults a trace pays for, and which few are enough to break a claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from hamodel.checking.search import Found, each, surely
from hamodel.ir.expr import Expr
from hamodel.ir.report import FaultSet
from hamodel.ir.system import Kind, System

MOST_CLASSES = 5_000
"""Of this many violating classes the traces are read; they come shortest first."""


def used_by(system: System, names: Sequence[str]) -> FaultSet:
    """The faults and commands among these events."""
    actions = (system.actions[system.action_index[name]] for name in names)
    paid = Counter(a.fault for a in actions if a.fault and a.kind in (Kind.FAULT, Kind.OPERATOR))
    return tuple(sorted(paid.items()))


def kinds_of(system: System) -> dict[str, Kind]:
    """Every kind of fault or command of the scenario, and which of the two it is."""
    paid = (a for a in system.actions if a.fault and a.kind in (Kind.FAULT, Kind.OPERATOR))
    return {a.fault: a.kind for a in paid if system.may_happen(a)}


def without(system: System, left_out: Sequence[str]) -> System:
    """The scenario without some kinds of faults; `fault` and `operator` stand for all of that sort."""
    if not left_out:
        return system
    names = frozenset(
        a.name
        for a in system.actions
        if a.timer is None and system.may_happen(a) and a.kind.value not in left_out and a.fault not in left_out
    )
    return system.with_enabled(names)


def only(system: System, kinds: Sequence[str]) -> System:
    """The scenario with no other faults and commands than these; repairs stay."""
    return without(system, [kind for kind in kinds_of(system) if kind not in kinds])


def coming(system: System, found: Found, asked: Collection[str]) -> set[str]:
    """Those of the asked kinds that come about in an exploration: in some class one may happen and is paid for."""
    come: set[str] = set()
    for action in system.actions:
        wanted = action.kind in (Kind.FAULT, Kind.OPERATOR) and action.fault in asked and action.fault not in come
        if wanted and system.may_happen(action) and surely(found, action.guard):
            come.add(action.fault)
    return come


def breakers(
    system: System, found: Found, violation: Expr, most: int = MOST_CLASSES
) -> dict[FaultSet, tuple[str, ...]]:
    """The smallest sets of faults that lead to a violation, each with its shortest events; the shortest story first."""
    shortest: dict[FaultSet, tuple[str, ...]] = {}
    for _, names in each(found, violation, most):
        faults = used_by(system, names)
        if faults not in shortest or len(names) < len(shortest[faults]):
            shortest[faults] = names
    if not shortest:
        return {}
    fewest = min(count(f) for f in shortest)
    smallest = [f for f in shortest if count(f) == fewest]
    return {f: shortest[f] for f in sorted(smallest, key=lambda f: (len(shortest[f]), f))}


def count(faults: FaultSet) -> int:
    """How many faults a set has in all."""
    return sum(number for _, number in faults)
