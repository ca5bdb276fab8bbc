"""Resources: what a node claims, what it believes its peer claims, and who takes what.

Claims are set before anything is acquired and dropped before anything is released; no result of a script ever changes
them. Most disasters are the divergence of claims and reality (`scripts.up`). In legacy mode nobody claims anything:
see `legacy`. The audits R17 and R18 and the end of the initial acquisition are lines only.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import cancel, formula, log, rule, start, timer, var
from hamodel.machines import (
    comm_up,
    legacy,
    membership,
    messages,
    node,
    pause,
    phantom,
    reload,
    scripts,
    shutdown,
    standby,
    stonith_device,
)
from hamodel.machines.world import Duty, Node, auto_failback, legacy_mode, node_name, other, poll, reloads, stonith


class Rs(IntEnum):
    """resourcestate (4.2)."""

    INIT = 0
    STARTING = 1
    BOTH_STARTING = 2
    RECEIVED = 3
    STABLE = 4
    SHUTDOWN = 5


rs = var(Node, values=Rs)
claims_local = var(Node)
claims_foreign = var(Node)
peer_local = var(Node)
"""other_holds, in the peer's own terms: the peer claims its LOCAL groups."""
peer_foreign = var(Node)
peer_stable = var(Node)
"""other_is_stable."""
taking_over = var(Node)
"""takeover_in_progress: set by take-over, cleared only by the message of mach_down."""
needs_failback = var(Node)
settle_used = var(Node, values=3)
"""local_takeover_time: 0 not set, 1 running, 2 passed; set once in the life of a daemon."""
settle_time = timer(Node)
"""The 10 s after the first `resource` message of a start (R15)."""
failback_retry = timer(Node)


@formula
def is_stable(n: Node) -> bool:
    """isstable(): what a clean stop waits for and ipfail asks."""
    if legacy_mode[n]:
        return scripts.no_children(n)
    return (shutdown.in_progress[n] and rs[n] == Rs.INIT) or (
        peer_stable[n]
        and not taking_over[n]
        and standby.state[n] == standby.Standby.NOT
        and not standby.deadline_runs(n)
        and scripts.no_children(n)
        and (rs[n] == Rs.STABLE or rs[n] == Rs.SHUTDOWN or rs[n] == Rs.INIT)
    )


# ---- start and join ------------------------------------------------------------------------------------------------


@rule("R1", "R1S")
def begins(n: Node) -> None:
    """Comm is up: the peer is told that this node starts, and a STONITH device is asked how it is (R1S)."""
    if stonith[n]:
        log(n, "stonith-status-check")
    if reloads and reload.stage[n] == reload.Stage.AGAIN:
        reload.comm_is_up(n)
    elif legacy_mode[n]:
        legacy.begins(n)
    else:
        rs[n] = Rs.STARTING
        if membership.view[n] != membership.View.DEAD:
            log(n, "initial-foreign-done", reason="T_RESOURCES")
        messages.send(n, messages.STARTING)


@rule("R2", "R3", "R4")
def peer_is_starting(n: Node) -> None:
    """`starting` from the peer."""
    if rs[n] == Rs.RECEIVED or rs[n] == Rs.STABLE or rs[n] == Rs.SHUTDOWN:
        if taking_over[n]:
            log(n, "hbr-starting-in-takeover")
        peer_stable[n] = 0
        tell_claims(n, rs[n] == Rs.STABLE, 0)
    elif rs[n] == Rs.STARTING:
        log(n, "initial-foreign-done", reason="HB_R_BOTHSTARTING")
        peer_stable[n] = 0
        tell_claims(n, 0, 0)
        rs[n] = Rs.BOTH_STARTING
    else:
        log(n, "hbr-starting-bad-state", rsc_state=rs[n])


@rule("4.3", "R10")
def tell_claims(n: Node, stable: int, info: int) -> None:
    """A full `resource` message: the own copy is handled first, inside this step."""
    if not legacy_mode[n]:
        any_claim_message(n)
        if claims_local[n]:
            log(n, "initial-local-done", reason="T_RESOURCES(us)")
        audit(n)
        messages.send(
            n, messages.RESOURCE + claims_local[n] + 2 * claims_foreign[n] + 4 * (stable != 0) + 8 * (info != 0)
        )


@rule("R5", "R15")
def any_claim_message(n: Node) -> None:
    """The first `resource` message of a start, own copy included, starts the 10 s."""
    if rs[n] == Rs.STARTING or rs[n] == Rs.BOTH_STARTING:
        rs[n] = Rs.RECEIVED
        if not auto_failback[n]:
            log(n, "initial-foreign-done", reason="T_RESOURCES")
        if settle_used[n] == 0:
            settle_used[n] = 1
            start(settle_time[n], 10000, 10000 + poll)
        elif settle_used[n] == 2:
            start(settle_time[n], 0, poll)


