"""The reachable graph, for networkx: what was explored tells its distances, its circles, its rules that never fire.

Nodes are classes, numbered as they were found; edges are steps. A run begins in class 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import networkx as nx

from hamodel.ir.semantics import fire, first_effect
from hamodel.ir.state import State
from hamodel.ir.system import System

if TYPE_CHECKING:
    Graph = nx.MultiDiGraph[int]


class Numbers(Protocol):
    """A list or an array of whole numbers."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...


class Explored(Protocol):
    """What an engine found: the source, the target and the action index of every edge, and the state of every class."""

    @property
    def sources(self) -> Numbers | None: ...
    @property
    def targets(self) -> Numbers | None: ...
    @property
    def actions(self) -> Numbers | None: ...
    def state(self, index: int) -> State: ...


def edges(explored: Explored) -> list[tuple[int, int, int]]:
    """(source, target, action index) of every step, in the order in which they were taken."""
    if explored.sources is None or explored.targets is None or explored.actions is None:
        raise ValueError("the engine was not asked to keep the edges")
    found = zip(explored.sources, explored.targets, explored.actions, strict=True)
    return [(int(source), int(target), int(action)) for source, target, action in found]


def to_networkx(system: System, explored: Explored) -> Graph:
    """Every class as a node with its `state`, every step as an edge with its `action`."""
    graph: Graph = nx.MultiDiGraph(name=system.name)
    steps = edges(explored)
    classes = 1 + max((target for _, target, _ in steps), default=0)
    graph.add_nodes_from((i, {"state": explored.state(i)}) for i in range(classes))
    graph.add_edges_from((s, t, {"action": system.actions[a].name}) for s, t, a in steps)
    return graph


def distances(graph: Graph) -> dict[int, int]:
    """How many steps each class is away from the first."""
    return dict(sorted(nx.single_source_shortest_path_length(graph, 0).items()))


def components(graph: Graph) -> list[tuple[int, ...]]:
    """The strongly connected components with a circle in them, each in order, the first found first."""
    found = (tuple(sorted(c)) for c in nx.strongly_connected_components(graph))
    return sorted(c for c in found if len(c) > 1 or graph.has_edge(c[0], c[0]))


def deadlocks(graph: Graph) -> list[int]:
    """The classes without a step."""
    return [node for node, degree in sorted(graph.out_degree()) if degree == 0]


@dataclass(frozen=True, slots=True)
class Lasso:
    """A way in and a way round, as the names of their steps."""

    prefix: tuple[str, ...]
    circle: tuple[str, ...]


def lassos(graph: Graph) -> list[Lasso]:
    """For every component with a circle: the shortest way to it and, from there, the shortest way round."""
    near = distances(graph)
    found = []
    for component in components(graph):
        entry = min((c for c in component if c in near), key=lambda c: (near[c], c))
        inside = graph.subgraph(component)
        ways = [nx.shortest_path(inside, after, entry) for after in sorted(inside.successors(entry))]
        found.append(
            Lasso(_actions(graph, nx.shortest_path(graph, 0, entry)), _actions(graph, [entry, *min(ways, key=len)]))
        )
    return found


def _actions(graph: Graph, path: list[int]) -> tuple[str, ...]:
    """The first action on each edge of a path."""
    return tuple(str(graph.edges[a, b, 0]["action"]) for a, b in pairwise(path))


def dead_actions(system: System, explored: Explored) -> list[str]:
    """The actions that may happen in this scenario and never do."""
    fired = {action for _, _, action in edges(explored)}
    return [a.name for i, a in enumerate(system.actions) if i not in fired and system.may_happen(a)]


def dead_rules(system: System, explored: Explored) -> list[str]:
    """The procedures that no step enters, in the order of the system; to be asked in a guard is not to be entered."""
    entered = set(first_effect(system).rules)
    for state, action in dict.fromkeys((explored.state(s), a) for s, _, a in edges(explored)):
        effect = fire(system, state, system.actions[action])
        if effect is not None:
            entered |= set(effect.rules)
    return [name for name in system.procedures if name not in entered]


def to_dot(graph: Graph, label: Callable[[int, State], str] | None = None) -> str:
    """The graph in Graphviz's language; `label` writes what stands in a node."""
    lines = [f"digraph {_quoted(str(graph.name or 'system'))} {{"]
    for node in sorted(graph.nodes):
        text = label(node, graph.nodes[node]["state"]) if label is not None else str(node)
        lines.append(f"  {node} [label={_quoted(text)}];")
    lines += [f"  {s} -> {t} [label={_quoted(a)}];" for s, t, a in _steps(graph)]
    return "\n".join([*lines, "}"]) + "\n"


def _steps(graph: Graph) -> list[tuple[int, int, str]]:
    return [(s, t, str(graph.edges[s, t, k]["action"])) for s, t, k in sorted(graph.edges)]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def to_graphml(system: System, graph: Graph) -> str:
    """The graph as GraphML, with one attribute for each variable and one for the running timers."""
    plain: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for node in sorted(graph.nodes):
        state: State = graph.nodes[node]["state"]
        values = {v.name: value for v, value in zip(system.variables, state.variables, strict=True)}
        plain.add_node(node, **values, running=" ".join(state.timers(system)))
    plain.add_edges_from((s, t, {"action": a}) for s, t, a in _steps(graph))
    return "\n".join(nx.generate_graphml(plain)) + "\n"
