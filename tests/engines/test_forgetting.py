"""A search that forgets the classes of old layers explores some again, and answers as one that remembers all."""

from __future__ import annotations

import random

import numpy as np
import pytest

from hamodel.engines._lower import forgetting
from hamodel.engines._lower.unions import MergedExploration
from hamodel.engines.classes import ClassesEngine
from hamodel.ir import schedule
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from tests.conformance.crowds import crowd
from tests.conformance.toys import blinker
from tests.engines.test_merged import ENGINE, SMALL, is_covered, models, stored


def explored(model: System, engine: ClassesEngine = ENGINE, limits: Limits = SMALL) -> MergedExploration:
    found = engine.explore(model, mode="merged", limits=limits)
    assert isinstance(found, MergedExploration)
    return found


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches remember the last three layers, however small they are."""
    monkeypatch.setattr(forgetting, "FROM", 0)
    monkeypatch.setattr(forgetting, "LAYERS", 3)


@pytest.fixture(params=[*models()], ids=lambda m: m.name)
def pair(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[MergedExploration, ...]:
    """A model explored by a search that forgets, to its end, and by one that does not."""
    whole = explored(request.param)
    if not whole.complete:
        pytest.skip("too large")
    request.getfixturevalue("forgetful")
    found = explored(request.param)
    if not found.complete:
        assert found.stopped == f"the limit of {SMALL.classes} classes was reached"
        pytest.skip("it walks in a circle that is longer than its memory")
    return found, whole


def test_the_same_states_are_reached_and_as_early(pair: tuple[MergedExploration, ...]) -> None:
    found, whole = ({each.state(i): len(each.path(i)) for i in range(each.size)} for each in pair)

    assert found == whole


def test_every_run_over_forgotten_classes_can_happen(pair: tuple[MergedExploration, ...]) -> None:
    found, _ = pair
    for i in range(found.size):
        names = found.names_to(i)

        assert schedule.feasible(found.system, names)
        assert schedule.replay(found.system, names).last() == found.state(i)


def test_the_same_durations_are_measured_at_the_same_states(pair: tuple[MergedExploration, ...]) -> None:
    found, whole = pair

    for name, seen in whole.measures.items():
        assert found.measures[name].range() == seen.range()
        assert (found.measures[name].unbounded_at is None) == (seen.unbounded_at is None)
        for edge, other in ((found.measures[name].lo_edge, seen.lo_edge), (found.measures[name].hi_edge, seen.hi_edge)):
            assert (edge is None) == (other is None)
            if edge is not None:
                assert 0 <= edge[0] < found.size


def test_what_is_remembered_was_reached(pair: tuple[MergedExploration, ...]) -> None:
    """No zone is mistaken for another when the store is moved together, and equal ones are still stored once."""
    found, whole = pair
    ours, theirs = stored(found), stored(whole)
    numbers = int(found.zones.max()) + 1
    bounds = zip(found.begins[:numbers], found.begins[1 : numbers + 1], strict=True)
    zones = [tuple(found.cells[first:end].tolist()) for first, end in bounds]

    assert all(is_covered(zone, theirs[state]) for state, zones in ours.items() for zone in zones)
    assert len(set(zones)) == len(zones)


@pytest.mark.usefixtures("forgetful")
def test_old_layers_are_forgotten() -> None:
    whole_states = explored(crowd(5)).size
    found = explored(crowd(5), ClassesEngine(debug=True))

    assert found.complete
    assert found.size == whole_states
    assert 0 < len(found.zones) < found.classes
    assert 0 < found.told < len(found.events)
    assert found.events[: found.told, :2].max() < found.size


def test_small_searches_forget_nothing() -> None:
    found = explored(crowd(5))

    assert found.told == 0
    assert np.count_nonzero(found.link > -2) == found.classes


def test_a_circle_longer_than_the_memory_is_not_taken_for_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "LAYERS", 1)
    monkeypatch.setattr(forgetting, "FROM", 0)
    endless = explored(blinker(), limits=Limits(classes=50))
    monkeypatch.setattr(forgetting, "FROM", 3)
    remembered = explored(blinker(), limits=Limits(classes=50))

    assert (endless.complete, endless.stopped) == (False, "the limit of 50 classes was reached")
    assert remembered.complete
    assert endless.size == remembered.size


@pytest.mark.usefixtures("forgetful")
def test_how_much_is_remembered_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The less there is to compare with, the more is explored again."""
    model = crowd(random.Random(3).randrange(8))
    found = {}
    for layers in (1, 2, 4, 100):
        monkeypatch.setattr(forgetting, "LAYERS", layers)
        found[layers] = explored(model)

    assert all(each.complete for each in found.values())
    assert len({frozenset(each.state(i) for i in range(each.size)) for each in found.values()}) == 1
    assert found[100].classes <= found[4].classes <= found[2].classes <= found[1].classes
