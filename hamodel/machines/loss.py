"""Loss: for a while packets to a node are lost now and then, on all its cards; a bad cable, a full switch.

While it lasts any beat may arrive or not. Beats that are missed matter only once the dead time has passed without one:
from then on the peer may be found dead at any moment, or never, and a node that found it dead may hear it again at any
moment. In between messages stay reliable, for some beat passes; a death makes what is missed be forgotten (N8f). A
status that comes after the own dead time and before the scan declares its sender dead and alive in one step (3.0.6,
N3'), and then nobody notices a partition. Single ping nodes are missed in the same way. What leaves the node is not
touched. All this comes by chance: it costs nothing and is no repair of anything. Only in scenarios that name the kind
`loss`. Left out: a link that dies while another of the same node lives (removes a question of ipfail), messages and
answers to `reqnodes` that come late or after younger ones because they were lost (the kind `reorder`; removes
behaviour).
"""

from __future__ import annotations

from hamodel.ir.system import BY_CHANCE
from hamodel.ir.words import cancel, every, fault, formula, invariant, on, repair, rule, start, timer, var
from hamodel.machines import ipfail, lateness, medium, membership, messages, node, ping_nodes
from hamodel.machines.world import Node, Ping, deadping, deadtime, keepalive, late_is_dead, latency_hi, other, poll

lossy = var(Node)
"""Packets to the node are lost now and then."""
silent = var(Node)
"""At the moment nothing of the peer gets through to the node."""
unanswered = var(Ping, Node)
"""At the moment no answer of the ping node gets through."""
recent = timer(Node)
"""Until the last status that is sure to have come is older than the dead time."""
recent_answer = timer(Ping, Node)


@invariant("only where packets are lost nothing gets through for a while")
def silence_needs_loss(n: Node) -> bool:
    return lossy[n] or not (silent[n] or any(unanswered[p, n] for p in every(Ping)))


@formula
def is_clean(n: Node) -> bool:
    return not lossy[n]


@formula
def is_lossy(n: Node) -> bool:
    return lossy[n]


@fault("loss", "N6", "N8f", guard=is_clean, text="packets to {} begin to be lost now and then")
def packets_get_lost(n: Node) -> None:
    """From now on nothing is certain to come; up to now everything did."""
    lossy[n] = 1
    if node.alive(n):
        start(recent[n], deadtime[other(n)] - keepalive[other(n)] - latency_hi, deadtime[other(n)])
        for p in every(Ping):
            start(recent_answer[p, n], deadping[n] - keepalive[n] - latency_hi, deadping[n])


@repair("loss_ends", "N6", "N8f", guard=is_lossy, text="no packets to {} are lost any more")
def loss_ends(n: Node) -> None:
    """From now on everything comes."""
    lossy[n] = 0
    cancel(recent[n])
    for p in every(Ping):
        cancel(recent_answer[p, n])
    if silent[n]:
        spell_ends(n)
    for p in every(Ping):
        if unanswered[p, n]:
            answers_again(p, n)


# ---- beats -----------------------------------------------------------------------------------------------------------


@formula
def may_miss(n: Node) -> bool:
    """The dead time has passed since the last status that surely came."""
    return (
        lossy[n]
        and node.beats(n)
        and membership.hears(n)
        and membership.is_current(n)
        and not on(recent[n])
        and not membership.will_restart[n]
        and (node.daemon[n] == node.Daemon.ACTIVE or ping_nodes.are_known(n))
    )


@formula
def may_be_late(n: Node) -> bool:
    """The own dead time can be over before the scan that counts by the peer's."""
    return late_is_dead and deadtime[n] <= deadtime[other(n)] + poll and may_miss(n)


@formula
def is_silent(n: Node) -> bool:
    return silent[n]


@formula
def waits_for_the_first(n: Node) -> bool:
    """No status of the peer came since the daemon began."""
    return lossy[n] and node.beats(n) and membership.hears(n) and membership.view[n] == membership.View.INIT


@repair(BY_CHANCE, "N6", guard=may_miss, text="all packets to {} were lost for the dead time")
def beats_are_missed(n: Node) -> None:
    """The peer is found dead; what is on its way is lost."""
    nothing_comes(n)
    membership.dies(n)
    ipfail.all_links_dead(n)


@repair(BY_CHANCE, "N3'", guard=may_be_late, text="the first packet to {} after the dead time comes before the scan")
def beat_is_late(n: Node) -> None:
    """Dead and alive again in one step."""
    lateness.late[n] = 1
    membership.hear_now(n)


@repair(BY_CHANCE, "S2", guard=waits_for_the_first, text="the first packets to {} are lost")
def first_beats_are_missed(n: Node) -> None:
    """The peer is not heard before initdead, or later."""
    nothing_comes(n)


@rule("N6")
def nothing_comes(n: Node) -> None:
    """Nothing gets through until a packet does."""
    silent[n] = 1
    cancel(messages.arrival[n])
    membership.beats_stop(n)


@repair(BY_CHANCE, "N2", "N8f", guard=is_silent, text="packets get through to {} again")
def packets_get_through(n: Node) -> None:
    """A packet comes, and shows what was missed."""
    spell_ends(n)


@rule("N8f")
def spell_ends(n: Node) -> None:
    """The node hears its peer again."""
    silent[n] = 0
    for x in every(Node):
        membership.restored(x)


@rule("N4")
def heard_now(n: Node) -> None:
    """A status was handled: the measure begins anew."""
    if lossy[n]:
        start(recent[n], deadtime[other(n)], deadtime[other(n)])


# ---- ping nodes ------------------------------------------------------------------------------------------------------


@formula
def may_miss_answers(p: Ping, n: Node) -> bool:
    return (
        lossy[n]
        and node.beats(n)
        and medium.reaches(n, p)
        and ping_nodes.ping_view[p, n] == 1
        and not on(recent_answer[p, n])
    )


@formula
def is_unanswered(p: Ping, n: Node) -> bool:
    return unanswered[p, n]


@repair(BY_CHANCE, "N6", guard=may_miss_answers, text="all answers of {} to {} were lost for the dead time")
def answers_are_missed(p: Ping, n: Node) -> None:
    """The ping node is found dead."""
    unanswered[p, n] = 1
    cancel(ping_nodes.ping_hear[p, n])
    cancel(ping_nodes.ping_silence[p, n])
    ping_nodes.ping_node_dies(p, n)


@repair(BY_CHANCE, "N2", guard=is_unanswered, text="an answer of {} gets through to {}")
def answer_gets_through(p: Ping, n: Node) -> None:
    """An answer comes."""
    answers_again(p, n)


@rule("N2")
def answers_again(p: Ping, n: Node) -> None:
    """The ping node is heard again."""
    unanswered[p, n] = 0
    ping_nodes.back(n, p)


@rule("N4")
def answered_now(p: Ping, n: Node) -> None:
    """An answer was handled: the measure begins anew."""
    if lossy[n]:
        start(recent_answer[p, n], deadping[n], deadping[n])


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon is gone; the network is as bad as before."""
    cancel(recent[n])
    for p in every(Ping):
        cancel(recent_answer[p, n])


@rule("N6", when=recent)
def dead_time_is_over(n: Node) -> None:
    """From now on the peer may be found dead."""


@rule("N6", when=recent_answer)
def dead_time_of_ping_is_over(p: Ping, n: Node) -> None:
    """From now on the ping node may be found dead."""
