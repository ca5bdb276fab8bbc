"""Starve: the master control process stands still in the middle of a turn, just before it looks at its clocks (N7).

A pause between two turns is harmless to the node itself: the own status goes out first, then packets are handled, and
only then the daemon scans for the dead (1.1). A process that is starved of the processor, or blocked while it writes a
log line, stops anywhere; stopped right before the scan it finds all clocks run out that ran out meanwhile. Nodes are
scanned in the order of ha.cf: a silent peer is dead, with all that follows, and the own missing heartbeat forces
release and restart. Then the turn ends, and the next one handles what waited, as after a pause. So the second node of
the file takes over or shoots first and restarts once it is stable, while the first is already shutting down when it
finds its peer dead (D3). Only in scenarios that name the kind `starve`. Left out: a stop at any other point of a turn
(pause.py), ping nodes whose dead time ends within the poll before the scan (removes a question of ipfail).
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, fault, formula, invariant, log, on, rule, start, timer, var
from hamodel.machines import ipfail, membership, node, pause, ping_nodes, shutdown
from hamodel.machines.world import Duty, Node, Ping, deadtime, initdead, keepalive, latency_hi, node_name, other

starved = var(Node)
"""The pause began in the middle of a turn: the scan comes first."""
own_late = var(Node)
"""The own last status is older than the dead time."""
peer_late = var(Node)
"""The last status of the peer that was handled is older than its dead time."""
own_age = timer(Node)
peer_age = timer(Node)


@invariant("only a paused daemon is starved")
def starving_is_a_pause(n: Node) -> bool:
    return pause.paused[n] or not (starved[n] or own_late[n] or peer_late[n] or on(own_age[n]) or on(peer_age[n]))


@formula
def may_starve(n: Node) -> bool:
    return pause.may_pause(n)


@formula
def waits_for_all(n: Node) -> bool:
    """Somebody is neither heard nor dead yet."""
    return node.daemon[n] == node.Daemon.UP and not (
        membership.view[n] != membership.View.INIT and ping_nodes.are_known(n)
    )


@fault("starve", "N7", "1.1", guard=may_starve, text="heartbeat starves on {} in the middle of a turn")
def starve(n: Node) -> None:
    """As a pause, and the first thing done after it is the scan. While comm is not up initdead counts for everybody."""
    pause.pause(n)
    starved[n] = 1
    if waits_for_all(n):
        start(own_age[n], initdead[n] - keepalive[n], initdead[n])
        start(peer_age[n], initdead[n] - keepalive[other(n)] - latency_hi, initdead[n])
    else:
        start(own_age[n], deadtime[n] - keepalive[n], deadtime[n])
        announced = deadtime[other(n)] + 30000 * membership.will_restart[n]
        start(peer_age[n], announced - keepalive[other(n)] - latency_hi, announced)


@rule("N7", when=own_age)
def own_heartbeat_is_late(n: Node) -> None:
    own_late[n] = 1


@rule("N6", when=peer_age)
def peer_is_late(n: Node) -> None:
    peer_late[n] = 1


@rule("N6", "N7", "1.1")
def scan_first(n: Node) -> None:
    """The scan that was interrupted: nodes in the order of ha.cf, then ping nodes."""
    if starved[n]:
        if int(n) == 0:
            own_heartbeat(n)
            peer(n)
        else:
            peer(n)
            own_heartbeat(n)
        for p in every(Ping):
            if pause.due_ping[p, n]:
                pause.due_ping[p, n] = 0
                ping_nodes.ping_node_dies(p, n)
    forget(n)


@rule("N7", "6.4")
def own_heartbeat(n: Node) -> None:
    """No local heartbeat. Forcing restart."""
    if own_late[n]:
        log(n, "hb-node-dead", node=node_name[n])
        log(n, "no-local-heartbeat")
        if not shutdown.in_progress[n]:
            shutdown.restart(n)


@rule("N6")
def peer(n: Node) -> None:
    """The peer's beats wait unread."""
    if peer_late[n] and membership.view[n] != membership.View.DEAD:
        pause.due[n, Duty.SILENCE] = 0
        membership.dies(n)
        ipfail.all_links_dead(n)


@rule("1.2")
def forget(n: Node) -> None:
    """The starve is over, or the daemon is gone."""
    starved[n] = 0
    own_late[n] = 0
    peer_late[n] = 0
    cancel(own_age[n])
    cancel(peer_age[n])
