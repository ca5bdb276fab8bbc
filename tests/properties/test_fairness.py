"""What may not be put off for ever, in property files and on the command line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hamodel.errors import BadExpression, BadFairness
from hamodel.ir.fairness import Fairness, Strength, named
from hamodel.ir.system import BY_CHANCE, Action, Kind
from hamodel.properties import Answer, Cluster, Response, Skip, leads_to, strong, weak
from hamodel.properties.bind import bind
from hamodel.properties.expression import parts
from hamodel.properties.loader import from_text
from tests.disk_toy import toy, toy_layout

SYSTEM = toy()


def names(*fairness: Fairness) -> list[str]:
    return [SYSTEM.actions[i].name for each in fairness for i in named(SYSTEM, each)]


def promise(**options: object) -> tuple[Fairness, ...]:
    """The assumptions of a promise about the disk, as the engines get them."""

    @leads_to(**options)  # type: ignore[call-overload, untyped-decorator]
    def mounted(cluster: Cluster) -> Answer:
        """Mounted."""
        return Response(cluster.healthy, cluster.observe("up", 0, 0))

    return bind(mounted, SYSTEM, toy_layout()).properties[0].fairness


@pytest.mark.parametrize(
    ("what", "meant"),
    [
        ("plug[eth0]", ["plug[eth0]"]),
        ("plug", ["plug[eth0]"]),
        ("start", ["start_again[node1]", "start_again[node2]"]),
        ("st*[node2]", ["start_again[node2]", "stop[node2]"]),
        ("repair", ["plug[eth0]", "start_again[node1]", "start_again[node2]"]),
        ("operator", ["stop[node1]", "stop[node2]"]),
        ("mounted", ["mounted[node1]", "mounted[node2]"]),
        ("script", []),
        (BY_CHANCE, []),
    ],
)
def test_a_constraint_is_about_the_actions_it_names(what: str, meant: list[str]) -> None:
    assert sorted(names(*weak(what))) == meant


def test_what_comes_by_chance_mends_nothing() -> None:
    luck = Action("lost_again", Kind.REPAIR, "boot", fault=BY_CHANCE)
    system = replace(SYSTEM, actions=(*SYSTEM.actions, luck))

    assert len(SYSTEM.actions) not in named(system, weak("repair")[0])
    assert named(system, weak(BY_CHANCE)[0]) == (len(SYSTEM.actions),)


def test_what_is_switched_off_owes_nothing() -> None:
    assert named(SYSTEM.with_enabled(frozenset({"start_again[node1]"})), weak("start")[0]) == (
        SYSTEM.action_index["start_again[node1]"],
    )


@pytest.mark.parametrize("what", ["kill", "cut[eth0]", "fault", "k*"])
def test_a_fault_is_never_owed(what: str) -> None:
    with pytest.raises(BadFairness, match="never owed"):
        names(*weak(what))


def test_a_name_that_nothing_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadFairness) as refused:
        promise(fairness=weak("plugg"))

    assert refused.value.help == "did you mean plug?"
    assert refused.value.span is not None


def test_a_property_hands_its_assumptions_to_the_engines() -> None:
    both = (Fairness(Strength.WEAK, "plug"), Fairness(Strength.STRONG, "start"))

    assert promise() == ()
    assert promise(fairness=[*weak("plug"), *strong("start")]) == both
    assert promise(fairness=lambda cluster: weak("plug") if cluster.has("plugged") else ()) == both[:1]


@pytest.mark.parametrize("wrong", ["plug", ["plug"], 3], ids=str)
def test_what_is_no_fairness_is_refused(wrong: object) -> None:
    with pytest.raises(BadFairness, match="is no fairness"):
        promise(fairness=wrong)


def test_a_deadline_waits_for_nobody() -> None:
    with pytest.raises(BadFairness, match="has a deadline and assumes weak fairness of plug"):
        promise(fairness=weak("plug"), within="10s")


def test_a_property_that_is_skipped_is_not_asked_for_its_assumptions() -> None:
    @leads_to(fairness=weak("nothing like it"))
    def nothing(_: Cluster) -> Answer:
        """Nothing."""
        return Skip("nothing to ask")

    assert bind(nothing, SYSTEM, toy_layout()).skipped == "nothing to ask"


def test_a_promise_may_be_typed() -> None:
    text = "healthy ~> up[node1,sdb5] given weak(plug), strong(stop[node1], start*)"

    definition = from_text("leads_to", text, 1)
    (found,) = bind(definition, SYSTEM, toy_layout()).properties

    assert (definition.name, definition.doc) == ("leads_to_1", f"Leads to: {text}")
    assert found.fairness == (*weak("plug"), *strong("stop[node1]", "start*"))
    assert (found.formula, found.goal) == (SYSTEM.observables["healthy"], SYSTEM.observables["up[0,0]"])


@pytest.mark.parametrize(
    ("text", "column", "length"),
    [
        ("healthy", 1, 7),
        ("a ~> b ~> c", 1, 11),
        ("a ~> b given", 13, 1),
        ("a ~> b given weka(plug)", 14, 10),
        ("a ~> b given weak(plug), strong()", 26, 8),
    ],
)
def test_what_cannot_be_read_has_its_place(text: str, column: int, length: int) -> None:
    with pytest.raises(BadExpression) as refused:
        parts(text)

    assert refused.value.span is not None
    assert (refused.value.span.column, refused.value.span.length) == (column, length)


def test_an_error_in_the_goal_is_marked_in_the_whole_promise() -> None:
    definition = from_text("leads_to", "healthy ~> upp[0,0]", 1)

    with pytest.raises(Exception) as refused:
        bind(definition, SYSTEM, toy_layout())

    span = refused.value.span  # type: ignore[attr-defined]
    assert (span.column, span.text) == (12, "healthy ~> upp[0,0]")
