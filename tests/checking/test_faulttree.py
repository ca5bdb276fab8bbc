"""All minimal sets of faults: against brute force on small families, and what a limit leaves open."""

from __future__ import annotations

import random
from itertools import product
from xml.etree import ElementTree

import pytest

from hamodel.checking.faulttree import Explored, Limits, Sets, boxes, contains, smallest
from hamodel.ir.causes import FaultTree, MinimalSet
from hamodel.ir.report import FaultSet
from hamodel.renderers.faulttree import render_dot, render_mermaid, render_svg, render_text, scope

KINDS = ("cut", "kill", "ping", "power")


def _vectors(caps: Limits, size: int) -> list[FaultSet]:
    found = product(*(range(caps[k] + 1) for k in KINDS))
    return [tuple((k, n) for k, n in zip(KINDS, v, strict=True) if n) for v in found if sum(v) <= size]


def _oracle(breaking: list[FaultSet], chance: random.Random, *, all_of_them: bool) -> Sets:
    """An engine that shows some of the sets that break the claim in a box, at least one where there is one."""
    caps = dict.fromkeys(KINDS, 2)

    def explore(box: Limits, size: int) -> Explored:
        inside = [v for v in _vectors({k: box.get(k, 0) for k in KINDS}, size) if any(contains(v, b) for b in breaking)]
        shown = inside if all_of_them or not inside else [chance.choice([v for v in inside if _few(v, inside)])]
        return Explored(frozenset(shown))

    return Sets(caps, explore)


def _few(vector: FaultSet, among: list[FaultSet]) -> bool:
    """An engine that goes breadth first through budgets shows a set of the least number of faults."""
    return sum(n for _, n in vector) == min(sum(n for _, n in v) for v in among)


@pytest.mark.parametrize("seed", range(20))
def test_the_sets_are_those_of_brute_force(seed: int) -> None:
    chance = random.Random(seed)
    every = _vectors(dict.fromkeys(KINDS, 2), 3)
    breaking = chance.sample(every[1:], chance.randint(0, 4))
    search = _oracle(breaking, chance, all_of_them=seed % 2 == 0)

    search.run(3)

    assert sorted(search.minimal) == smallest([b for b in breaking if sum(n for _, n in b) <= 3])
    assert search.complete == 3


def test_a_violation_without_any_fault_is_the_only_minimal_set() -> None:
    search = _oracle([()], random.Random(0), all_of_them=True)

    search.run(2)

    assert search.minimal == [()]


def test_a_limit_says_up_to_where_nothing_is_missing() -> None:
    def explore(box: Limits, size: int) -> Explored:
        return Explored(frozenset(), complete=size < 2, reason="the time was over")

    search = Sets({"cut": 2, "kill": 2}, explore)
    search.run(3)

    assert (search.complete, search.reason) == (1, "the time was over")


def test_what_a_search_that_was_cut_short_found_is_kept() -> None:
    answers = iter(
        [Explored(frozenset()), Explored(frozenset({(("kill", 1),)}), complete=False), Explored(frozenset())]
    )
    search = Sets({"kill": 1}, lambda _box, _size: next(answers))

    search.run(1)

    assert search.minimal == [(("kill", 1),)]
    assert search.complete == 1


def test_boxes_hold_every_vector_without_a_known_set_and_no_other() -> None:
    known: list[FaultSet] = [(("cut", 2),), (("kill", 1), ("ping", 1))]
    caps = dict.fromkeys(KINDS, 2)

    found = boxes(caps, known)

    for vector in _vectors(caps, 8):
        free = not any(contains(vector, k) for k in known)
        assert free == any(all(n <= box[kind] for kind, n in vector) for box in found)


PAIRS = (("cut a", "cut b"), ("cut a", "cut c"))
SETS = (MinimalSet((("kill", 1),), (("node1 is killed",),)), MinimalSet((("cut", 2),), PAIRS))
TREE = FaultTree("claim", 2, SETS, 2, "", 7)


def test_the_text_has_an_or_of_ands() -> None:
    assert render_text("claim", TREE).splitlines() == [
        "claim is violated  any of:",
        "├─ node1 is killed",
        "└─ 2 cut  any of:",
        "   ├─ together  all of:",
        "   │  ├─ cut a",
        "   │  └─ cut b",
        "   └─ together  all of:",
        "      ├─ cut a",
        "      └─ cut c",
    ]


def test_every_drawing_has_every_box() -> None:
    assert render_mermaid("claim", TREE).count("-->") == render_dot("claim", TREE).count("->") == 8
    picture = ElementTree.fromstring(render_svg("claim", TREE))
    boxes_ = [e for e in picture.iter("{http://www.w3.org/2000/svg}rect") if "box" in (e.get("class") or "")]
    assert len(boxes_) == 9
    assert len({(e.get("x"), e.get("y")) for e in boxes_}) == 9


def test_a_tree_that_is_not_complete_says_so() -> None:
    assert "all minimal sets of up to 2 faults" in scope(TREE)
    assert "some may be missing: the time" in scope(FaultTree("c", 2, (), 1, "the time was over"))
