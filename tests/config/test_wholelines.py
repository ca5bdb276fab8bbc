"""Fences, clients and permissions own the rest of their line."""

from __future__ import annotations

import pytest

from tests.config.helpers import GOOD, V2, own_lines, said, start
from tests.config.test_directives import SYNTAX

REFUSED = [
    ("stonith suicide", ["ERROR: glib: Cannot open ", "ERROR: Invalid Stonith config file []"]),
    ("stonith_host node1", ["ERROR: No Stonith type given"]),
    ("stonith_host *", ["ERROR: No Stonith type given"]),
    ("stonith_host " + "h" * 100, ["ERROR: Stonith hostname too long"]),
    ("respawn", ["ERROR: Invalid uid [] specified for client child"]),
    ("respawn 0 /bin/true", ["ERROR: Invalid uid [0] specified for client child"]),
    ("respawn root", ["ERROR: Client child command [] is not full pathname"]),
    ("respawn " + "u" * 64 + " /bin/true", ["ERROR: UID specified for client child is too long"]),
    ("apiauth", ["ERROR: Invalid apiauth directive []", *SYNTAX]),
    ("apiauth x", ["ERROR: Invalid apiauth directive [x]", *SYNTAX]),
    (
        "apiauth x uid=a uid=b",
        ["ERROR: Duplicate uid list in apiauth", "ERROR: Invalid apiauth directive [x uid=a uid=b]", *SYNTAX],
    ),
    (
        "apiauth x gid=a gid=b",
        ["ERROR: Duplicate gid list in apiauth", "ERROR: Invalid apiauth directive [x gid=a gid=b]", *SYNTAX],
    ),
    (
        "apiauth " + "c" * 32 + " uid=a",
        [
            f"ERROR: client name [{'c' * 32} uid=a] too long",
            f"ERROR: Invalid apiauth directive [{'c' * 32} uid=a]",
            *SYNTAX,
        ],
    ),
]


@pytest.mark.parametrize(("line", "lines"), REFUSED, ids=[line[:24] for line, _ in REFUSED])
def test_a_line_of_the_wrong_shape_is_refused(line: str, lines: list[str]) -> None:
    assert own_lines(start(GOOD + line + "\n")) == lines


def test_a_client_may_be_authorised_once() -> None:
    reading = start(GOOD + "apiauth ipfail uid=hacluster\napiauth ipfail gid=haclient\n")

    assert own_lines(reading) == [
        "ERROR: Duplicate apiauth directive for API client ipfail: [ipfail gid=haclient]",
        "ERROR: Invalid apiauth directive [ipfail gid=haclient]",
        *SYNTAX,
    ]


def test_a_client_that_pacemaker_authorises_clashes_before_and_after_it() -> None:
    before = start(GOOD + "apiauth cib uid=root\npacemaker on\n")
    after = start(GOOD + "pacemaker on\napiauth cib uid=root\n")

    assert before.errors[0].code == after.errors[0].code == "HA114"
    assert own_lines(before)[-1] == "ERROR: failed: apiauth {apiauth}"


def test_in_2_0_8_such_a_clash_is_printed_and_forgiven() -> None:
    reading = start(GOOD + "apiauth mgmtd uid=root\ncrm on\n", version=V2)

    assert reading.errors == ()
    assert "ERROR: Directive apiauth {value} failed" in said(reading)


def test_a_stonith_line_for_another_host_is_skipped_unread() -> None:
    reading = start(GOOD + "stonith_host node2\nstonith_host node2 null x\n", name="node1")

    assert reading.errors == ()
    assert reading.node.stonith is None


def test_the_last_stonith_line_that_applies_wins() -> None:
    text = GOOD + "stonith_host * null a\nstonith_host NODE1 external/ipmi node2 x\nstonith_host node2 meatware node1\n"

    device = start(text, name="node1").node.stonith
    other = start(text, name="node2").node.stonith

    assert device is not None
    assert other is not None
    assert (device.type, device.params, device.host) == ("external/ipmi", ("node2", "x"), "node1")
    assert other.type == "meatware"


def test_clients_keep_their_order_and_their_arguments() -> None:
    clients = start(GOOD + "respawn hacluster /usr/lib/heartbeat/ipfail -v\nfailfast root /sbin/x\n").node.clients

    assert [(c.program, c.respawn, c.failfast) for c in clients] == [("ipfail", True, False), ("x", False, True)]
    assert clients[0].command == "/usr/lib/heartbeat/ipfail -v"


def test_failfast_is_unknown_to_2_0_8() -> None:
    assert start(GOOD + "failfast root /sbin/x\n", version=V2).errors[0].code == "HA102"
