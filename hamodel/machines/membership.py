"""Membership: what one node believes about its peer.

A peer is dead to its observer once nothing was heard of it for the dead time the peer itself announced, and alive
again with its next status. A cut wire and a dead peer look the same from here; every split brain begins in this file.
Beats that arrive change nothing, so they are not steps: `silence` runs only while no beats come, `hear` only until
the first comes. Left out: warntime (a log line), the 2 s by which the dead time is longer in the first 5 s of a
daemon's life unless `youth` is given (removes late deaths). A status that is late: lateness.py; ping nodes:
ping_nodes.py. A joiner whose generation went back hears and is not heard (N8a), and so does a node whose peer is
deaf: without an answer to `reqnodes` it stays `up`, without clients and resources, until the peer dies (S3). The
owner that is not heard never restarts; only the deaf side sees its peer return (7.1).
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import cancel, every, fault, formula, hasten, invariant, log, on, rule, start, timer, var
from hamodel.machines import (
    comm_up,
    ipfail,
    lateness,
    legacy,
    loss,
    medium,
    messages,
    node,
    pause,
    ping_nodes,
    reorder,
    resources,
    shutdown,
)
from hamodel.machines.world import (
    Duty,
    Medium,
    Node,
    deadtime,
    generation_by_clock,
    generation_restarts,
    initdead,
    keepalive,
    late_is_dead,
    latency_hi,
    legacy_mode,
    loses,
    medium_name,
    node_name,
    other,
    poll,
    reorders,
    youth,
)


class View(IntEnum):
    """The stored status of the peer (2.1)."""

    INIT = 0
    UP = 1
    ACTIVE = 2
    DEAD = 3


class Life(IntEnum):
    """What is known of the peer's generation: none, the one it has now, one it had before."""

    UNKNOWN = 0
    SAME = 1
    EARLIER = 2


view = var(Node, values=View)
known = var(Node, values=Life)
heard = var(Node)
"""anypacketsyet: a packet of the peer came since it was last declared dead."""
replayed = var(Node)
"""The generation of the node went back below the one its peer knows: the peer drops all its packets (N8a)."""
will_restart = var(Node)
"""The peer announced a dead time of D + 30 s (2.2, X8)."""
news_on_its_way = var(Node)
"""A changed status of the peer travels; nothing the peer sends later overtakes it."""

first_wait = timer(Node)
"""initdead: from the start of the daemon, for all that was never heard."""
silence = timer(Node)
"""Until the peer is declared dead; runs only while no beats of it arrive."""
hear = timer(Node)
"""Until the next status of the peer arrives; runs from the moment a path works again or the status changes."""
cautious = timer(Node)
"""The daemon announces a longer dead time; that its last such status counts until the next one is left out."""
CAUTION = 2000
"""By how much the announced dead time is longer in the first 5 s of a daemon, in ms (2.2)."""
heal = timer(Node)
"""The 2 s between `returning after partition` and the restart."""


@formula
def hears(n: Node) -> bool:
    """Beats of the peer reach `n`; if it is paused they wait there."""
    return node.alive(n) and node.beats(other(n)) and medium.path_to(n)


@formula
def is_current(n: Node) -> bool:
    """The peer is thought alive, in the life it has now."""
    return view[n] != View.DEAD and view[n] != View.INIT and known[n] == Life.SAME


@invariant("a peer that is heard and not current has its next status on the way")
def a_heard_peer_is_current(n: Node) -> bool:
    return not hears(n) or on(hear[n]) or pause.status_waits[n] or is_current(n)


@invariant("silence runs only while the peer is not dead")
def silence_is_for_the_living(n: Node) -> bool:
    return not on(silence[n]) or view[n] != View.DEAD


@invariant("a peer that is not heard and not dead is being waited for")
def silence_is_noticed(n: Node) -> bool:
    return not node.alive(n) or hears(n) or view[n] == View.DEAD or is_awaited(n)


@formula
def is_awaited(n: Node) -> bool:
    """Some clock will find the peer silent, or did so while `n` was paused; or a status waits."""
    return (
        on(silence[n])
        or on(first_wait[n])
        or on(pause.phase[other(n)])
        or pause.status_waits[n]
        or pause.due[n, Duty.SILENCE]
        or pause.due[n, Duty.FIRST_WAIT]
    )


# ---- beats come and go -------------------------------------------------------------------------------------------


@rule("S1")
def begins(n: Node) -> None:
    """The daemon of `n` begins: it waits for everybody, and everybody hears of it."""
    if known[other(n)] == Life.SAME:
        known[other(n)] = Life.EARLIER
    start(first_wait[n], initdead[n], initdead[n] + poll)
    if youth > 0:
        start(cautious[n], youth, youth)
    ping_nodes.begins(n)
    beats_reach(n)
    log(other(n), "packets-begin")
    medium.replays_reach(other(n))
    status_changes(n)


