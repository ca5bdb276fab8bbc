"""STONITH: resetting a peer that is thought dead, before its groups are taken.

Success takes over whatever has become of the peer meanwhile; failure is tried again every five seconds for ever; the
return of the peer cancels nothing, and if it dies once more while an order is out, a second child orders a second
reset (T6). An order that is out is not taken back: a daemon that is killed, restarts, or is itself reset has shot all
the same, only that nobody takes over then (seen: three resets of two healthy nodes). A device may break and be
repaired; what it is at the end of a try decides, and so a late repair lets the pending retry shoot a peer that is back
and healthy.
Left out: a third order beside two (it comes to nothing, or takes the place of one that nobody waits for), a reset child
that dies with its killed daemon before the device has its order, the hourly status check (log only); the first two
remove behaviour.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import cancel, every, fault, formula, invariant, log, on, repair, rule, start, timer, var
from hamodel.machines import node, pause, resources, scripts
from hamodel.machines.world import (
    Node,
    Order,
    node_name,
    other,
    poll,
    stonith,
    stonith_fails,
    stonith_hi,
    stonith_lies,
    stonith_lo,
    stonith_powers_on,
    stonith_works,
)


class Word(IntEnum):
    """What of an order waits for a paused daemon: nothing, that it was done, that it failed, that it is due again."""

    NONE = 0
    DONE = 1
    FAILED = 2
    AGAIN = 3


shot = timer(Node, Order)
"""Until the device has reset the peer of this node."""
miss = timer(Node, Order)
"""Until the device gives up; where it may work and may fail, the earlier of both decides."""
retry = timer(Node, Order)
"""The five seconds after a failure (T4)."""
word = var(Node, Order, values=Word)
unheard = var(Node, Order)
"""The order is out, and the daemon that gave it is gone."""
broken = var(Node)
"""The device of this node does nothing and says so."""
fenced = var(Node)
"""The machine was reset by its peer and its daemon has not started again."""


@formula
def has_device(n: Node) -> bool:
    return stonith[n] and not broken[n]


@formula
def is_broken(n: Node) -> bool:
    return broken[n]


@formula
def is_out(n: Node, o: Order) -> bool:
    """The child is at it, or will be."""
    return on(shot[n, o]) or on(miss[n, o]) or on(retry[n, o]) or word[n, o] != Word.NONE


@invariant("nobody waits only for an order that is out")
def unheard_is_out(n: Node, o: Order) -> bool:
    return not unheard[n, o] or on(shot[n, o])


@invariant("an answer waits only for a paused daemon")
def words_wait_for_the_paused(n: Node, o: Order) -> bool:
    return word[n, o] == Word.NONE or pause.paused[n]


# ---- the device ------------------------------------------------------------------------------------------------------


@fault("device", "T4", "HZ-44", guard=has_device, text="the STONITH device of {} fails")
def device_breaks(n: Node) -> None:
    broken[n] = 1


@repair("device_repaired", "T2", guard=is_broken, text="the STONITH device of {} works again")
def device_repaired(n: Node) -> None:
    """A retry that is pending comes through."""
    broken[n] = 0


# ---- an order --------------------------------------------------------------------------------------------------------


@rule("D6", "T1", "T5", "T6")
def reset_peer(n: Node) -> None:
    """A reset child, beside one that is still at it; the daemon goes on beside both. Orders nobody waits for give way.

    T6 speaks of a late status (N3'); any other death of a peer that returned meanwhile does the same.
    """
    placed = 0
    for o in every(Order):
        if not placed and not is_out(n, o):
            placed = 1
            order(n, o)
    for o in every(Order):
        if not placed and unheard[n, o]:
            placed = 1
            unheard[n, o] = 0
            cancel(shot[n, o])
            cancel(miss[n, o])
            order(n, o)


@rule("T1")
def order(n: Node, o: Order) -> None:
    """The device has it now."""
    log(n, "stonith-begin", node=node_name[other(n)])
    if stonith_works:
        start(shot[n, o], stonith_lo, stonith_hi)
    if stonith_fails:
        start(miss[n, o], stonith_lo, stonith_hi)


@rule("T2", "T8", when=shot)
def device_answers(n: Node, o: Order) -> None:
    """The device has done it, unless it is broken."""
    cancel(miss[n, o])
    if not broken[n]:
        peer_is_reset(n)
    if unheard[n, o]:
        unheard[n, o] = 0
    elif broken[n]:
        try_again(n, o)
    elif pause.paused[n]:
        word[n, o] = Word.DONE
    else:
        reset_done(n)


@rule("T2")
def peer_is_reset(n: Node) -> None:
    """Whatever the peer does at that moment, booting included; a device that lies does nothing."""
    if (node.power[other(n)] or stonith_powers_on) and not stonith_lies:
        log(other(n), "reset-by-peer")
        node.reset(other(n))
        fenced[other(n)] = 1


@rule("T2")
def reset_done(n: Node) -> None:
    """The child reports success. The take-over does not ask whether the peer is dead now (HZ-12)."""
    log(n, "stonith-ok", node=node_name[other(n)])
    resources.take_over(n)
    scripts.settle(n)


@rule("T3", "T4", "T8", when=miss)
def reset_fails(n: Node, o: Order) -> None:
    """The device gives up."""
    cancel(shot[n, o])
    if unheard[n, o]:
        unheard[n, o] = 0
    else:
        try_again(n, o)


@rule("T4")
def try_again(n: Node, o: Order) -> None:
    """Again in five seconds, for ever."""
    if pause.paused[n]:
        word[n, o] = Word.FAILED
    else:
        log(n, "stonith-failed", node=node_name[other(n)])
        start(retry[n, o], 5000, 5000)


@rule("T4", when=retry)
def order_again(n: Node, o: Order) -> None:
    """The five seconds are over."""
    if pause.paused[n]:
        word[n, o] = Word.AGAIN
    else:
        order(n, o)


# ---- the daemon goes on, or away -------------------------------------------------------------------------------------


@rule("1.1")
def goes_on(n: Node) -> None:
    """A paused daemon hears now how its children ended, and starts those that are due."""
    for o in every(Order):
        said = word[n, o] + 0
        word[n, o] = Word.NONE
        if said == Word.DONE:
            reset_done(n)
        elif said == Word.FAILED:
            try_again(n, o)
        elif said == Word.AGAIN:
            start(retry[n, o], 0, poll)


@rule("T8", "HZ-06")
def forget(n: Node) -> None:
    """The retry is lost with the daemon; what the device was told it does."""
    for o in every(Order):
        cancel(retry[n, o])
        word[n, o] = Word.NONE
        if on(shot[n, o]) and not stonith_lies:
            unheard[n, o] = 1
        else:
            cancel(shot[n, o])
            cancel(miss[n, o])
