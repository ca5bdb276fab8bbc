"""Lifecycles are read from the rules and seen in runs; the two must agree, and both must tell what Heartbeat does."""

from __future__ import annotations

import doctest
import random
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest

from hamodel.checking.case import Case
from hamodel.checking.of_spec import case_of
from hamodel.config.spec import read_spec
from hamodel.errors import CannotReplay, EnginesDisagree, ModelError
from hamodel.ir import expr as e
from hamodel.ir.constraints import UNBOUNDED, closure
from hamodel.ir.schedule import feasible, replay
from hamodel.ir.semantics import fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import Kind, System
from hamodel.lifecycle import (
    Chart,
    Control,
    Mode,
    Walk,
    chart,
    controls,
    machine,
    of_variable,
    passages,
    seen,
    wording,
)
from hamodel.lifecycle.chart import Step
from hamodel.lifecycle.layout import arrange
from tests.disk_toy import toy

SPEC = Path(__file__).parent.parent / "specs" / "01-webdata"
DISK = "Filesystem::/dev/sdb5::/webdata::ext3"


@lru_cache
def webdata() -> Case:
    return case_of(read_spec([SPEC]))


@lru_cache
def webdata_controls() -> tuple[Control, ...]:
    layout = webdata().layout
    return controls(
        webdata().system, {"Node": [n.name for n in layout.nodes], "Step": [r.text for r in layout.resources]}
    )


def control(name: str) -> Control:
    return next(c for c in webdata_controls() if c.name == name)


def by_chance(system: System, walks: int) -> list[Step]:
    """The steps of some walks by chance."""
    chance = random.Random(11)
    found: list[Step] = []
    for _ in range(walks):
        walk = Walk(system)
        while (offers := walk.offers()) and len(walk.names) < 45:
            found.append(_taken(walk, chance.choice(offers).action.name))
    return found


def story(system: System, *commands: str) -> list[Step]:
    """The steps in which the cluster comes to rest, before and after each of these commands."""
    walk = Walk(system.with_enabled(frozenset(commands)))
    found: list[Step] = []
    for command in (*commands, ""):
        while timed := [o for o in walk.offers() if o.action.timer is not None]:
            found.append(_taken(walk, min(timed, key=lambda o: o.earliest).action.name))
        if command:
            found.append(_taken(walk, command))
    return found


def _taken(walk: Walk, name: str) -> Step:
    before = walk.state
    walk.take(name)
    return before, name, walk.state


@lru_cache
def charts() -> dict[str, Chart]:
    """The charts of the plain pair, as its rules permit and as some walks by chance and two orderly ones show them."""
    system, known = webdata().system, webdata_controls()
    twice = system.with_settings(budget_total=2, limit_stop=2, limit_standby=2)
    steps = [*by_chance(system, walks=10), *story(twice, "hb_standby[node1]"), *story(twice, "stop_heartbeat[node1]")]
    counted = seen(system, known, steps)
    return {c.name: chart(system, c, moves) for c, moves in zip(known, counted, strict=True)}


def ends(found: Chart, taken: bool = True) -> set[tuple[str, str]]:
    return {(a.source, a.dest) for a in found.arrows if a.count or not taken}


# ---- reading ---------------------------------------------------------------------------------------------------------


def test_a_view_goes_from_init_over_up_and_active_to_dead_and_back() -> None:
    moves = ends(charts()["view[node1]"], taken=False)

    assert {("init", "up"), ("up", "active"), ("active", "dead"), ("dead", "active"), ("init", "dead")} <= moves
    assert ("dead", "init") in moves, "a killed daemon has forgotten everything"


def test_a_peer_is_declared_dead_only_after_its_dead_time_or_that_of_the_start() -> None:
    dead = [p for p in passages(webdata().system, control("view[node1]")) or () if p.dest == "dead"]

    scans = {"peer_fell_silent[node1]", "initdead_is_over[node1]", "clocks_come_first[node1]"}
    assert {p.action for p in dead} == scans


def test_standby_goes_from_not_over_me_and_done_back_to_not() -> None:
    moves = ends(charts()["standby[node1]"], taken=False)

    assert {("not", "me"), ("me", "done"), ("done", "not"), ("not", "other"), ("other", "done")} <= moves


def test_the_two_sides_of_a_standby_are_seen_in_an_orderly_one() -> None:
    assert {("not", "me"), ("me", "done"), ("done", "not")} <= ends(charts()["standby[node1]"])
    assert {("not", "other"), ("other", "done"), ("done", "not")} <= ends(charts()["standby[node2]"])


