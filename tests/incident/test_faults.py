"""The faults of each recorded run are named, at their time, from its lines alone; what no line shows is listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hamodel.incident.kinds import KINDS, ORDERS
from hamodel.incident.report import Fault
from tests.incident.recorded import NAMES, explanation, measured, moment
from tests.shared import needs_shared

pytestmark = needs_shared

SAME = {
    "power_off": ("power-lost", "silent"),
    "kill_all": ("killed", "silent", "paused"),
    "kill_mcp": ("killed", "bad-reload"),
    "kill_child": ("child-killed",),
    "kill_ipfail": ("client-killed",),
    "sigstop": ("paused", "silent"),
    "partition": ("partition", "cut", "unheard"),
    "unplug": ("cut", "partition", "ping-lost"),
    "ping_drop": ("ping-lost",),
    "stop": ("stopped", "script-failed"),
    "hb_standby": ("standby",),
    "hb_takeover": ("takeover",),
    "loss": ("one-way", "packet-loss", "partition"),
    "fail": ("script-failed",),
    "delay": ("script-slow", "script-hung"),
    "node_reset": ("fenced", "watchdog", "rebooted"),
}
"""What the test bed did, and the words for it."""

SHOWS_LATER = ("fail", "delay")
"""They wait for the next call of a script, so they have no time of their own."""

NOBODY_COULD_TELL = {
    ("hz17_stop_lies", "fail"): "the script says that it has worked",
    ("hz43_legacy_request_lost", "delay"): "the slow script is killed",
    ("hz46_release_hangs", "hb_takeover"): "the request is queued behind the script that hangs, without a line",
    ("standby_no_peer", "hb_standby"): "refused, and a refused request names nobody who asked",
}
"""Recording and event without a fault of its own, with the reason."""


def events(name: str) -> Iterator[dict[str, Any]]:
    """What was done to a cluster, but for what ends a fault."""
    for event in measured(name, "events.jsonl"):
        if event["event"] in SAME and event.get("percent") != 0:
            yield event


def named(name: str, event: dict[str, Any]) -> Fault | None:
    """The fault that is this event."""
    at = moment(name, event["t"])
    for fault in explanation(name).faults:
        same = {fault.kind, *fault.alternatives} & set(SAME[event["event"]])
        near = fault.earliest - 3000 <= at <= fault.latest + 3000
        if same and (near or (event["event"] in SHOWS_LATER and fault.latest + 3000 >= at)):
            return fault
    return None


@pytest.mark.parametrize("name", NAMES)
def test_every_fault_of_the_run_is_named_at_its_time(name: str) -> None:
    missing = {event["event"] for event in events(name) if named(name, event) is None}

    assert missing == {kind for run, kind in NOBODY_COULD_TELL if run == name}


@pytest.mark.parametrize("name", NAMES)
def test_no_fault_is_named_that_nobody_caused(name: str) -> None:
    real = {kind for event in events(name) for kind in SAME[event["event"]]} | CONSEQUENCES
    invented = [fault for fault in explanation(name).faults if fault.kind not in real]

    assert [fault.kind for fault in invented] == OTHERS.get(name, [])


CONSEQUENCES = frozenset({"started", "fenced", "fence-failed", "fence-hollow", "refused"})
"""What Heartbeat, a machine that boots, or the files do by themselves."""

OTHERS = {
    "haresources_differ_owner": ["files-differ"],
    "hz44_first_start_stonith_fails": ["unheard"],
    "standby_no_peer": ["unheard"],
    "hz19d_line_removed_stop": ["not-released", "not-released"],
    "hz22_authkeys_differ": ["wrong-keys", "wrong-keys"],
    "hz49_generation_back": ["replay"],
}
"""Changed files, and a peer that was never started, are no event of the test bed's own words."""


def test_every_word_for_a_fault_has_a_meaning() -> None:
    used = {fault.kind for name in NAMES for fault in explanation(name).faults}

    assert used <= KINDS.keys()
    assert KINDS.keys() >= ORDERS


def test_every_fault_names_the_lines_it_rests_on() -> None:
    assert all(fault.proofs for name in NAMES for fault in explanation(name).faults)
