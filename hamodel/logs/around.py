"""What goes with a single message: harc after a status, and the debug lines that ipfail writes at any debug level.

Left out of ipfail's debug lines: each ping node it finds, each node it walks over, and how stable the other side is.
"""

from __future__ import annotations

from collections.abc import Mapping

from hamodel.logs.events import runs_harc
from hamodel.logs.journal import Journal

BEFORE: Mapping[str, tuple[str, ...]] = {
    "ipfail-telling": ("ipfail-dbg-asked",),
    "ipfail-giving-up-less": ("ipfail-dbg-asked",),
    "ipfail-balanced": ("ipfail-dbg-asked",),
}
AFTER: Mapping[str, tuple[str, ...]] = {
    "ipfail-asking": ("ipfail-dbg-count-sent",),
    "ipfail-telling": ("ipfail-dbg-dead-sending", "ipfail-dbg-dead-sent"),
    "ipfail-balanced": ("ipfail-dbg-abort-sent",),
    "ipfail-abort-giveup": ("ipfail-dbg-timer-gone",),
    "ipfail-giveup": ("ipfail-dbg-ask-sent", "ipfail-dbg-timer-gone"),
}
"""Of messages that are logged alone: the debug lines of the same process before and after."""

_SIGN_ON = (
    "ipfail-dbg-pid", "ipfail-dbg-signin", "ipfail-dbg-we-are", "ipfail-dbg-failback", "ipfail-dbg-filter",
    "ipfail-dbg-walk", "ipfail-dbg-they-are", "ipfail-dbg-signal", "ipfail-dbg-waiting",
)  # fmt: skip
_STEP = 20
"""The time between two of the lines of its start, in ms."""


def ipfail_signs_on(j: Journal, at: int, pid: int) -> None:
    """The steps of ipfail's start; nobody speaks of them above level debug."""
    value = j.host.auto_failback
    flag = {"on": 1, "off": 0}.get(value, -1)
    for number, key in enumerate(_SIGN_ON):
        node = j.host.peer if key == "ipfail-dbg-they-are" else j.host.name
        fields = {"pid": pid, "node": node, "auto_failback_int": flag, "value": value}
        j.say(key, at + number * _STEP, pid, ("client", pid), **fields)


def status_scripts(j: Journal, at: int, key: str, fields: Mapping[str, str]) -> None:
    """The daemon tells the scripts about every new status of a node, and of a ping node only that it is dead.

    A dead node's script is mach_down's, which has an event of its own.
    """
    node = j.node(fields.get("node", j.host.peer))
    pings = {medium.name for medium in j.host.media if medium.kind.startswith("ping")}
    if (key == "hb-node-status" and node in j.names) or (key == "hb-node-dead" and node in pings):
        runs_harc(j, at, "status")
