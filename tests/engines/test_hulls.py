"""Hulls hold all that is reached and perhaps more, so what they exclude is excluded, and nothing else is claimed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hamodel.engines._lower import merged
from hamodel.engines._lower.unions import MergedExploration
from hamodel.engines.classes import ClassesEngine
from hamodel.ir import schedule
from hamodel.ir.statement import Cancel, If, Statement
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from tests.conformance.crowds import crowd
from tests.conformance.random_systems import random_system, watched
from tests.conformance.toys import TOYS, eq, put, start, system
from tests.engines.test_merged import is_covered, stored

ENGINE = ClassesEngine(pure=False)
SMALL = Limits(classes=10_000)


def models() -> Iterator[System]:
    yield from TOYS.values()
    yield from (watched(random_system(seed), seed) for seed in range(8))
    yield from (crowd(seed, timers=3 + seed % 2) for seed in range(8))
    yield coin()


def coin() -> System:
    """Either `soon` is nearly over and `late` is not, or the other way round: `third` is never the first."""

    def fallen(other: str, soon: str, late: str) -> list[Statement]:
        return [Cancel(other), start(soon, 0, 1), start(late, 10, 11), start("third", 5, 5)]

    return system(
        "coin",
        variables={"first": 3},
        initial=[start("heads", 1, 1), start("tails", 1, 1)],
        ends={
            "heads": fallen("tails", "soon", "late"),
            "tails": fallen("heads", "late", "soon"),
            "soon": [If(eq("first", 0), (put("first", 1),))],
            "late": [If(eq("first", 0), (put("first", 2),))],
            "third": [If(eq("first", 0), (put("first", 3),))],
        },
    )


def by_hulls(model: System, monkeypatch: pytest.MonkeyPatch, kept: int) -> MergedExploration:
    monkeypatch.setattr(merged, "KEPT_APART", kept)
    return explored(model, "hulls")


def explored(model: System, mode: str) -> MergedExploration:
    found = ENGINE.explore(model, mode=mode, limits=SMALL)
    assert isinstance(found, MergedExploration)
    if mode == "merged" and not found.complete:
        pytest.skip("a stopwatch runs for ever")
    assert found.complete
    return found


@pytest.mark.parametrize("kept", [1, 2])
@pytest.mark.parametrize("model", [*models()], ids=lambda m: m.name)
def test_all_that_is_reached_is_in_some_hull(model: System, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    exact, loose = stored(explored(model, "merged")), stored(by_hulls(model, monkeypatch, kept))

    assert exact.keys() <= loose.keys()
    for state, zones in exact.items():
        assert all(is_covered(zone, loose[state]) for zone in zones)


@pytest.mark.parametrize("kept", [1, 2])
@pytest.mark.parametrize("model", [*models()], ids=lambda m: m.name)
def test_what_is_measured_holds_all_durations(model: System, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    exact, loose = explored(model, "merged"), by_hulls(model, monkeypatch, kept)

    for name, measure in exact.measures.items():
        took, most = measure.range(), loose.measures[name].range()
        if took is not None:
            assert most is not None
            assert most.lo <= took.lo
            assert most.hi is None or (took.hi is not None and took.hi <= most.hi)


@pytest.mark.parametrize("model", [*models()], ids=lambda m: m.name)
def test_with_room_for_all_zones_it_is_the_exact_search(model: System, monkeypatch: pytest.MonkeyPatch) -> None:
    exact, loose = explored(model, "merged"), by_hulls(model, monkeypatch, 10_000)

    assert (loose.classes, loose.edges, loose.sure) == (exact.classes, exact.edges, exact.size)


@pytest.mark.parametrize("model", [*models()], ids=lambda m: m.name)
def test_what_is_called_a_run_is_one(model: System, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = stored(explored(model, "merged"))
    loose = by_hulls(model, monkeypatch, 1)

    for i in range(loose.size):
        names = loose.run_to(i)
        assert names is not None or i >= loose.sure
        if names is not None:
            assert loose.state(i) in reached
            assert schedule.feasible(loose.system, names)
            assert schedule.replay(loose.system, names).last() == loose.state(i)


def test_more_may_be_held_than_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Together the two zones have readings in which both timers are far from their ends: that is no run."""
    never = eq("first", 3)

    exact, loose = explored(coin(), "merged"), by_hulls(coin(), monkeypatch, 1)

    assert not exact.where(never).any()
    (spurious, *_) = [i for i, there in enumerate(loose.where(never)) if there]
    assert spurious >= loose.sure
    assert loose.run_to(spurious) is None
    assert loose.run_to(0) == ()


def test_edges_are_not_listed() -> None:
    with pytest.raises(ValueError, match="lists no edges"):
        ENGINE.explore(coin(), mode="hulls", edges=True)
