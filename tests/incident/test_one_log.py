"""One node's log alone: what the other may have had is not called safe, and nothing is proved of it."""

from __future__ import annotations

import pytest

from hamodel.incident.case import explained
from tests.incident.recorded import NAMES, verdicts
from tests.shared import TRACES, needs_shared

pytestmark = needs_shared

OF_SPLIT = tuple(name for name in NAMES if verdicts()[name]["split_brain"]) if NAMES else ()

NO_WORD = {
    "haresources_differ_owner": "each node took its own group, as its file says",
    "hz09_ipfail_then_cut": "the peer had said that it gave everything up",
    "hz10_stop_partition": "the peer had said that it stops",
    "hz11_joining_partition": "the peer had said that it has nothing",
    "hz14_legacy_start_stonith_fails": "the peer stopped in order before, and was not heard again",
    "hz15_failback_overtakes_stonith": "the peer was reset first",
    "hz16_standby_during_start": "the peer gave up, and its script came late",
    "hz17_stop_lies": "the peer stopped in order",
    "hz19d_line_removed_stop": "the peer stopped in order",
    "hz22_authkeys_differ": "the peer was never heard",
    "hz25_double_restart": "the peer was heard all the time",
    "start_partitioned": "the peer was never heard",
    "stonith_partition_one_sided": "the peer was reset first",
}
"""Runs of which the second node's log holds no word that its peer may have the resource as well."""


@pytest.mark.parametrize("name", OF_SPLIT)
def test_a_survivor_s_log_does_not_exclude_what_happened_on_the_other_side(name: str) -> None:
    report = explained([TRACES / name / "node2" / "ha-log"])

    assert (report.unsafe is None) is (name in NO_WORD)
    assert all(overlap.sure_from is None for overlap in report.overlaps)
    assert report.gaps == ()


def test_an_orderly_stop_of_the_other_node_stays_safe() -> None:
    assert explained([TRACES / "seed1_stop_start" / "node2" / "ha-log"]).unsafe is None


def test_a_reset_that_worked_before_the_takeover_stays_safe() -> None:
    assert explained([TRACES / "stonith_ok_kill9" / "node2" / "ha-log"]).unsafe is None


def test_a_holder_s_log_asks_from_the_death_on() -> None:
    (alone,) = {overlap.begin for overlap in explained([TRACES / "seed4_cut_all" / "node1" / "ha-log"]).overlaps}

    assert alone == 1795337624000
