"""The timed exports: TChecker, where installed, reaches what we reach; UPPAAL's file has the form it should have."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hamodel.errors import NotExportable
from hamodel.ir.clocked import Clocked, clocked
from hamodel.ir.expr import Binary, Const, Expr, Op, Read, not_, or_
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.rewrite import statements
from hamodel.ir.statement import Assign, Hasten
from hamodel.ir.system import System
from hamodel.renderers.exports import tchecker, uppaal
from hamodel.renderers.exports.names import Names
from tests.conformance.random_systems import random_formula, random_system
from tests.conformance.toys import TOYS, put, start, system
from tests.renderers.exports import peers
from tests.renderers.exports.models import ENGINE, about

GOLDEN = Path(__file__).parent / "golden"


def asked(given: System) -> Expr:
    if given.name.startswith("random-"):
        return not_(random_formula(int(given.name.removeprefix("random-"))))
    return not_(Binary(Op.EQ, Read(given.variables[0].name), Const(1)))


def always(formula: Expr) -> Property:
    return Property("claim", PropertyKind.ALWAYS, formula, "A claim about a toy.")


def ours(given: System, made: Clocked) -> set[tuple[tuple[str, int], ...]]:
    """The reachable values of the variables and timers that the export keeps, by their identifiers."""
    names = Names((v.name for v in made.system.variables), tchecker.RESERVED)
    timers = {c.timer for c in made.clocks}
    kept = [v.name for v in made.system.variables if v.name in given.variable_index]
    found = ENGINE.explore(given, mode="equality")
    states = [found.state(i) for i in range(found.classes)]
    return {
        (
            *((names[v], state.value(given, v)) for v in kept),
            *((names[f"running[{t}]"], int(t in state.timers(given))) for t in sorted(timers)),
        )
        for state in states
    }


@pytest.mark.parametrize("given", [*TOYS.values(), *(random_system(n) for n in (0, 2, 6, 7, 11))], ids=lambda s: s.name)
def test_tchecker_reaches_the_same_states_and_the_same_verdict(given: System) -> None:
    formula = asked(given)
    made = clocked(given, (formula,))

    reached, _, states = peers.tchecker(tchecker.render(made, always(formula), about(given.name)))

    found = ENGINE.explore(given, mode="equality")
    assert reached == (found.first_where(not_(formula)) is not None)
    mine = ours(given, made)
    keys = [name for name, _ in next(iter(mine))]
    said = [dict(pair.split("=") for pair in state.split(",") if pair) for state in states]
    assert {tuple((k, int(values[k])) for k in keys) for values in said} == mine


@pytest.mark.parametrize(
    "given", [TOYS["hastened"], TOYS["far"], TOYS["outage"], random_system(6)], ids=lambda s: s.name
)
def test_an_uppaal_model_has_one_location_and_an_edge_for_each_action(given: System) -> None:
    formula = asked(given)
    made = clocked(given, (formula,))

    text = uppaal.render(made, always(formula), about(given.name))

    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", text))
    assert [child.tag for child in root] == ["declaration", "template", "system", "queries"]
    template = root.find("template")
    assert template is not None
    locations = [place.get("id") for place in template.findall("location")]
    assert locations == ["id0"]
    edges = template.findall("transition")
    assert len(edges) == len(made.system.actions)
    declared = root.findtext("declaration") or ""
    functions = set(re.findall(r"^(?:void|number) (\w+)\(", declared, re.MULTILINE))
    known = {*functions, *re.findall(r"^(?:clock|int\[\d+,\d+\]) (\w+)", declared, re.MULTILINE)}
    for edge in edges:
        assert [edge.find(end).get("ref") for end in ("source", "target")] == ["id0", "id0"]  # type: ignore[union-attr]
        labels = {label.get("kind"): label.text or "" for label in edge.findall("label")}
        assert set(labels) == {"guard", "assignment", "comments"}
        assert labels["assignment"].removesuffix("()") in functions
        assert set(re.findall(r"[A-Za-z_]\w*", labels["guard"])) <= known
    invariant = template.findtext("location/label[@kind='invariant']") or ""
    clocks = re.findall(r"^clock (\w+);", declared, re.MULTILINE)
    assert len(clocks) == len(made.clocks)
    written = [x for p in made.system.procedures.values() for x in statements(p.body) if isinstance(x, Assign)]
    started = {x.variable for x in written}
    for clock, known_as in zip(clocks, made.clocks, strict=True):
        assert re.search(rf"\(!\w+ \|\| {clock} <= \w+\)", invariant), "an integer comes first in a disjunction"
        assert (f"{clock} = 0;" in declared) == (known_as.name in started)
    assert (root.findtext("queries/query/formula") or "").startswith("A[] ")


def test_a_model_is_written_as_it_was_when_it_was_read_by_hand() -> None:
    """A timer that is hastened, one that races it, one that takes an hour: see the golden file."""
    given = TOYS["hastened"]
    formula = not_(Read("alarm"))

    text = uppaal.render(clocked(given, (formula,)), always(formula), about("hastened"))

    assert text == (GOLDEN / "hastened.xml").read_text()


def test_a_promise_is_asked_with_what_releases_it() -> None:
    given = TOYS["retries"]
    goal = or_(Read("done"), Read("done"))
    prop = Property("comes", PropertyKind.LEADS_TO, not_(Read("done")), "It comes.", goal=goal)

    text = uppaal.render(clocked(given, (prop.formula, goal)), prop, about("retries"))

    assert "<formula>!done --&gt; done</formula>" in text
    with pytest.raises(NotExportable, match="promises that something comes"):
        tchecker.render(clocked(given, (prop.formula, goal)), prop, about("retries"))


def test_a_timer_hastened_by_an_unknown_time_is_refused() -> None:
    given = system(
        "hurry",
        variables={"x": 9},
        initial=[put("x", 5), start("a", 0, 9)],
        ends={"a": [Hasten("a", Read("x"))]},
    )

    with pytest.raises(NotExportable, match="a is hastened by a time that is not known"):
        clocked(given)
