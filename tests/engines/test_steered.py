"""A search in an order that one chooses: the same ends are found, by runs that can happen, and none is overlooked."""

from __future__ import annotations

import numpy as np
import pytest

from hamodel.engines._lower.guided import Beam, Guided
from hamodel.engines.classes import ClassesEngine
from hamodel.ir import schedule
from hamodel.ir.system import System
from tests.conformance.crowds import crowd
from tests.conformance.random_systems import random_system
from tests.conformance.toys import TOYS

ENGINE = ClassesEngine(pure=False)
MODELS = [*TOYS.values(), *(random_system(seed) for seed in range(8)), *(crowd(seed, timers=4) for seed in range(4))]
IDS = [m.name for m in MODELS]


def _guided(model: System, variable: str, value: int, weight: int = 1, beam: Beam | None = None) -> Guided:
    rank = ({v.name: weight for v in model.variables},)
    return ENGINE.guided(model, None, rank, (variable, value), beam=beam)


def _values(model: System) -> list[tuple[str, int, bool]]:
    """Each value of each variable, and whether a run leads there."""
    found = ENGINE.explore(model, mode="inclusion")
    columns = {v: np.unique(found.states[:, found.layout.variables[v.name]]).tolist() for v in model.variables}
    return [(v.name, value, value in columns[v]) for v in model.variables for value in range(v.lo, v.hi + 1)]


@pytest.mark.parametrize("model", MODELS, ids=IDS)
@pytest.mark.parametrize("weight", [1, -1])
def test_an_end_is_found_where_there_is_one_and_nowhere_else(model: System, weight: int) -> None:
    for variable, value, reached in _values(model):
        guided = _guided(model, variable, value, weight)

        index = guided.next_end()

        assert (index is not None) is reached
        if index is None:
            assert guided.exhausted
            continue
        found = guided.result()
        names = found.names_to(index)
        assert schedule.feasible(model, names)
        assert schedule.replay(model, names).last() == found.state(index)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_all_states_are_found_in_any_order(model: System) -> None:
    plain = ENGINE.explore(model, mode="inclusion")
    guided = _guided(model, model.variables[0].name, 255)

    assert guided.next_end() is None

    found = guided.result()
    assert {found.state(i) for i in range(found.size)} == {plain.state(i) for i in range(plain.size)}


def test_a_beam_that_left_something_out_says_so() -> None:
    model = crowd(0, timers=4)
    narrow = _guided(model, model.variables[0].name, 255, beam=Beam(1, ()))
    wide = _guided(model, model.variables[0].name, 255, beam=Beam(10**6, ()))

    assert narrow.next_end() is None
    assert wide.next_end() is None

    assert narrow.stopped
    assert not narrow.exhausted
    assert narrow.stored < wide.stored
    assert wide.exhausted
