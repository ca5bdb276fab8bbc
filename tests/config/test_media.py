"""Every plugin judges its own words, one after the other, and says where it stopped."""

from __future__ import annotations

import pytest

from tests.config.helpers import GOOD, V2, own_lines, said, start

MCAST = [
    ("mcast eth0", "mcast [eth0] missing mcast address"),
    ("mcast eth0 10.0.0.1", "mcast [eth0] bad addr [10.0.0.1]"),
    ("mcast eth0 225.0.0.1", "mcast [eth0] missing port"),
    ("mcast eth0 225.0.0.1 65536", " mcast [eth0] bad port [0]"),
    ("mcast eth0 225.0.0.1 694", "mcast [eth0] missing ttl"),
    ("mcast eth0 225.0.0.1 694 5", " mcast [eth0] bad ttl [5]"),
    ("mcast eth0 225.0.0.1 694 1", "mcast [eth0] missing loop"),
    ("mcast eth0 225.0.0.1 694 1 2", " mcast [eth0] bad loop [2]"),
    ("mcast6", "mcast6 statement without device"),
    ("mcast6 eth0", "mcast6 [eth0] missing mcast6 address"),
    ("mcast6 eth0 ::1", " mcast6 [eth0] bad addr [::1]"),
    ("mcast6 eth0 ff02::1", "mcast6 [eth0] missing port"),
    ("mcast6 eth0 ff02::1 694", "mcast6 [eth0] missing hops"),
    ("mcast6 eth0 ff02::1 694 9", " mcast6 [eth0] bad hops [9]"),
    ("mcast6 eth0 ff02::1 694 1", "mcast6 [eth0] missing loop"),
    ("mcast6 eth0 ff02::1 694 1 7", " mcast6 [eth0] bad loop [7]"),
    ("ucast6", "ucast6 statement without device"),
    ("ucast6 eth0", "ucast6 [eth0] missing ucast6 address"),
    ("ucast6 eth0 ff02::1", "ucast6 [eth0] bad addr [ff02::1]"),
]


@pytest.mark.parametrize(("line", "text"), MCAST, ids=[line for line, _ in MCAST])
def test_a_media_line_is_refused_at_its_first_bad_word(line: str, text: str) -> None:
    assert own_lines(start(GOOD + line + "\n")) == [f"ERROR: glib: {text}"]


@pytest.mark.parametrize("kind", ["mcast", "ucast"])
def test_these_media_without_arguments_crash_the_daemon(kind: str) -> None:
    reading = start(f"{kind}\nnonsense\n" + GOOD)

    assert said(reading) == ["crash: Segmentation fault"]
    assert [error.code for error in reading.errors] == ["HA111", "HA102"]


def test_a_host_that_cannot_be_an_address_is_refused_by_ucast_with_a_wrong_reason() -> None:
    assert own_lines(start(GOOD + "ucast eth0 10.0.0.300\n")) == [
        "ERROR: glib: ucast: cannot resolve hostname",
        "ERROR: glib: ucast: interface [eth0] does not exist",
    ]


def test_a_ping_group_leaves_out_a_host_that_does_not_resolve() -> None:
    reading = start(GOOD + "ping_group g 10.0.0.300 10.0.0.1\n")

    assert reading.errors == ()
    assert reading.node.pings[0].members == ("10.0.0.1",)
    assert said(reading)[0] == "ERROR: glib: unknown host: 10.0.0.300: {strerror}"


def test_every_word_of_a_ping_line_is_a_pseudo_node_and_counts_as_a_medium() -> None:
    reading = start(GOOD.replace("bcast eth1 eth2\n", "ping 10.0.0.1 10.0.0.2\n"))

    assert reading.errors == ()
    assert [ping.name for ping in reading.node.pings] == ["10.0.0.1", "10.0.0.2"]
    assert reading.node.media == ()


def test_udp_is_another_name_for_bcast() -> None:
    reading = start(GOOD + "udp eth7\n")

    assert reading.node.media[-1].name == "bcast eth7"
    assert said(reading)[0] == "WARN: WARNING: directive 'udp' replaced by 'bcast'"


def test_a_medium_takes_the_port_that_was_set_before_it() -> None:
    reading = start("udpport 700\n" + GOOD + "udpport 701\nucast eth0 peer\nmcast eth0 225.0.0.1 5405 1 0\n")

    assert [medium.port for medium in reading.node.media] == [700, 700, 701, 5405]


def test_surplus_words_on_a_media_line_are_ignored() -> None:
    assert start(GOOD + "ucast eth0 peer and more\n").node.media[-1].detail == "peer"


def test_a_medium_knows_the_place_it_was_read_from() -> None:
    medium = start(GOOD).node.media[1]

    assert str(medium.span) == "ha.cf:6:12"


def test_the_table_of_nodes_keeps_the_order_of_the_lines_ping_nodes_included() -> None:
    reading = start("node b\nping 10.0.0.254\nnode A\n" + GOOD)

    assert reading.node.node_table == ("b", "10.0.0.254", "a", "node1", "node2")
    assert reading.node.nodes == ("b", "a", "node1", "node2")


def test_the_newer_media_are_unknown_to_2_0_8() -> None:
    for kind in ("mcast6", "ucast6", "ping6"):
        assert start(GOOD + f"{kind} eth0 ff02::1 694 1 0\n", version=V2).errors[0].code == "HA102"
