"""The worlds have the sizes they had: a rule that is lost or changed shows here first."""

from __future__ import annotations

import pytest

from hamodel.engines.classes import ClassesEngine
from tests.machines.golden import WORLDS, World, golden, numbers_of

ENGINE = ClassesEngine()


@pytest.mark.parametrize("world", WORLDS, ids=lambda w: w.name)
def test_the_world_has_the_size_it_had(world: World) -> None:
    assert numbers_of(world, ENGINE) == golden()[world.name]
