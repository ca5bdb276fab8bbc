"""Merging zones changes how many classes there are, and nothing that can be asked of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from hamodel.engines._lower import merged, program
from hamodel.engines._lower.differences import Matrix, both
from hamodel.engines._lower.unions import MergedExploration, clocks_of
from hamodel.engines._lower.zones import canonical, rows
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.reference import Exploration, Reference
from hamodel.errors import EngineLimit
from hamodel.ir import schedule
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from tests.conformance.crowds import crowd
from tests.conformance.random_systems import random_system, watched
from tests.conformance.toys import TOYS, eq, too_small

ENGINE = ClassesEngine(pure=False)
SMALL = Limits(classes=400)


def models() -> Iterator[System]:
    yield from TOYS.values()
    yield from (watched(random_system(seed), seed) for seed in range(8))
    yield from (crowd(seed, timers=3 + seed % 2) for seed in range(8))


@pytest.fixture(scope="module", params=[*models()], ids=lambda m: m.name)
def pair(request: pytest.FixtureRequest) -> tuple[MergedExploration, Exploration]:
    """A model explored in both ways, to its end."""
    model = request.param
    plain = Reference().explore(model, "inclusion", SMALL)
    if not plain.complete:
        pytest.skip("too large for the reference")
    found = ENGINE.explore(model, mode="merged")
    assert isinstance(found, MergedExploration)
    return found, plain


def test_the_same_states_are_reached_and_as_early(pair: tuple[MergedExploration, Exploration]) -> None:
    found, plain = pair
    least: dict[State, int] = {}
    for i, state in enumerate(plain.states):
        least.setdefault(state, plain.depth(i))

    states = [found.state(i) for i in range(found.size)]

    assert found.complete
    assert {state: len(found.path(i)) for i, state in enumerate(states)} == least
    assert found.classes <= plain.classes


def test_every_run_to_a_state_can_happen(pair: tuple[MergedExploration, Exploration]) -> None:
    found, _ = pair
    for i in range(found.size):
        names = found.names_to(i)

        assert schedule.feasible(found.system, names)
        assert schedule.replay(found.system, names).last() == found.state(i)


def test_the_same_clock_readings_are_reached(pair: tuple[MergedExploration, Exploration]) -> None:
    """Neither more nor less: each zone of one search lies in the union of those of the other."""
    found, plain = pair
    ours, theirs = stored(found), listed(plain)

    assert ours.keys() == theirs.keys()
    for state, zones in ours.items():
        assert all(is_covered(zone, theirs[state]) for zone in zones)
        assert all(is_covered(zone, zones) for zone in theirs[state])


def test_the_same_durations_are_measured(pair: tuple[MergedExploration, Exploration]) -> None:
    found, plain = pair

    assert {n: m.range() for n, m in found.measures.items()} == {n: m.range() for n, m in plain.measured.items()}


def stored(found: MergedExploration) -> dict[State, list[Matrix]]:
    alive: dict[State, list[Matrix]] = {}
    for number in range(len(found.zones)):
        if found.link[number] > -2:
            alive.setdefault(found.state(int(found.owner[number])), []).append(found._zone(number))
    return alive


def listed(plain: Exploration) -> dict[State, list[Matrix]]:
    zones: dict[State, list[Matrix]] = {}
    for state, zone in zip(plain.states, plain.zones, strict=True):
        names = rows(plain.system, state)
        assert names == clocks_of(plain.system, state)
        n = len(names) + 1
        zones.setdefault(state, []).append(np.array(canonical(zone, names), np.int64).reshape(n, n))
    return zones


def is_covered(zone: Matrix, others: list[Matrix]) -> bool:
    """Cut away one zone after the other until nothing is left. Dense time: in eighths, a strict bound is one less."""
    left = [8 * zone]
    for other in others:
        left = [piece for rest in left for piece in outside(rest, 8 * other)]
    return not left


def outside(zone: Matrix, other: Matrix) -> Iterator[Matrix]:
    """The parts of a zone that are not in the other one."""
    rest = zone
    for i, j in zip(*np.nonzero(zone > other), strict=True):
        beyond = np.full_like(rest, 10**12)
        beyond[j, i] = -int(other[i, j]) - 1
        piece = both(rest, beyond)
        if piece is not None:
            yield piece
        within = np.full_like(rest, 10**12)
        within[i, j] = other[i, j]
        kept = both(rest, within)
        if kept is None:
            return
        rest = kept


def test_merging_saves_classes_where_clocks_run_side_by_side() -> None:
    plain, found = (ENGINE.explore(crowd(5), mode=mode) for mode in ("inclusion", "merged"))

    assert found.classes < plain.classes


def test_equal_zones_are_stored_once() -> None:
    found = ENGINE.explore(crowd(5), mode="merged")
    assert isinstance(found, MergedExploration)
    numbers = found.zones.max() + 1
    ends = zip(found.begins[:numbers], found.begins[1 : numbers + 1], strict=True)
    zones = [tuple(found.cells[first:end].tolist()) for first, end in ends]

    assert len(set(zones)) == len(zones)


def test_into_how_many_blocks_rows_are_cut_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And equal blocks have equal numbers, so that two states are equal exactly if the numbers of their blocks are."""
    whole = ENGINE.explore(crowd(5), mode="merged")
    monkeypatch.setattr(program, "BLOCK", 1)
    monkeypatch.setattr(merged, "BLOCK", 1)
    found = ClassesEngine(pure=False).explore(crowd(5), mode="merged")
    assert isinstance(whole, MergedExploration)
    assert isinstance(found, MergedExploration)
    used = found.packed.blocks[: found.packed.parts.max() + 1]

    assert found.packed.parts.shape[1] > whole.packed.parts.shape[1]
    assert len(np.unique(used, axis=0)) == len(used) < found.packed.parts.size
    assert [found.state(i) for i in range(found.size)] == [whole.state(i) for i in range(whole.size)]
    assert found.events.tolist() == whole.events.tolist()
    assert found.quiescent().tolist() == whole.quiescent().tolist()


