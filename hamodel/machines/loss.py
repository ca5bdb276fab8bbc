"""Loss: for a while packets to a node are lost now and then, on all its cards; a bad cable, a full switch.

While it lasts any beat may arrive or not. So there are spells in which nothing of the peer gets through, of any length
and beginning at any moment, and between them the node hears: a spell is a cut in one direction that mends itself.
Messages stay reliable as long as some beat passes: what a spell took is asked for afterwards, and a death makes it be
forgotten (N8f). Single ping nodes have spells of their own. A status that comes after the own dead time and before the
scan declares its sender dead and alive in one step (3.0.6, N3'), and then nobody notices a partition. What leaves the
node is not touched. Spells come and go by chance: they cost nothing and are no repair of anything. Only in scenarios
that name the kind `loss`. Left out: a link that dies while another of the same node lives (removes a question of
ipfail), a message that is lost while beats pass for longer than a keepalive and a poll, and messages that overtake each
other because of it (the kind `reorder`; both remove behaviour).
"""

from __future__ import annotations

from hamodel.ir.system import BY_CHANCE
from hamodel.ir.words import every, fault, formula, invariant, repair, rule, var
from hamodel.machines import medium, membership, node, ping_nodes
from hamodel.machines.world import Node, Ping

lossy = var(Node)
"""Packets to the node are lost now and then."""
silent = var(Node)
"""At the moment nothing of the peer gets through to the node."""
unanswered = var(Ping, Node)
"""At the moment no answer of the ping node gets through."""


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
    """From now on nothing is certain to come."""
    lossy[n] = 1


@repair("loss_ends", "N6", "N8f", guard=is_lossy, text="no packets to {} are lost any more")
def loss_ends(n: Node) -> None:
    """From now on everything comes."""
    lossy[n] = 0
    if silent[n]:
        spell_ends(n)
    for p in every(Ping):
        if unanswered[p, n]:
            answers_again(p, n)


# ---- spells ----------------------------------------------------------------------------------------------------------


@formula
def may_be_silent(n: Node) -> bool:
    return lossy[n] and membership.hears(n)


@formula
def is_silent(n: Node) -> bool:
    return silent[n]


@repair(BY_CHANCE, "N6", guard=may_be_silent, text="for a while nothing of its peer gets through to {}")
def nothing_gets_through(n: Node) -> None:
    """All packets of a while are lost."""
    silent[n] = 1
    membership.severed(n)


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


@formula
def may_be_unanswered(p: Ping, n: Node) -> bool:
    return lossy[n] and node.beats(n) and medium.reaches(n, p)


@formula
def is_unanswered(p: Ping, n: Node) -> bool:
    return unanswered[p, n]


@repair(BY_CHANCE, "N6", guard=may_be_unanswered, text="for a while no answer of {} gets through to {}")
def no_answer_gets_through(p: Ping, n: Node) -> None:
    """All answers of a while are lost."""
    unanswered[p, n] = 1
    ping_nodes.lost(n, p)


@repair(BY_CHANCE, "N2", guard=is_unanswered, text="an answer of {} gets through to {}")
def answer_gets_through(p: Ping, n: Node) -> None:
    """An answer comes."""
    answers_again(p, n)


@rule("N2")
def answers_again(p: Ping, n: Node) -> None:
    """The ping node is heard again."""
    unanswered[p, n] = 0
    ping_nodes.back(n, p)