@rule("R16", when=settle_time)
def settled(n: Node) -> None:
    """Ten seconds after the first claims: this side is stable, and takes what is its own."""
    if pause.paused[n]:
        pause.postpone(n, Duty.SETTLE)
        return
    settle_used[n] = 2
    if rs[n] == Rs.RECEIVED:
        rs[n] = Rs.STABLE
        request_own(n, 0)
        log(n, "hb-local-transition")
        tell_claims(n, 1, 0)
        scripts.settle(n)


@rule("R5", "R6", "R7", "R8", "R9")
def peer_claims(n: Node, local: int, foreign: int, stable: int) -> None:
    """A full `resource` message of the peer."""
    log(n, "claims-come", stable=stable)
    before = rs[n] + 0
    if before != Rs.INIT:
        any_claim_message(n)
        peer_local[n] = local
        peer_foreign[n] = foreign
        if stable:
            if not peer_stable[n]:
                log(n, "hbr-remote-stable")
                peer_stable[n] = 1
                tell_claims(n, rs[n] == Rs.STABLE, 0)
                auto_failback_check(n)
        else:
            peer_stable[n] = 0
        peer_made_us_stable(n, before)
        audit(n)
    else:
        log(n, "hbr-resource-bad-state", rsc_state=0)


@rule("R9")
def peer_made_us_stable(n: Node, before: int) -> None:
    """The peer is stable and this node was not: it is now, and takes what is its own."""
    if before != Rs.STABLE and before != Rs.SHUTDOWN and peer_stable[n]:
        log(n, "hbr-remote-stable")
        request_own(n, 0)
        rs[n] = Rs.STABLE
        cancel(settle_time[n])
        settle_used[n] = 2
        log(n, "initial-foreign-done", reason="T_RESOURCES(them)")
        if not auto_failback[n] and peer_foreign[n]:
            log(n, "initial-local-done", reason="T_RESOURCES(them)")
        tell_claims(n, 1, 0)
        auto_failback_check(n)


@rule("R17", "R18")
def audit(n: Node) -> None:
    """What the claims say of who owns what; nothing follows from it."""
    if claims_local[n] and peer_foreign[n]:
        log(n, "hbr-audit-both-local")
    if peer_local[n] and claims_foreign[n]:
        log(n, "hbr-audit-both-foreign")
    if is_stable(n) and not shutdown.in_progress[n] and rs[n] != Rs.SHUTDOWN:
        if not claims_local[n] and not peer_foreign[n]:
            log(n, "hbr-audit-none-local")
        if not claims_foreign[n] and not peer_local[n]:
            log(n, "hbr-audit-none-foreign")


@rule("R5", "R6", "R9")
def peer_took_over(n: Node) -> None:
    """The increment that mach_down sends: the peer now also claims its FOREIGN groups."""
    before = rs[n] + 0
    if before != Rs.INIT:
        any_claim_message(n)
        peer_foreign[n] = 1
        peer_made_us_stable(n, before)
        audit(n)


@rule("R11", when=failback_retry)
def failback_again(n: Node) -> None:
    """A second later the check is made again."""
    if pause.paused[n]:
        pause.postpone(n, Duty.FAILBACK)
        return
    auto_failback_check(n)


@rule("R11")
def auto_failback_check(n: Node) -> None:
    """Give back what was taken from a peer that is back.

    Neither children nor a running take-over are looked at (HZ-15).
    """
    if shutdown.in_progress[n] or not claims_foreign[n] or not needs_failback[n] or not auto_failback[n]:
        needs_failback[n] = 0
    elif standby.state[n] != standby.Standby.NOT or not peer_stable[n] or rs[n] != Rs.STABLE:
        start(failback_retry[n], 1000, 1000 + poll)
    else:
        needs_failback[n] = 0
        standby.ask(n, standby.FOREIGN)


@rule("R12")
def request_own(n: Node, force: int) -> None:
    """The own groups are claimed now and asked for by a child."""
    if not shutdown.in_progress[n]:
        if legacy_mode[n]:
            scripts.begin_check(n)
        elif (peer_foreign[n] or claims_local[n]) and not force and standby.state[n] == standby.Standby.NOT:
            log(n, "hbr-local-none")
        else:
            claims_local[n] = 1
            scripts.begin_check(n)


