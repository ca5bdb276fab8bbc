"""What the daemon accepts and a reviewer must know: every topic has a line that provokes it, and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.config.cluster import read_cluster
from hamodel.config.costs import priced
from hamodel.config.findings import Finding, Severity, Topic, finding, ordered, render_findings
from hamodel.config.review_pair import review_pair
from tests.config.helpers import GOOD, GROUP, KEYS, start, write

DISK = "node1 Filesystem::/dev/sdb1::/m::ext3 10.0.0.1/24/eth1\n"
IPFAIL = "respawn hacluster /usr/lib/heartbeat/ipfail\n"
ONE = GOOD.replace("bcast eth1 eth2", "bcast eth1")


def found(hacf: str = GOOD, haresources: str | None = GROUP, authkeys: str | None = KEYS) -> dict[Topic, Finding]:
    """The findings of both nodes with the same files, by topic."""
    readings = [
        start(hacf, haresources=haresources, authkeys=authkeys, name=name, mode=0o600) for name in ("node1", "node2")
    ]
    assert readings[0].errors == ()
    said = [*readings[0].findings, *review_pair([reading.node for reading in readings])]
    return {item.topic: item for item in said}


CASES: list[tuple[Topic, str, str | None, str | None]] = [
    (Topic.INITDEAD_SHORT, GOOD + "deadtime 5\ninitdead 6\n", GROUP, KEYS),
    (Topic.INITDEAD_EQUALS_DEADTIME, GOOD + "initdead 30\n", GROUP, KEYS),
    (Topic.INITDEAD_UNDER_TWICE, GOOD + "initdead 59\n", GROUP, KEYS),
    (Topic.INITDEAD_LONG, GOOD + "initdead 300\n", GROUP, KEYS),
    (Topic.INITDEAD_COMPUTED, GOOD.replace("initdead 120\n", ""), GROUP, KEYS),
    (Topic.WARNTIME_COMPUTED, GOOD.replace("warntime 4\n", ""), GROUP, KEYS),
    (Topic.WARNTIME_CLOSE, GOOD + "warntime 28\n", GROUP, KEYS),
    (Topic.WARNTIME_USELESS, GOOD + "warntime 30\n", GROUP, KEYS),
    (Topic.DEADTIME_TINY, GOOD + "keepalive 100ms\ndeadtime 1\n", GROUP, KEYS),
    (Topic.DEADPING, GOOD + "ping 10.0.0.254\ndeadping 10\n", GROUP, KEYS),
    (Topic.DEBUG_HIGH, GOOD + "debug 3\n", GROUP, KEYS),
    (Topic.SINGLE_PATH, ONE, GROUP, KEYS),
    (Topic.COMMON_CARD, GOOD + "mcast eth1 225.0.0.1 694 1 0\n", GROUP, KEYS),
    (Topic.NO_PATH, GOOD.replace("bcast eth1 eth2", "ping 10.0.0.254"), GROUP, KEYS),
    (Topic.HEARTBEAT_ON_SERVICE_CARD, ONE, GROUP, KEYS),
    (Topic.SERVICE_CARD_UNWATCHED, GOOD, "node1 10.0.0.1/24/eth9\n", KEYS),
    (Topic.PING_WITHOUT_IPFAIL, GOOD + "ping 10.0.0.254\n", GROUP, KEYS),
    (Topic.IPFAIL_WITHOUT_PING, GOOD + IPFAIL, GROUP, KEYS),
    (Topic.IPFAIL_LEGACY, GOOD + "auto_failback legacy\nping 10.0.0.254\n" + IPFAIL, GROUP, KEYS),
    (Topic.IPFAIL_ONE_PATH, ONE + "ping 10.0.0.254\n" + IPFAIL, GROUP, KEYS),
    (Topic.PING_IS_MEMBER, GOOD + "ping node2\n", GROUP, KEYS),
    (Topic.LATE_UDPPORT, GOOD + "udpport 700\n", GROUP, KEYS),
    (Topic.UDP_ALIAS, GOOD + "udp eth3\n", GROUP, KEYS),
    (Topic.DUPLICATE_MEDIUM, GOOD + "bcast eth1\n", GROUP, KEYS),
    (Topic.UCAST_TO_ONESELF, GOOD + "ucast eth3 10.0.0.2\n", GROUP, KEYS),
    (Topic.SERIAL_ONLY, GOOD.replace("bcast eth1 eth2", "serial /dev/ttyS0"), GROUP, KEYS),
    (Topic.NODE_TWICE, GOOD + "node NODE1\n", GROUP, KEYS),
    (Topic.PLACEHOLDER, GOOD + "node your_hostname\n", GROUP, KEYS),
    (Topic.LEGACY_FAILBACK, GOOD.replace("auto_failback off\n", ""), GROUP, KEYS),
    (Topic.FAILBACK_WITH_DISK, GOOD + "auto_failback on\n", DISK, KEYS),
    (Topic.CRM_MODE, GOOD + "crm on\n", GROUP, KEYS),
    (Topic.HARESOURCES_IGNORED, GOOD + "crm on\n", GROUP, KEYS),
    (Topic.WATCHDOG_IS_LATE, GOOD + "watchdog /dev/watchdog\n", GROUP, KEYS),
    (Topic.NO_FENCING, GOOD, DISK, KEYS),
    (Topic.DRBD_DUAL_PRIMARY, GOOD, "node1 drbddisk::r0\n", KEYS),
    (Topic.WEAK_FENCING, GOOD + "stonith suicide /etc/x\n", GROUP, KEYS),
    (Topic.ONE_SIDED_FENCING, GOOD + "stonith_host node1 external/ipmi node2\n", GROUP, KEYS),
    (Topic.DOPD_ONE_PATH, ONE + "respawn hacluster /usr/lib/heartbeat/dopd\n", GROUP, KEYS),
    (Topic.NO_LOG_TARGET, GOOD.replace("logfacility local0\n", ""), GROUP, KEYS),
    (Topic.OBSOLETE_OPTION, GOOD + "nice_failback on\n", GROUP, KEYS),
    (Topic.ENV_WITHOUT_VALUE, GOOD + "env DEBUG\n", GROUP, KEYS),
    (Topic.CRC_ONLY, GOOD, GROUP, "auth 1\n1 crc\n"),
    (Topic.AUTHKEYS_ABSENT, GOOD, GROUP, None),
    (Topic.HARESOURCES_ABSENT, GOOD, None, KEYS),
    (Topic.HARESOURCES_EMPTY, GOOD, "# nothing\n", KEYS),
    (Topic.ADDRESS_BEFORE_DISK, GOOD, "node1 10.0.0.1 Filesystem::/dev/sdb1::/m\n", KEYS),
    (Topic.LONG_GROUP, GOOD, "node1 a b c d e f g h\n", KEYS),
    (Topic.NOT_A_SERVICE, GOOD, "node1 MailTo::root httpd\n", KEYS),
    (Topic.STOPS_THE_CLUSTER, GOOD, "node1 httpd heartbeat\n", KEYS),
    (Topic.CONTINUATION, GOOD, "node1 a \\\n b\n", KEYS),
    (Topic.MASK_DOTTED, GOOD, "node1 10.0.0.1/255.255.255.0/eth1\n", KEYS),
    (Topic.SAME_RESOURCE_TWICE, GOOD, "node1 10.0.0.1/24/eth1 a\nnode2 IPaddr2::10.0.0.1/24/eth1 b\n", KEYS),
    (Topic.KEY_NOT_UNIQUE, GOOD, "node1 httpd\nnode2 10.0.0.1/24/eth1 httpd\n", KEYS),
    (Topic.GROUP_WITHOUT_NODE, GOOD + "ping 10.0.0.254\n", "10.0.0.254 httpd\n", KEYS),
    (Topic.ACTIVE_ACTIVE, GOOD, "node1 a\nnode2 b\n", KEYS),
    (Topic.OTHER_SUBNET, GOOD + "ucast eth1 192.168.9.9\n", GROUP, KEYS),
    (Topic.NOT_CHECKED_HERE, GOOD, GROUP, KEYS),
    (Topic.NO_EFFECT, GOOD + "keepalive 3\n", GROUP, KEYS),
    (Topic.NO_WATCHDOG, GOOD, GROUP, KEYS),
    (Topic.LATE_BAUD, GOOD + "serial /dev/ttyS0\nbaud 9600\n", GROUP, KEYS),
    (Topic.LATE_LOGGING, "bcast eth3\n" + GOOD, GROUP, KEYS),
    (Topic.IPFAIL_AS_ROOT, GOOD + "ping 10.0.0.254\n" + IPFAIL.replace("hacluster", "root"), GROUP, KEYS),
    (Topic.NO_DEVICE, GOOD, GROUP, KEYS),
    (Topic.LOGD_OFF, GOOD, GROUP, KEYS),
    (Topic.HOME_MADE, GOOD, "node1 web.sh\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 10.0.0.300/24/eth1\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 IPaddr::\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 IPv6addr::2001:db8::5/64\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 IPv6addr::2001:db8:0:0:0:0:5/64\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 10.0.0.1/99/eth1\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 10.0.0.1/255.0.255.0/eth1\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 10.0.0.1/24/eth1/10.0.0.999\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 Filesystem::/dev/sdb1\n", KEYS),
    (Topic.ARGUMENTS, GOOD, "node1 httpd :::\n", KEYS),
]
ELSEWHERE = {Topic.FENCE_PASSWORD, Topic.NODE_COUNT, Topic.AUTHKEYS_MODE, Topic.NODES_DIFFER}


def test_every_topic_has_a_case() -> None:
    assert {topic for topic, *_ in CASES} | ELSEWHERE == set(Topic)


@pytest.mark.parametrize(("topic", "hacf", "haresources", "authkeys"), CASES, ids=[case[0].name for case in CASES])
def test_the_topic_is_found(topic: Topic, hacf: str, haresources: str | None, authkeys: str | None) -> None:
    said = found(hacf, haresources, authkeys)

    assert topic in said
    text = said[topic].render()
    assert text.startswith(f"{said[topic].severity.value}[{topic.value}]: ")


CAREFUL = GOOD + "use_logd on\nwatchdog /dev/watchdog\nstonith_host * external/ipmi p\n"


def test_a_good_configuration_has_nothing_to_say_but_what_is_not_checked() -> None:
    said = found(CAREFUL)

    assert set(said) == {Topic.NOT_CHECKED_HERE}
    assert said[Topic.NOT_CHECKED_HERE].message.startswith("not checked here: that eth1, eth2 exist; the stonith")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("keepalive 3\n", "keepalive 2 has no effect: keepalive 3 at line 9 comes later and wins"),
        ("keepalive 2\n", "keepalive 2 is said again at line 9"),
        ("deadping 40\n", "deadping 40 has no effect: there is no ping node"),
        ("baud 9600\n", "baud 9600 has no effect: there is no serial line"),
        ("hopfudge 2\n", "hopfudge 2 has no effect: there is no serial ring"),
        ("realtime off\nrtprio 5\n", "rtprio 5 has no effect: realtime is off"),
        (
            "enable_config_writes on\n",
            "enable_config_writes on has no effect: only a cluster resource manager reads it",
        ),
        ("mcast eth3 225.0.0.1 694 1 0 7\n", "`7` has no effect: mcast reads 5 words and ignores the others"),
        ("crm on\n", "auto_failback off has no effect: the cluster resource manager places the resources"),
        (
            "stonith_host node9 external/ipmi x\n",
            "the device external/ipmi is for node9, which is no node: nobody uses it",
        ),
        (
            "stonith_host * external/ipmi x\nstonith_host node1 apcmaster y\n",
            "the device external/ipmi is not used by node1: a later line wins",
        ),
    ],
)
def test_a_line_without_effect_is_told_with_the_reason(lines: str, message: str) -> None:
    reading = start(GOOD + lines)

    assert message in {said.message for said in reading.findings if said.topic is Topic.NO_EFFECT}


def test_udpport_has_no_effect_where_only_multicast_lines_stand() -> None:
    lines = GOOD.replace("bcast eth1 eth2", "udpport 700\nmcast eth1 225.0.0.1 694 1 0")

    assert found(lines)[Topic.NO_EFFECT].message == "udpport 700 has no effect: no bcast or ucast line uses it"


@pytest.mark.parametrize(("target", "words"), [("10.0.0.9", "a cluster node"), ("10.0.0.1", "a service address"),
                                               ("127.0.0.1", "the node itself")])  # fmt: skip
def test_a_ping_node_that_is_no_judge_of_the_network_is_found_by_its_address(target: str, words: str) -> None:
    said = found(GOOD + f"ucast eth3 10.0.0.9\nucast eth3 10.0.0.8\nping {target}\n")

    assert words in said[Topic.PING_IS_MEMBER].message
    assert Topic.PING_IS_MEMBER not in found(GOOD + "ping 10.0.0.254\n")


def test_the_password_of_a_device_in_a_readable_file_is_found_and_in_a_closed_one_not(tmp_path: Path) -> None:
    folder = write(tmp_path / "ha.d", hacf=GOOD + "stonith_host * external/ipmi node2 10.0.0.9 admin secret\n")
    for mode, there in ((0o644, True), (0o600, False)):
        (folder / "ha.cf").chmod(mode)

        topics = {item.topic for item in read_cluster([folder]).findings}

        assert (Topic.FENCE_PASSWORD in topics) is there


def test_a_watchdog_beside_a_fence_is_no_finding() -> None:
    assert Topic.WATCHDOG_IS_LATE in found(GOOD + "watchdog /dev/watchdog\n")
    assert Topic.WATCHDOG_IS_LATE not in found(CAREFUL)


def test_every_topic_has_its_price() -> None:
    assert priced() == set(Topic)


def test_a_late_udpport_is_worse_when_it_is_another_port() -> None:
    assert found(GOOD + "udpport 694\n")[Topic.LATE_UDPPORT].severity is Severity.NOTE
    assert found(GOOD + "udpport 700\n")[Topic.LATE_UDPPORT].severity is Severity.WARNING
    assert Topic.LATE_UDPPORT not in found("udpport 700\n" + GOOD)


def test_two_ucast_lines_for_both_nodes_are_one_path_and_no_common_card() -> None:
    said = found(GOOD.replace("bcast eth1 eth2", "ucast eth1 10.0.0.2") + "ucast eth1 10.0.0.3\n")

    assert Topic.COMMON_CARD not in said
    assert Topic.SINGLE_PATH in said
    assert "names the node itself" in said[Topic.UCAST_TO_ONESELF].message


def test_a_vlan_and_an_alias_share_their_card() -> None:
    said = found(GOOD.replace("bcast eth1 eth2", "bcast eth1 eth1.100 eth1:0"))

    assert said[Topic.COMMON_CARD].message == "3 statements, one physical path: all of them need eth1"


def test_the_same_address_under_two_owners_is_an_error_and_under_one_a_warning() -> None:
    two = found(GOOD, "node1 10.0.0.1/24/eth1 a\nnode2 IPaddr2::10.0.0.1/24/eth1 b\n")
    one = found(GOOD, "node1 10.0.0.1/24/eth1 a\nnode1 IPaddr2::10.0.0.1/24/eth1 b\n")

    assert two[Topic.SAME_RESOURCE_TWICE].severity is Severity.ERROR
    assert one[Topic.SAME_RESOURCE_TWICE].severity is Severity.WARNING


def test_with_stonith_a_shared_disk_is_no_finding() -> None:
    assert Topic.NO_FENCING not in found(GOOD + "stonith_host * external/ipmi x\n", DISK)


def test_a_group_glued_by_a_continuation_is_a_warning() -> None:
    assert found(GOOD, "node1 a\\\nb\n")[Topic.CONTINUATION].severity is Severity.WARNING
    assert found(GOOD, "node1 a \\\n b\n")[Topic.CONTINUATION].severity is Severity.NOTE


def test_one_node_and_three_nodes_are_not_what_the_protocol_is_made_for(tmp_path: Path) -> None:
    for nodes in ("node1", "node1 node2 node3"):
        folder = write(tmp_path / nodes.replace(" ", "-"), hacf=GOOD.replace("node node1 node2", f"node {nodes}"))

        cluster = read_cluster([folder])

        assert Topic.NODE_COUNT in {said.topic for said in cluster.findings}
        assert bool(cluster.outside_the_model) == (nodes == "node1")


def test_a_readable_key_file_in_a_repository_is_a_note(tmp_path: Path) -> None:
    folder = write(tmp_path / "repository")
    (folder / "authkeys").chmod(0o644)

    said = {item.topic: item for item in read_cluster([folder]).findings}

    assert said[Topic.AUTHKEYS_MODE].severity is Severity.NOTE
    assert "600 recommended" in said[Topic.AUTHKEYS_MODE].daemon[0]


def test_findings_come_worst_first_and_once() -> None:
    note = finding(Severity.NOTE, Topic.LONG_GROUP, "b")
    error = finding(Severity.ERROR, Topic.NODES_DIFFER, "a")

    assert ordered([note, error, note]) == (error, note)
    assert render_findings([error, note]) == "error[HA198]: a\n\nnote[HA188]: b"
