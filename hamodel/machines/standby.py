"""Standby: the only way in which groups change hands in order.

Two messages each way: the giver asks (me), the other agrees (other), the giver releases and says so (done), the other
acquires and says so (done). The giver drops its claim before its release begins. Neither running starts nor a running
take-over are looked at (HZ-16). The mirror: what is FOREIGN to the giver is LOCAL to the taker.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import cancel, formula, log, on, rule, start, timer, var
from hamodel.machines import messages, node, pause, resources, scripts, shutdown
from hamodel.machines.world import (
    STANDBY,
    Duty,
    Node,
    Slot,
    all_mask,
    foreign_mask,
    group_owner,
    keepalive,
    legacy_mode,
    node_name,
    other,
    owned_mask,
)

LOCAL, FOREIGN, ALL = 0, 1, 2
ME, OTHER_SIDE, DONE_MESSAGE = 0, 1, 2


class Standby(IntEnum):
    """going_standby."""

    NOT = 0
    ME = 1
    OTHER = 2
    DONE = 3


state = var(Node, values=Standby)
kind = var(Node, values=3)
"""standby_rsctype of the exchange at hand."""
child_kind = var(Node, values=3)
"""The set as the running child got it at its fork."""
child_gives = var(Node)
deadline = timer(Node)
"""The 10 s for an answer (B3)."""
hour = timer(Node, far=True)
"""The hour for the whole exchange (B4, B5, B7, B8)."""


@formula
def deadline_runs(n: Node) -> bool:
    return on(deadline[n]) or on(hour[n])


@rule("B4")
def one_hour(n: Node) -> None:
    cancel(deadline[n])
    start(hour[n], 3600000, 3600000)


@rule("B10")
def no_deadline(n: Node) -> None:
    cancel(deadline[n])
    cancel(hour[n])


@rule("B3", "R11", "I11")
def ask(n: Node, what: int) -> None:
    """`ask_resources me`: the own copy first, which a node in legacy mode refuses, then the peer's."""
    if not legacy_mode[n]:
        asked_by_self(n, what)
    messages.send(n, messages.ASK + 3 * what + ME)


@formula
def may_begin(n: Node) -> bool:
    """B0 to B2: no exchange runs, the peer is stable, and so is this node."""
    return (
        not deadline_runs(n)
        and state[n] == Standby.NOT
        and resources.peer_stable[n]
        and resources.rs[n] == resources.Rs.STABLE
    )


@rule("B0", "B1", "B2", "B3")
def asked_by_self(n: Node, what: int) -> None:
    """`me` from this node."""
    if may_begin(n):
        log(n, "hbr-wants-standby", node=node_name[n], rsc_type=what + 1)
        kind[n] = what
        resources.peer_stable[n] = 0
        state[n] = Standby.ME
        start(deadline[n], 10000, 10000 + keepalive[n])
    elif deadline_runs(n):
        log(n, "hbr-standby-busy", node=node_name[n])
    elif not resources.peer_stable[n]:
        log(n, "hbr-standby-other-flux", info="me", node=node_name[n])
    elif resources.rs[n] != resources.Rs.STABLE:
        log(n, "hbr-standby-local-flux", info="me", node=node_name[n])


@rule("B4", "B5", "B8", "B11", "B12", "B13")
def asked(n: Node, what: int, info: int) -> None:
    """`ask_resources` from the peer; `what` is the set from the giver's view."""
    if info == DONE_MESSAGE:
        log(n, "done-comes")
    if info == ME:
        if may_begin(n):
            log(n, "hbr-wants-standby", node=node_name[other(n)], rsc_type=what + 1)
            kind[n] = what
            resources.peer_stable[n] = 0
            state[n] = Standby.OTHER
            one_hour(n)
            messages.send(n, messages.ASK + 3 * what + OTHER_SIDE)
        elif deadline_runs(n):
            log(n, "hbr-standby-busy", node=node_name[other(n)])
    elif info == OTHER_SIDE and state[n] == Standby.ME:
        release_begins(n, what)
    elif info == DONE_MESSAGE and state[n] == Standby.OTHER:
        log(n, "hbr-standby-acquire", rsc_type=what + 1, node=node_name[other(n)])
        kind[n] = what
        one_hour(n)
        state[n] = Standby.DONE
        acquire_begins(n, what)
    elif info == DONE_MESSAGE and state[n] == Standby.DONE:
        log(n, "hbr-standby-other-done", rsc_type=what + 1)
        no_deadline(n)
        state[n] = Standby.NOT
        resources.tell_claims(n, 1, 0)
    elif not shutdown.in_progress[n]:
        log(n, "hbr-standby-ignored", info="done", node=node_name[other(n)], standby_state=state[n])