def test_what_is_at_rest_and_where_a_formula_holds_is_read_off_the_blocks() -> None:
    found = ENGINE.explore(crowd(5), mode="merged")
    states = [found.state(i) for i in range(found.size)]

    assert found.quiescent().tolist() == [s.quiescent(found.system) for s in states]
    assert found.where(eq("left", 0)).tolist() == [evaluate(found.system, s, eq("left", 0)) != 0 for s in states]


def test_small_slices_and_growing_arrays_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ENGINE.explore(crowd(5), mode="merged")
    monkeypatch.setattr(merged, "FIRST_SLICE", 1)
    monkeypatch.setattr(merged, "LONGEST_SLICE", 1)

    sliced = ClassesEngine(debug=True).explore(crowd(5), mode="merged")

    assert isinstance(whole, MergedExploration)
    assert isinstance(sliced, MergedExploration)
    assert [whole.state(i) for i in range(whole.size)] == [sliced.state(i) for i in range(sliced.size)]
    assert whole.events.tolist() == sliced.events.tolist()


def test_a_limit_ends_a_merged_search_and_says_so() -> None:
    few = ENGINE.explore(crowd(5), mode="merged", limits=Limits(classes=20))
    near = ENGINE.explore(crowd(5), mode="merged", limits=Limits(depth=2))

    assert (few.complete, few.stopped) == (False, "the limit of 20 classes was reached")
    assert (near.complete, near.stopped) == (False, "the depth limit of 2 steps was reached")
    assert max(len(near.path(i)) for i in range(near.size)) == 2


def test_plain_python_does_not_merge_and_finds_the_same_states() -> None:
    plain, found = (ClassesEngine(pure=pure).explore(crowd(5), mode="merged") for pure in (True, False))

    assert {plain.state(i) for i in range(plain.size)} == {found.state(i) for i in range(found.size)}


def test_a_merged_search_lists_no_edges() -> None:
    with pytest.raises(ValueError, match="lists no edges"):
        ENGINE.explore(crowd(5), mode="merged", edges=True)


def test_an_error_in_a_rule_is_told_with_the_events_that_lead_there() -> None:
    with pytest.raises(EngineLimit) as merged_error:
        ENGINE.explore(too_small(), mode="merged")
    with pytest.raises(EngineLimit) as error:
        ENGINE.explore(too_small())

    assert (merged_error.value.message, merged_error.value.seen) == (error.value.message, error.value.seen)


def test_a_search_may_end_where_a_formula_holds() -> None:
    found = ENGINE.explore(crowd(5), mode="merged", until=eq("left", 0))

    assert found.stopped == "found"
    assert found.first_where(eq("left", 0)) is not None


def test_classes_that_only_grow_meet_the_limit_too() -> None:
    """A stopwatch that nothing ends makes the few classes of this model larger in every layer."""
    found = ENGINE.explore(watched(random_system(1), 1), mode="merged", limits=Limits(classes=100))

    assert found.stopped == "the limit of 100 classes was reached"
    assert found.classes < 100