@rule("N4")
def beats_reach(n: Node) -> None:
    """Beats of the peer reach `n` from now on: the next comes within its keepalive."""
    if hears(n):
        hasten(hear[n], keepalive[other(n)] + latency_hi)


@rule("2.2")
def status_changes(n: Node) -> None:
    """`n` sends its changed status at once."""
    log(other(n), "status-is-sent", status=node.daemon[n])
    if hears(other(n)):
        log(other(n), "status-travels", status=node.daemon[n])
        if pause.paused[other(n)]:
            pause.status_comes(other(n), latency_hi)
        else:
            hasten(hear[other(n)], latency_hi)
            news_on_its_way[other(n)] = 1


@rule("N6")
def lost(n: Node) -> None:
    """Nothing more of the peer reaches `n`; the last beat came at most a keepalive ago."""
    beats_stop(n)
    wait_for_death(n, keepalive[other(n)], 0)


@rule("N6")
def beats_stop(n: Node) -> None:
    """Nothing more of the peer reaches `n`."""
    cancel(hear[n])
    news_on_its_way[n] = 0
    log(n, "status-is-lost")


@formula
def may_wait(n: Node) -> bool:
    """The peer is thought alive, no clock runs or ran out yet, and no status waits that would set it anew."""
    return (
        node.alive(n)
        and view[n] != View.DEAD
        and view[n] != View.INIT
        and not on(silence[n])
        and not pause.status_waits[n]
        and not pause.due[n, Duty.SILENCE]
    )


@rule("N6", "N3'")
def wait_for_death(n: Node, early: int, more: int) -> None:
    """The dead time counts from the last status, which was handled from `-more` to `early` ms ago."""
    if may_wait(n):
        if will_restart[n]:
            start(
                silence[n],
                deadtime[other(n)] + 30000 - early,
                deadtime[other(n)] + 30000 + more + poll + latency_hi,
            )
        elif on(cautious[other(n)]):
            start(
                silence[n],
                deadtime[other(n)] + CAUTION - early,
                deadtime[other(n)] + CAUTION + more + poll + latency_hi,
            )
        else:
            start(silence[n], deadtime[other(n)] - early, deadtime[other(n)] + more + poll + latency_hi)
        if deadtime[n] < deadtime[other(n)]:
            lateness.measure(n, early, more + latency_hi)


@rule("2.2", when=cautious)
def grows_up(n: Node) -> None:
    """The dead time of ha.cf is announced from now on."""
    cancel(cautious[n])


@rule("N6")
def severed(n: Node) -> None:
    """No path leads to `n` any more."""
    cancel(messages.arrival[n])
    if reorders:
        cancel(reorder.again[n])
    pause.path_is_lost(n)
    lost(n)


@formula
def misses_beats(n: Node) -> bool:
    """The peer is not known, dead, or its silence is measured: the next beat counts."""
    return (
        view[n] == View.DEAD
        or view[n] == View.INIT
        or on(silence[n])
        or pause.due[n, Duty.SILENCE]
        or on(lateness.gap[n])
        or lateness.late[n]
    )


@rule("N8f")
def restored(n: Node) -> None:
    """Something works again: where a path leads to `n`, its messages and beats come, and what it asks is answered."""
    messages.resume_delivery(n)
    if misses_beats(n):
        beats_reach(n)
    comm_up.ask_again(n)


# ---- a status arrives ----------------------------------------------------------------------------------------------


@rule("N2", "N4", when=hear)
def status_arrives(n: Node) -> None:
    """The next status of the peer is accepted, or waits where the node is paused."""
    if pause.paused[n]:
        pause.status_comes(n, latency_hi - keepalive[other(n)])
    else:
        hear_now(n)


@rule("N2", "N8b", "N8c", "N3'")
def hear_now(n: Node) -> None:
    """A status.

    Of a new life (greeted, whatever it holds), of a life thought dead (the partition has healed), too late, or just
    news.
    """
    cancel(hear[n])
    news_on_its_way[n] = 0
    heard[n] = 1
    if known[n] != Life.SAME:
        if known[n] == Life.EARLIER:
            log(n, "hb-peer-restarted", node=node_name[other(n)])
        links_come(n)
        known[n] = Life.SAME
        if legacy_mode[n]:
            legacy.gave_up[n] = 0
    elif view[n] == View.DEAD:
        log(n, "partition-healed", node=node_name[other(n)])
        links_come(n)
        if not on(heal[n]):
            start(heal[n], 2000, 2000 + poll)
        if late_is_dead:
            log(n, "hb-late-heartbeat-deadtime", node=node_name[other(n)], interval_ms=deadtime[n] + 1)
            dies(n)
    elif lateness.late[n]:
        log(n, "hb-late-heartbeat-deadtime", node=node_name[other(n)], interval_ms=deadtime[n] + 1)
        dies(n)
    store_status(n)


