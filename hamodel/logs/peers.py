"""What a node writes about the peer it hears: links, statuses, and what its ipfail is told of both.

The model knows one arrival of a status; the daemon gets a packet on every medium, and a peer that starts sends `init`,
`up` and, later, `active`. So the journal remembers which links the daemon has up and which statuses travel, and a line
is written only where that changes. Nothing of this is a state of the model: it only decides what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.events import runs_harc
from hamodel.logs.host import Medium
from hamodel.logs.journal import Journal
from hamodel.logs.refused import falls_silent, listens

_SCAN = 1_000
"""Within this time after its dead time a silent peer is dead, unless it has announced more, in ms."""


@compound("status-up")
def status_up(j: Journal, at: int, f: Fields) -> None:
    """The daemon runs; its first packet comes back to itself on every medium that is looped (L1)."""
    listens(j, at)
    j.mcp_says("hb-local-status-set", at, status="up")
    for medium in j.host.media:
        if _is_looped(medium):
            j.mcp_says("hb-link-status", at, node=j.host.name, link=medium.name, status="up")


def _is_looped(medium: Medium) -> bool:
    return medium.kind == "bcast" or (medium.kind == "mcast" and medium.words[3:4] == ("1",))


@compound("status-travels", needs="status")
def status_travels(j: Journal, at: int, f: Fields) -> None:
    """A new status of the peer is on its way to this node; a daemon that has just begun sends two at once."""
    j.peers.travelling += ["init", "up"] if f["status"] == "1" else ["active"]


@compound("status-is-lost")
def status_is_lost(j: Journal, at: int, f: Fields) -> None:
    """What travels never comes; a gap between two statuses begins, which links do not outlive (L3).

    The links of a peer that is dead die with it. One that has said it will restart lives on without links.
    """
    falls_silent(j)
    j.peers.travelling.clear()
    if j.peers.since < 0:
        j.peers.since = at
        j.later(at + j.host.deadtime + _SCAN, lambda journal, then: _links_die(journal, then, at))


def _links_die(j: Journal, at: int, since: int) -> None:
    if j.peers.since != since or j.peers.status == "dead" or j.peers.paused >= 0:
        return
    seen = any(state == "up" for (node, _), state in j.peers.links.items() if node != j.host.peer)
    for (node, link), state in sorted(j.peers.links.items(), reverse=True):
        if node == j.host.peer and state == "up":
            if j.has_ipfail(at):
                peer_link_dead(j, at, {"link": link, "seen": str(int(seen))})
            _link_status(j, at, {"link": link, "status": "dead"})
            j.peers.died.append(link)


@compound("status-is-handled")
def status_is_handled(j: Journal, at: int, f: Fields) -> None:
    """What has travelled is here; if it comes late and nobody is dead for that, there is a warning (N3)."""
    gap = at - j.peers.since + j.host.keepalive if j.peers.since >= 0 else 0
    if j.host.warntime < gap <= j.host.deadtime and j.peers.status in ("up", "active"):
        j.mcp_says("hb-late-heartbeat", at, node=j.host.peer, interval_ms=gap)
    j.peers.since = -1
    _links_return(j, at)
    _statuses(j, at, j.peers.travelling)


def _links_return(j: Journal, at: int) -> None:
    """The links that had died while the peer lived on."""
    for link in j.peers.died:
        _link_status(j, at, {"link": link, "status": "up"})
    j.peers.died.clear()


def _late(j: Journal, at: int, f: Fields) -> None:
    """A status comes after the own dead time; `interval_ms` is how late it is where that is not known any better."""
    node, gap = j.node(f.get("node", j.host.peer)), 0
    if node == j.host.peer:
        _links_return(j, at)
        gap = at - j.peers.since + j.host.keepalive if j.peers.since >= 0 else 0
    interval = gap if gap > j.host.deadtime else f["interval_ms"]
    j.mcp_says("hb-late-heartbeat-deadtime", at, node=node, interval_ms=interval)


def _node_status(j: Journal, at: int, f: Fields) -> None:
    """A status of the peer with those that travelled before it, or the first answer of a ping node."""
    node, status = j.node(f.get("node", j.host.peer)), f["status"].lower()
    if node != j.host.peer:
        _status_line(j, at, node, status)
        return
    before = j.peers.travelling
    _statuses(j, at, before if status in before else [*before, status])


def _statuses(j: Journal, at: int, statuses: list[str]) -> None:
    """Those that are news, after the link that brought the first of them and before the other links."""
    if statuses[:1] == [j.peers.status]:
        release(j)
    for status in statuses:
        if status != j.peers.status:
            j.peers.status = status
            _status_line(j, at, j.host.peer, status)
        release(j)
    j.peers.travelling.clear()


def _status_line(j: Journal, at: int, node: str, status: str) -> None:
    """The scripts are told too, but not of a ping node that answers."""
    j.mcp_says("hb-node-status", at, node=node, status=status)
    if node in j.names:
        runs_harc(j, at, "status")
    j.ipfail_hears("ipfail-node-status", at, node=node, status=status)


def _link_status(j: Journal, at: int, f: Fields) -> None:
    """A link of the peer or of a ping node; where it is so already, nothing is written.

    Where the peer comes on several links at once, the others are written after the status that the first has brought.
    """
    node, link, status = j.node(f.get("node", j.host.peer)), f["link"], f["status"]
    if not j.peers.changes(node, link, status):
        return
    if status == "up" and node == j.host.peer and j.peers.first_link == at:
        j.peers.held.append((at, link))
        return
    if status == "up" and node == j.host.peer:
        j.peers.first_link = at
    _link_line(j, at, node, link, status)


def _link_line(j: Journal, at: int, node: str, link: str, status: str) -> None:
    j.mcp_says("hb-link-status", at, node=node, link=link, status=status)
    if status == "up":
        j.ipfail_hears("ipfail-link-status", at, node=node, link=link, status=status)


def release(j: Journal) -> None:
    """The links that were held back."""
    for at, link in j.peers.held:
        _link_line(j, at, j.host.peer, link, "up")
    j.peers.held.clear()
    j.peers.first_link = -1


@compound("ipfail-peer-link-dead", needs="link seen")
def peer_link_dead(j: Journal, at: int, f: Fields) -> None:
    """ipfail is told that a link died with the peer, if it was up: it asks, and nobody hears it (I3)."""
    if not j.peers.is_up(j.host.peer, f["link"]):
        return
    keys = ("ipfail-asking", "ipfail-checking-remote") if f["seen"] != "0" else ("ipfail-link-dead", "ipfail-asking")
    j.ipfail_says("ipfail-link-status", at, node=j.host.peer, link=f["link"], status="dead")
    for key in keys:
        j.ipfail_says(key, at)


def _node_dead(j: Journal, at: int, f: Fields) -> None:
    """The peer or a ping node is dead; a dead peer's script is mach_down's, which has an event of its own."""
    node = j.node(f.get("node", j.host.peer))
    if node == j.host.peer:
        j.peers.status = "dead"
        j.peers.died.clear()
    j.mcp_says("hb-node-dead", at, node=node)
    if any(medium.name == node and medium.kind.startswith("ping") for medium in j.host.media):
        runs_harc(j, at, "status")


REMEMBERED: Mapping[str, Callable[[Journal, int, Fields], None]] = {
    "hb-node-status": _node_status,
    "hb-link-status": _link_status,
    "hb-node-dead": _node_dead,
    "hb-late-heartbeat-deadtime": _late,
}
"""Single messages of which the journal keeps in mind what they say."""
OF_THE_SENDER = frozenset({"packets-begin", "status-is-sent", "message-is-sent", "claims-overtake", "replays-reach"})
"""What the peer does; here it writes nothing, or what stands for itself."""
QUIET = frozenset({"status-travels", "status-is-handled", *REMEMBERED, *OF_THE_SENDER}) - {
    "hb-node-dead",
    "hb-late-heartbeat-deadtime",
}
"""What may stand between the first link of a peer and its others."""
