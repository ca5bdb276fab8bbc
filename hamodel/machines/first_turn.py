"""The first turn after a pause: whether the packets that came meanwhile are handled before the clocks are looked at.

Packets come through the read children (1.1). Where only the master process stood still they lie ready in its channels,
and all of them come before the scan. Where all processes stood still (a frozen machine, SIGSTOP to each) the children
hold them and have to run first: the master may find no packet, look at its clocks, and take a living peer for dead.
Then the packets come, the peer is back after a partition, and the node restarts itself (N8b). Seen on 3.0.6 in 3 of 5
pauses of all processes, in none of four of the master alone; in one where both masters were paused at a time, as the
status that the first sends at its resume is no sooner there than the second looks.
It matters only where a status waits; without one the scan and the next status are at a race anyway. Left out: the poll
between a dead time and the scan that would see it (removes such a death within 250 ms of the dead time).
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, formula, invariant, length, on, rule, start, timer
from hamodel.machines import ipfail, lateness, membership, messages, node, pause, ping_nodes, starve
from hamodel.machines.world import Duty, Node, Ping, deadtime, other, scan_may_win, starves

packets_first = timer(Node)
clocks_first = timer(Node)
"""Both run for no time between the word to go on and the turn; one of them decides."""


@formula
def is_over(n: Node) -> bool:
    """The dead time of the peer, counted from the last status that was handled."""
    own_is_longer = deadtime[other(n)] <= deadtime[n] and not membership.will_restart[n]
    return pause.due[n, Duty.SILENCE] or (lateness.late[n] and own_is_longer)


@formula
def is_open(n: Node) -> bool:
    """The peer's dead time is over and something of the peer waits: the order decides."""
    return (
        scan_may_win
        and is_over(n)
        and membership.view[n] != membership.View.DEAD
        and length(messages.inbox[n]) > 0
        and (node.daemon[n] != node.Daemon.UP or ping_nodes.are_known(n))
        and not (starves and starve.starved[n])
    )


@formula
def is_near(n: Node) -> bool:
    """The word to go on has come."""
    return on(packets_first[n])


@invariant("only a paused daemon is about to go on")
def only_the_paused_go_on(n: Node) -> bool:
    return on(packets_first[n]) == on(clocks_first[n]) and (pause.paused[n] or not on(packets_first[n]))


@rule("1.1")
def begins(n: Node) -> None:
    start(packets_first[n], 0, 0)
    start(clocks_first[n], 0, 0)


@rule("1.1", "HZ-06", when=packets_first)
def packets_come_first(n: Node) -> None:
    """As in any other turn."""
    cancel(clocks_first[n])
    pause.goes_on(n, False)


@rule("1.1", "N6", "N8b", when=clocks_first)
def clocks_come_first(n: Node) -> None:
    """The children that read have not run yet."""
    cancel(packets_first[n])
    pause.goes_on(n, True)


@rule("N6")
def scan(n: Node) -> None:
    """Whoever's dead time is over is dead: the peer, then the ping nodes."""
    pause.due[n, Duty.SILENCE] = 0
    membership.dies(n)
    ipfail.all_links_dead(n)
    for p in every(Ping):
        if pause.due_ping[p, n]:
            pause.due_ping[p, n] = 0
            ping_nodes.ping_node_dies(p, n)


@rule("1.2")
def forget(n: Node) -> None:
    cancel(packets_first[n])
    cancel(clocks_first[n])
