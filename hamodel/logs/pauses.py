"""What a daemon writes that was stopped and goes on: its own heartbeat is late, and its main loop says how late.

The own status comes first and the packets after it, the other sources of the loop last; what the loop allows each of
them is half a keepalive and ten ms, or the dead time.
"""

from __future__ import annotations

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.journal import Journal

_TICK = 10
"""ms in a tick of the clock that the loop counts by."""


@compound("daemon-pauses")
def daemon_pauses(j: Journal, at: int, f: Fields) -> None:
    """The daemon is stopped; it writes nothing."""
    j.peers.paused = at


@compound("daemon-goes-on")
def daemon_goes_on(j: Journal, at: int, f: Fields) -> None:
    """The daemon goes on and finds its own heartbeat late first (N3)."""
    if j.peers.paused < 0:
        return
    delay = at - j.peers.paused
    j.peers.paused = -1
    _delayed(j, at, "send local status", delay, _limit(j))
    gap = delay + j.host.keepalive
    if gap > j.host.deadtime and not j.host.old:
        j.mcp_says("hb-late-heartbeat-deadtime", at, node=j.host.name, interval_ms=gap)
    elif gap > j.host.warntime:
        for node in (j.host.name, *_pings(j)):
            j.mcp_says("hb-late-heartbeat", at, node=node, interval_ms=gap)
    if j.peers.since < 0:
        j.peers.since = at - delay
    j.later(at + 1, lambda journal, then: _others(journal, then, delay))


def _pings(j: Journal) -> list[str]:
    """The ping nodes that answered before the pause."""
    names = (medium.name for medium in j.host.media if medium.kind.startswith("ping"))
    return [name for name in names if j.peers.is_up(name, name)]


def _others(j: Journal, at: int, delay: int) -> None:
    _delayed(j, at, "check for signals", delay, _limit(j))
    _delayed(j, at, "update msgfree count", delay, j.host.deadtime)


def _limit(j: Journal) -> int:
    return j.host.keepalive // 2 + 10


def _delayed(j: Journal, at: int, source: str, delay: int, limit: int) -> None:
    if delay > limit:
        fields = {"func": "Gmain_timeout_dispatch", "source": source, "ms": delay, "max_ms": limit, "addr": "8f62080"}
        j.mcp_says("gs-dispatch-delayed", at, **fields)
        j.mcp_says("gs-started-at", at, func=fields["func"], ticks=at // _TICK, ticks2=(at - delay) // _TICK)
