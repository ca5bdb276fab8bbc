"""Shutdown: a clean stop, and the release and restart after a healed partition.

The claim is dropped and the watchdog closed before anything is released; status messages go on until the very end.
Left out: the 60-minute emergency shutdown (6.5, HZ-18), reload (6.3), the second SIGTERM (harmless); they remove
behaviour. The phases X6 to X10 are one interval.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, log, rule, start, timer, var
from hamodel.machines import legacy, medium, membership, messages, node, pause, resources, scripts, standby
from hamodel.machines import watchdog as dog
from hamodel.machines.world import (
    GIVE_UP,
    Duty,
    Node,
    Slot,
    all_mask,
    group_owner,
    legacy_mode,
    node_name,
    other,
    poll,
    restart_sleep,
    shutdown_hi,
    shutdown_lo,
)

in_progress = var(Node)
releasing = var(Node)
"""resource_shutdown_in_progress."""
delayed = var(Node)
"""rsc_needs_shutdown: to be tried again."""
restarts = var(Node)
"""restart_after_shutdown."""
last_phases = timer(Node)


@rule("X1", "X2")
def stop(n: Node) -> None:
    """SIGTERM: at once, or after comm up."""
    in_progress[n] = 1
    if node.daemon[n] == node.Daemon.ACTIVE:
        give_up(n)
    else:
        log(n, "hb-shutdown-delayed-comm")


@rule("X1")
def begin_delayed(n: Node) -> None:
    """Comm is up: a stop that was asked for earlier begins."""
    if in_progress[n]:
        give_up(n)


@rule("N8b", "6.4")
def restart(n: Node) -> None:
    """Release and restart. `in_progress` is set only in X4: until then the node still takes over."""
    restarts[n] = 1
    give_up(n)


@rule("X3", "X4")
def give_up(n: Node) -> None:
    """Release everything, or as soon as this node is stable."""
    if not releasing[n]:
        if resources.is_stable(n):
            in_progress[n] = 1
            releasing[n] = 1
            delayed[n] = 0
            log(n, "hbr-shutdown-progress")
            dog.closed_with_v(n)
            resources.claims_local[n] = 0
            resources.claims_foreign[n] = 0
            resources.rs[n] = resources.Rs.SHUTDOWN
            cancel(resources.settle_time[n])
            resources.tell_claims(n, 0, 1)
            log(n, "give-up-all-begin")
            scripts.begin_give(n, Slot(GIVE_UP), all_mask(group_owner[n]))
        else:
            if not delayed[n]:
                log(n, "hbr-shutdown-delayed")
            delayed[n] = 1


@rule("X3")
def retry(n: Node) -> None:
    if delayed[n]:
        give_up(n)


@rule("X5", "X6")
def released(n: Node) -> None:
    """The give-up child is done: `shutdone`, to itself and to the peer."""
    log(n, "give-up-all-end")
    resources.claims_local[n] = 0
    resources.claims_foreign[n] = 0
    messages.send(n, messages.SHUTDONE)
    start(last_phases[n], shutdown_lo, shutdown_hi)


@rule("X7", "X8", "X9", "X10", when=last_phases)
def daemon_ends(n: Node) -> None:
    """The daemon is gone: for good, or for the time of the restart sleep, which its announced dead time covers."""
    if pause.paused[n]:
        pause.postpone(n, Duty.LAST_PHASES)
        return
    again = restarts[n] + 0
    log(n, "client-stop")
    log(n, "core-stop")
    if again and medium.path_to(other(n)):
        membership.will_restart[other(n)] = 1
    for c in every(Slot):
        scripts.children_killed(n, c)
    scripts.check_dies(n)
    node.forget(n)
    if again:
        log(n, "shutdown-complete", restart=1)
        node.daemon[n] = node.Daemon.ASLEEP
        start(node.wake[n], restart_sleep[n], restart_sleep[n] + poll)
    else:
        log(n, "shutdown-complete", restart=0)
        node.rests(n)


@rule("4.8", "D9")
def peer_is_down(n: Node) -> None:
    """`shutdone` from the peer: an acquire child at once, then the take-over."""
    log(n, "hbr-shutdown-notice", node=node_name[other(n)])
    if legacy_mode[n]:
        legacy.gave_up[n] = 1
    elif node.daemon[n] == node.Daemon.ACTIVE:
        resources.peer_stable[n] = 1
        resources.peer_local[n] = 0
        resources.peer_foreign[n] = 0
        if not (resources.claims_local[n] and resources.claims_foreign[n]) and not in_progress[n]:
            standby.state[n] = standby.Standby.DONE
            if not resources.claims_local[n] and not resources.claims_foreign[n]:
                standby.acquire_begins(n, standby.ALL)
            elif resources.claims_local[n]:
                standby.acquire_begins(n, standby.FOREIGN)
            else:
                standby.acquire_begins(n, standby.LOCAL)
    resources.peer_stable[n] = 0
    resources.peer_local[n] = 0
    resources.peer_foreign[n] = 0
    resources.take_over(n)


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon's memory is gone."""
    in_progress[n] = 0
    releasing[n] = 0
    delayed[n] = 0
    restarts[n] = 0
    cancel(last_phases[n])
