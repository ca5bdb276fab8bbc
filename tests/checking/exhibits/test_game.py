"""The game: every offer is one that a walk through the same cluster has, and what it calls safe is safe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hamodel.checking.exhibits.follow import paying, seen, starts
from hamodel.checking.exhibits.game import COMMANDS, _playing
from hamodel.checking.exhibits.scenes import title
from hamodel.checking.exhibits.stake import Stake, never_met
from hamodel.checking.of_spec import case_of
from hamodel.cli._inputs import spec_of
from hamodel.ir.exhibit import BROKEN, WAITING, Edge, Game
from hamodel.ir.expr import FALSE, TRUE
from hamodel.ir.fairness import strong, weak
from hamodel.ir.semantics import first_effect
from hamodel.ir.state import State
from hamodel.lifecycle import Walk
from hamodel.properties.loader import load
from tests.exhibits import CABLE, SPECS, shown, whole

with spec_of([SPECS / CABLE]) as _read:
    CASE = case_of(_read.spec)
SYSTEM = CASE.system.with_enabled(frozenset())
STATE = first_effect(SYSTEM).state
YOURS = 0


def _with(state: State, name: str, value: int) -> State:
    at = SYSTEM.variable_index[name]
    return replace(state, variables=(*state.variables[:at], value, *state.variables[at + 1 :]))


CUT = _with(STATE, "plugged[0]", 0)


def _owed(*, in_the_end: bool) -> Stake:
    """A promise whose goal is owed in every state."""
    sight = seen(CASE, [], "")
    return Stake(sight, owed=TRUE) if in_the_end else Stake(sight, late=FALSE, owed=TRUE)


def _edge(target: int, hi: int) -> Edge:
    return Edge(YOURS, target, 0, hi, 0)


def game() -> Game:
    found = whole(CABLE, "single_mount").exhibits[0].game
    assert found is not None
    return found


def follow(found: Game, *texts: str) -> int:
    """The position after these choices."""
    here = 0
    for text in texts:
        (edge,) = [e for e in found.positions[here].edges if found.choices[e.choice].text == text]
        here = edge.target
    return here


def ahead(found: Game, start: int) -> Iterator[int]:
    """Every position that is reached if the player does nothing more."""
    seen_, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        yield here
        for edge in found.positions[here].edges:
            if found.choices[edge.choice].who != "you" and edge.target not in seen_:
                seen_.add(edge.target)
                waiting.append(edge.target)


def test_every_first_offer_is_one_of_a_walk_with_the_same_times() -> None:
    found = game()
    with spec_of([SPECS / CABLE]) as read:
        case = case_of(read.spec)
    sight = seen(case, [d for d in load() if d.name == "single_mount"], "single_mount")
    system = _playing(paying(sight.system, ["cut[eth1]"]), ["cut[eth1]"])
    walk = Walk(system, starts(case, system)[0])
    walk.take("cut[eth1]", 0)

    offers = {title(o.action): (o.after, o.within) for o in walk.offers() if o.action.timer is not None}
    edges = found.positions[0].edges

    assert offers == {
        found.choices[e.choice].text: (e.lo, e.hi) for e in edges if found.choices[e.choice].who == "clock"
    }
    assert len(walk.offers()) == len(edges)


def test_whoever_does_nothing_meets_the_disaster() -> None:
    found = game()

    assert any(found.positions[i].broken for i in ahead(found, 0))
    assert found.positions[0].left == COMMANDS


def test_a_machine_that_is_switched_off_in_time_ends_the_danger() -> None:
    found = game()
    after = list(ahead(found, follow(found, "pull the plug of node2")))

    assert all(found.positions[i].known and not found.positions[i].broken for i in after)
    assert found.positions[after[0]].left == COMMANDS - 1


def test_where_the_claim_is_broken_both_nodes_have_the_disk_and_the_game_is_over() -> None:
    found = game()
    broken = [p for p in found.positions if p.broken]

    assert broken
    for position in broken:
        assert all(row[1] in ("running", "stopping") for row in found.looks[position.look].resources)
        assert position.edges == ()


def test_what_does_not_fit_is_said_to_be_unknown() -> None:
    small = shown(CABLE, "single_mount", positions=40).exhibits[0].game

    assert small is not None
    assert len(small.positions) == 40
    assert not small.complete
    assert any(not p.known for p in small.positions)
    assert all(e.target < 40 for p in small.positions for e in p.edges)


def test_a_promise_about_the_end_is_lost_where_nothing_happens_any_more_and_its_goal_is_owed() -> None:
    exhibit = shown("06-quick-return", "failback_converges", positions=400).exhibits[0]
    found = exhibit.game
    assert found is not None

    never = [p for p in found.positions if p.never]
    at_rest = [p for p in never if all(found.choices[e.choice].who == "you" for e in p.edges)]

    assert found.promise
    assert at_rest
    assert not any(p.broken for p in found.positions)
    assert all(found.looks[p.look].lights == (WAITING,) for p in never)
    assert exhibit.strip.scenes[-1].look.resources == found.looks[at_rest[0].look].resources


def test_the_run_that_is_shown_can_be_played_to_its_end() -> None:
    exhibit = shown("05-one-cable", "served_again", positions=400).exhibits[0]
    found = exhibit.game
    assert found is not None

    reached = {0}
    waiting = [0]
    while waiting:
        here = waiting.pop()
        for edge in found.positions[here].edges:
            if edge.target not in reached:
                reached.add(edge.target)
                waiting.append(edge.target)

    late = [i for i in reached if found.positions[i].broken]
    assert late
    assert all(found.looks[found.positions[i].look].lights == (BROKEN,) for i in late)


def test_the_circle_that_never_meets_a_goal_is_found_and_one_without_time_is_not() -> None:
    owed = _owed(in_the_end=True)
    circle = {0: [_edge(1, 0)], 1: [_edge(0, 5)], 2: [_edge(3, 0)], 3: [_edge(2, 0)], 4: [_edge(5, 1)], 5: []}

    assert never_met(owed, SYSTEM, [STATE] * 6, circle, frozenset()) == {0, 1, 5}
    assert never_met(owed, SYSTEM, [STATE] * 6, circle, frozenset({YOURS})) == {0, 1, 2, 3, 4, 5}
    assert never_met(_owed(in_the_end=False), SYSTEM, [STATE] * 6, circle, frozenset()) == set()


def test_what_is_not_put_off_for_ever_excuses_a_rest_and_a_circle() -> None:
    circle = {0: [_edge(1, 1)], 1: [_edge(0, 1)], 2: []}

    for assumed in (weak("plug[eth1]"), strong("plug[eth1]")):
        able = replace(_owed(in_the_end=True), fairness=assumed)
        assert never_met(able, SYSTEM.with_enabled(frozenset({"plug[eth1]"})), [CUT] * 3, circle, frozenset()) == set()
        assert never_met(able, SYSTEM, [STATE] * 3, circle, frozenset()) == {0, 1, 2}
