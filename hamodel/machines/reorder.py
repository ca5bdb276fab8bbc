"""Reordering: a packet is lost, asked for and sent again, and comes after younger ones (N8g).

Delivery is reliable and not ordered, and nothing compares the age of claims: an old `resource` message that comes late
overwrites the newer one, so that a death may later go without a fence, or with one that is not needed (HZ-23). The
request goes out after the next packet and again every 250 ms. A status that is lost is not missed: the next beat
brings what it said, and the old one, sent again, is older by clock and by sequence and so ignored (N5). Only in
scenarios that name the kind `reorder`. Left out: a second lost packet while the first is on its way (the kind `loss`
has them), a packet sent again that comes after a death has reset the tracking (both remove behaviour); 3.0.6 waits
50 ms before it asks (adds behaviour).
"""

from __future__ import annotations

from hamodel.ir.words import cancel, clear, fault, formula, invariant, length, on, push, queue, rule, start, take, timer
from hamodel.machines import medium, membership, messages, pause
from hamodel.machines.world import Node, keepalive, latency_hi, latency_lo, other, poll

astray = queue(Node, capacity=1)
"""The lost packet to this node."""
again = timer(Node)
"""Until the lost packet, sent again, is handled."""


@invariant("what is sent again was lost")
def again_is_of_the_lost(n: Node) -> bool:
    return not on(again[n]) or length(astray[n]) == 1


@formula
def may_stray(n: Node) -> bool:
    """A message travels to `n`, and none is missed."""
    return on(messages.arrival[n]) and length(astray[n]) == 0


@formula
def news_may_stray(n: Node) -> bool:
    """A changed status travels to `n`."""
    return membership.news_on_its_way[n] and on(membership.hear[n])


@fault("reorder", "N8f", "N8g", "HZ-23", guard=may_stray, text="a message to {} is lost and has to be sent again")
def message_strays(n: Node) -> None:
    """The oldest message on its way is lost; what follows it is handled first."""
    code = take(messages.inbox[n])
    push(astray[n], code)
    cancel(messages.arrival[n])
    if length(messages.inbox[n]) > 0:
        start(messages.arrival[n], latency_lo, latency_hi)
    asked_for(n)


@fault("reorder", "N5", "N8g", guard=news_may_stray, text="a changed status to {} is lost")
def status_strays(n: Node) -> None:
    """The next beat brings the news; messages that were sent after the lost status overtake them."""
    membership.news_on_its_way[n] = 0
    start(membership.hear[n], 0, keepalive[other(n)] + latency_hi)


@rule("N8f")
def asked_for(n: Node) -> None:
    """The next packet shows the gap, the request goes back, the packet comes once more."""
    start(again[n], 3 * latency_lo, keepalive[other(n)] + poll + 3 * latency_hi)


@rule("N8g", when=again)
def comes_again(n: Node) -> None:
    """The old packet is handled as if it were new; on a paused node it waits behind the others."""
    code = take(astray[n])
    if pause.paused[n]:
        push(messages.inbox[n], code)
    else:
        messages.handle_message(n, code)


@rule("N8f")
def path_is_back(n: Node) -> None:
    """What is still missed is asked for, if the request can travel."""
    if length(astray[n]) > 0 and not on(again[n]) and medium.path_to(n):
        if medium.path_to(other(n)):
            asked_for(n)
        else:
            forget(n)


@rule("N6", "N8f")
def forget(n: Node) -> None:
    """Nobody asks for it any more: the tracking of the peer's sequence is over, or one of the two is gone."""
    cancel(again[n])
    clear(astray[n])
