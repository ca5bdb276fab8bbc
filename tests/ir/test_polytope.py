"""Polytopes against counting: every point in whole numbers is where its faces say."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from hamodel.ir.linear import Term, at, condition, opposite
from hamodel.ir.polytope import Polytope

Bounds = list[tuple[int, int]]


def a_face(random: Random, size: int) -> Term:
    return (random.randint(-8, 8), *(random.randint(-2, 2) for _ in range(size)))


def a_box(random: Random) -> Bounds:
    return [(lo := random.randint(0, 4), lo + random.randint(0, 4)) for _ in range(random.randint(1, 3))]


def points(bounds: Bounds, *faces: Term) -> list[tuple[int, ...]]:
    every = product(*(range(lo, hi + 1) for lo, hi in bounds))
    return [p for p in every if all(at(f, p) >= 0 for f in faces)]


@pytest.mark.parametrize("seed", range(60))
def test_a_polytope_holds_what_its_faces_allow_and_its_corners_decide_every_question(seed: int) -> None:
    random = Random(seed)
    bounds = a_box(random)
    faces = [a_face(random, len(bounds)) for _ in range(random.randint(1, 5))]
    asked = a_face(random, len(bounds))

    found = Polytope.box(bounds).within(faces)

    inside = points(bounds, *faces)
    if found is None:
        assert inside == []
        return
    assert points(bounds, *found.faces) == inside
    assert all(sum(c * x for c, x in zip(f, p, strict=True)) >= 0 for f in found.faces for p, _ in found.corners)
    if found.entails(asked):
        assert all(at(asked, p) >= 0 for p in inside)
    if any(at(asked, p) >= 0 for p in inside):
        assert found.touches(asked)


@pytest.mark.parametrize("seed", range(60))
def test_parts_outside_of_another_polytope_hold_exactly_the_points_outside(seed: int) -> None:
    random = Random(seed)
    bounds = a_box(random)
    whole = Polytope.box(bounds)
    other = whole.within(a_face(random, len(bounds)) for _ in range(2))
    if other is None:
        return

    rest = list(whole.without(other))

    outside = [p for p in points(bounds) if not other.holds((1, *p))]
    assert [p for p in points(bounds) if any(part.holds((1, *p)) for part in rest)] == outside
    assert whole.covered_by([other, *rest])
    left = whole.less(other)
    assert left is None or all(left.holds((1, *p)) for p in outside)
    assert left is not None or not outside
    assert not outside or not whole.covered_by([other])


def test_the_corners_of_a_triangle() -> None:
    triangle = Polytope.box([(0, 10), (0, 10)]).cut((5, -2, -2))

    assert triangle is not None
    assert sorted(p for p, _ in triangle.corners) == [(1, 0, 0), (2, 0, 5), (2, 5, 0)]


def test_a_face_and_its_opposite_share_no_whole_point() -> None:
    face = (3, 2, -1)

    assert all((at(face, p) >= 0) != (at(opposite(face), p) >= 0) for p in points([(-4, 4), (-4, 4)]))


def test_a_condition_is_written_in_the_names_of_the_options() -> None:
    names = ("deadtime", "keepalive", "watchdog")

    assert condition((-700, -1, 1, 1), names) == "deadtime <= keepalive + watchdog - 700 ms"
    assert condition((-1, 1, -2, 0), names) == "deadtime >= 2*keepalive + 1 ms"
    assert condition((60_000, -1, 0, 0), names) == "deadtime <= 60 s"
