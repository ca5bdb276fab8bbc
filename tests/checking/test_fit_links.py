"""Which links a fit does not listen to: those that die without their peer, for a moment, or stay."""

from __future__ import annotations

from hamodel.checking.fits.links import own_ways
from hamodel.checking.fits.marks import marks_of
from hamodel.checking.fits.result import LogLine
from hamodel.logs.formats import parse

NODES = ("node1", "node2")
STREAMS = ("node2: link node1:eth0", "node2: link node1:eth1", "node1: link node2:eth0", "node1: link node2:eth1")
UP = (
    "00 info: Link node1:eth0 up.",
    "00 info: Link node1:eth1 up.",
    "00 info: Status update for node node1: status active",
)


def _lines(*said: str) -> list[LogLine]:
    found = []
    for number, text in enumerate(said, 1):
        entry = parse(f"Nov 22 10:00:{text[:2]} node2 heartbeat: [132]: {text[3:]}", 2026)
        assert entry is not None
        found.append(LogLine("node2/ha-log", number, "node2", entry))
    return found


def _odd(*said: str) -> frozenset[str]:
    return own_ways({"node2": _lines(*UP, *said)}, NODES, STREAMS)


def test_links_that_die_with_the_peer_are_listened_to() -> None:
    dead = ("20 WARN: node node1: is dead", "20 info: Link node1:eth0 dead.", "21 info: Link node1:eth1 dead.")

    assert _odd(*dead, "40 info: Received shutdown notice from 'node1'.") == frozenset()


def test_one_link_may_die_alone() -> None:
    assert _odd("20 info: Link node1:eth0 dead.", "40 info: Received shutdown notice from 'node1'.") == frozenset()


def test_a_link_that_is_dead_for_a_moment_is_not_listened_to() -> None:
    moment = ("20 info: Link node1:eth0 dead.", "21 info: Link node1:eth0 up.")

    assert _odd(*moment, "40 info: Received shutdown notice from 'node1'.") == set(STREAMS[:2])


def test_links_that_are_all_dead_long_before_the_peer_are_not_listened_to() -> None:
    dead = ("20 info: Link node1:eth0 dead.", "20 info: Link node1:eth1 dead.")

    assert _odd(*dead, "50 WARN: node node1: is dead") == set(STREAMS[:2])


def test_links_that_stay_when_the_peer_dies_are_not_listened_to() -> None:
    assert _odd("20 WARN: node node1: is dead", "40 info: Heartbeat shutdown in progress. (132)") == set(STREAMS[:2])


def test_a_peer_that_is_back_at_once_need_not_lose_its_links() -> None:
    late = ("20 WARN: node node1: is dead", "20 info: Status update for node node1: status active")

    assert _odd(*late, "40 info: Received shutdown notice from 'node1'.") == frozenset()


def test_a_take_over_that_the_death_of_a_ping_node_cancels_is_no_mark() -> None:
    cancelled = "20 info: Resource takeover cancelled - shutdown in progress."
    of_ping = _lines("20 WARN: node 192.168.60.1: is dead", cancelled)
    of_peer = _lines("20 WARN: node node1: is dead", cancelled)

    assert [mark.text for _, mark in marks_of("node2", of_ping, NODES)] == []
    assert [mark.text for _, mark in marks_of("node2", of_peer, NODES)] == ["is dead", "cancelled"]
