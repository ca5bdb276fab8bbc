"""Why two nodes had the same resource: for each recorded run the hazard it was made to show."""

from __future__ import annotations

import pytest

from tests.incident.recorded import NAMES, explanation
from tests.shared import needs_shared

pytestmark = needs_shared

HAZARDS = {
    "deadtime_too_small": "HZ-06",
    "haresources_differ_owner": "HZ-19a",
    "hz05_restart_afb_off": "HZ-03",
    "hz06_owner_shoots_on_resume": "HZ-06",
    "hz07_standby_paused": "HZ-07",
    "hz07_standby_paused_once": "HZ-07",
    "hz07_unequal_deadtime": "HZ-07",
    "hz08_one_way_loss": "HZ-08",
    "hz09_ipfail_then_cut": "HZ-09",
    "hz10_stop_partition": "HZ-10",
    "hz11_joining_partition": "HZ-01",
    "hz12_meatware_late": "HZ-12",
    "hz13_null_partition": "HZ-13",
    "hz14_legacy_start_stonith_fails": "HZ-02",
    "hz15_failback_overtakes_stonith": "HZ-16",
    "hz16_standby_during_start": "HZ-16",
    "hz17_stop_lies": "HZ-17",
    "hz19d_line_removed_stop": "HZ-19d",
    "hz22_authkeys_differ": "HZ-22",
    "hz24_watchdog_hole": "HZ-03",
    "hz25_double_restart": "HZ-25",
    "hz26_failed_reload": "HZ-26",
    "hz42_heal_ping_dead": "HZ-01",
    "hz48_mach_down_killed": "HZ-16",
    "kill_mcp_no_watchdog": "HZ-03",
    "packet_loss_90": "HZ-63",
    "partition_heal_afb_on": "HZ-01",
    "seed4_cut_all": "HZ-01",
    "seed5_kill9_no_watchdog": "HZ-03",
    "seed_timers": "HZ-03",
    "sigstop_mcp": "HZ-06",
    "sigstop_watchdog": "HZ-04",
    "single_link_cut": "HZ-01",
    "start_partitioned": "HZ-02",
    "stonith_partition_one_sided": "HZ-02",
}
"""Without a reset, HZ-11 and HZ-14 show as HZ-01 and HZ-02; HZ-15 and HZ-48 end as HZ-16, a start that came late."""


@pytest.mark.parametrize(("name", "hazard"), HAZARDS.items())
def test_the_cause_is_the_hazard_the_run_was_made_for(name: str, hazard: str) -> None:
    cause = explanation(name).cause

    assert cause is not None
    assert cause.rule == hazard
    assert cause.proofs


@pytest.mark.parametrize("name", NAMES)
def test_a_possible_damage_has_no_certain_cause_and_advice_is_given(name: str) -> None:
    report = explanation(name)

    if report.overlaps:
        assert report.cause is not None
        assert report.advice
    if report.unsafe is not None and report.unsafe.value == "possible":
        assert report.cause is not None
        assert report.cause.certainty.value == "possible"


def test_a_shared_disk_with_two_owners_is_told_as_lost_data() -> None:
    disks = [overlap for overlap in explanation("seed4_cut_all").overlaps if overlap.disk]

    assert [overlap.resource for overlap in disks] == ["/dev/sdb5"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hz40_start_fail_failback", "power"),
        ("hz41_peer_dies_in_release", "nobody had 192.168.60.200 to the end"),
        ("hz44_first_start_stonith_fails", "could not reset node2"),
        ("hz52_join_deadlock", "neither acquires anything"),
        ("config_deadtime_refused", "deadtime 4000 ms is not more than twice keepalive 2000 ms"),
        ("seed1_stop_start", "stopped in order"),
    ],
)
def test_what_was_no_double_ownership_is_explained_too(name: str, words: str) -> None:
    report = explanation(name)
    cause = report.cause

    assert cause is not None
    assert words in cause.text or any(words in fault.text for fault in report.faults)
