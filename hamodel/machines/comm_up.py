"""Comm up: a daemon that has heard everybody, or given them up, becomes active (2.5, S2 to S4).

Once every node and ping node is heard or dead it asks a live peer for the node list, and begins with the answer.
Without an answer it stays `up`, without clients and resources, until the peer dies.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, log, on, rule, start, timer
from hamodel.machines import ipfail, membership, node, pause, phantom, ping_nodes, resources, respawn, shutdown
from hamodel.machines.world import Duty, Node, latency_hi, other, plays_clients, poll, some_phantoms, turn

exchange = timer(Node)
"""reqnodes and repnodes (S3).

Each of the two waits for a turn of its receiver's loop where `turn` says how long. Watched on 3.0.6 with keepalive
500 ms: what a node reads and writes falls on moments 500 ms apart. In the recorded starts with a peer comm was up 1 to
2 s after the daemon by the stamps of the log, with keepalive 300 and 1900 ms as with 500.
"""


@rule("S2", "S3")
def everybody_known(n: Node) -> None:
    """Once every node and ping node is heard or dead: ask a live peer for the node list, or begin at once."""
    if node.daemon[n] == node.Daemon.UP and membership.view[n] != membership.View.INIT and ping_nodes.are_known(n):
        if membership.view[n] == membership.View.DEAD:
            begins(n)
        elif not membership.hears(n) and not on(membership.silence[n]) and not on(pause.phase[other(n)]):
            start(membership.silence[n], 0, poll)
        elif not on(exchange[n]):
            start(exchange[n], 0, 2 * turn + 2 * latency_hi)


@rule("S3", when=exchange)
def node_list_comes(n: Node) -> None:
    """`repnodes`, or the next try a second later.

    A node that hears and is not heard gets no answer; its tries change nothing and rest until it is heard.
    """
    if pause.paused[n]:
        pause.postpone(n, Duty.EXCHANGE)
        return
    if node.daemon[n] == node.Daemon.UP:
        if membership.hears(n) and membership.hears(other(n)):
            if some_phantoms:
                phantom.appears(n)
            begins(n)
        elif not membership.hears(n) and membership.view[n] != membership.View.DEAD:
            start(exchange[n], 1000, 1000 + latency_hi)


@rule("S3")
def ask_again(n: Node) -> None:
    """The tries of a node that was not heard reach the peer now."""
    seen = membership.view[n] != membership.View.INIT and membership.view[n] != membership.View.DEAD
    waits = node.daemon[n] == node.Daemon.UP and ping_nodes.are_known(n) and seen
    if waits and membership.hears(n) and membership.hears(other(n)) and not on(exchange[n]):
        start(exchange[n], 0, 1000 + 2 * turn + 2 * latency_hi)


@rule("S4", "R1")
def begins(n: Node) -> None:
    """The node is active: its resource module begins, and its clients start."""
    node.daemon[n] = node.Daemon.ACTIVE
    cancel(exchange[n])
    cancel(membership.first_wait[n])
    log(n, "comm-up")
    ipfail.begins(n)
    if plays_clients:
        respawn.begin_all(n)
    membership.status_changes(n)
    resources.begins(n)
    shutdown.begin_delayed(n)
