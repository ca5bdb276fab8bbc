"""What a game is about: a state that must not come, a goal that must not be late, or one that must come in the end.

A promise about the end is not broken by any state: it is broken by a run in which its goal never comes. Such a run
rests while the goal is still owed, or goes round for ever without it. Both can be seen in the graph of the game,
provided that classes are told apart exactly: then every circle in it is a run (see `engines/_lower/pending.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx

from hamodel.checking.case import Case
from hamodel.checking.exhibits.choices import is_yours
from hamodel.checking.exhibits.follow import Seen, seen
from hamodel.checking.faultsets import used_by
from hamodel.ir.compose import left, limit
from hamodel.ir.exhibit import BROKEN, GOOD, WAITING, Edge
from hamodel.ir.expr import Const, Expr, Op, Read, Running, and_, binary, not_, or_
from hamodel.ir.fairness import Fairness, Strength, named
from hamodel.ir.observe import Memory, late_of, observe, remembered, switch_of
from hamodel.ir.property import PropertyKind
from hamodel.ir.semantics import enabled, evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.properties.bind import bind, deadline_of
from hamodel.properties.words import Definition

OWED = "owed"
"""What the memories of goals that are still to come begin with."""


@dataclass(frozen=True)
class Stake:
    """One claim as a game sees it."""

    sight: Seen
    late: Expr | None = None
    """Its time is over; None where it has no deadline."""
    owed: Expr | None = None
    """Its goal is wanted and has not come; None for a claim that single states decide."""
    fairness: tuple[Fairness, ...] = ()

    @property
    def in_the_end(self) -> bool:
        """Whether only a run without an end breaks it."""
        return self.owed is not None and self.late is None

    def light(self, system: System, state: State) -> int:
        """How the claim stands in this state."""
        if self.owed is None:
            return self.sight.here(system, state)[0]
        if self.late is not None and evaluate(system, state, self.late):
            return BROKEN
        return WAITING if evaluate(system, state, self.owed) else GOOD

    def broken(self, system: System, state: State) -> bool:
        """Whether it is broken here, whatever follows."""
        return self.light(system, state) == BROKEN

    def pending(self, system: System, state: State) -> bool:
        """Whether its goal is still to come."""
        return self.owed is not None and evaluate(system, state, self.owed) != 0


def stake(case: Case, definition: Definition, names: Sequence[str]) -> Stake:
    """The claim for a game that begins like the run with these events.

    A promise counts from the last fault on. In a game commands are left over, so what counts are the faults of the run.
    """
    if definition.kind is not PropertyKind.LEADS_TO:
        return Stake(seen(case, [definition], definition.name))
    spent = {"faults_spent": _spent(case.system, names)}
    case = replace(case, system=replace(case.system, observables={**case.system.observables, **spent}))
    sight = seen(case, [definition], definition.name)
    bound = bind(definition, case.system, case.layout, case.taken)
    timed = [deadline_of(p.name) for p in bound.properties if p.within is not None]
    if timed:
        system = sight.system.with_settings(**{switch_of(name): 1 for name in timed})
        owed = or_(*(Running(f"deadline[{name}]") for name in timed))
        return Stake(replace(sight, system=system), or_(*(remembered(late_of(name)) for name in timed)), owed)
    over = [or_(*(e for e in (p.goal, p.release) if e is not None)) for p in bound.properties]
    memories = [
        Memory(f"{OWED}[{p.name}]", and_(p.formula, not_(done)), done, switch=OWED)
        for p, done in zip(bound.properties, over, strict=True)
    ]
    system = observe(sight.system, memories).with_settings(**{switch_of(OWED): 1})
    fairness = tuple(dict.fromkeys(each for p in bound.properties for each in p.fairness))
    return Stake(replace(sight, system=system), None, or_(*(remembered(m.name) for m in memories)), fairness)


def _spent(system: System, names: Sequence[str]) -> Expr:
    """None of the faults of the run can come any more; commands, repairs and the plug are the player's."""
    yours = {a.fault for a in system.actions if is_yours(a)}
    known = [name for name in names if name in system.action_index]
    kinds = [kind for kind, _ in used_by(system, known) if kind not in yours and limit(kind) in system.setting_value]
    return and_(*(binary(Op.EQ, Read(left(kind)), Const(0)) for kind in kinds))


def never_met(
    stake: Stake, system: System, states: Sequence[State], edges: Mapping[int, Sequence[Edge]], yours: frozenset[int]
) -> set[int]:
    """The places from which a run without a move of the player never meets its goal: it rests there, or goes round.

    Only those where the goal is owed, and only runs that the fairness of the claim does not exclude. `yours` are the
    choices of the player.
    """
    if not stake.in_the_end:
        return set()
    owed = {i for i in edges if stake.pending(system, states[i])}
    duties = [(each.strength, index) for each in stake.fairness for index in named(system, each)]
    able = {(i, index): enabled(system, states[i], system.actions[index]) for i in owed for _, index in duties}
    idle = {i: [e for e in edges[i] if e.choice not in yours] for i in owed}
    found = {i for i in owed if not idle[i] and not any(able[i, index] for _, index in duties)}
    lasting = {(i, e.target) for i in owed for e in idle[i] if e.target in owed and (e.hi is None or e.hi > 0)}
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(sorted(owed))
    graph.add_edges_from((i, e.target) for i in sorted(owed) for e in idle[i] if e.target in owed)
    waiting = [graph]
    while waiting:
        part = waiting.pop()
        for places in nx.strongly_connected_components(part):
            circle = part.subgraph(places)
            if lasting.isdisjoint(circle.edges):
                continue
            barred = {i for s, k in duties if s is Strength.STRONG for i in places if able[i, k]}
            if barred:
                waiting.append(circle.subgraph(places - barred).copy())
            elif all(any(not able[i, index] for i in places) for s, index in duties if s is Strength.WEAK):
                found |= places
    return found
