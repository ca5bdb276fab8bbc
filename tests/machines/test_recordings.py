"""The model against the real daemon: what was recorded has to be among the outcomes the model allows."""

from __future__ import annotations

import pytest

from tests.machines.recordings import JITTER, predicted, recorded
from tests.shared import TRACES, needs_shared

RUNS = (
    "seed1_stop_start",
    "seed2_unplug_public",
    "seed3_power_off",
    "seed4_cut_all",
    "seed5_kill9_no_watchdog",
    "kill9_watchdog",
    "kill9_restart_afb_on",
    "kill_mcp_no_watchdog",
    "single_link_cut",
    "partition_heal_afb_on",
    "start_partitioned",
    "stonith_ok_kill9",
    "afb_off_power",
    "both_start",
    "node2_alone",
    "ping_node_down",
    "watchdog_orderly_stop",
    "seed_timers",
    "standby_no_peer",
    "standby_takeover",
    "two_groups_stop",
    "unplug_public_ipfail_killed",
    "packet_loss_60",
    "stonith_fail_power_off",
    "stonith_repaired_late",
    "stonith_partition_one_sided",
    "hz05_restart_afb_off",
    "hz08_one_way_loss",
    "hz11_joining_partition",
    "hz12_meatware_late",
    "hz12_switch_slow",
    "hz13_null_partition",
    "hz22_authkeys_differ",
    "hz24_watchdog_hole",
    "hz25_double_restart",
    "hz27_shutdone_before_comm_up",
    "hz42_heal_ping_dead",
    "hz49_generation_back",
    "hz51_stop_peer_up",
    "hz52_join_deadlock",
    "hz60_ping_loss_skewed",
    "hz61_ping_flaps",
    "hz62_fence_loop",
    "sigstop_mcp",
    "sigstop_watchdog",
    "deadtime_too_small",
    "stonith_sigstop",
    "hz06_owner_shoots_on_resume",
    "hz07_standby_paused",
    "hz07_standby_paused_once",
    "hz07_unequal_deadtime",
)
"""packet_loss_60 is played as no fault at all: no 4 s pass in which every packet on both cards is lost."""


@needs_shared
@pytest.mark.parametrize("run", RUNS)
def test_the_recorded_outcome_is_one_the_model_allows(run: str) -> None:
    outcome, seconds = recorded(TRACES / run)

    prediction = predicted(TRACES / run)

    assert outcome in prediction.outcomes
    if outcome.overlap:
        lo, hi = prediction.overlap_ms
        assert lo is None or lo <= seconds * 1000 + 2 * JITTER
        assert hi is None or seconds * 1000 <= hi + 2 * JITTER
