"""Ping nodes: hosts outside the cluster whose answers tell a node that it is connected.

A ping node is dead to a node after deadping without an answer, and alive with the next one. Its death takes nothing
over: clients are told, ipfail asks. Both nodes wait for every ping node before comm is up. Answers that come change
nothing, so they are not steps, as the beats of the peer.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, formula, log, on, rule, start, timer, var
from hamodel.machines import (
    comm_up,
    ipfail,
    loss,
    medium,
    node,
    pause,
)
from hamodel.machines.world import (
    Node,
    Ping,
    deadping,
    deadtime,
    keepalive,
    late_is_dead,
    latency_hi,
    loses,
    ping_name,
    poll,
    turn,
    watches,
)

ping_view = var(Ping, Node, values=3, initial=0)
"""0 not heard yet, 1 answers, 2 dead."""
ping_silence = timer(Ping, Node)
ping_hear = timer(Ping, Node)


@formula
def are_known(n: Node) -> bool:
    return all(ping_view[p, n] != 0 or not watches[n][p] for p in every(Ping))


@rule("S1")
def begins(n: Node) -> None:
    """The daemon of `n` begins: whoever can be reached answers its first beat, and the answer waits for a turn."""
    for p in every(Ping):
        if medium.reaches(n, p):
            start(ping_hear[p, n], 0, keepalive[n] + turn + latency_hi)


@rule("N6", "S2")
def initdead_is_over(n: Node) -> None:
    """What has not answered since the daemon began is dead now."""
    for p in every(Ping):
        if watches[n][p] and ping_view[p, n] == 0:
            ping_view[p, n] = 2
            log(n, "hb-node-dead", node=ping_name[p])


@rule("N6")
def lost(n: Node, p: Ping) -> None:
    """The answers of the ping node stop."""
    cancel(ping_hear[p, n])
    waits(n, p, 0)


@rule("N6")
def waits(n: Node, p: Ping, more: int) -> None:
    """The last answer came at most a keepalive ago, and at least `-more` ms."""
    if node.alive(n) and ping_view[p, n] == 1 and not on(ping_silence[p, n]) and not pause.due_ping[p, n]:
        start(ping_silence[p, n], deadping[n] - keepalive[n], deadping[n] + more + poll + latency_hi)


@rule("N2")
def back(n: Node, p: Ping) -> None:
    """The ping node can be reached again."""
    if node.beats(n) and medium.reaches(n, p):
        start(ping_hear[p, n], 0, keepalive[n] + latency_hi)


@rule("N6", "D0", "I1", "I3", when=ping_silence)
def ping_node_dies(p: Ping, n: Node) -> None:
    """No take-over: clients are told, the queued script does nothing. The link dies in the same scan."""
    if pause.paused[n]:
        pause.postpone_ping(n, p)
        return
    pause.ping_late[p, n] = 0
    ping_view[p, n] = 2
    log(n, "hb-node-dead", node=ping_name[p])
    log(n, "hb-link-status", node=ping_name[p], link=ping_name[p], status="dead")
    ipfail.ping_died(n, p)
    comm_up.everybody_known(n)


@rule("N2", "I2", "N3'", when=ping_hear)
def ping_node_answers(p: Ping, n: Node) -> None:
    """The first answer since the ping node was reached again; one that is too late makes it dead for a moment (N3')."""
    cancel(ping_silence[p, n])
    if ping_view[p, n] == 2:
        log(n, "hb-link-status", node=ping_name[p], link=ping_name[p], status="up")
    if late_is_dead and (pause.ping_late[p, n] or ping_view[p, n] == 2):
        log(n, "hb-late-heartbeat-deadtime", node=ping_name[p], interval_ms=deadtime[n] + 1)
        log(n, "hb-node-dead", node=ping_name[p])
        ipfail.ping_is_late(n, p)
    if pause.ping_late[p, n]:
        ping_view[p, n] = 2
        pause.ping_late[p, n] = 0
    if ping_view[p, n] != 1:
        ping_view[p, n] = 1
        log(n, "hb-link-status", node=ping_name[p], link=ping_name[p], status="up")
        log(n, "hb-node-status", node=ping_name[p], status="ping")
        ipfail.ping_came(n)
        comm_up.everybody_known(n)
    if loses:
        loss.answered_now(p, n)


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon's memory is gone."""
    for p in every(Ping):
        ping_view[p, n] = 0
        cancel(ping_silence[p, n])
        cancel(ping_hear[p, n])
