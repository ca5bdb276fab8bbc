"""ipfail: the client that moves groups to the node with more connectivity.

It compares how many ping nodes each side sees, and can act only while the nodes hear each other. Two keepalives pass
between the decision and the request; the request is made once. Left out: what ipfail misses between its death and its
respawn (unless its life is played: respawn.py), messages that wait while it sleeps 10 s (I12; they are answered at once
here, which adds behaviour), asks after the last path to the peer is gone (nobody hears them).
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import (
    cancel,
    clear,
    every,
    fault,
    formula,
    length,
    log,
    on,
    push,
    queue,
    rule,
    start,
    take,
    timer,
    var,
)
from hamodel.machines import (
    clients,
    legacy,
    medium,
    membership,
    messages,
    node,
    pause,
    phantom,
    ping_nodes,
    resources,
    respawn,
    standby,
)
from hamodel.machines.world import (
    Client,
    Duty,
    Medium,
    Node,
    Ping,
    auto_failback,
    client_hi,
    client_is_ipfail,
    client_sleep,
    deadping,
    deadtime,
    has_ipfail,
    ipfail_alone,
    ipfail_refuses,
    keepalive,
    latency_hi,
    medium_name,
    node_name,
    other,
    ping_name,
    plays_clients,
    plays_ipfail,
    poll,
    some_phantoms,
    watches,
)


class Tag(IntEnum):
    """What the pending give-up would give (delay_tag)."""

    NONE = 0
    FOREIGN = 1
    ALL = 2


LETTERS = 6
"""More never comes in the first seconds: a join, two counts and what follows from them."""

tag = var(Node, values=Tag)
give_up_delay = timer(Node)
needs_standby = var(Node)
settling = timer(Node)
"""The 10 s of I12."""
letters = queue(Node, capacity=LETTERS)
"""What has come for an ipfail that does not read yet."""
waking = timer(Node)
"""Until an ipfail that has just begun reads what has come; runs only where `client_sleep` says how long."""
link_silence = timer(Node, Medium)
"""Until the link on this medium is declared dead; runs only while other media keep the peer alive."""


@formula
def ping_nodes_seen(n: Node) -> int:
    return sum(ping_nodes.ping_view[p, n] == 1 for p in every(Ping))


@formula
def is_active(n: Node) -> bool:
    return has_ipfail and node.daemon[n] == node.Daemon.ACTIVE and is_signed_on(n)


@formula
def is_signed_on(n: Node) -> bool:
    """Some ipfail of the node is in the list of clients; where nobody plays their lives it always is."""
    return any(clients.is_signed_on(n, c) for c in every(Client) if client_is_ipfail[c]) if plays_ipfail[n] else True


@rule("S4", "I5")
def begins(n: Node) -> None:
    """The client starts; the peer's client sees it join. Where its life is played it has to sign on first."""
    if plays_ipfail[n]:
        return
    if has_ipfail:
        log(n, "client-start")
        if client_sleep > 0:
            start(waking[n], client_sleep, client_sleep + 2 * client_hi)
        joins(n)
    elif ipfail_refuses[n] and not plays_clients:
        legacy.ipfail_leaves(n)
    elif ipfail_alone[n]:
        log(n, "client-start")


@rule("I5", "A5")
def joins(n: Node) -> None:
    """The peer's client sees it join."""
    messages.send(n, messages.IPFAIL_JOIN)


@rule("I2", "I3", "I5")
def ask(n: Node) -> None:
    """Asking other side for ping node count."""
    if is_active(n):
        log(n, "ipfail-asking")
        if medium.path_to(other(n)):
            tell(n, messages.PING_COUNT + ping_nodes_seen(n))


@rule("L3", "I3")
def medium_lost(n: Node, m: Medium) -> None:
    """A medium reaches `n` no more; its link dies where others keep the peer alive."""
    if has_ipfail and membership.hears(n) and not on(link_silence[n, m]):
        if sum(watches[n]) > 0:
            start(link_silence[n, m], deadping[n] - keepalive[other(n)], deadping[n] + poll + latency_hi)
        else:
            start(link_silence[n, m], deadtime[n] - keepalive[other(n)], deadtime[n] + poll + latency_hi)


