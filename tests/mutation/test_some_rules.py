"""A few rules are deleted in every run of the suite; `python -m tests.mutation` deletes all of them."""

from __future__ import annotations

import pytest

from tests.mutation.__main__ import killer, rules
from tests.mutation.survivors import SURVIVORS

SAMPLE = (
    "membership.store_status",
    "resources.auto_failback_check",
    "scripts.run_queue",
    "standby.drop",
    "shutdown.peer_is_down",
    "watchdog.closed_without_v",
    "ipfail.compare",
    "stonith_device.peer_is_reset",
)


@pytest.mark.parametrize("rule", SAMPLE)
def test_a_deleted_rule_is_missed(rule: str) -> None:
    assert killer(rule) is not None


def test_only_rules_that_exist_are_excused() -> None:
    assert set(SURVIVORS) | set(SAMPLE) <= set(rules())
