"""What goes with a single message: the debug lines that ipfail writes at any debug level.

Left out of ipfail's debug lines: each ping node it finds, each node it walks over, and how stable the other side is.
"""

from __future__ import annotations

from collections.abc import Mapping

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


def ipfail_signs_on(j: Journal, at: int, pid: int) -> None:
    """The steps of ipfail's start; nobody speaks of them above level debug."""
    value = j.host.auto_failback
    flag = {"on": 1, "off": 0}.get(value, -1)
    for key in _SIGN_ON:
        node = j.host.peer if key == "ipfail-dbg-they-are" else j.host.name
        fields = {"pid": pid, "node": node, "auto_failback_int": flag, "value": value}
        j.say(key, at, pid, ("client", pid), **fields)