def test_a_cable_is_cut_by_a_fault_and_plugged_by_a_repair() -> None:
    found = next(c for name, c in charts().items() if name.startswith("cable["))

    assert {(a.source, a.kind, a.dest) for a in found.arrows} == {
        ("plugged", Kind.FAULT, "cut"),
        ("cut", Kind.REPAIR, "plugged"),
    }


def test_the_rules_permit_all_that_is_ever_seen() -> None:
    system = webdata().system

    for found in charts().values():
        permitted = passages(system, found.control)
        if permitted is None:
            continue
        known = {(p.source, p.action, p.dest) for p in permitted}
        assert {(a.source, a.action, a.dest) for a in found.arrows if a.count} <= known, found.control.name


def test_a_move_of_the_toy_is_never_one_that_its_rules_do_not_permit() -> None:
    system = toy(budget_total=2)
    up = of_variable(system, "up[1]")
    needs = {(p.source, p.action, p.dest): p.tests for p in passages(system, up) or ()}

    for before, action, after in by_chance(system, walks=30):
        key = (up.mode(system, before), action, up.mode(system, after))
        assert key[0] == key[2] or key in needs


def test_a_move_that_no_rule_makes_is_reported() -> None:
    with pytest.raises(EnginesDisagree, match="no rule makes"):
        chart(toy(), of_variable(toy(), "up[0]"), {("1", "mounted[node1]", "0"): 1})


def test_a_rule_that_needs_something_says_so() -> None:
    found = charts()["standby[node1]"]
    asked = next(a for a in found.arrows if (a.source, a.action, a.dest) == ("not", "hb_standby[node1]", "me"))

    assert any("peer_stable[0]" in c and "rs[0] = stable" in c for c in asked.conditions)


def test_a_cancelled_timer_is_read_as_off() -> None:
    found = passages(toy(), of_variable(toy(), "silence[0]")) or ()

    assert ("runs", "plug[eth0]", "off") in {(p.source, p.action, p.dest) for p in found}


def test_too_many_values_to_look_at_are_not_guessed() -> None:
    assert passages(webdata().system, control(f"resource[node1,{DISK}]")) is None
    assert passages(toy(), of_variable(toy(), "up[0]"), most=1) is None


def test_a_resource_is_started_runs_is_stopped_and_is_down_again() -> None:
    moves = ends(charts()[f"resource[node1,{DISK}]"])

    assert {("stopped", "starting"), ("starting", "running"), ("running", "stopping"), ("stopping", "stopped")} <= moves


def test_a_mode_must_be_a_matter_of_variables_and_timers() -> None:
    odd = Control("odd", "odd", "odd", (Mode("always", e.Value("somewhere")),))

    with pytest.raises(ModelError, match="variables and timers"):
        _ = odd.variables


def test_a_state_without_a_mode_is_an_error() -> None:
    system = toy()
    nowhere = Control("odd", "odd", "odd", (Mode("never", e.FALSE),))

    with pytest.raises(ModelError, match="none of its modes"):
        nowhere.mode(system, initial_state(system)[0])


def test_a_system_that_is_no_cluster_has_only_the_lifecycles_it_has_variables_for() -> None:
    assert {c.kind for c in controls(toy())} == {"cable"}


# ---- the machine -----------------------------------------------------------------------------------------------------


def test_a_trigger_may_fire_exactly_where_the_rules_let_it() -> None:
    system = toy()
    found = chart(system, of_variable(system, "up[0]"))
    _, life = machine(system, found)

    for _ in range(40):
        for action in {a.action for a in found.arrows}:
            may = getattr(life, f"may_{wording.identifier(action)}")()
            assert may is (fire(system, life.whole, system.actions[system.action_index[action]]) is not None), action
        open_ = [a for a in sorted({a.action for a in found.arrows}) if getattr(life, f"may_{wording.identifier(a)}")()]
        if not open_:
            break
        assert getattr(life, wording.identifier(open_[0]))()
        assert life.mode == found.control.mode(system, life.whole)


def test_the_machine_of_the_disk_goes_where_the_disk_goes() -> None:
    system = toy()
    _, life = machine(system, chart(system, of_variable(system, "up[0]")))

    assert life.mode == "0"
    life.mounted_node1()  # type: ignore[attr-defined]  # added by transitions
    assert life.mode == "1"
    assert not life.may_mounted_node1()  # type: ignore[attr-defined]  # added by transitions


# ---- walking ---------------------------------------------------------------------------------------------------------


def test_a_walk_offers_exactly_what_the_semantics_enables_and_time_permits() -> None:
    system = toy(budget_total=2)
    walk, chance = Walk(system), random.Random(3)

    for _ in range(25):
        names = [a.name for a in system.actions if fire(system, walk.state, a) is not None]
        possible = [n for n in names if feasible(system, [*walk.names, n])]
        offers = walk.offers()
        assert [o.action.name for o in offers] == possible
        if not offers:
            break
        walk.take(chance.choice(offers).action.name)


