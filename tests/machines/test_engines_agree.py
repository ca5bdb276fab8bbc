"""On the rules of Heartbeat the compiled engine and the slow reference find the same world, class by class."""

from __future__ import annotations

import pytest

from hamodel.engines.classes import ClassesEngine
from hamodel.engines.reference import Reference
from tests.machines.golden import WORLDS, World, system_of

SMALL_NAMES = (
    *("standby and takeover", "kill with watchdog", "kill with stonith", "stop", "legacy, stop", "mixed modes, stop"),
    *("other pings, a ping node dies", "a phantom, stop with a fence that lies", "a disk in two groups, boot"),
    *("a service dies", "legacy, a service dies", "legacy, a request is killed"),
    *("reload", "legacy, reload", "reload with a mistake"),
    *("a slow script", "a script that hangs", "scripts are killed"),
    *("a message comes again", "a stuck write process"),
    *("a start or a stop is delayed", "standby of a part"),
    *("a client twice", "a client is killed and fails", "a failfast client is killed"),
)
SMALL = [w for w in WORLDS if w.name in SMALL_NAMES]


@pytest.mark.parametrize("mode", ["equality", "inclusion"])
@pytest.mark.parametrize("world", SMALL, ids=lambda w: w.name)
def test_two_engines_find_the_same_world(world: World, mode: str) -> None:
    system, boot = system_of(world)
    engine = ClassesEngine()
    start = None if boot else engine.steady(system)[0]

    compiled = engine.explore(system, None if start is None else [start], mode=mode)
    slow = Reference().explore(system, mode, start=start)

    assert (compiled.classes, compiled.edges) == (slow.classes, slow.edges)
    assert {compiled.state(i) for i in range(compiled.classes)} == set(slow.states)


def test_an_undisturbed_cluster_has_one_resting_state() -> None:
    system, _ = system_of(WORLDS[0])

    assert len(ClassesEngine().steady(system)) == 1
