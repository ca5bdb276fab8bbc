"""STONITH: resetting a peer that is thought dead, before its groups are taken.

Success takes over whatever has become of the peer meanwhile; failure is tried again every five seconds for ever; the
return of the peer cancels nothing. A device may break and be repaired; what it is at the end of a try decides, and so
a late repair lets the pending retry shoot a peer that is back and healthy. Left out: a second device request while one
is pending (T6), the hourly status check (log only), a reset child that outlives a killed MCP; the first and last remove
behaviour.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, fault, formula, log, on, repair, rule, start, timer, var
from hamodel.machines import node, pause, resources, scripts
from hamodel.machines.world import (
    Duty,
    Node,
    node_name,
    other,
    stonith,
    stonith_fails,
    stonith_hi,
    stonith_lies,
    stonith_lo,
    stonith_powers_on,
    stonith_works,
)

shot = timer(Node)
"""Until the device has reset the peer of this node."""
broken = var(Node)
"""The device of this node does nothing and says so."""
fenced = var(Node)
"""The machine was reset by its peer and its daemon has not started again."""
miss = timer(Node)
"""Until the device gives up; where it may work and may fail, the earlier of both decides."""


@formula
def has_device(n: Node) -> bool:
    return stonith[n] and not broken[n]


@formula
def is_broken(n: Node) -> bool:
    return broken[n]


@fault("device", "T4", "HZ-44", guard=has_device, text="the STONITH device of {} fails")
def device_breaks(n: Node) -> None:
    broken[n] = 1


@repair("device_repaired", "T2", guard=is_broken, text="the STONITH device of {} works again")
def device_repaired(n: Node) -> None:
    """A retry that is pending comes through."""
    broken[n] = 0


@rule("D6", "T1")
def reset_peer(n: Node) -> None:
    """The reset child; the daemon goes on beside it."""
    if not on(shot[n]) and not on(miss[n]):
        log(n, "stonith-begin", node=node_name[other(n)])
        if stonith_works:
            start(shot[n], stonith_lo, stonith_hi)
        if stonith_fails:
            start(miss[n], stonith_lo, stonith_hi)


@rule("T2", when=shot)
def device_answers(n: Node) -> None:
    """The device has done it, unless it is broken."""
    cancel(miss[n])
    if broken[n]:
        try_again(n)
    else:
        peer_is_reset(n)


@rule("T2")
def peer_is_reset(n: Node) -> None:
    """The take-over does not ask whether the peer is dead now (HZ-12)."""
    if (node.power[other(n)] or stonith_powers_on) and not stonith_lies:
        log(other(n), "reset-by-peer")
        node.reset(other(n))
        fenced[other(n)] = 1
    if pause.paused[n]:
        pause.postpone(n, Duty.SHOT)
    else:
        reset_done(n)


@rule("T2")
def reset_done(n: Node) -> None:
    """The child reports success."""
    log(n, "stonith-ok", node=node_name[other(n)])
    resources.take_over(n)
    scripts.settle(n)


@rule("T3", "T4", when=miss)
def reset_fails(n: Node) -> None:
    """The device gives up."""
    cancel(shot[n])
    try_again(n)


@rule("T4")
def try_again(n: Node) -> None:
    """Again in five seconds, for ever."""
    if pause.paused[n]:
        pause.postpone(n, Duty.MISS)
        return
    log(n, "stonith-failed", node=node_name[other(n)])
    if stonith_works:
        start(shot[n], 5000 + stonith_lo, 5000 + stonith_hi)
    if stonith_fails:
        start(miss[n], 5000 + stonith_lo, 5000 + stonith_hi)


@rule("T8")
def forget(n: Node) -> None:
    """The retry is lost with the daemon."""
    cancel(shot[n])
    cancel(miss[n])
