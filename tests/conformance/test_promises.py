"""What comes in the end, against whole milliseconds: every clock reading a node of its own, every ms an edge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import networkx as nx

from hamodel.engines.certify import period
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.lasso import demand
from hamodel.engines.reference import Reference
from hamodel.errors import ModelError
from hamodel.ir.expr import And, Binary, Const, Expr, Not, Op, Read, Running
from hamodel.ir.fairness import Fairness, Strength, strong, weak
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import enabled, evaluate, fire, initial_state
from hamodel.ir.statement import Procedure
from hamodel.ir.system import Action, Kind, System
from hamodel.ir.verdict import Limits, Outcome, Verdict
from tests.conformance.brute_force import Node, TooMany, _draws, _steps, _tick
from tests.conformance.random_systems import FAR, TIMERS, VARIABLES, _Writer, random_system

if TYPE_CHECKING:
    Ticks = nx.MultiDiGraph[Node]

SEEDS = range(30)
MOST = 300
TICK = "tick"
PURE = ClassesEngine(pure=True)


def mendable(seed: int) -> System:
    """A random system with two repairs that cost nothing and may come at any instant, or never."""
    system, writer, random = random_system(seed), _Writer(seed + 10_000), Random(seed)
    procedures, actions = dict(system.procedures), list(system.actions)
    for name in ("mend", "tinker"):
        body = writer.block(0) if random.random() < 0.8 else ()
        procedures[f"do_{name}"] = Procedure(f"do_{name}", (), body)
        guard = And((writer.formula(1), Not(Running(random.choice(TIMERS)))))
        actions.append(Action(name, Kind.REPAIR, f"do_{name}", guard=guard, fault=name))
    return replace(system, procedures=procedures, actions=tuple(actions))


def claim(seed: int) -> Property:
    random = Random(seed)
    choices = [(), (), weak("mend"), weak("repair"), strong("mend"), strong("mend", "tinker"), weak("tinker")]
    name, hi = random.choice(list(VARIABLES.items()))
    goal: Expr = Binary(Op.EQ, Read(name), Const(random.randint(0, hi)))
    formula: Expr = random.choice((Const(1), Read("x"), Running("t")))
    if random.random() < 0.3:
        goal = And((goal, Not(Running("u"))))
    return Property("p", PropertyKind.LEADS_TO, formula, "", goal=goal, fairness=random.choice(choices))


def by_milliseconds(system: System, prop: Property) -> bool:
    """Whether some run breaks the promise: a circle of whole milliseconds on which time passes and all is fair."""
    graph = tick_graph(system)
    holds = {s: evaluate(system, s, prop.formula) != 0 for s in {n[0] for n in graph}}
    met = {s: evaluate(system, s, prop.goal) != 0 for s in holds if prop.goal is not None}
    unmet = graph.subgraph([n for n in graph if not met[n[0]]])
    raised = [n for n in unmet if holds[n[0]]]
    pending = set(raised).union(*(nx.descendants(unmet, n) for n in raised)) if raised else set()
    return any(True for _ in lasting(system, prop, unmet.subgraph(pending)))


def tick_graph(system: System) -> Ticks:
    near = {t.name for t in system.timers if not t.far}
    state, started, _ = initial_state(system)
    todo = [(state, c) for c in _draws(system, {}, state, {t: b for t, b in started.items() if t in near})]
    graph: Ticks = nx.MultiDiGraph()
    graph.add_nodes_from(todo)
    seen = set(todo)
    while todo:
        node = todo.pop()
        for after, label, anew in _ways_on(system, node, near):
            graph.add_edge(node, after, label=label, anew=anew)
            if after not in seen:
                seen.add(after)
                todo.append(after)
        if len(seen) > MOST:
            raise TooMany
    return graph


def _ways_on(system: System, node: Node, near: set[str]) -> Iterator[tuple[Node, str, frozenset[str]]]:
    for after in _tick(system, node) if node[1] else [node]:
        yield after, TICK, frozenset()
    for action in system.actions:
        alone = replace(system, actions=(action,))
        for effect, left in _steps(alone, node):
            begun = {t: b for t, b in effect.started.items() if t in near}
            for drawn in _draws(system, left, effect.state, begun):
                yield (effect.state, drawn), action.name, frozenset(effect.started)


def lasting(system: System, prop: Property, graph: Ticks) -> Iterator[set[Node]]:
    """Strongly connected parts, taken apart until all that is owed in one is done in it."""
    for part in nx.strongly_connected_components(graph):
        inside = graph.subgraph(part)
        labels = {str(data["label"]) for _, _, data in inside.edges(data=True)}
        anew = {t for _, _, data in inside.edges(data=True) for t in data["anew"]}
        if TICK not in labels:
            continue
        bad: set[Node] = set()
        hour = system.timer_index[FAR]
        if FAR not in labels | anew and all(s.running[hour] for s, _ in part):
            bad |= {n for n in part if fire(system, n[0], system.actions[system.action_index[FAR]]) is not None}
        for name, fairness in owed(system, prop.fairness):
            possible = {n for n in part if enabled(system, n[0], system.actions[system.action_index[name]])}
            if name not in labels and (fairness.strength is Strength.STRONG or possible == part):
                bad |= possible
        if not bad:
            yield part
        elif bad != part:
            yield from lasting(system, prop, graph.subgraph(part - bad))


def owed(system: System, fairness: tuple[Fairness, ...]) -> Iterator[tuple[str, Fairness]]:
    for each in fairness:
        names = [a.name for a in system.actions if each.what in (a.name, a.kind.value)]
        yield from ((name, each) for name in names)


def ask(engine: Reference | ClassesEngine, system: System, prop: Property) -> Verdict | None:
    """None: the model stops the time, so that no run lasts."""
    try:
        return engine.check(system, prop, Limits(classes=120))
    except ModelError as error:
        assert "stops the time" in error.message
        return None


def test_promises_end_as_in_whole_milliseconds() -> None:
    counted = {"violated": 0, "holds": 0, "time stops": 0, "left out": 0}
    for seed in SEEDS:
        system, prop = mendable(seed), claim(seed)
        verdict = ask(Reference(), system, prop)
        try:
            expected: bool | None = by_milliseconds(system, prop)
        except TooMany:
            expected = None
        if expected is None or (verdict is not None and verdict.outcome is Outcome.BOUNDED):
            counted["left out"] += 1
            continue
        counted["time stops" if verdict is None else verdict.outcome.value] += 1

        assert (verdict is not None and verdict.outcome is Outcome.VIOLATED) is expected, seed
        other = ask(PURE, system, prop)

        assert (other is None) is (verdict is None), seed
        if verdict is not None and other is not None:
            assert other.outcome is verdict.outcome, seed
            if verdict.trace is not None and other.trace is not None:
                assert (other.trace.names(), other.trace.loop) == (verdict.trace.names(), verdict.trace.loop), seed
                found = demand(system, verdict.trace, None, prop)
                assert verdict.trace.loop is None or period(system, verdict.trace, found.rounds) > 0
    assert counted["violated"] > 8
    assert counted["holds"] > 5
    assert counted["time stops"] > 0
