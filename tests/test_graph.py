"""The explored graph as networkx sees it."""

from __future__ import annotations

from io import BytesIO

import networkx as nx
import pytest

from hamodel.engines.reference import Exploration, Reference
from hamodel.graph import (
    Lasso,
    components,
    dead_actions,
    dead_rules,
    deadlocks,
    distances,
    edges,
    lassos,
    to_dot,
    to_graphml,
    to_networkx,
)
from hamodel.ir.expr import TRUE
from hamodel.ir.state import State
from hamodel.ir.statement import Call, Procedure
from hamodel.ir.system import System
from tests.conformance import toys
from tests.conformance.toys import TOYS, eq, put


def explored(system: System) -> Exploration:
    return Reference().explore(system)


@pytest.mark.parametrize("toy", TOYS)
def test_every_class_is_a_node_and_every_step_an_edge(toy: str) -> None:
    found = explored(TOYS[toy])

    graph = to_networkx(TOYS[toy], found)

    assert (graph.number_of_nodes(), graph.number_of_edges()) == (found.classes, found.edges)
    assert [graph.nodes[i]["state"] for i in graph.nodes] == found.states


def test_distances_are_the_lengths_of_shortest_traces() -> None:
    found = explored(toys.hastened())

    assert distances(to_networkx(toys.hastened(), found)) == {i: len(found.names(i)) for i in range(found.classes)}


def test_only_what_comes_back_is_a_component() -> None:
    assert components(to_networkx(toys.race(), explored(toys.race()))) == []
    assert components(to_networkx(toys.blinker(), explored(toys.blinker()))) == [(0, 1)]
    assert components(to_networkx(toys.retries(), explored(toys.retries()))) == [(0,)]


def test_a_lasso_has_a_way_in_and_a_way_round() -> None:
    system = toys.system(
        "stumble",
        variables={"x": 1},
        initial=[toys.start("first", 1, 1)],
        ends={"first": [toys.start("a", 2, 2)], "a": [toys.start("b", 3, 3)], "b": [toys.start("a", 2, 2)]},
    )

    assert lassos(to_networkx(system, explored(system))) == [Lasso(("first",), ("a", "b"))]
    assert lassos(to_networkx(toys.retries(), explored(toys.retries()))) == [Lasso((), ("retry",))]


def test_a_class_without_a_step_is_a_deadlock() -> None:
    assert deadlocks(to_networkx(toys.race(), explored(toys.race()))) == [3]
    assert deadlocks(to_networkx(toys.blinker(), explored(toys.blinker()))) == []


def test_actions_and_rules_that_never_happen_are_found() -> None:
    system = toys.system(
        "idle",
        variables={"x": 1},
        initial=[toys.start("a", 1, 1)],
        ends={"a": [], "never": [Call("helper")]},
        free={"forbidden": (TRUE, [put("x", 1)]), "impossible": (eq("x", 1), [])},
        procedures=[Procedure("helper", (), ())],
    ).with_enabled(frozenset({"impossible"}))
    found = explored(system)

    assert dead_actions(system, found) == ["never", "impossible"]
    assert dead_rules(system, found) == ["helper", "on_never", "do_forbidden", "do_impossible"]


def test_edges_that_were_not_kept_cannot_be_drawn() -> None:
    class Forgetful:
        sources = targets = actions = None

        def state(self, index: int) -> State:
            raise NotImplementedError

    with pytest.raises(ValueError, match="not asked to keep"):
        edges(Forgetful())


def test_dot_names_every_node_and_every_action() -> None:
    graph = to_networkx(toys.blinker(), explored(toys.blinker()))

    assert to_dot(graph, lambda i, state: f'class {i}\n"{state.variables[0]}"').splitlines() == [
        'digraph "blinker" {',
        r'  0 [label="class 0\n\"0\""];',
        r'  1 [label="class 1\n\"1\""];',
        '  0 -> 1 [label="off_for"];',
        '  1 -> 0 [label="on_for"];',
        "}",
    ]


def test_graphml_reads_back_with_values_and_actions() -> None:
    system = toys.blinker()

    text = to_graphml(system, to_networkx(system, explored(system)))

    graph = nx.read_graphml(BytesIO(text.encode()), node_type=int, force_multigraph=True)
    assert graph.nodes[1] == {"on": 1, "running": "on_for"}
    assert [graph.edges[edge]["action"] for edge in graph.edges] == ["off_for", "on_for"]