def test_both_ends_of_an_offer_can_be_reached_and_nothing_beyond() -> None:
    system = toy()
    walk = Walk(system)
    walk.take("kill[node1]")

    for offer in walk.offers():
        for at in (offer.earliest, offer.latest):
            if at is not None:
                walk.take(offer.action.name, at)
                assert walk.now() == (at, at)
                replay(system, walk.names, [s.at or 0 for s in walk.trace().steps])
                walk.undo()
        if offer.latest is not None:
            with pytest.raises(CannotReplay, match="cannot happen next at"):
                walk.take(offer.action.name, offer.latest + 1)


def test_a_time_once_chosen_narrows_what_comes_after() -> None:
    walk = Walk(toy())
    walk.take("kill[node2]", 100)

    mounted = next(o for o in walk.offers() if o.action.name == "mounted[node1]")

    assert (mounted.earliest, mounted.latest) == (200, 600)
    assert (mounted.after, mounted.within) == (100, 500)
    assert walk.clocks()[0] == ("silence[0]", 3500, 4000)
    assert ("mounting[0]", 100, 500) in walk.clocks()


def test_the_bounds_of_a_walk_are_those_of_all_its_constraints_at_once() -> None:
    walk, chance = Walk(toy(budget_total=3)), random.Random(5)

    for _ in range(20):
        offers = walk.offers()
        if not offers:
            break
        chosen = chance.choice(offers)
        walk.take(chosen.action.name, chosen.earliest + 1 if chosen.latest is None else chosen.latest)
        walk.undo()
        walk.take(chosen.action.name, chance.choice([None, chosen.earliest]))
        point = walk.points[-1]
        whole = closure(len(walk.names), point.run.constraints)
        assert whole is not None
        assert point.bounds == [[b if b < UNBOUNDED // 2 else UNBOUNDED for b in row] for row in whole]
    assert len(walk.names) > 8


def test_undo_returns_to_the_same_state_and_the_same_offers() -> None:
    walk = Walk(toy(budget_total=2))
    walk.take("mounted[node1]")
    before = (walk.state, walk.names, walk.offers(), walk.now(), walk.clocks())

    walk.take("kill[node1]")
    assert walk.state != before[0]

    assert walk.undo()
    assert (walk.state, walk.names, walk.offers(), walk.now(), walk.clocks()) == before
    assert walk.undo()
    assert not walk.undo()


def test_what_is_not_offered_cannot_be_taken() -> None:
    walk = Walk(toy())

    with pytest.raises(CannotReplay, match="no action called"):
        walk.take("nonsense")
    with pytest.raises(CannotReplay, match="not enabled"):
        walk.take("silent[node1]")
    walk.take("kill[node1]")
    with pytest.raises(CannotReplay, match="something else is due"):
        walk.take("reset[node1]")


def test_a_walk_may_begin_where_no_clock_runs() -> None:
    system = toy()
    state = quiet(system)

    walk = Walk(system, state)

    assert walk.state == state
    assert walk.now() == (0, 0)
    assert all(o.action.kind is not Kind.TIMER for o in walk.offers())


def quiet(system: System) -> State:
    walk = Walk(system)
    walk.take("mounted[node1]")
    return walk.state


# ---- words and places ------------------------------------------------------------------------------------------------


def test_the_examples_in_the_docstrings_are_true() -> None:
    assert doctest.testmod(wording).failed == 0


def test_formulas_are_read_aloud() -> None:
    system = webdata().system
    both = e.And((e.Binary(e.Op.EQ, e.Read("view[0]"), e.Const(3)), e.Running("silence[0]")))

    assert wording.in_words(system, both) == "view[0] = dead and silence[0] runs"
    assert wording.in_words(system, both, False) == "view[0] ≠ dead or silence[0] is off"
    assert wording.in_words(system, e.Not(e.Read("power[0]"))) == "not power[0]"


def test_boxes_do_not_overlap_and_no_two_lanes_of_one_side_share_a_height_and_a_stretch() -> None:
    for found in charts().values():
        if not found.moves:
            continue
        plan = arrange(found)
        boxes = plan.boxes
        assert all(a.x + a.width < b.x for a, b in pairwise(boxes))
        for i, one in enumerate(plan.lanes):
            for other in plan.lanes[:i]:
                apart = max(one.x1, one.x2) <= min(other.x1, other.x2) or max(other.x1, other.x2) <= min(one.x1, one.x2)
                assert apart or one.y != other.y
