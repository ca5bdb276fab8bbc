"""Regions against the engines that know nothing of them: at every whole value of the options the answers are equal."""

from __future__ import annotations

from itertools import product

import pytest

from hamodel.engines._lower.parametric import covers
from hamodel.engines._lower.wholes import Wholes, simplest
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.reference import Reference
from hamodel.engines.regions import Explored, Opened, Search
from hamodel.errors import EngineLimit, NoUnknown
from hamodel.ir.expr import Binary, Const, Expr, Op, Option, Read, and_
from hamodel.ir.linear import Term, opposite
from hamodel.ir.polytope import Polytope
from hamodel.ir.statement import Assign, If, Start, Statement
from hamodel.ir.system import Setting, System
from hamodel.ir.verdict import Limits
from tests.conformance import toys
from tests.conformance.open_options import LONGEST, open_system
from tests.conformance.random_systems import random_formula
from tests.conformance.toys import eq, put

TWO: dict[str, Term] = {"p": (0, 1, 0), "q": (0, 0, 1)}
MIXED = (213, 215, 222, 258, 268, 277, 284, 298, 339)
"""Seeds whose claim breaks for some options and holds for others."""


def opened(hi: int = 9) -> Opened:
    return Opened(("p", "q"), TWO, Polytope.box([(0, hi), (0, hi)]))


def with_options(system: System, p: int = 0, q: int = 0) -> System:
    from dataclasses import replace

    return replace(system, settings=(Setting("p", p), Setting("q", q)))


def explored(system: System, broken: Expr, limits: Limits | None = None) -> Explored:
    return Search(system, opened(), broken).run(None, limits or Limits())


def points(found: Explored, hi: int = 9) -> set[tuple[int, ...]]:
    """The options for which the claim breaks."""
    every = product(range(hi + 1), repeat=2)
    return {p for p in every if any(b.part.holds((1, *p)) for b in found.broken)}


def late_guard() -> System:
    """A guard of [p, p + 3] and a rescue of [q, 7]: late where the guard can be the first."""
    ends = {"guard": [put("late", 1)], "rescue": [put("saved", 1)]}
    first = [
        Start("guard", Option("p"), Binary(Op.ADD, Option("p"), Const(3))),
        Start("rescue", Option("q"), Binary(Op.ADD, Option("q"), Const(7))),
    ]
    return with_options(toys.system("late_guard", variables={"late": 1, "saved": 1}, initial=first, ends=ends))


def test_the_region_of_a_race_is_its_formula() -> None:
    found = explored(late_guard(), and_(eq("late", 1), eq("saved", 0)))

    assert points(found) == {(p, q) for p, q in product(range(10), repeat=2) if p <= q + 7}
    assert found.undecided == []
    assert [b.names for b in found.broken] == [("guard",)]


def test_what_a_rule_decides_by_an_option_splits_the_options() -> None:
    less = Binary(Op.LT, Binary(Op.MUL, Option("p"), Const(2)), Option("q"))
    ends = {"t": [If(less, (put("x", 1),))]}
    system = toys.system("branch", variables={"x": 1}, initial=[toys.start("t", 1, 1)], ends=ends)

    found = explored(with_options(system), eq("x", 1))

    assert points(found) == {(p, q) for p, q in product(range(10), repeat=2) if 2 * p < q}


@pytest.mark.parametrize("seed", MIXED)
def test_random_systems_break_exactly_where_the_compiled_search_finds_it(seed: int) -> None:
    system, broken = open_system(seed), random_formula(seed)
    engine = ClassesEngine(pure=True)

    found = Search(system, opened(LONGEST), broken).run(None, Limits(classes=5_000))

    told = points(found, LONGEST)
    every = list(product(range(LONGEST + 1), repeat=2))
    decided = [p for p in every if p in told or not any(u.holds((1, *p)) for u in found.undecided)]
    assert told
    assert set(decided) - told
    for p, q in decided:
        seen = engine.explore(system.with_settings(p=p, q=q), until=broken)
        assert (seen.first_where(broken) is not None) is ((p, q) in told), (p, q)


def test_at_each_value_the_classes_of_the_reference_are_all_there() -> None:
    system = late_guard()
    search = Search(system, opened())
    search.run(None, Limits())

    for p, q in product((0, 4, 9), repeat=2):
        alone = Reference().explore(system.with_settings(p=p, q=q), "inclusion")
        rows = {bytes(search.layout.pack(s)) for s in alone.states}
        here = {r for r, part in zip(search.rows, search.parts, strict=True) if part and part.holds((1, p, q))}
        assert here == rows


