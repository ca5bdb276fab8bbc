"""Packets that overtake one another: what is sent while an own message is being handled goes out before that message.

The daemon gives a message its number, handles its own copy inside the call that sends it, and only then puts it on the
wire (R3). So the claims with which it answers its own `done` (B10) are there first: the peer sees a gap in the numbers
(N8f) and, with `done`, that nothing is missing any more (N8g).
"""

from __future__ import annotations

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.journal import Journal, Overtaking


@compound("claims-overtake")
def claims_overtake(j: Journal, at: int, f: Fields) -> None:
    """Claims of the peer are on their way to this node that are handled before an older `done`."""
    j.peers.overtaking = Overtaking.TRAVELS


@compound("claims-come", needs="stable")
def claims_come(j: Journal, at: int, f: Fields) -> None:
    """Claims of the peer are here; if they were sent before their turn, a packet is missing. Those are stable."""
    if j.peers.overtaking is Overtaking.TRAVELS and f["stable"] != "0":
        j.peers.overtaking = Overtaking.GAP
        last = at // j.host.keepalive + 1
        j.mcp_says("hb-packets-lost", at, nlost=1, node=j.host.peer, last_seq=last, seq=last + 2)


@compound("done-comes")
def done_comes(j: Journal, at: int, f: Fields) -> None:
    """A `done` of the peer is here; if it was missing, nothing is any more."""
    if j.peers.overtaking is Overtaking.GAP:
        j.mcp_says("hb-packets-recovered", at, node=j.host.peer)
    j.peers.overtaking = Overtaking.NONE
