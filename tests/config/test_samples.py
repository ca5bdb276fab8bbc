"""Real configurations are read, and the findings are those a person who knows Heartbeat would name."""

from __future__ import annotations

import pytest

from hamodel.config.cluster import Cluster, ConfigurationRefused, Topic, Version, read_cluster
from tests.config.helpers import shared

T = Topic
EXPECTED: dict[str, set[Topic]] = {
    "minimal-four-lines": {T.LEGACY_FAILBACK, T.INITDEAD_COMPUTED, T.SINGLE_PATH, T.HEARTBEAT_ON_SERVICE_CARD},
    "ipfail-without-ping": {T.IPFAIL_WITHOUT_PING, T.LATE_UDPPORT, T.SINGLE_PATH},
    "elastix-drbd": {T.DRBD_DUAL_PRIMARY, T.NO_FENCING, T.FAILBACK_WITH_DISK, T.HEARTBEAT_ON_SERVICE_CARD},
    "mysql-drbd-mailto": {T.SINGLE_PATH, T.NO_FENCING, T.DRBD_DUAL_PRIMARY, T.NOT_A_SERVICE},
    "millisecond-timers": {T.DEADTIME_TINY, T.LATE_UDPPORT},
    "asterisk-empty-haresources": {T.HARESOURCES_EMPTY},
    "pacemaker-watchdog": {T.CRM_MODE, T.INITDEAD_EQUALS_DEADTIME, T.UCAST_TO_ONESELF, T.SINGLE_PATH},
    "template-httpd": {T.SINGLE_PATH, T.PLACEHOLDER},
    "bcast-and-ucast-same-nic": {T.COMMON_CARD, T.SINGLE_PATH, T.MASK_DOTTED},
    "haproxy-mcast-deadtime5": {T.SINGLE_PATH, T.WARNTIME_CLOSE},
    "lvs-single-bcast": {T.SERVICE_CARD_UNWATCHED, T.WARNTIME_COMPUTED, T.SINGLE_PATH},
    "crm-on-hb01": {T.CRM_MODE, T.UCAST_TO_ONESELF},
    "ping-without-ipfail": {T.PING_WITHOUT_IPFAIL, T.HEARTBEAT_ON_SERVICE_CARD, T.INITDEAD_COMPUTED},
    "four-media-one-nic": {T.COMMON_CARD, T.UDP_ALIAS, T.DUPLICATE_MEDIUM, T.SINGLE_PATH},
    "puppet-watchdog-initdead300": {T.INITDEAD_LONG, T.WATCHDOG_IS_LATE, T.HARESOURCES_ABSENT},
    "crm-on-with-haresources": {T.CRM_MODE, T.HARESOURCES_IGNORED},
    "proxy-floating-ip": {T.INITDEAD_EQUALS_DEADTIME, T.SINGLE_PATH},
    "mysql-drbd-continuation-line": {T.CONTINUATION, T.IPFAIL_WITHOUT_PING, T.SINGLE_PATH, T.NO_FENCING},
    "serial-only-raid": {T.SERIAL_ONLY, T.SINGLE_PATH, T.LONG_GROUP, T.NO_FENCING},
    "mysql-active-active-vips": {T.ACTIVE_ACTIVE, T.SINGLE_PATH},
    "nginx-start-errors": {T.IPFAIL_WITHOUT_PING, T.OTHER_SUBNET, T.HOME_MADE, T.SINGLE_PATH},
    "uppercase-names-mcast": {T.IPFAIL_ONE_PATH, T.INITDEAD_COMPUTED, T.SINGLE_PATH},
    "two-databases-active-active-drbd": {T.ACTIVE_ACTIVE, T.DRBD_DUAL_PRIMARY, T.NO_FENCING, T.SINGLE_PATH},
    "nfs-minimal-drbd": {T.LEGACY_FAILBACK, T.ADDRESS_BEFORE_DISK, T.DRBD_DUAL_PRIMARY, T.HEARTBEAT_ON_SERVICE_CARD},
    "redundant-bcast-ipfail": {T.INITDEAD_EQUALS_DEADTIME},
    "suicide-stonith-dopd": {T.WEAK_FENCING, T.DOPD_ONE_PATH, T.CRM_MODE},
}
UNWANTED: dict[str, set[Topic]] = {
    "redundant-bcast-ipfail": {T.SINGLE_PATH, T.IPFAIL_WITHOUT_PING, T.PING_WITHOUT_IPFAIL, T.IPFAIL_ONE_PATH},
    "mysql-active-active-vips": {T.NO_FENCING, T.CRM_MODE},
    "uppercase-names-mcast": {T.GROUP_WITHOUT_NODE, T.IPFAIL_WITHOUT_PING, T.PING_WITHOUT_IPFAIL},
    "pacemaker-watchdog": {T.COMMON_CARD},
}
REFUSED = {"vagrant-unknown-owner"}


def sample(name: str) -> Cluster:
    """One sample as 3.0.6 reads it."""
    return read_cluster([shared("samples") / name], Version.V3_0_6)


def test_every_sample_with_a_configuration_is_expected() -> None:
    folders = {path.parent.name for path in shared("samples").glob("*/ha.cf")}

    assert folders == set(EXPECTED) | REFUSED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_is_read_with_the_findings_a_person_would_name(name: str) -> None:
    topics = {said.topic for said in sample(name).findings}

    assert EXPECTED[name] <= topics
    assert not topics & UNWANTED.get(name, set())


def test_an_owner_that_is_no_node_is_refused() -> None:
    with pytest.raises(ConfigurationRefused) as refused:
        sample("vagrant-unknown-owner")

    assert [error.code for error in refused.value.errors] == ["HA125"]
    assert str(refused.value.transcript[-2]) == "ERROR: Bad nodename in /etc/ha.d//haresources [lisa]"
    topics = {said.topic for said in refused.value.findings}
    assert {T.PING_WITHOUT_IPFAIL, T.SINGLE_PATH, T.HEARTBEAT_ON_SERVICE_CARD, T.INITDEAD_COMPUTED} <= topics


def test_the_computed_times_are_the_daemons() -> None:
    assert sample("minimal-four-lines").initdead == 12_000
    assert sample("uppercase-names-mcast").initdead == 20_000
    assert sample("lvs-single-bcast").first.warntime.value == 15_000


def test_a_continued_line_is_one_group() -> None:
    cluster = sample("mysql-drbd-continuation-line")

    assert [r.type for r in cluster.groups[0].resources] == ["IPaddr", "drbddisk", "Filesystem", "mysql"]


def test_upper_case_names_are_one_with_lower_case_ones() -> None:
    cluster = sample("uppercase-names-mcast")

    assert cluster.nodes == ("m1.redhat.sx", "m2.redhat.sx")
    assert len(cluster.per_node["m1.redhat.sx"].local_groups) == 1
