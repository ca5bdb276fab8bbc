"""The words properties are written in."""

from __future__ import annotations

import pytest

from hamodel.errors import BadBound, BrokenPropertyFile, NotAFormula, UnknownObservable
from hamodel.ir.expr import Const, Not, Read
from hamodel.ir.property import PropertyKind
from hamodel.properties import (
    Answer,
    Cluster,
    Formula,
    Response,
    Skip,
    all_of,
    always,
    any_of,
    at_most_one,
    exactly_one,
    false,
    implies,
    leads_to,
    never,
    not_,
    sometimes,
    true,
)
from hamodel.properties.bind import bind
from hamodel.properties.words import milliseconds
from tests.disk_toy import toy, toy_layout

A, B, C = (Formula(Read(name)) for name in "abc")
NOBODY = Cluster(toy_layout(), {})


def test_nothing_joined_is_true_for_all_and_false_for_any() -> None:
    assert all_of([]) == true()
    assert any_of([]) == false()


def test_at_most_one_of_two_forbids_only_both() -> None:
    assert at_most_one([A, B]) == all_of([~(A & B)])


def test_exactly_one_of_three_needs_one_and_excludes_pairs() -> None:
    assert exactly_one([A, B, C]) == any_of([A, B, C]) & at_most_one([A, B, C])


def test_an_implication_fails_only_where_the_effect_is_missing() -> None:
    assert implies(A, B) == ~A | B


def test_not_is_the_same_in_both_spellings() -> None:
    assert not_(A) == ~A == Formula(Not(Read("a")))


def test_a_formula_has_no_truth_value_so_python_and_cannot_swallow_it() -> None:
    with pytest.raises(NotAFormula, match="join formulas"):
        bool(A)


def test_a_formula_joined_with_a_bare_bool_is_refused() -> None:
    with pytest.raises(NotAFormula, match="true"):
        A & True  # type: ignore[operator]  # the mistake under test


@pytest.mark.parametrize(("text", "ms"), [("30s", 30_000), ("1.5 s", 1_500), ("200ms", 200), ("2min", 120_000), (7, 7)])
def test_a_bound_is_milliseconds_or_a_text_with_a_unit(text: str | int, ms: int) -> None:
    assert milliseconds(text, NOBODY) == ms


@pytest.mark.parametrize("text", ["soon", "3", "-1s", -1, True])
def test_what_is_no_length_of_time_is_refused_as_a_bound(text: str | int) -> None:
    with pytest.raises(BadBound, match="no length of time"):
        milliseconds(text, NOBODY)


def test_a_bound_may_be_computed_from_the_cluster() -> None:
    assert milliseconds(lambda cluster: len(cluster.nodes) * 100, NOBODY) == 200


def test_never_is_always_not() -> None:
    @never
    def both(cluster: Cluster) -> Answer:
        """Both."""
        return Formula(Read("up[0]"))

    found = bind(both, toy(), toy_layout())

    assert found.kind is PropertyKind.ALWAYS
    assert found.properties[0].formula == Not(Read("up[0]"))
    assert found.doc == "Both."


def test_a_claim_about_states_is_timed_by_two_stopwatches() -> None:
    @always
    def calm(cluster: Cluster) -> Answer:
        return cluster.quiet

    found = bind(calm, toy(), toy_layout())

    assert [w.name for w in found.stopwatches] == ["calm.length", "calm.earliest"]


def test_a_response_of_several_parts_becomes_several_properties() -> None:
    @leads_to(within="3s")
    def comes(cluster: Cluster) -> Answer:
        return [Response(cluster.quiet, cluster.active(node), part=node.name) for node in cluster.nodes]

    found = bind(comes, toy(), toy_layout())

    assert [(p.name, p.within, p.measure) for p in found.properties] == [
        ("comes[node1]", 3000, "comes[node1].length"),
        ("comes[node2]", 3000, "comes[node2].length"),
    ]


def test_a_response_without_a_witness_is_vacuous_unless_its_trigger_comes() -> None:
    @leads_to
    def comes(cluster: Cluster) -> Answer:
        return [Response(cluster.healthy, cluster.quiet)]

    found = bind(comes, toy(), toy_layout())

    assert found.properties[0].witness == found.properties[0].formula


def test_a_memory_is_owned_by_the_property_that_asked_for_it() -> None:
    @never
    def twice(cluster: Cluster) -> Answer:
        return cluster.remember("had", cluster.quiet)

    found = bind(twice, toy(), toy_layout())

    assert [(m.name, m.switch) for m in found.memories] == [("twice.had", "twice")]


def test_a_property_may_decline_with_a_reason() -> None:
    @always
    def shy(cluster: Cluster) -> Answer:
        return Skip("nothing to see")

    assert bind(shy, toy(), toy_layout()).skipped == "nothing to see"


def test_a_property_that_returns_no_formula_is_refused_with_its_place() -> None:
    @sometimes
    def wrong(cluster: Cluster) -> Answer:
        return True  # type: ignore[return-value]  # the mistake under test

    with pytest.raises(NotAFormula, match="returns bool") as caught:
        bind(wrong, toy(), toy_layout())
    assert caught.value.span is not None
    assert caught.value.span.file.endswith("test_words.py")


def test_an_unknown_observable_is_refused_with_a_suggestion() -> None:
    @always
    def misspelt(cluster: Cluster) -> Answer:
        return cluster.observe("helthy")

    with pytest.raises(UnknownObservable, match="did you mean `healthy`"):
        bind(misspelt, toy(), toy_layout())


def test_an_accident_inside_a_property_is_told_as_its_file_s_fault() -> None:
    @always
    def clumsy(cluster: Cluster) -> Answer:
        return Formula(Const(1 // 0))

    with pytest.raises(BrokenPropertyFile, match="ZeroDivisionError"):
        bind(clumsy, toy(), toy_layout())


def test_the_largest_of_both_nodes_options_is_the_cluster_s() -> None:
    cluster = Cluster(toy_layout(), {}, {"deadtime[0]": 4000, "deadtime[1]": 6000})

    assert cluster.setting("deadtime") == 6000
    assert cluster.setting("initdead", 7) == 7
    with pytest.raises(UnknownObservable):
        cluster.setting("initdead")