@rule("L3", "I3", when=link_silence)
def link_dies(n: Node, m: Medium) -> None:
    """Link PEER:MEDIUM dead."""
    if pause.paused[n]:
        pause.postpone_link(n, m)
        return
    log(n, "hb-link-status", node=node_name[other(n)], link=medium_name[m], status="dead")
    if is_active(n):
        log(n, "ipfail-link-status", node=node_name[other(n)], link=medium_name[m], status="dead")
        link_ask(n)


@rule("I3")
def link_ask(n: Node) -> None:
    if ping_nodes_seen(n) > 0:
        ask(n)
        log(n, "ipfail-checking-remote")
    else:
        log(n, "ipfail-link-dead")
        ask(n)


@rule("L3")
def all_links_dead(n: Node) -> None:
    """The peer is dead, and so is every link to it; what ipfail asks now nobody hears."""
    for m in every(Medium):
        cancel(link_silence[n, m])
        if is_active(n):
            log(n, "ipfail-peer-link-dead", link=medium_name[m], seen=ping_nodes_seen(n))
        log(n, "hb-link-status", node=node_name[other(n)], link=medium_name[m], status="dead")


@rule("I1")
def peer_died(n: Node) -> None:
    """The peer is dead: nothing but the lines."""
    if is_active(n):
        log(n, "ipfail-node-status", node=node_name[other(n)], status="dead")
        if ping_nodes_seen(n) > 0:
            log(n, "ipfail-ns-alive")
        else:
            log(n, "ipfail-ns-dead")


@rule("I1")
def ping_is_late(n: Node, p: Ping) -> None:
    """A ping node was dead for a moment: nothing but the lines; when ipfail asks who is seen, it is back (N3')."""
    if is_active(n):
        log(n, "ipfail-node-status", node=ping_name[p], status="dead")
        log(n, "ipfail-ns-alive")


@rule("I1", "I3")
def ping_died(n: Node, p: Ping) -> None:
    """A ping node is dead, and so is its link."""
    if is_active(n):
        log(n, "ipfail-node-status", node=ping_name[p], status="dead")
        if ping_nodes_seen(n) > 0:
            log(n, "ipfail-ns-alive")
        else:
            log(n, "ipfail-ns-dead")
        log(n, "ipfail-link-status", node=ping_name[p], link=ping_name[p], status="dead")
        link_ask(n)


@rule("I2")
def ping_came(n: Node) -> None:
    if is_active(n):
        log(n, "ipfail-ping-up")
        ask(n)


@rule("I5", "I6", "I7", "I8", "I9", "I10")
def message(n: Node, code: int) -> None:
    """From the peer's ipfail; what comes while none is signed on here is lost."""
    if has_ipfail and is_signed_on(n):
        if on(waking[n]) and length(letters[n]) < LETTERS:
            push(letters[n], code)
        else:
            heeds(n, code)


@rule("I5", "I8", when=waking)
def client_reads(n: Node) -> None:
    """An ipfail signs on, walks the nodes for two seconds and more, and only then reads what has come.

    So at a join with auto_failback on the counts are compared once both nodes are stable again: balanced, and the
    joiner gives up FOREIGN, of which it has nothing (pathology (e) of section 8).
    """
    while length(letters[n]) > 0:
        code = take(letters[n])
        heeds(n, code)


@rule("I5", "I6", "I7", "I8", "I9", "I10")
def heeds(n: Node, code: int) -> None:
    """What the peer's ipfail says."""
    if code == messages.IPFAIL_JOIN:
        ask(n)
    elif code == messages.YOU_ARE_DEAD:
        log(n, "ipfail-giving-up-told")
        arm(n, Tag.ALL)
    elif code == messages.ABORT_GIVEUP:
        abort(n)
    else:
        compare(n, code - messages.PING_COUNT)


