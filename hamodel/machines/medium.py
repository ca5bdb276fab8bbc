"""Media: which packets can travel.

A medium works while every cable it needs is plugged; the nodes hear each other while any medium works, in both
directions. Left out: one-way loss, packet loss, a stuck write child (they remove behaviour: HZ-08, HZ-23, HZ-50
cannot be found yet).
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, fault, formula, log, repair, var
from hamodel.machines import ipfail, membership
from hamodel.machines.world import Cable, Medium, Node, Ping, medium_cables, medium_name, node_name, other, ping_cables

plugged = var(Cable, initial=1)
answers = var(Ping, initial=1)
"""The ping node answers."""


@formula
def carries(m: Medium) -> bool:
    return all(plugged[c] for c in medium_cables[m])


@formula
def path_works() -> bool:
    return any(carries(m) for m in every(Medium))


@formula
def reaches(n: Node, p: Ping) -> bool:
    return answers[p] and all(plugged[c] for c in ping_cables[n][p])


@formula
def is_plugged(c: Cable) -> bool:
    return plugged[c]


@formula
def is_cut(c: Cable) -> bool:
    return not plugged[c]


@formula
def is_answering(p: Ping) -> bool:
    return answers[p]


@formula
def is_silent(p: Ping) -> bool:
    return not answers[p]


@fault("cut", "L3", guard=is_plugged, text="the cable {} is cut")
def cut(c: Cable) -> None:
    """A cable breaks; everything that hangs on it is gone at once."""
    before = path_works()
    plugged[c] = 0
    for m in every(Medium):
        if c in medium_cables[m]:
            ipfail.medium_lost(m)
    if before and not path_works():
        membership.severed()
    for n in every(Node):
        for p in every(Ping):
            if c in ping_cables[n][p]:
                membership.ping_lost(n, p)


@repair("plug", "L1", guard=is_cut, text="the cable {} is plugged in again")
def plug(c: Cable) -> None:
    """The cable is back."""
    before = path_works()
    plugged[c] = 1
    for m in every(Medium):
        if c in medium_cables[m] and carries(m):
            for n in every(Node):
                cancel(ipfail.link_silence[n, m])
                if membership.hears(n):
                    log(n, "hb-link-status", node=node_name[other(n)], link=medium_name[m], status="up")
    if not before and path_works():
        membership.restored()
    for n in every(Node):
        for p in every(Ping):
            if c in ping_cables[n][p]:
                membership.ping_back(n, p)


@fault("ping", "N6", guard=is_answering, text="the ping node {} stops answering")
def ping_dies(p: Ping) -> None:
    """The host outside the cluster is gone for both nodes."""
    answers[p] = 0
    for n in every(Node):
        membership.ping_lost(n, p)


@repair("ping_returns", "I2", guard=is_silent, text="the ping node {} answers again")
def ping_returns(p: Ping) -> None:
    answers[p] = 1
    for n in every(Node):
        membership.ping_back(n, p)