@rule("B5", "B6")
def release_begins(n: Node, what: int) -> None:
    """The peer agrees: the claim is dropped and told, then the release starts."""
    log(n, "hbr-can-take", node=node_name[other(n)], rsc_type=what + 1)
    kind[n] = what
    one_hour(n)
    drop(n, what)
    resources.peer_stable[n] = 0
    resources.tell_claims(n, 0, 1)
    child_kind[n] = what
    child_gives[n] = 1
    log(n, "standby-give-up-begin", rsc_type=what + 1)
    if what == LOCAL:
        scripts.begin_give(n, Slot(STANDBY), owned_mask(n, group_owner[n]))
    elif what == FOREIGN:
        scripts.begin_give(n, Slot(STANDBY), foreign_mask(n, group_owner[n]))
    else:
        scripts.begin_give(n, Slot(STANDBY), all_mask(group_owner[n]))


@rule("B9", "4.8")
def acquire_begins(n: Node, what: int) -> None:
    """The mirror set is taken: FOREIGN of the giver is LOCAL here."""
    child_kind[n] = what
    child_gives[n] = 0
    if what == LOCAL:
        log(n, "standby-acquire-begin", rsc_type=2)
        scripts.begin_take(n, Slot(STANDBY), foreign_mask(n, group_owner[n]))
    elif what == FOREIGN:
        log(n, "standby-acquire-begin", rsc_type=1)
        scripts.begin_take(n, Slot(STANDBY), owned_mask(n, group_owner[n]))
    else:
        log(n, "standby-acquire-begin", rsc_type=3)
        scripts.begin_take(n, Slot(STANDBY), all_mask(group_owner[n]))


@rule("B5")
def drop(n: Node, what: int) -> None:
    """The claim on this set is gone."""
    if what != FOREIGN:
        resources.claims_local[n] = 0
    if what != LOCAL:
        resources.claims_foreign[n] = 0


@rule("B6", "B7", "B10", "B13")
def child_done(n: Node) -> None:
    """The child's `done`: the own copy first, then the peer's. Before comm up nobody listens."""
    if child_gives[n]:
        log(n, "standby-give-up-end", rsc_type=child_kind[n] + 1)
    elif child_kind[n] == ALL:
        log(n, "standby-acquire-end", rsc_type=3)
    else:
        log(n, "standby-acquire-end", rsc_type=2 - child_kind[n])
    if node.daemon[n] == node.Daemon.ACTIVE:
        if state[n] == Standby.ME:
            log(n, "hbr-standby-local-done", rsc_type=kind[n] + 1)
            state[n] = Standby.DONE
            drop(n, kind[n])
            one_hour(n)
        elif state[n] == Standby.DONE:
            log(n, "hbr-standby-acq-done", rsc_type=child_kind[n] + 1)
            no_deadline(n)
            state[n] = Standby.NOT
            if child_kind[n] != LOCAL:
                resources.claims_local[n] = 1
                log(n, "initial-local-done", reason="auto_failback")
            if child_kind[n] != FOREIGN:
                resources.claims_foreign[n] = 1
            log(other(n), "claims-overtake")
            resources.tell_claims(n, 1, 0)
        else:
            log(n, "hbr-standby-ignored", info="done", node=node_name[n], standby_state=state[n])
        messages.send(n, messages.ASK + 3 * child_kind[n] + DONE_MESSAGE)
    child_kind[n] = 0
    child_gives[n] = 0


@rule("B14", when=deadline)
def no_answer(n: Node) -> None:
    """Ten seconds without an answer; noticed with the next message, which is at most a keepalive away."""
    if pause.paused[n]:
        pause.postpone(n, Duty.DEADLINE)
        return
    give_up_waiting(n)


@rule("B14", when=hour)
def an_hour_is_over(n: Node) -> None:
    """The exchange took an hour."""
    if pause.paused[n]:
        pause.postpone(n, Duty.HOUR)
        return
    give_up_waiting(n)


@rule("B14")
def give_up_waiting(n: Node) -> None:
    log(n, "hb-standby-timeout")
    resources.peer_stable[n] = 1
    state[n] = Standby.NOT
    scripts.settle(n)


@rule("B15", "D1")
def peer_died(n: Node) -> None:
    """The exchange is cancelled; its release or acquire child goes on."""
    log(n, "hbr-standby-cancelled")
    state[n] = Standby.NOT
    no_deadline(n)
    if not resources.peer_stable[n] and resources.claims_local[n] and resources.claims_foreign[n]:
        resources.peer_stable[n] = 1


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon's memory is gone."""
    state[n] = Standby.NOT
    kind[n] = 0
    child_kind[n] = 0
    child_gives[n] = 0
    no_deadline(n)
