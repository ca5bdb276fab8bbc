"""Shutdown: a clean stop, and the release and restart after a healed partition.

The claim is dropped and the watchdog closed before anything is released; status messages go on until the very end.
What is not over after an hour ends in an emergency: scripts are killed, the watchdog is closed with its goodbye, and
what was not stopped goes on without a daemon. The phases X6 to X10 are one interval; core processes end when they are
told to, so the emergency 30 s after X9 never comes.
Left out: the second SIGTERM (its own hour ends after the first), a hung stop that something keeps busy for ever, such
as a retry every few seconds (it never sees its hour end); the latter removes behaviour.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, log, on, rule, start, timer, var
from hamodel.machines import legacy, medium, membership, messages, node, pause, reload, resources, scripts, standby
from hamodel.machines import watchdog as dog
from hamodel.machines.world import (
    GIVE_UP,
    HOUR,
    Duty,
    Node,
    Slot,
    all_mask,
    group_owner,
    legacy_mode,
    node_name,
    other,
    poll,
    reloads,
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
emergency = timer(Node, far=True)
"""The hour a stop or a restart is given."""


@rule("X1", "X2")
def stop(n: Node) -> None:
    """SIGTERM: at once, or after comm up."""
    in_progress[n] = 1
    if node.daemon[n] == node.Daemon.ACTIVE:
        begin_hour(n)
        give_up(n)
    else:
        log(n, "hb-shutdown-delayed-comm")


@rule("X1")
def begin_delayed(n: Node) -> None:
    """Comm is up: a stop that was asked for earlier begins."""
    if in_progress[n]:
        begin_hour(n)
        give_up(n)


@rule("X2", "6.4", "6.5")
def begin_hour(n: Node) -> None:
    """The emergency timer of this stop; a second one would end later."""
    if not on(emergency[n]):
        start(emergency[n], HOUR, HOUR)


@rule("N8b", "6.4")
def restart(n: Node) -> None:
    """Release and restart. `in_progress` is set only in X4: until then the node still takes over."""
    restarts[n] = 1
    begin_hour(n)
    give_up(n)


@rule("X3", "X4")
def give_up(n: Node) -> None:
    """Release everything, or as soon as this node is stable."""
    if not releasing[n] and not (reloads and reload.is_leaving(n)):
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
    if reloads and reload.is_leaving(n):
        reload.execute(n)
        return
    again = restarts[n] + 0
    if again and medium.path_to(other(n)):
        membership.will_restart[other(n)] = 1
    processes_end(n)
    node.forget(n)
    if again:
        log(n, "shutdown-complete", restart=1)
        node.daemon[n] = node.Daemon.ASLEEP
        start(node.wake[n], restart_sleep[n], restart_sleep[n] + poll)
    else:
        log(n, "shutdown-complete", restart=0)
        node.rests(n)


@rule("X7", "X8", "X9")
def processes_end(n: Node) -> None:
    """Clients, children and the core: what still runs of the scripts is killed."""
    log(n, "client-stop")
    log(n, "core-stop")
    for c in every(Slot):
        scripts.children_killed(n, c)
    scripts.check_dies(n)


@rule("6.5", "HZ-18", when=emergency)
def hour_is_over(n: Node) -> None:
    """The stop has not come to its end: a script hangs, or this node waits for a peer that never gets stable."""
    if pause.paused[n]:
        pause.postpone(n, Duty.EMERGENCY)
        return
    emergency_shutdown(n)


@rule("6.5", "HZ-18")
def emergency_shutdown(n: Node) -> None:
    """Scripts and daemon are killed. What was not stopped goes on; the watchdog is closed in order: no reset."""
    log(n, "hb-emergency-kill")
    for c in every(Slot):
        scripts.children_killed(n, c)
    scripts.check_dies(n)
    node.killed[n] = 1
    dog.closed_with_v(n)
    node.forget(n)


@rule("4.8", "D9")
def peer_is_down(n: Node) -> None:
    """`shutdone` from the peer: an acquire child at once, then the take-over."""
    log(n, "hbr-shutdown-notice", node=node_name[other(n)])
    if legacy_mode:
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
    cancel(emergency[n])
