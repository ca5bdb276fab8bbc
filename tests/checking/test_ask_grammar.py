"""Questions are understood by their forms alone; what fits none is refused with its nearest."""

from __future__ import annotations

import re

import pytest

from hamodel.checking.ask_grammar import QUERIES, understand
from hamodel.checking.ask_parts import faults_for
from hamodel.errors import UnknownQuestion


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_each_query_understands_its_example_and_its_plain_forms(query: object) -> None:
    found = next(q for q in QUERIES if q is query)

    assert understand(found.example).query == found.name
    for form in found.forms:
        filled = form.replace("{n}", "2").replace("{parts}", "node1").replace("{fault}", "is killed")
        typed = re.sub(r"\((\w[\w ]*)\|[^)]*\)", r"\1", filled).replace("{group}", "10.0.0.1")
        assert understand(typed).query == found.name, typed


def test_case_articles_blanks_and_question_marks_do_not_count() -> None:
    one = understand("What  if the ETH1 is cut ?")

    assert (one.query, one.parts, one.fault) == ("what-if", ("eth1",), "cut")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what if eth0 and eth1 are cut", ("eth0", "eth1")),
        ("what if eth0 between node1 and node2 is cut", ("eth0 between node1 and node2",)),
        ("what if eth0, eth1 and /dev/ttyS0 are unplugged", ("eth0", "eth1", "/dev/ttys0")),
        ("what if eth0 on node1 is pulled", ("eth0 on node1",)),
    ],
)
def test_several_parts_are_told_apart(text: str, parts: tuple[str, ...]) -> None:
    assert understand(text).parts == parts


def test_a_number_and_a_group_are_read() -> None:
    assert understand("does it survive 3 faults?").number == 3
    assert understand("who owns 10.0.0.1 after node1 crashes").group == "10.0.0.1"


@pytest.mark.parametrize(
    "text", ["", "?", "why", "what if eth1 explodes", "survives many faults", "\x00", "what if" * 400]
)
def test_what_fits_no_form_is_refused_with_the_nearest(text: str) -> None:
    with pytest.raises(UnknownQuestion) as refused:
        understand(text)

    assert refused.value.code == "HA432"
    assert "nearest: " in refused.value.help
    assert "--list" in refused.value.help


def test_a_misspelt_question_is_told_what_it_is_near_to() -> None:
    with pytest.raises(UnknownQuestion) as refused:
        understand("is fencig needed")

    assert "is fencing needed" in refused.value.help


def test_a_scenario_has_the_faults_of_its_question_and_no_others() -> None:
    assert faults_for(understand("what if eth0 and eth1 are cut")) == "cut=4"
    assert faults_for(understand("what if node1 loses power")) == "power=2"
    assert faults_for(understand("what if ipfail on node1 is killed")) == "kill=2,kill_ipfail=2"
