"""Phantoms: 2.0.8 takes a ping node that only its peer has for a machine of the cluster, and mourns it.

The node list a joiner is sent (`repnodes`) has the sender's ping nodes in it. One that the joiner's own `ping` lines do
not name becomes a normal node there, which nobody will ever hear: the joiner's own dead time later it is dead, and that
is the death of a node. With a device the phantom is shot at for ever, for no device knows it. Without one the joiner
claims everything, starts its own groups although its peer runs them, and believes that the peer holds nothing; when the
peer really dies it holds all already and takes nothing (HZ-21). The last normal node of the list is whom ipfail talks
to: beside a phantom it talks to nobody. Several phantoms die in one scan and do what one does. 3.0.6 skips ping nodes.
Composed only for 2.0.8 with `ping` lines that differ. Left out: the joiner's own ping nodes, which it tries to take out
of its list (removes behaviour, if it succeeds), the order of the phantom's mach_down and the peer's where both wait.
From the source alone: no 2.0.8 daemon was run.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, log, rule, start, timer, var
from hamodel.machines import pause, resources, scripts
from hamodel.machines.world import Node, Ping, deadtime, phantoms, ping_name, poll, stonith_hi, stonith_lies, stonith_lo

present = var(Node)
"""The node's list has the phantom."""
queued = var(Node)
"""The phantom's mach_down waits in the queue."""
death_due = var(Node)
"""Its death was due while the node was paused."""
reset_due = var(Node)
death = timer(Node)
"""From the node list to the phantom's death."""
reset = timer(Node)
"""Until a device that only says so has reset the phantom."""


@rule("S3", "HZ-21")
def appears(n: Node) -> None:
    """The peer's node list is here, with its ping nodes."""
    if len(phantoms[n]) > 0:
        present[n] = 1
        start(death[n], deadtime[n], deadtime[n] + poll)


@rule("N6", "HZ-21", when=death)
def dies(n: Node) -> None:
    """Nothing was heard of it for the own dead time: what a death means, it means now."""
    if pause.paused[n]:
        death_due[n] = 1
        return
    for p in every(Ping):
        if p in phantoms[n]:
            log(n, "hb-node-dead", node=ping_name[p])
    resources.stranger_died(n)
    scripts.settle(n)


@rule("D6", "T3", "T4", "HZ-21")
def is_shot_at(n: Node) -> None:
    """No device knows it: the tries go on for ever and change nothing. One that says yes to everything ends them."""
    log(n, "stonith-begin", node=ping_name[phantoms[n][0]])
    if stonith_lies:
        start(reset[n], stonith_lo, stonith_hi)
    else:
        log(n, "stonith-failed", node=ping_name[phantoms[n][0]])


@rule("T2", "HZ-21", when=reset)
def is_shot(n: Node) -> None:
    """The child reports success."""
    if pause.paused[n]:
        reset_due[n] = 1
        return
    log(n, "stonith-ok", node=ping_name[phantoms[n][0]])
    resources.take_over_from_stranger(n)
    scripts.settle(n)


@rule("D9", "HZ-21")
def mach_down_waits(n: Node) -> None:
    """mach_down for a node without lines: it takes nothing, and says that it is done."""
    log(n, "hbr-resources-acquired-from", node=ping_name[phantoms[n][0]])
    queued[n] = 1


@rule("4.5", "HZ-21")
def mach_down_begins(n: Node) -> None:
    queued[n] = 0
    log(n, "harc-run", event="status")
    log(n, "mach-down-begin")


@rule("4.5", "HZ-21")
def mach_down_ends(n: Node) -> None:
    log(n, "mach-down-done", node=ping_name[phantoms[n][0]])
    resources.mach_down_done(n)


@rule("1.1", "HZ-21")
def clocks_go_on(n: Node) -> None:
    """The node goes on after a pause."""
    if death_due[n]:
        start(death[n], 0, poll)
    if reset_due[n]:
        start(reset[n], 0, poll)
    death_due[n] = 0
    reset_due[n] = 0


@rule("1.2")
def queue_dies(n: Node) -> None:
    queued[n] = 0


@rule("1.2")
def forget(n: Node) -> None:
    """A new daemon reads its files and knows no phantom."""
    present[n] = 0
    death_due[n] = 0
    reset_due[n] = 0
    cancel(death[n])
    cancel(reset[n])