@rule("R10")
def mach_down_done(n: Node) -> None:
    """The message of mach_down, own copy first; before comm up nobody listens to it (HZ-27).

    It sets rsc_needs_failback but makes no check: a peer that came back before has been greeted already, so the
    groups stay here although auto_failback is on. Seen on the daemon: stop, slow take-over, start at once, and the
    group never returns.
    """
    if legacy_mode[n]:
        return
    if node.daemon[n] == node.Daemon.ACTIVE:
        any_claim_message(n)
        taking_over[n] = 0
        claims_foreign[n] = 1
        needs_failback[n] = 1
        peer_stable[n] = 1
        log(n, "hbr-machdown-complete")
        if claims_local[n]:
            log(n, "initial-local-done", reason="mach_down")
        log(n, "initial-foreign-done", reason="mach_down")
        audit(n)
        messages.send(n, messages.MACH_DOWN)


# ---- the peer is dead ----------------------------------------------------------------------------------------------


@formula
def peer_holds_nothing(n: Node) -> bool:
    """The dead peer was heard, and by what it said last it runs nothing: no fence."""
    if legacy_mode[n]:
        return membership.heard[n] and legacy.gave_up[n]
    return membership.heard[n] and not peer_local[n] and not peer_foreign[n]


@rule("D1", "D2", "D3", "D4", "D5", "D6", "D7")
def peer_died(n: Node) -> None:
    """What a death means.

    Nothing while shutting down, a fence first where one is configured and needed, else take-over.
    """
    if standby.state[n] != standby.Standby.NOT:
        standby.peer_died(n)
    if shutdown.in_progress[n]:
        death_while_stopping(n)
    else:
        if not legacy_mode[n]:
            needs_failback[n] = 1
        if peer_holds_nothing(n):
            peer_gave_up(n)
        elif stonith[n]:
            stonith_device.reset_peer(n)
        else:
            comm_up.everybody_known(n)
            log(n, "no-stonith")
            log(other(n), "peer-shoots-nobody")
            take_over(n)


@rule("D3", "D4")
def death_while_stopping(n: Node) -> None:
    """Nothing is taken any more; a release that waits is tried again."""
    if rs[n] == Rs.SHUTDOWN or rs[n] == Rs.STABLE:
        log(n, "hbr-recover-in-shutdown", rsc_state=rs[n])
    else:
        shutdown.give_up(n)


@rule("D1", "D5", "D6", "D7", "HZ-21")
def stranger_died(n: Node) -> None:
    """A node of which nothing was ever heard and which is not the peer: nobody knows that it holds nothing."""
    if standby.state[n] != standby.Standby.NOT:
        standby.peer_died(n)
    if shutdown.in_progress[n]:
        death_while_stopping(n)
    else:
        if not legacy_mode[n]:
            needs_failback[n] = 1
        if stonith[n]:
            phantom.is_shot_at(n)
        else:
            log(n, "no-stonith")
            take_over_from_stranger(n)


@rule("D8", "T0")
def peer_gave_up(n: Node) -> None:
    """The last claim of the dead peer was `none`: no fence (HZ-09, HZ-10, HZ-11)."""
    comm_up.everybody_known(n)
    log(n, "hbr-dead-gave-up", node=node_name[other(n)])
    if legacy_mode[n]:
        take_over(n)
    elif claims_local[n] and claims_foreign[n]:
        peer_stable[n] = 1
    else:
        if not claims_local[n]:
            request_own(n, 1)
        if not claims_foreign[n]:
            take_over(n)


@rule("D9", "T7")
def take_over(n: Node) -> None:
    """Everything is claimed at once and mach_down is queued. Whether the peer is (still) dead is not asked (HZ-12)."""
    if shutdown.in_progress[n]:
        log(n, "hbr-takeover-cancelled")
    else:
        log(n, "hbr-resources-acquired-from", node=node_name[other(n)])
        scripts.down_queued[n] = 1
        membership.heard[n] = 1
        claim_all(n)


@rule("D9", "HZ-21")
def take_over_from_stranger(n: Node) -> None:
    """The same for a node that is not the peer: what the peer holds is forgotten, though it is alive."""
    if shutdown.in_progress[n]:
        log(n, "hbr-takeover-cancelled")
    else:
        phantom.mach_down_waits(n)
        claim_all(n)


@rule("D9")
def claim_all(n: Node) -> None:
    """FOREIGN is claimed and the peer holds nothing, before the queued mach_down and the own groups begin."""
    if not legacy_mode[n]:
        claims_foreign[n] = 1
        peer_local[n] = 0
        peer_foreign[n] = 0
        peer_stable[n] = 1
        taking_over[n] = 1
    scripts.run_queue(n)
    request_own(n, 1)


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon's memory is gone."""
    rs[n] = Rs.INIT
    claims_local[n] = 0
    claims_foreign[n] = 0
    peer_local[n] = 0
    peer_foreign[n] = 0
    peer_stable[n] = 0
    taking_over[n] = 0
    needs_failback[n] = 0
    settle_used[n] = 0
    cancel(settle_time[n])
    cancel(failback_retry[n])
