"""Random runs: the same for the same seed and for both engines, each among the runs that are listed."""

from __future__ import annotations

import pytest

from hamodel.engines.classes import ClassesEngine
from hamodel.ir.expr import FALSE, Read
from hamodel.ir.schedule import feasible
from hamodel.ir.script import OVER, Event, scripted
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from tests.disk_toy import toy

PATIENCE = 100


def _scripted() -> System:
    """A cut of any length, and the owner is killed in the middle of whatever comes."""
    script = [Event("cut[eth0]", 0, 3_000), Event("plug[eth0]", 0, 9_000), Event("kill[node1]", 0, 9_000)]
    return scripted(toy(), script, settle=9_000)


def _runs(engine: ClassesEngine, seed: int, count: int = 5) -> list[tuple[str, ...] | None]:
    walks = engine.walks(_scripted(), Read(OVER), seed)
    return [walks.walk(PATIENCE) for _ in range(count)]


def test_a_seed_finds_the_same_runs_on_both_engines() -> None:
    fast, slow = ClassesEngine(), ClassesEngine(pure=True)

    assert _runs(fast, 7) == _runs(fast, 7) == _runs(slow, 7)
    assert _runs(fast, 7) != _runs(fast, 8)


def test_each_run_can_happen_and_comes_to_the_end() -> None:
    found = _runs(ClassesEngine(), 3)

    assert all(names is not None and feasible(_scripted(), names) for names in found)


@pytest.mark.parametrize("pure", [False, True])
def test_where_no_run_comes_to_such_an_end_it_is_known(pure: bool) -> None:
    walks = ClassesEngine(pure=pure).walks(_scripted(), FALSE, 1)

    assert walks.walk(1_000_000) is None
    assert walks.exhausted


def test_a_limit_ends_the_walks() -> None:
    walks = ClassesEngine().walks(_scripted(), Read(OVER), 1, Limits(classes=3))

    assert walks.walk(PATIENCE) is None
    assert walks.over
    assert not walks.exhausted