def test_a_search_that_ends_early_decides_nothing_about_what_it_has_not_seen() -> None:
    found = explored(late_guard(), eq("saved", 1), Limits(classes=0))

    assert found.stopped
    assert found.undecided[0].faces == opened().domain.faces


def test_what_exceeds_the_model_is_undecided() -> None:
    small = with_options(toys.too_small())

    found = explored(small, eq("x", 1))

    assert len(found.undecided) == 1
    assert "too small" in found.limit


def test_an_option_that_is_stored_cannot_be_kept_open() -> None:
    ends = {"t": [Assign("x", Option("p"))]}
    system = toys.system("stored", variables={"x": 9}, initial=[toys.start("t", 1, 1)], ends=ends)

    with pytest.raises(NoUnknown, match="stored in a variable"):
        explored(with_options(system), eq("x", 1))


def test_an_interval_that_can_be_upside_down_is_refused() -> None:
    system = toys.system("upside", variables={"x": 1}, initial=[Start("t", Option("p"), Option("q"))], ends={"t": []})

    with pytest.raises(NoUnknown, match="no meaning where"):
        explored(with_options(system), Read("x"))


def test_a_limit_in_the_first_step_is_told() -> None:
    from hamodel.ir.statement import Overflow

    system = toys.system("at_once", variables={"x": 1}, initial=[Overflow("anything")])

    with pytest.raises(EngineLimit):
        explored(with_options(system), eq("x", 1))


def test_pieces_come_into_their_simplest_form() -> None:
    wholes = Wholes(2, Polytope.box([(0, 9), (0, 9)]).faces)
    low, high = (4, -1, 0), opposite((4, -1, 0))
    pieces: list[list[Term]] = [[(5, 0, -1), low], [(5, 0, -1), high], [(2, 0, -1)]]

    assert simplest(wholes, pieces) == [(0, ((5, 0, -1),))]


def test_multiples_count_where_an_unknown_is_rounded() -> None:
    domain = Polytope.box([(0, 5_000), (0, 6_000)]).faces
    between = [(-1_001, 0, 1), (1_999, 0, -1)]

    assert Wholes(2, domain).point(between) is not None
    assert Wholes(2, domain, [(1, 1_000, 0)]).point(between) is None


def compared(system: System, broken: Expr, found: Explored) -> None:
    """At every value of the options the plain search has to say the same."""
    engine = ClassesEngine(pure=True)
    for p, q in product(range(10), repeat=2):
        seen = engine.explore(system.with_settings(p=p, q=q), until=broken)
        assert (seen.first_where(broken) is not None) is ((p, q) in points(found)), (p, q)


def test_who_ends_first_ties_timers_that_never_met() -> None:
    """`p` before `j` means that `e` came late, so that `y`, started by `e`, comes late as well."""
    first = [Start("p", Option("p"), Option("p")), toys.start("x", 7, 7), toys.start("e", 0, 3)]
    late = and_(eq("p", 1), eq("j", 0))
    ends: dict[str, list[Statement]] = {
        "p": [put("p", 1), If(late, (put("early", 1),))],
        "x": [put("x", 1)],
        "e": [toys.start("j", 2, 2), toys.start("y", 7, 7), put("e", 1)],
        "j": [put("j", 1)],
        "y": [put("y", 1)],
    }
    names = ("p", "x", "e", "j", "y", "early")
    system = with_options(toys.system("tied", variables=dict.fromkeys(names, 1), initial=first, ends=ends))
    broken = and_(eq("early", 1), eq("e", 1), eq("y", 1), eq("x", 0))

    found = explored(system, broken)

    assert {p for p, _ in points(found)} == {0, 1, 2}
    compared(system, broken, found)


def test_the_least_of_two_bounds_may_be_above_a_limit_between_the_corners() -> None:
    part = Polytope.box([(0, 4)])
    rising, falling, one, two = (0, 1), (4, -1), (1, 0), (2, 0)

    assert not covers(((one,),), ((rising, falling),), part)
    assert covers(((two,),), ((rising, falling),), part)
    assert covers(((rising,),), ((rising, falling),), part)
    assert not covers(((rising, falling),), ((two,),), part)
