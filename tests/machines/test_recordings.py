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
    "sigstop_mcp",
    "sigstop_watchdog",
    "deadtime_too_small",
    "stonith_sigstop",
    "hz06_owner_shoots_on_resume",
    "hz07_standby_paused",
    "hz07_standby_paused_once",
    "hz07_unequal_deadtime",
)


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
