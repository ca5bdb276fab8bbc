"""Packets that are not taken are lines, and claims that overtake a `done` leave a gap until it comes."""

from __future__ import annotations

from dataclasses import replace

from hamodel.ir.trace import LogLine
from hamodel.logs.expand import expand, finish
from hamodel.logs.journal import Journal
from hamodel.logs.refused import ASK, IPFAIL_JOIN, MACH_DOWN, RESOURCE, STARTING
from hamodel.machines import messages
from tests.logs.samples import hosts, line


def told(*said: tuple[int, LogLine], refuses: bool = False, until: int = 0) -> list[str]:
    journal = Journal(replace(hosts("3.0.6")[0], refuses=refuses), 0, ("node1", "node2"))
    expand(journal, 0, "daemon-start", {})
    journal.lines.clear()
    for at, what in said:
        expand(journal, at, what.key, dict(what.fields))
    finish(journal, until)
    return [said.text for said in journal.lines]


def test_the_codes_are_those_of_the_rules() -> None:
    here = (STARTING, MACH_DOWN, IPFAIL_JOIN, RESOURCE, ASK)

    assert here == (messages.STARTING, messages.MACH_DOWN, messages.IPFAIL_JOIN, messages.RESOURCE, messages.ASK)


def test_a_packet_with_another_key_is_printed_field_by_field_on_every_medium() -> None:
    begin = ((0, line(0, "packets-begin")), (0, line(0, "status-is-sent", status=1)))
    texts = told(*begin, refuses=True)

    media = sum(not medium.kind.startswith("ping") for medium in hosts("3.0.6")[0].media)
    assert texts.count("MSG[1] : [st=init]") == media and texts.count("MSG[1] : [st=up]") == 2 * media
    assert texts.count("MSG[0] : [t=NS_ackmsg]") == media
    assert texts.count("MSG: Dumping message with 12 fields") == 3 * media


def test_beats_go_on_until_the_peer_falls_silent() -> None:
    keepalive = hosts("3.0.6")[0].keepalive
    begin = ((0, line(0, "packets-begin")), (0, line(0, "status-is-sent", status=1)))
    some = told(*begin, refuses=True, until=4 * keepalive)
    more = told(*begin, (keepalive, line(0, "status-is-lost")), refuses=True, until=4 * keepalive)

    media = some.count("MSG[1] : [st=init]")
    assert some.count("MSG[1] : [st=up]") == (2 + 4) * media
    assert more.count("MSG[1] : [st=up]") == (2 + 1) * media


def test_a_replay_is_a_line_for_every_packet_on_every_medium_that_brings_it() -> None:
    reach = (0, line(0, "replays-reach", copies=2))
    texts = told((0, line(0, "packets-begin")), reach, (0, line(0, "status-is-sent", status=2)))
    none = told((0, line(0, "packets-begin")), (0, line(0, "status-is-sent", status=2)))

    assert len(texts) == 6 and all("replay attack [node2]" in text for text in texts)
    assert none == []


def test_claims_that_overtake_a_done_leave_a_gap_until_it_comes() -> None:
    stable = {"stable": 1}
    texts = told(
        (0, line(0, "claims-overtake")),
        (30, line(0, "claims-come", stable=0)),
        (30, line(0, "claims-come", **stable)),
        (60, line(0, "done-comes")),
        (90, line(0, "done-comes")),
    )

    assert [text.partition(" [")[0] for text in texts] == [
        "1 lost packet(s) for",
        "No pkts missing from node2!",
    ]
