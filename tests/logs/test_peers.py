"""What a node writes of its peer follows from what travelled: links once, every status in its turn, ipfail told."""

from __future__ import annotations

from hamodel.ir.trace import LogLine
from tests.logs.samples import line, logs

START = (0, line(0, "daemon-start"))
LINKS = [line(0, "hb-link-status", node="node2", link=link, status="up") for link in ("eth1", "eth0")]


def written(*events: tuple[int, LogLine], word: str = "node2") -> list[str]:
    """What node1 writes of its peer from its start on."""
    said = logs("3.0.6", START, *events)[0].lines
    return [f"{each.tag}: {each.text}" for each in said if word in each.text]


def active(at: int) -> tuple[int, LogLine]:
    return at, line(0, "hb-node-status", node="node2", status="active")


def test_a_peer_that_runs_already_is_active_after_the_first_of_its_links() -> None:
    assert written((500, LINKS[0]), (500, LINKS[1]), active(500)) == [
        "heartbeat: Link node2:eth1 up.",
        "heartbeat: Status update for node node2: status active",
        "heartbeat: Link node2:eth0 up.",
    ]


def test_of_two_that_start_together_nobody_reads_that_the_other_begins() -> None:
    """`init` is what a daemon takes for granted; `up` comes with the second packet."""
    travels = (100, line(0, "status-travels", status=1))

    assert written(travels, (500, LINKS[0]), (500, LINKS[1]), active(500)) == [
        "heartbeat: Link node2:eth1 up.",
        "heartbeat: Link node2:eth0 up.",
        "heartbeat: Status update for node node2: status up",
        "heartbeat: Status update for node node2: status active",
    ]


def test_a_peer_thought_dead_that_starts_anew_is_heard_from_its_first_word_on() -> None:
    dead = (100, line(0, "hb-node-dead", node="node2"))
    travels = (200, line(0, "status-travels", status=1))

    assert written(dead, travels, (500, LINKS[0]), (500, LINKS[1]), active(500))[1:] == [
        "heartbeat: Link node2:eth1 up.",
        "heartbeat: Status update for node node2: status init",
        "heartbeat: Link node2:eth0 up.",
        "heartbeat: Status update for node node2: status up",
        "heartbeat: Status update for node node2: status active",
    ]


def test_what_was_lost_is_not_read() -> None:
    travels = (100, line(0, "status-travels", status=1))
    lost = (200, line(0, "status-is-lost"))

    assert written(travels, lost, active(500)) == ["heartbeat: Status update for node node2: status active"]


def test_a_link_is_up_once() -> None:
    assert len(written((500, LINKS[0]), (700, LINKS[0]))) == 1


def test_ipfail_is_told_once_it_has_signed_on() -> None:
    client = (100, line(0, "client-start"))
    first = (110, line(0, "hb-node-status", node="node2", status="up"))

    assert [text for text in written(client, first, active(900)) if text.startswith("ipfail")] == [
        "ipfail: Status update: Node node2 now has status active"
    ]


def test_a_link_that_was_dead_already_is_no_news_for_ipfail() -> None:
    client = (100, line(0, "client-start"))
    dead = (900, line(0, "ipfail-peer-link-dead", link="eth0", seen=1))

    assert written(client, (500, LINKS[0]), dead, word="ping node count") == []
    assert len(written(client, (500, LINKS[1]), dead, word="ping node count")) == 1


def test_the_first_acquisition_ends_once_with_the_step_that_was_the_last() -> None:
    steps = [("foreign", "HB_R_BOTHSTARTING"), ("local", "T_RESOURCES(us)"), ("local", "auto_failback")]
    events = [(at, line(0, f"initial-{side}-done", reason=why)) for at, (side, why) in enumerate(steps)]

    assert written(*events, word="Initial resource") == [
        "heartbeat: Initial resource acquisition complete (T_RESOURCES(us))"
    ]


def test_an_ipfail_misses_what_it_is_said_to_miss_and_else_the_first_keepalive() -> None:
    start = (0, line(0, "client-start", client="ipfail"))
    news = ((10, LINKS[0]), (20, LINKS[1]), active(900))
    usual, deaf = (
        [
            said.text.partition(":")[0]
            for said in logs("3.0.6", START, start, *news, **more)[0].lines
            if said.tag == "ipfail" and "update" in said.text
        ]
        for more in ({}, {"deaf": (1,)})
    )

    assert usual == ["Status update"]
    assert deaf == ["Link Status update", "Status update"]


def test_links_that_died_while_the_peer_lived_come_back_with_its_next_status() -> None:
    silent = (1_000, line(0, "status-is-lost"))
    back = (60_000, line(0, "status-is-handled"))

    found = written((500, LINKS[0]), (500, LINKS[1]), active(500), silent, back, word="Link node2:eth1")

    assert found == [f"heartbeat: Link node2:eth1 {state}." for state in ("up", "dead", "up")]
