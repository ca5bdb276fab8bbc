"""What goes with a single message: the debug lines that ipfail writes at any debug level.

Left out: how stable the other side is, and that its ipfail joins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hamodel.logs.journal import Journal

_COUNT = "found"
"""In the tables: a line for each ping node that is seen."""
BEFORE: Mapping[str, tuple[str, ...]] = {
    "ipfail-telling": ("ipfail-dbg-asked", _COUNT),
    "ipfail-giving-up-less": ("ipfail-dbg-asked", _COUNT),
    "ipfail-balanced": ("ipfail-dbg-asked", _COUNT),
    "ipfail-ns-alive": (_COUNT,),
}
AFTER: Mapping[str, tuple[str, ...]] = {
    "ipfail-ping-up": (_COUNT,),
    "ipfail-asking": ("ipfail-dbg-count-sent",),
    "ipfail-telling": ("ipfail-dbg-dead-sending", "ipfail-dbg-dead-sent"),
    "ipfail-balanced": ("ipfail-dbg-abort-sent",),
    "ipfail-abort-giveup": ("ipfail-dbg-timer-gone",),
    "ipfail-giveup": ("ipfail-dbg-ask-sent", "ipfail-dbg-timer-gone"),
}
"""Of messages that are logged alone: the debug lines of the same process before and after."""

Line = tuple[str, Mapping[str, object]]


def lines(j: Journal, keys: tuple[str, ...]) -> Iterator[Line]:
    """These debug lines with their fields."""
    for key in keys:
        if key == _COUNT:
            for node in _pings(j):
                if j.peers.is_up(node, node):
                    yield "ipfail-dbg-found-ping", {"node": node}
        else:
            yield key, {}


def ipfail_signs_on(j: Journal, at: int, pid: int) -> None:
    """The steps of ipfail's start; nobody speaks of them above level debug."""
    for key, fields in _sign_on(j, pid):
        j.say(key, at, pid, ("client", pid), **fields)


def _sign_on(j: Journal, pid: int) -> Iterator[Line]:
    value, us, them = j.host.auto_failback, j.host.name, j.host.peer
    yield "ipfail-dbg-pid", {"pid": pid}
    yield "ipfail-dbg-signin", {}
    yield "ipfail-dbg-we-are", {"node": us}
    yield "ipfail-dbg-failback", {"auto_failback_int": {"on": 1, "off": 0}.get(value, -1), "value": value}
    yield "ipfail-dbg-filter", {}
    yield "ipfail-dbg-walk", {}
    for node in _pings(j):
        yield "ipfail-dbg-node", {"node": node, "status": "ping" if j.peers.is_up(node, node) else "dead"}
    yield "ipfail-dbg-node", {"node": them, "status": j.peers.status or "active"}
    yield "ipfail-dbg-they-are", {"node": them}
    yield "ipfail-dbg-node", {"node": us, "status": "active"}
    yield "ipfail-dbg-signal", {}
    yield "ipfail-dbg-waiting", {}


def _pings(j: Journal) -> list[str]:
    return [medium.name for medium in j.host.media if medium.kind.startswith("ping")]
