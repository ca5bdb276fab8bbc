"""The search for the cheapest changes, where every answer is known by heart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product

import pytest

from hamodel.checking.shortest import Choice, Found, Score, Search, border, near, rungs


@dataclass(frozen=True)
class Knob:
    """A change of the toy."""

    key: str
    cost: int = 1
    now: int = 0
    values: tuple[int, ...] = ()
    step: int = 1


def _names(found: Found) -> dict[str, int]:
    return {change.key: value for change, value in found.choice}


def _search(
    knobs: list[Knob], whole: Callable[[dict[str, int]], bool | None], alternatives: int = 3, most: int = 3
) -> Search:
    """A search in which `whole` decides; None: refused."""

    def ask(choice: Choice) -> Score | None:
        values = {k.key: k.now for k in knobs} | {change.key: value or 1 for change, value in choice}
        answer = whole(values)
        return None if answer is None else Score(answer, (0 if answer else 1, sum(values.values())))

    search = Search(knobs, ask, alternatives=alternatives, most=most)
    search.run()
    return search


def test_the_cheapest_set_that_suffices_comes_first_and_none_that_contains_it() -> None:
    knobs = [Knob("a", 1), Knob("b", 4), Knob("c", 12), Knob("d", 1)]

    search = _search(knobs, lambda v: bool(v["c"] or (v["a"] and v["b"])), alternatives=9)

    assert [set(_names(f)) for f in search.found] == [{"a", "b"}, {"c"}]
    assert search.exhausted


@pytest.mark.parametrize("wanted", [(7, 3), (1, 1), (15, 0), (4, 12), (9, 9)])
def test_every_minimal_set_is_found_whatever_the_rule(wanted: tuple[int, int]) -> None:
    knobs = [Knob(name, cost) for name, cost in (("a", 1), ("b", 2), ("c", 4), ("d", 12))]
    masks = {k.key: 1 << i for i, k in enumerate(knobs)}

    def whole(values: dict[str, int]) -> bool:
        have = sum(masks[k] for k, v in values.items() if v)
        return any(w and have & w == w for w in wanted)

    found = {frozenset(_names(f)) for f in _search(knobs, whole, alternatives=99).found}

    every = [frozenset(k.key for k in s) for n in (1, 2, 3) for s in combinations(knobs, n)]
    good = [s for s in every if whole(dict.fromkeys(s, 1))]
    assert found == {s for s in good if not any(o < s for o in good)}


def test_a_number_is_moved_back_to_the_border_and_the_border_is_told() -> None:
    knob = Knob("deadtime", now=30_000, values=(24_000, 37_500, 20_000, 45_000, 10_000))

    (found,) = _search([knob], lambda v: v["deadtime"] <= 17_739).found

    assert _names(found) == {"deadtime": 17_739}
    assert found.borders[id(knob)] == 17_740


def test_two_numbers_are_found_together_and_neither_can_be_nearer() -> None:
    beat = Knob("keepalive", now=2000, values=(1600, 1000, 500, 200))
    dead = Knob("deadtime", now=30_000, values=(29_990, 31_000, 24_000, 23_990))

    def race(v: dict[str, int]) -> bool:
        """A watchdog of whole seconds bites a keepalive after the last tickle; the peer needs 700 ms to mount."""
        period = -(-(v["deadtime"] + 10) // 1000) * 1000
        return period + v["keepalive"] - v["deadtime"] - 700 < 0

    (found, *_) = _search([beat, dead], race).found

    assert _names(found) == {"keepalive": 689, "deadtime": 29_990}
    assert not race({"keepalive": 690, "deadtime": 29_990})
    assert not race({"keepalive": 689, "deadtime": 29_991})


def test_a_number_that_is_not_needed_after_all_makes_no_repair_of_two() -> None:
    one = Knob("one", now=10, values=(5, 20))
    two = Knob("two", now=10, values=(8, 20))

    search = _search([one, two], lambda v: v["one"] == 7 or (v["one"] == 5 and v["two"] == 8), most=2)

    assert all(_names(f) != {"one": 7, "two": 10} for f in search.found)


def test_what_is_refused_is_no_repair() -> None:
    search = _search([Knob("a"), Knob("b")], lambda v: None if v["a"] else bool(v["b"]))

    assert [set(_names(f)) for f in search.found] == [{"b"}]


def test_where_nothing_suffices_the_best_of_each_set_is_kept_and_all_was_tried() -> None:
    knob = Knob("n", now=10, values=(5, 20))

    search = _search([knob, Knob("w", 2)], lambda v: False)

    assert search.exhausted
    assert not search.found
    assert {c.key: v for c, v in search.short[0][0]} == {"n": 5}


def test_two_numbers_come_last_but_a_cheaper_pair_takes_the_place_of_what_was_found() -> None:
    knobs = [Knob("hardware", 12), Knob("x", now=10, values=(20,)), Knob("y", now=10, values=(20,))]

    search = _search(knobs, lambda v: v["hardware"] == 1 or (v["x"] > 15 and v["y"] > 15), alternatives=1)

    assert [set(_names(f)) for f in search.found] == [{"x", "y"}]
    assert not search.exhausted and not search.ended
    (first, *_, last) = search.sets()
    assert (len(first), sum(1 for c in last if c.values)) == (1, 2)


def test_where_the_time_ends_among_cheaper_sets_it_is_said() -> None:
    knobs = [Knob("hardware", 12), Knob("x", now=10, values=(20,)), Knob("y", now=10, values=(20,))]
    asked: list[Choice] = []

    def ask(choice: Choice) -> Score:
        asked.append(choice)
        return Score(len(choice) == 1 and choice[0][0].key == "hardware", (1,))

    search = Search(knobs, ask, over=lambda: len(asked) > 3, alternatives=1)
    search.run()

    assert [set(_names(f)) for f in search.found] == [{"hardware"}]
    assert search.ended and not search.exhausted


def test_two_changes_of_one_key_never_go_together() -> None:
    knobs = [Knob("failback"), Knob("failback"), Knob("x")]
    search = Search(knobs, lambda _: Score(False, (1,)))

    assert all(len({c.key for c in s}) == len(s) for s in search.sets())


def test_a_search_that_is_over_is_not_exhausted() -> None:
    search = Search([Knob("a")], lambda _: Score(False, (1,)), over=lambda: True)
    search.run()

    assert (search.exhausted, search.tried) == (False, 0)


def test_numbers_that_cannot_help_are_not_tried() -> None:
    asked: list[Choice] = []

    def ask(choice: Choice) -> Score:
        asked.append(choice)
        return Score(False, (1,))

    Search([Knob("n", now=10, values=(5, 20)), Knob("w")], ask, helpless=lambda c: not c).run()

    assert [tuple(c.key for c, _ in choice) for choice in asked] == [("w",), ("n", "w"), ("n", "w")]


@pytest.mark.parametrize(("limit", "step"), list(product((1, 7, 33, 99), (1, 3))))
def test_a_border_has_one_step_between_its_sides(limit: int, step: int) -> None:
    up = border(lambda v: v >= limit, 99, 0, step)
    down = border(lambda v: v < limit, 0, 99, step)

    assert up[0] >= limit > up[1]
    assert up[0] - up[1] <= step
    assert down[0] < limit <= down[1]


def test_the_nearest_rungs_are_tried_first() -> None:
    knob = Knob("n", now=10, values=(9, 11, 5, 20))

    assert list(rungs([knob])) == [(9,), (11,), (5,), (20,)]
    assert near(knob) == knob.values