@rule("L1")
def links_come(n: Node) -> None:
    """The first packets of a peer that was dead or unknown: on all media that bring them."""
    if view[n] == View.DEAD or view[n] == View.INIT:
        for m in every(Medium):
            if medium.brings(n, m):
                log(n, "hb-link-status", node=node_name[other(n)], link=medium_name[m], status="up")


@rule("N2", "N4")
def store_status(n: Node) -> None:
    """The peer's status is the stored one now, and so is its announced dead time."""
    if node.daemon[other(n)] == node.Daemon.UP:
        if view[n] != View.UP:
            log(n, "hb-node-status", node=node_name[other(n)], status="up")
        view[n] = View.UP
    else:
        if view[n] != View.ACTIVE:
            log(n, "hb-node-status", node=node_name[other(n)], status="active")
        view[n] = View.ACTIVE
    log(n, "status-is-handled")
    if node.daemon[other(n)] != node.Daemon.ASLEEP:
        will_restart[n] = 0
    cancel(silence[n])
    cancel(hear[n])
    lateness.handled(n)
    if not hears(n) and not on(pause.phase[other(n)]):
        wait_for_death(n, 0, 0)
    if loses:
        loss.heard_now(n)
    comm_up.everybody_known(n)


# ---- a generation that went back -----------------------------------------------------------------------------------


@formula
def is_down_and_known(n: Node) -> bool:
    """The daemon of `n` is down, for a moment or for long, and its peer remembers it."""
    return not node.alive(n) and known[other(n)] != Life.UNKNOWN and not replayed[n]


@formula
def may_go_back(n: Node) -> bool:
    """With `hbgenmethod time` the clock can be set back; without it 2.0.8 can lose its file, 3.0.6 takes the clock."""
    return (generation_by_clock[n] or generation_restarts) and is_down_and_known(n)


@fault("generation", "N8a", "HZ-49", guard=may_go_back, text="the generation number of {} goes back")
def generation_back(n: Node) -> None:
    """A clock set back, a file lost: until the peer's daemon starts anew, it takes all of `n` for a replay."""
    goes_back(n)


@rule("N8a")
def goes_back(n: Node) -> None:
    """The next life of `n` has a lower number than the last."""
    if medium.path_to(other(n)):
        pause.path_is_lost(other(n))
    replayed[n] = 1


# ---- death -----------------------------------------------------------------------------------------------------------


@rule("N6", when=silence)
def peer_fell_silent(n: Node) -> None:
    """The dead time has passed without a status message; its links die in the same scan.

    While the own daemon still waits for others, initdead counts in its place. It cannot end before `first_wait` does,
    and then everybody is heard or dead: so a peer that was heard never dies before all ping nodes are known, and
    dies at once when the last one is. Seen on the daemon: joined, cut off 5 s later, dead at initdead after the
    start, not at initdead after the cut.
    """
    if pause.paused[n]:
        pause.postpone(n, Duty.SILENCE)
        lateness.silence_is_over(n)
        return
    if node.daemon[n] != node.Daemon.UP or ping_nodes.are_known(n):
        dies(n)
        ipfail.all_links_dead(n)


@rule("N6", "S2", when=first_wait)
def initdead_is_over(n: Node) -> None:
    """All that was never heard since the daemon began is dead now."""
    if pause.paused[n]:
        pause.postpone(n, Duty.FIRST_WAIT)
        return
    ping_nodes.initdead_is_over(n)
    if view[n] == View.INIT:
        dies(n)
    comm_up.everybody_known(n)


@rule("N6")
def dies(n: Node) -> None:
    """The peer is dead to `n`.

    What was missed is forgotten, its resources are dealt with. What travels still arrives.
    """
    view[n] = View.DEAD
    log(n, "hb-node-dead", node=node_name[other(n)])
    ipfail.peer_died(n)
    cancel(silence[n])
    lateness.handled(n)
    messages.forget_missed(n)
    resources.peer_died(n)
    heard[n] = 0
    comm_up.everybody_known(n)
    beats_reach(n)


@rule("6.4", when=heal)
def restart_after_partition(n: Node) -> None:
    """Two seconds after the partition healed the node releases everything and restarts."""
    if pause.paused[n]:
        pause.postpone(n, Duty.HEAL)
        return
    shutdown.restart(n)


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon's memory is gone."""
    view[n] = View.INIT
    known[n] = Life.UNKNOWN
    heard[n] = 0
    replayed[other(n)] = 0
    will_restart[n] = 0
    news_on_its_way[n] = 0
    ping_nodes.forget(n)
    cancel(first_wait[n])
    cancel(silence[n])
    cancel(hear[n])
    cancel(comm_up.exchange[n])
    cancel(heal[n])
    if loses:
        loss.forget(n)
