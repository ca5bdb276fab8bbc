"""A node in CRM mode, as far as its clients can tell: a daemon that is active, and a machine that reboots.

With `crm on` Heartbeat manages no resources: there are no claims, no STONITH and no haresources, and what the cluster
does is the business of its clients. Only their lives are played here, and nodes do not meet in them: a run begins
where comm is up. Left out: everything between power and comm up, and everything the daemons say to each other; nothing
in the lives of the clients depends on it but the moment in which they begin.
"""

from __future__ import annotations

from hamodel.ir.words import every, log, rule, start, timer, var
from hamodel.machines import respawn
from hamodel.machines.world import Node, autostart, boot_hi, boot_lo, initdead

runs = var(Node)
"""The daemon is active."""
returns = timer(Node)
"""After a reboot: until comm is up again."""


@rule("S4")
def power_up() -> None:
    """Both daemons are active."""
    for n in every(Node):
        log(n, "boot")
        log(n, "daemon-start")
        log(n, "status-up")
        comm_up(n)


@rule("S4")
def comm_up(n: Node) -> None:
    runs[n] = 1
    log(n, "comm-up")
    respawn.begin_all(n)


@rule("10-failfast")
def reset(n: Node) -> None:
    """The machine reboots and starts its daemon; comm is up when the peer is heard or given up."""
    runs[n] = 0
    respawn.forget(n)
    log(n, "boot")
    if autostart:
        start(returns[n], boot_lo, boot_hi + initdead[n])


@rule("S4", when=returns)
def daemon_returns(n: Node) -> None:
    log(n, "daemon-start")
    comm_up(n)
