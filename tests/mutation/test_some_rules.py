"""A few rules are deleted in every run of the suite; `python -m tests.mutation` deletes all of them."""

from __future__ import annotations

import pytest

from hamodel.engines.classes import ClassesEngine
from tests.machines.golden import WORLDS
from tests.mutation.__main__ import is_missed, rules
from tests.mutation.survivors import SURVIVORS

SAMPLE = {
    "membership.store_status": "boot",
    "resources.auto_failback_check": "stop",
    "scripts.run_queue": "boot",
    "standby.drop": "stop",
    "shutdown.peer_is_down": "stop",
    "watchdog.closed_without_v": "kill with watchdog",
    "ipfail.compare": "ping",
    "stonith_device.peer_is_reset": "kill with stonith",
}
"""Rules, each with a world that is not the same without it."""


@pytest.mark.parametrize("rule", SAMPLE)
def test_a_deleted_rule_is_missed(rule: str) -> None:
    (world,) = (w for w in WORLDS if w.name == SAMPLE[rule])
    assert is_missed(rule, world, ClassesEngine())


def test_only_rules_that_exist_are_excused() -> None:
    assert set(SURVIVORS) | set(SAMPLE) <= set(rules())
