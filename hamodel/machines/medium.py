"""Media: which packets can travel.

A medium carries from A to B and from B to A separately. A cut cable ends both directions; a deaf node (a firewall, a
broken receiver, the sender's transmitter) ends one, and no watchdog and no restart on the other side notices (HZ-08).
Whoever hears nothing acts; whoever is not heard goes on. Loss of some packets: loss.py; a write process that is stuck:
stuck.py. Ping nodes still answer a deaf node: what is lost is what the heartbeat port brings.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, fault, formula, log, repair, rule, var
from hamodel.machines import (
    ipfail,
    loss,
    membership,
    ping_nodes,
    stuck,
)
from hamodel.machines.world import (
    Cable,
    Medium,
    Node,
    Ping,
    loses,
    medium_cables,
    medium_name,
    node_name,
    other,
    ping_cables,
    sticks,
    switches,
    watches,
)

plugged = var(Cable, initial=1)
answers = var(Ping, initial=1)
"""The ping node answers."""
deaf = var(Node, Medium)
"""The node receives nothing on this medium; what it sends still travels."""


@formula
def carries(m: Medium) -> bool:
    return all(plugged[c] for c in medium_cables[m])


@formula
def brings(n: Node, m: Medium) -> bool:
    """Packets of the peer reach `n` on this medium."""
    return carries(m) and not deaf[n, m] and not (sticks and stuck.stuck[other(n), m])


@formula
def is_shut(n: Node) -> bool:
    """Whatever the cables bring to `n`, nothing of the peer is accepted: a replay, or by chance all is lost."""
    return membership.replayed[other(n)] or (loses and loss.silent[n])


@formula
def path_to(n: Node) -> bool:
    """Packets of the peer reach `n` on some medium, and are not dropped as a replay."""
    return any(brings(n, m) for m in every(Medium)) and not is_shut(n)


@formula
def brought_without(n: Node, m: Medium, c: Cable) -> bool:
    """Nothing but this cable keeps the medium from reaching `n`."""
    return (
        not deaf[n, m]
        and not (sticks and stuck.stuck[other(n), m])
        and all(plugged[x] for x in medium_cables[m] if x != c)
    )


@formula
def path_without(n: Node, c: Cable) -> bool:
    """Nothing but this cable keeps packets of the peer from reaching `n`."""
    return any(brought_without(n, m, c) for m in every(Medium)) and not is_shut(n)


@formula
def reaches(n: Node, p: Ping) -> bool:
    """The node pings it and hears its answers."""
    return (
        watches[n][p]
        and answers[p]
        and all(plugged[c] for c in ping_cables[n][p])
        and not (loses and loss.unanswered[p, n])
    )


@formula
def is_plugged(c: Cable) -> bool:
    """A cable; a switch fails in its own way where the scenario lets it."""
    return False if c in switches else plugged[c]


@formula
def is_cut(c: Cable) -> bool:
    return False if c in switches else not plugged[c]


@formula
def is_answering(p: Ping) -> bool:
    return answers[p]


@formula
def is_silent(p: Ping) -> bool:
    return not answers[p]


@formula
def listens(n: Node, m: Medium) -> bool:
    return not deaf[n, m]


@formula
def is_deaf(n: Node, m: Medium) -> bool:
    return deaf[n, m]


@fault("cut", "L3", guard=is_plugged, text="the cable {} is cut")
def cut(c: Cable) -> None:
    """A cable breaks; everything that hangs on it is gone at once."""
    plugged[c] = 0
    for m in every(Medium):
        if c in medium_cables[m]:
            for n in every(Node):
                if brought_without(n, m, c):
                    ipfail.medium_lost(n, m)
    for n in every(Node):
        if not path_to(n) and path_without(n, c):
            membership.severed(n)
    for n in every(Node):
        replays_reach(n)
        for p in every(Ping):
            if c in ping_cables[n][p]:
                ping_nodes.lost(n, p)


@repair("plug", "L1", guard=is_cut, text="the cable {} is plugged in again")
def plug(c: Cable) -> None:
    """The cable is back."""
    plugged[c] = 1
    for m in every(Medium):
        if c in medium_cables[m]:
            for n in every(Node):
                if brings(n, m):
                    link_comes(n, m)
    for n in every(Node):
        membership.restored(n)
    for n in every(Node):
        replays_reach(n)
        for p in every(Ping):
            if c in ping_cables[n][p]:
                ping_nodes.back(n, p)


@rule("N8a")
def replays_reach(n: Node) -> None:
    """What the peer sends is taken for a replay on every medium that brings it: nothing but the lines."""
    if membership.replayed[other(n)]:
        log(n, "replays-reach", copies=sum(brings(n, m) for m in every(Medium)))


@rule("L1")
def link_comes(n: Node, m: Medium) -> None:
    """The medium reaches `n` again."""
    cancel(ipfail.link_silence[n, m])
    if membership.hears(n):
        log(n, "hb-link-status", node=node_name[other(n)], link=medium_name[m], status="up")


@fault("deaf", "L3", "HZ-08", guard=listens, text="{} hears nothing more on {}, while its own packets still go out")
def deafen(n: Node, m: Medium) -> None:
    """One direction of a medium is gone; the peer notices nothing."""
    before = path_to(n)
    deaf[n, m] = 1
    if carries(m):
        ipfail.medium_lost(n, m)
    if before and not path_to(n):
        membership.severed(n)
    replays_reach(n)


@repair("hear_again", "L1", "HZ-08", guard=is_deaf, text="{} hears again on {}")
def hear_again(n: Node, m: Medium) -> None:
    """The direction is back."""
    deaf[n, m] = 0
    if brings(n, m):
        link_comes(n, m)
    for x in every(Node):
        membership.restored(x)
    replays_reach(n)


@fault("ping", "N6", guard=is_answering, text="the ping node {} stops answering")
def ping_dies(p: Ping) -> None:
    """The host outside the cluster is gone for both nodes."""
    answers[p] = 0
    for n in every(Node):
        ping_nodes.lost(n, p)


@repair("ping_returns", "I2", guard=is_silent, text="the ping node {} answers again")
def ping_returns(p: Ping) -> None:
    answers[p] = 1
    for n in every(Node):
        ping_nodes.back(n, p)
