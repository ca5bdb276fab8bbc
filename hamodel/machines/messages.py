"""Messages between the nodes: reliable and in order while a path works, lost when the peer is given up or gone.

Own messages are handled by the sender itself inside the step that sends them (R3); only the peer's copy travels.
A message travels on the path to its receiver. What was lost is asked for by the receiver, and that needs the path back
as well: where a node hears again while it is not heard, what it missed is dropped (the daemon would get it late should
it be heard in time; this removes behaviour). One that is lost and comes again after younger ones (N8g): reorder.py.
Left out: the sequence and history limits (N8f), which removes behaviour, and flow control, which silences the clients
of a node that is not heard for long (adds some).
"""

from __future__ import annotations

from hamodel.ir.words import cancel, clear, formula, length, log, on, push, queue, rule, start, take, timer
from hamodel.machines import (
    ipfail,
    legacy,
    medium,
    membership,
    node,
    pause,
    reorder,
    resources,
    scripts,
    shutdown,
    standby,
)
from hamodel.machines.world import (
    Node,
    keepalive,
    latency_hi,
    latency_lo,
    legacy_mode,
    other,
    poll,
    reorders,
    some_legacy,
)

STATUS = 7
"""A status that waits for a paused node among its messages."""
STARTING, SHUTDONE, MACH_DOWN, IPFAIL_JOIN, ABORT_GIVEUP, YOU_ARE_DEAD = 1, 2, 3, 4, 5, 6
PING_COUNT = 10
"""10 + the number of ping nodes the sender sees."""
RESOURCE = 32
"""32 + LOCAL 1 + FOREIGN 2 + stable 4 + with an info text 8."""
ASK = 64
"""64 + 3 * the set (0 local, 1 foreign, 2 all) + 0 me, 1 other, 2 done."""

REQUEST = 100
"""100 + the group: ip-request, only from a node in legacy mode."""
ANSWER = 110
"""110 + the group: ip-request-resp, only to a node in legacy mode."""

inbox = queue(Node, capacity=16)
arrival = timer(Node)
"""Until the oldest message in the inbox is handled."""


@formula
def hears_sender(n: Node) -> bool:
    """The daemon of `n` runs and has not given up the sender while nothing can travel."""
    return node.alive(n) and not (membership.view[n] == membership.View.DEAD and not medium.path_to(n))


@rule("4.3")
def send(n: Node, code: int) -> None:
    """To the peer of `n`."""
    log(other(n), "message-is-sent", code=code)
    if hears_sender(other(n)):
        push(inbox[other(n)], code)
        if medium.path_to(other(n)) and not on(arrival[other(n)]) and not pause.paused[other(n)]:
            start(arrival[other(n)], latency_lo, latency_hi)


@rule("N8f")
def resume_delivery(n: Node) -> None:
    """The path works again: what was missed is asked for after the next packet and sent again."""
    if length(inbox[n]) > 0 and not on(arrival[n]) and medium.path_to(n) and not pause.paused[n]:
        if medium.path_to(other(n)):
            start(arrival[n], latency_lo, keepalive[other(n)] + poll + latency_hi)
        else:
            drop_all(n)
    if reorders:
        reorder.path_is_back(n)


@rule("N6", "N8f")
def forget_missed(n: Node) -> None:
    """The tracking of the peer's sequence is over: what was missed is never asked for; what travels still arrives."""
    if reorders:
        reorder.forget(n)
    if not medium.path_to(n) and not pause.paused[n]:
        drop_all(n)


@rule("1.2")
def drop_all(n: Node) -> None:
    """Nobody is there to hear any more."""
    cancel(arrival[n])
    clear(inbox[n])
    if reorders:
        reorder.forget(n)


@rule("N1", when=arrival)
def message_arrives(n: Node) -> None:
    """The oldest message is handled, and everything it causes on this node."""
    code = take(inbox[n])
    if length(inbox[n]) > 0:
        start(arrival[n], latency_lo, latency_hi)
    handle(n, code)


@rule("N1")
def handle(n: Node, code: int) -> None:
    """One packet."""
    if code == STATUS:
        pause.status_waits[n] = 0
        membership.hear_now(n)
    else:
        handle_message(n, code)


@rule("N1")
def handle_message(n: Node, code: int) -> None:
    """One message; a status that was sent before it comes first."""
    if membership.news_on_its_way[n]:
        membership.hear_now(n)
    membership.heard[n] = 1
    if code == SHUTDONE:
        shutdown.peer_is_down(n)
    elif node.daemon[n] == node.Daemon.ACTIVE:
        if legacy_mode[n] or (some_legacy and code >= REQUEST):
            legacy.message(n, code)
        elif code == STARTING:
            resources.peer_is_starting(n)
        elif code == MACH_DOWN:
            resources.peer_took_over(n)
        elif code >= ASK:
            standby.asked(n, (code - ASK) // 3, (code - ASK) % 3)
        elif code >= RESOURCE:
            resources.peer_claims(n, (code - RESOURCE) % 2, (code - RESOURCE) // 2 % 2, (code - RESOURCE) // 4 % 2)
            if (code - RESOURCE) // 4 == 1:
                ipfail.peer_is_stable(n)
        else:
            ipfail.message(n, code)
    scripts.settle(n)
