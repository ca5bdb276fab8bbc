"""The shortest run that only one side allows, against trying times one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from hamodel.checking.case import Case
from hamodel.checking.diff_gaps import anywhere, at, rest_of
from hamodel.checking.diff_runs import same
from hamodel.checking.diff_search import Hunt
from hamodel.checking.diff_seen import aims, alike
from hamodel.checking.diff_sides import Aim, Side, SideRun
from hamodel.checking.of_spec import case_of
from hamodel.checking.search import Clock
from hamodel.config.spec import read_spec
from hamodel.engines._lower.differences import both
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import ModelError
from hamodel.ir.acts import MOST, Order, held_to, is_act
from hamodel.ir.schedule import replay
from hamodel.ir.verdict import Limits
from hamodel.properties.loader import load
from tests.checking.reviews import put

HACF = """\
keepalive 2
deadtime {deadtime}
initdead {initdead}
bcast eth1
auto_failback off
node node1 node2
"""
SPLIT = Aim("single_owner")


def case(folder: Path, deadtime: int, fault: str) -> Case:
    files = put(folder, HACF.format(deadtime=deadtime, initdead=2 * deadtime), "node1 10.0.0.1/24/eth9\n")
    return case_of(read_spec([files], None, {"faults.kinds": [fault], f"faults.{fault}": 1, "faults.budget": 1}))


def hunt(one: Case, other: Case) -> Hunt:
    clock = Clock.start(Limits())
    known = [d for d in load(()) if d.name == SPLIT.promise]
    here, there = alike(one, other)
    return Hunt(Side.of(one, known, here, clock), Side.of(other, known, there, clock))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Case]:
    root = tmp_path_factory.mktemp("sides")
    return case(root / "ten", 10, "cut"), case(root / "twenty", 20, "cut")


def splits(side: Side, acts: Sequence[str], gap: int) -> SideRun | None:
    """The shortest split with the second act so many ms after the first."""
    point = (0, gap)[: len(acts)]
    answer = side.ask(Order(tuple(acts), tuple(side.paid(a) for a in acts), at(point).tolist()), 1, SPLIT)
    assert answer.complete or answer.shown is not None
    return answer.shown


def test_no_shorter_run_is_found_by_trying_times_one_by_one(pair: tuple[Case, Case]) -> None:
    each = hunt(*pair)
    found = each.shortest([SPLIT], 1)
    assert found is not None

    acts = [a.name for a in pair[0].system.actions if is_act(a) and a.name.startswith(("cut", "plug"))]
    tried: list[tuple[tuple[str, ...], int]] = [((first,), 0) for first in acts if first.startswith("cut")]
    tried += [(order, gap) for order in product(acts, acts) for gap in range(0, 12_001, 750)]
    apart = []
    for order, gap in tried:
        here = splits(each.home, order, gap)
        whole = here is not None and sum(name.startswith("act") for name in here.names) == len(order)
        if here is not None and whole and splits(each.other, order, gap) is None:
            apart.append(len(here.names))

    assert min(apart) == len(found.shown.names)
    assert found.shown.acts == ("cut[eth1]", "plug[eth1]")


def test_the_run_is_one_of_the_first_side_and_the_second_cannot_break_it_by_another_engine(
    pair: tuple[Case, Case],
) -> None:
    each = hunt(*pair)
    found = each.shortest([SPLIT], 1)
    assert found is not None

    trace = each.trace(found)
    again = replay(
        each.home_system(found), trace.names(), [s.at or 0 for s in trace.steps], each.home.at(found.shown.start)
    )
    order = Order(found.shown.acts, each.paid(found.shown), at(found.point).tolist())
    held = each.other.held(order, 1, SPLIT)
    there = ClassesEngine(pure=True).explore(held, each.other.starts(1, SPLIT))

    assert again.last() == trace.last()
    assert there.complete
    assert there.first_where(each.other.shows(SPLIT)) is None


def test_the_same_acts_at_the_same_times_give_the_same_run_where_nothing_differs(pair: tuple[Case, Case]) -> None:
    each = hunt(pair[0], replace(pair[0], name="again"))

    assert same(pair[0], replace(pair[0], name="again"))
    assert not same(*pair)
    assert each.shortest([SPLIT], 1) is None
    assert (each.tally.open, each.tally.faults) == ("", 1)


def test_a_change_comes_earlier_or_later_on_either_side(tmp_path: Path) -> None:
    ten, eleven = case(tmp_path / "ten", 10, "kill"), case(tmp_path / "eleven", 11, "kill")

    earlier, later = hunt(ten, eleven), hunt(eleven, ten)
    first = earlier.shortest(aims(earlier.home.watched), 1)
    second = later.shortest(aims(later.home.watched), 1)

    assert first is not None
    assert second is not None
    assert first.point[-1] < 9_000
    assert second.point[-1] == 10_261


def test_more_acts_than_there_is_room_for_are_refused(pair: tuple[Case, Case]) -> None:
    side = hunt(*pair).home
    order = Order(("cut[eth1]",) * (MOST + 1), (True,) * (MOST + 1), at((0,) * (MOST + 1)).tolist())

    with pytest.raises(ModelError, match="can be held to"):
        held_to(side.system, order, at_rest=True)


def test_what_is_left_of_a_zone_covers_it_without_overlap() -> None:
    whole = both(anywhere(3), np.array([[0, 0, 0], [9, 0, 0], [9, 9, 0]]))
    taken = np.array([[0, -2, -5], [4, 0, -1], [7, 4, 0]])
    assert whole is not None

    def inside(zone: np.ndarray[tuple[int, int], np.dtype[np.int64]], times: tuple[int, int, int]) -> bool:
        return all(times[i] - times[j] <= zone[i, j] for i in range(3) for j in range(3))

    parts = list(rest_of(whole, taken))
    for b, c in product(range(10), repeat=2):
        times = (0, b, c)
        expected = inside(whole, times) and not inside(taken, times)
        assert sum(inside(part, times) for part in parts) == int(expected), times
