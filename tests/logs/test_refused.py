"""Packets that are not taken are lines, and claims that overtake a `done` leave a gap until it comes."""

from __future__ import annotations

import re

from hamodel.ir.trace import LogLine
from hamodel.logs.expand import expand, finish
from hamodel.logs.journal import Journal
from hamodel.logs.refused import ASK, IPFAIL_JOIN, MACH_DOWN, RESOURCE, STARTING
from hamodel.machines import messages
from hamodel.scenarios.recording import read_recording
from tests.logs.samples import hosts, line
from tests.shared import TRACES, needs_shared

BEGIN = ((0, line(0, "packets-begin")), (0, line(0, "status-is-sent", status=1)))
MEDIA = sum(not medium.kind.startswith("ping") for medium in hosts("3.0.6")[0].media)
YES = "MSG[3] : [weown=yes]"
UP = re.compile(r"\[t=status\].*?\[st=up\].*?\[seq=([0-9a-f]+)\]", re.S).search


def told(*said: tuple[int, LogLine], until: int = 0, **changes: object) -> list[str]:
    journal = Journal(hosts("3.0.6", **changes)[0], 0, ("node1", "node2"))
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
    texts = told(*BEGIN, refuses=True)

    assert texts.count("MSG[1] : [st=init]") == MEDIA and texts.count("MSG[1] : [st=up]") == 4 * MEDIA
    assert texts.count("MSG[0] : [t=NS_ackmsg]") == MEDIA
    assert texts.count("MSG: Dumping message with 12 fields") == 5 * MEDIA


@needs_shared
def test_a_young_node_sends_two_statuses_more_than_one_each_keepalive() -> None:
    """Measured on the daemon: the number of its last `up`, when eight seconds are over."""
    recording = read_recording(TRACES / "hz22_authkeys_differ")
    log = (recording.folder / "node1" / "messages").read_text(encoding="utf-8", errors="replace")
    packets = re.split(r"MSG: Dumping message", log)
    numbers = [int(found[1], 16) for found in map(UP, packets) if found]
    keepalive = hosts("3.0.6")[0].keepalive

    texts = told(*BEGIN, refuses=True, until=8_000)

    assert max(numbers) == 8_000 // keepalive + 5
    assert texts.count("MSG[1] : [st=up]") + texts.count("MSG[1] : [st=init]") == max(numbers) * MEDIA


def test_a_daemon_that_begins_in_the_same_moment_hears_the_beginning_of_its_peer() -> None:
    own = ((0, line(0, "daemon-start")), (0, line(0, "status-up")))
    early = told(*BEGIN, *own, refuses=True, until=100)
    late = told(*BEGIN, *((9_000, what) for _, what in own), refuses=True, until=9_100)

    assert early.count("MSG[1] : [st=init]") > late.count("MSG[1] : [st=init]")


def test_which_of_ten_packets_is_acknowledged_is_drawn_by_the_sender() -> None:
    first = told(*BEGIN, refuses=True, until=2_000)
    other = told(*BEGIN, refuses=True, until=2_000, acknowledges=7)

    assert "MSG[2] : [ackseq=1]" in first and "MSG[2] : [ackseq=7]" not in first
    assert "MSG[2] : [ackseq=7]" in other and "MSG[2] : [ackseq=1]" not in other


def test_a_node_that_takes_its_own_groups_answers_itself_before_it_claims_them() -> None:
    claims = line(0, "message-is-sent", code=RESOURCE + 2 + 4 + 8)
    own = told(*BEGIN, (9, claims), refuses=True, groups=("node2 IPaddr::10.0.0.2 httpd",))
    none = told(*BEGIN, (9, claims), refuses=True, groups=("node1 IPaddr::10.0.0.1 httpd",))

    answer = own.index("MSG[0] : [t=ip-request-resp]")
    assert own[answer + 1 : answer + 4] == ["MSG[1] : [dest=node2]", "MSG[2] : [ipaddr=IPaddr::10.0.0.2]", YES]
    assert answer < own.index("MSG[4] : [info=req_our_resources()]")
    assert "MSG[0] : [t=ip-request-resp]" not in none


def test_beats_go_on_until_the_peer_falls_silent() -> None:
    keepalive = hosts("3.0.6")[0].keepalive
    some = told(*BEGIN, refuses=True, until=4 * keepalive)
    more = told(*BEGIN, (keepalive, line(0, "status-is-lost")), refuses=True, until=4 * keepalive)

    media = some.count("MSG[1] : [st=init]")
    assert some.count("MSG[1] : [st=up]") == (4 + 4) * media
    assert more.count("MSG[1] : [st=up]") == (4 + 1) * media


def test_a_replay_is_a_line_for_every_packet_on_every_medium_that_brings_it() -> None:
    reach = (0, line(0, "replays-reach", copies=2))
    texts = told((0, line(0, "packets-begin")), reach, (0, line(0, "status-is-sent", status=2)))
    none = told((0, line(0, "packets-begin")), (0, line(0, "status-is-sent", status=2)))

    assert len(texts) == 2 * 5 and all("replay attack [node2]" in text for text in texts)
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
