"""Stall: the disks of a machine answer nobody for a while, and everything on it waits.

The daemon stands still as in a pause, and so do the scripts: a release that has dropped its claim keeps its mount. The
kernel, the network stack and the timer of the watchdog go on, so the peer and the watchdog see a silent daemon
(HZ-06, HZ-63). Only in scenarios that name the kind `stall`. A script that goes on needs from nothing to a whole step
more, which adds behaviour. A kill waits for the end of the stall. Left out: the reset child, the status test of a
request (legacy) and the half minute after a failed start, which go on; a stall of a machine whose daemon is down; both
remove behaviour. Seen on the daemon: every process of the owner stopped for 8 s, during a release as well.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, fault, formula, invariant, observable, on, repair, rule, start, var
from hamodel.machines import node, pause, script_faults, scripts
from hamodel.machines.world import Node, Slot

stalled = var(Node)
frozen = var(Node, Slot)
"""The script has a step at hand that stands still."""
frozen_check = var(Node)
"""The child that tests the own groups (R13) stands still."""


@formula
def may_stall(n: Node) -> bool:
    return node.beats(n)


@formula
def is_stalled(n: Node) -> bool:
    return stalled[n]


@invariant("the daemon of a machine that stalls stands still")
def a_stall_is_a_pause(n: Node) -> bool:
    return not stalled[n] or pause.paused[n]


@invariant("only on a machine that stalls a script stands still")
def only_a_stall_freezes(n: Node) -> bool:
    return stalled[n] or not (frozen_check[n] or any(frozen[n, c] for c in every(Slot)))


@fault("stall", "1.1", "HZ-06", "HZ-63", guard=may_stall, text="the disks of {} stall: its daemon and its scripts wait")
def stall(n: Node) -> None:
    """No process gets further than its next page or block."""
    stalled[n] = 1
    for c in every(Slot):
        if on(scripts.step_ends[n, c]):
            frozen[n, c] = 1
            cancel(scripts.step_ends[n, c])
    if on(scripts.check_ends[n]):
        frozen_check[n] = 1
        cancel(scripts.check_ends[n])
    pause.pause(n)


@repair("stall_ends", "1.1", "HZ-06", guard=is_stalled, text="the disks of {} answer again")
def stall_ends(n: Node) -> None:
    """Scripts and daemon go on, each from where it was."""
    stalled[n] = 0
    for c in every(Slot):
        if frozen[n, c]:
            frozen[n, c] = 0
            script_faults.goes_on(n, c)
    if frozen_check[n]:
        frozen_check[n] = 0
        start(scripts.check_ends[n], 0, scripts.check_most(n))
    pause.resume(n)


@rule("section 16")
def machine_gone(n: Node) -> None:
    stalled[n] = 0
    frozen_check[n] = 0
    for c in every(Slot):
        frozen[n, c] = 0


@observable("stalled")
def machine_stalls(n: Node) -> bool:
    return stalled[n]
