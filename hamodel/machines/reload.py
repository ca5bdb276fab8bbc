"""Reload: Heartbeat executes itself anew while its resources run, and may find that its ha.cf has a mistake.

`heartbeat -r` reads the new files first and does nothing where they are refused; a plain SIGHUP does not look. Then
clients and children are stopped, nothing is released, a dead time of D + 30 s is announced, and the same process
begins a new life with the claims it had: stable at comm up, without asking for its groups (seen on the daemon: the
whole reload takes two seconds and moves nothing). A process that refuses the file is gone; its resources stay up, and
half a minute after the dead time the peer takes them too (HZ-26). 2.0.8 closes the watchdog without a goodbye as it
executes itself, so the new instance has to be there in time; 3.0.6 says goodbye, and nothing resets a machine whose
reload failed. A mistake is also found by every start of the daemon: at boot, by hand, after a restart.
Only in scenarios that name the kind `reload` or `mistake`. Left out: what else the new file changes, a reload before
the first claims have settled or while a restart is due, authkeys (read again without a restart), the state STABLE that
is forced on every resource message of the new life, its release included; all remove behaviour.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import fault, formula, invariant, log, operator, repair, rule, start, var
from hamodel.machines import medium, membership, messages, node, resources, shutdown
from hamodel.machines import watchdog as dog
from hamodel.machines.world import (
    Node,
    exec_says_goodbye,
    legacy_mode,
    other,
    shutdown_hi,
    shutdown_lo,
)

EXEC = 1000
"""The exec, the reading of the files and the start of the children, in ms: well under a second seen."""


class Stage(IntEnum):
    """NONE; LEAVING: phases X7 to X9 run; EXEC: the new instance begins; AGAIN: it runs, comm is not up yet."""

    NONE = 0
    LEAVING = 1
    EXEC = 2
    AGAIN = 3


stage = var(Node, values=Stage)
held = var(Node, values=4)
"""The claims that are handed on: LOCAL 1, FOREIGN 2."""
spoiled = var(Node)
"""The ha.cf of the node has a line that Heartbeat refuses."""


@formula
def is_leaving(n: Node) -> bool:
    return stage[n] == Stage.LEAVING


@formula
def may_hang_up(n: Node) -> bool:
    """The daemon handles the signal, and nothing speaks against a quick restart."""
    return (
        node.daemon[n] == node.Daemon.ACTIVE
        and node.beats(n)
        and not shutdown.in_progress[n]
        and not shutdown.restarts[n]
        and (legacy_mode or resources.rs[n] == resources.Rs.STABLE)
    )


@formula
def may_reload(n: Node) -> bool:
    return may_hang_up(n) and not spoiled[n]


@formula
def may_hang_up_badly(n: Node) -> bool:
    """With a good file the signal does what `heartbeat -r` does."""
    return may_hang_up(n) and spoiled[n]


@formula
def is_spoiled(n: Node) -> bool:
    return spoiled[n]


@formula
def is_good(n: Node) -> bool:
    return not spoiled[n]


@invariant("claims are handed on only by an exec")
def claims_wait_for_the_exec(n: Node) -> bool:
    return held[n] == 0 or stage[n] == Stage.EXEC


# ---- what people do --------------------------------------------------------------------------------------------------


@fault("mistake", "6.3", "HZ-26", guard=is_good, text="the ha.cf of {} gets a line that heartbeat refuses")
def spoil(n: Node) -> None:
    """Nobody notices before the next start or reload."""
    spoiled[n] = 1


@repair("mend", "6.3", guard=is_spoiled, text="the ha.cf of {} is put right")
def mend(n: Node) -> None:
    spoiled[n] = 0


@operator("reload", "6.3", guard=may_reload, text="heartbeat is told on {} to read its new ha.cf (heartbeat -r)")
def reload(n: Node) -> None:
    leave(n)


@operator("reload", "6.3", "HZ-26", guard=may_hang_up_badly, text="heartbeat gets a SIGHUP on {}, its ha.cf is wrong")
def hang_up(n: Node) -> None:
    """Nobody has tried the file before."""
    leave(n)


# ---- the quick restart -----------------------------------------------------------------------------------------------


@rule("6.3", "X7", "X8")
def leave(n: Node) -> None:
    """Shutdown without a release: X6 and its second are left out."""
    stage[n] = Stage.LEAVING
    shutdown.in_progress[n] = 1
    shutdown.restarts[n] = 1
    start(shutdown.last_phases[n], shutdown_lo - 1000, shutdown_hi - 1000)


@rule("6.3", "X8", "X9", "X10")
def execute(n: Node) -> None:
    """Children are killed, the long dead time was announced, and the claims go with the exec."""
    claims = resources.claims_local[n] + 2 * resources.claims_foreign[n]
    if medium.path_to(other(n)):
        membership.will_restart[other(n)] = 1
    shutdown.processes_end(n)
    node.forget(n)
    log(n, "reload-exec", rsc_held=claims)
    if exec_says_goodbye:
        dog.closed_with_v(n)
    else:
        dog.closed_without_v(n)
    stage[n] = Stage.EXEC
    held[n] = claims
    node.daemon[n] = node.Daemon.ASLEEP
    start(node.wake[n], 0, EXEC)


@rule("6.3")
def begins(n: Node) -> None:
    """The claims of the former life are those of the new one (-C)."""
    if stage[n] == Stage.EXEC:
        stage[n] = Stage.AGAIN
        resources.claims_local[n] = held[n] % 2
        resources.claims_foreign[n] = held[n] // 2
        held[n] = 0


@rule("6.3", "4.4", "R1L")
def comm_is_up(n: Node) -> None:
    """-R: stable at once, and told to the peer; in legacy mode nothing is asked for."""
    stage[n] = Stage.NONE
    if not legacy_mode:
        resources.rs[n] = resources.Rs.STABLE
        messages.send(n, messages.STARTING)


@rule("6.3", "6.4", "HZ-26")
def refuses(n: Node) -> None:
    """The new instance exits; after a reload all that ran goes on without it."""
    node.daemon[n] = node.Daemon.OFF
    if stage[n] == Stage.EXEC:
        log(n, "hb-config-error-restart")
        node.killed[n] = 1
    else:
        log(n, "hb-config-error-exit")
    forget(n)


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon is gone; the file on the disk stays as it is."""
    stage[n] = Stage.NONE
    held[n] = 0