@rule("I6", "I7", "I8")
def compare(n: Node, theirs: int) -> None:
    """The peer sees `theirs` ping nodes."""
    if ping_nodes_seen(n) > theirs:
        log(n, "ipfail-telling")
        tell(n, messages.YOU_ARE_DEAD)
    elif ping_nodes_seen(n) < theirs:
        log(n, "ipfail-giving-up-less")
        arm(n, Tag.ALL)
    else:
        log(n, "ipfail-balanced")
        if on(give_up_delay[n]):
            abort(n)
        elif auto_failback[n] and resources.is_stable(n):
            log(n, "ipfail-giving-up-foreign")
            arm(n, Tag.FOREIGN)
        tell(n, messages.ABORT_GIVEUP)


@rule("section 8", "HZ-21")
def tell(n: Node, code: int) -> None:
    """To the ipfail of the last normal node of the list; beside a phantom that is nobody."""
    if not (some_phantoms and phantom.present[n]):
        messages.send(n, code)


@rule("I7", "I9")
def arm(n: Node, what: int) -> None:
    """In two keepalives; a new arming replaces time and kind. The time the clients take to answer is added here."""
    log(n, "ipfail-delayed-giveup")
    tag[n] = what
    start(give_up_delay[n], 2 * keepalive[n], 2 * keepalive[n] + latency_hi + client_hi)


@rule("I8", "I10")
def abort(n: Node) -> None:
    if on(give_up_delay[n]):
        log(n, "ipfail-abort-giveup")
        tag[n] = Tag.NONE
        cancel(give_up_delay[n])
    else:
        log(n, "ipfail-abort-none")


@rule("I11", when=give_up_delay)
def gives_up(n: Node) -> None:
    """The one request, if this node is stable; otherwise it is remembered."""
    if pause.paused[n]:
        pause.postpone(n, Duty.GIVE_UP)
        return
    what = tag[n] + 0
    tag[n] = Tag.NONE
    log(n, "ipfail-giveup")
    if resources.is_stable(n):
        needs_standby[n] = 0
        if what == Tag.ALL:
            standby.ask(n, standby.ALL)
        else:
            standby.ask(n, standby.FOREIGN)
    else:
        needs_standby[n] = 1


@rule("I12")
def peer_is_stable(n: Node) -> None:
    """The peer is stable and a give-up is owed: in ten seconds the counts are compared again."""
    if is_active(n) and needs_standby[n] and not on(settling[n]):
        start(settling[n], 10000, 10000 + latency_hi)


@rule("I12", when=settling)
def compared_again(n: Node) -> None:
    """The ten seconds of I12 are over."""
    if pause.paused[n]:
        pause.postpone(n, Duty.SETTLING)
        return
    needs_standby[n] = 0
    ask(n)


@formula
def may_be_killed(n: Node) -> bool:
    """The client runs, and its daemon is not paused: it starts the client again."""
    return is_active(n) and not pause.paused[n]


@fault("kill_ipfail", "10-respawn", "I5", guard=may_be_killed, text="ipfail is killed on {}")
def kill_ipfail(n: Node) -> None:
    """Heartbeat starts it again; a give-up that was pending is lost, and the peer's client sees it join.

    At once, as it does with a client that has lived for half a minute; where its life is played, a younger one waits.
    """
    if plays_ipfail[n]:
        for c in every(Client):
            if client_is_ipfail[c] and clients.is_signed_on(n, c):
                respawn.is_killed(n, c)
    else:
        log(n, "client-killed-by-hand")
        forget_plans(n)
        begins(n)


@rule("1.2")
def forget(n: Node) -> None:
    """The client is gone with its daemon."""
    forget_plans(n)
    for m in every(Medium):
        cancel(link_silence[n, m])


@rule("1.2")
def forget_plans(n: Node) -> None:
    """The memory of the client is gone."""
    cancel(waking[n])
    clear(letters[n])
    tag[n] = Tag.NONE
    needs_standby[n] = 0
    cancel(give_up_delay[n])
    cancel(settling[n])
