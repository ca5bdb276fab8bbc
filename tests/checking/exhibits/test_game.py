"""The game: every offer is one that a walk through the same cluster has, and what it calls safe is safe."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.checking.exhibits.follow import paying, seen, starts
from hamodel.checking.exhibits.game import COMMANDS, _playing
from hamodel.checking.exhibits.scenes import title
from hamodel.checking.of_spec import case_of
from hamodel.cli._inputs import spec_of
from hamodel.ir.exhibit import Game
from hamodel.lifecycle import Walk
from hamodel.properties.loader import load
from tests.exhibits import CABLE, SPECS, shown, whole


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


def test_of_a_claim_about_the_end_there_is_no_game_and_it_says_so() -> None:
    exhibit = shown(CABLE, "served_again", positions=40).exhibits[0]

    assert exhibit.game is None
    assert "in the end" in exhibit.no_game
