"""Each rule of practice is cited by a configuration that breaks it, and by none that keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.config.practice import PRACTICE
from tests.checking.reviews import CAREFUL, DISK, DRBD, GROUP, KEYS, put, reviewed, rules

LATE = "Jan  1 10:00:00 node1 heartbeat: [1]: WARN: Late heartbeat: Node node2: interval 25000 ms\n"
LSB = "Jan  1 10:00:00 node1 ResourceManager[1]: ERROR: Resource script for httpd probably not LSB-compliant.\n"
IPFAIL = "respawn hacluster /usr/lib/heartbeat/ipfail\n"
ONE = CAREFUL.replace("bcast eth1 eth2", "bcast eth1")
UNFENCED = CAREFUL.replace("stonith_host * external/ipmi /etc/fence\n", "")
SERIAL = CAREFUL.replace("bcast eth1 eth2", "serial /dev/ttyS0 /dev/ttyS1")

BROKEN: dict[str, dict[str, object]] = {
    "R1": {"hacf": ONE},
    "R2": {"hacf": UNFENCED},
    "R3": {"hacf": UNFENCED, "haresources": DISK},
    "R4": {"log": LATE},
    "R5": {"hacf": CAREFUL + "warntime 30\n"},
    "R6": {"hacf": CAREFUL + "deadtime 5\ninitdead 8\n"},
    "R7": {"hacf": CAREFUL + "keepalive 100ms\nwarntime 200ms\ndeadtime 900ms\n"},
    "R8": {"hacf": CAREFUL + "udpport 700\n"},
    "R9": {"hacf": CAREFUL + "node NODE2\n"},
    "R10": {"haresources": "node1 10.0.0.1/24/eth1 a\nnode2 IPaddr2::10.0.0.1/24/eth1 b\n"},
    "R11": {"hacf": CAREFUL + IPFAIL + "ping node2\n"},
    "R12": {"hacf": CAREFUL + "ping 10.0.0.254\n"},
    "R13": {"hacf": CAREFUL + "auto_failback on\n", "haresources": DISK},
    "R14": {"hacf": CAREFUL.replace("watchdog /dev/watchdog\n", "")},
    "R15": {"hacf": UNFENCED},
    "R16": {"hacf": ONE + "respawn hacluster /usr/lib/heartbeat/dopd\n", "haresources": DRBD},
    "R17": {"log": LSB},
    "R18": {"authkeys": "auth 1\n1 crc\n"},
    "R19": {"mode": 0o644},
    "R20": {"hacf": CAREFUL + "debug 3\n"},
    "R21": {"log": "Jan  1 10:00:00 node1 heartbeat: [1]: info: Packet failed authentication check\n"},
    "R22": {},
    "R23": {"hacf": ONE},
    "R24": {"hacf": ONE},
    "R25": {"hacf": UNFENCED, "haresources": DRBD},
    "R26": {},
}
KEPT: dict[str, dict[str, object]] = {
    "R4": {"log": LATE.replace("25000", "15000")},
    "R8": {"hacf": "udpport 700\n" + CAREFUL},
    "R11": {"hacf": CAREFUL + IPFAIL + "ping 10.0.0.254\n"},
    "R12": {"hacf": CAREFUL + IPFAIL + "ping 10.0.0.254\n"},
    "R13": {"haresources": DISK},
    "R16": {"hacf": CAREFUL + "respawn hacluster /usr/lib/heartbeat/dopd\n", "haresources": DRBD},
    "R17": {"log": "Jan  1 10:00:00 node1 heartbeat: [1]: info: Link node2:eth1 up.\n"},
    "R22": {"hacf": SERIAL},
    "R23": {"hacf": SERIAL},
    "R25": {"haresources": DRBD},
    "R26": {"haresources": "# nothing\n"},
}
"""Where keeping a rule needs more than the careful pair."""


def test_every_rule_has_a_case() -> None:
    assert set(BROKEN) == set(PRACTICE) == {f"R{number}" for number in range(1, 27)}


@pytest.mark.parametrize("rule", list(BROKEN))
def test_a_broken_rule_is_cited_with_its_reason_and_its_source(rule: str, tmp_path: Path) -> None:
    review = reviewed(put(tmp_path, **BROKEN[rule]))  # type: ignore[arg-type]  # the table holds the arguments of put

    assert not review.refused
    cited = [practice for remark in review.remarks for practice in remark.rules if practice.id == rule]
    assert cited
    assert cited[0].reason
    assert cited[0].source


@pytest.mark.parametrize("rule", list(BROKEN))
def test_a_rule_that_is_kept_is_not_cited(rule: str, tmp_path: Path) -> None:
    review = reviewed(put(tmp_path, **KEPT.get(rule, {})))  # type: ignore[arg-type]  # as above

    assert not review.refused
    assert rule not in rules(review)


def test_the_careful_pair_has_nothing_dearer_than_hygiene(tmp_path: Path) -> None:
    review = reviewed(put(tmp_path, haresources=GROUP, authkeys=KEYS))

    assert {remark.cost.value for remark in review.remarks} == {"hygiene"}
