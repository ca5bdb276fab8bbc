"""Pause: the master control process is stopped and goes on later (SIGSTOP, a frozen virtual machine, a stall).

A paused node sends no status and tickles no watchdog, but its scripts, its children and its kernel go on. What reaches
it waits, and so does what falls due. When it resumes, one step does it all in the daemon's order (1.1): the own status
first, then every queued packet, then the ends of children; the scan and the timers come within one poll. So the peer
hears of it before it looks at its clock, and in 2.0.8 it never finds the peer dead, unless the scan overtakes the
packets (`first_turn`).
The deadlines of peer and watchdog count from the same last beat: `phase` runs to where the next one would have been.
Left out: of the statuses that wait the first counts and brings what the peer is by then (removes a late status of a
life that has ended since), packets on their way at the moment of the pause (they are lost, as at a kill), commands
typed meanwhile (they come after the resume), messages of ipfail, which sleeps as well, a cable cut while the peer is
paused (its link is not declared dead), the death of a child or of ipfail while its daemon is paused. What was missed
before a node hears again and is not heard comes at the resume (adds behaviour).
"""

from __future__ import annotations

from hamodel.ir.words import (
    cancel,
    every,
    fault,
    formula,
    invariant,
    length,
    log,
    on,
    push,
    repair,
    rule,
    start,
    take,
    timer,
    var,
)
from hamodel.machines import (
    beyond,
    comm_up,
    first_turn,
    ipfail,
    lateness,
    medium,
    membership,
    messages,
    node,
    phantom,
    ping_nodes,
    resources,
    scripts,
    shutdown,
    stall,
    standby,
    starve,
    stonith_device,
)
from hamodel.machines import watchdog as dog
from hamodel.machines.world import (
    Duty,
    Medium,
    Node,
    Ping,
    Slot,
    keepalive,
    late_is_dead,
    latency_hi,
    more_nodes,
    other,
    poll,
    some_phantoms,
    stalls,
    starves,
)

paused = var(Node)
due = var(Node, Duty)
"""What fell due while the node was paused."""
due_link = var(Node, Medium)
due_ping = var(Ping, Node)
ping_late = var(Ping, Node)
"""The next answer of the ping node comes too late (N3')."""
status_waits = var(Node)
"""A status of the peer waits in the inbox."""
arrived = var(Node, values=17)
"""How much of the inbox had come when the last path was cut."""
phase = timer(Node)
"""From the pause to where the next own beat would have been."""


@formula
def may_pause(n: Node) -> bool:
    return node.beats(n)


@formula
def is_paused(n: Node) -> bool:
    """The daemon alone stands still; a stall of the machine ends in its own way."""
    return paused[n] and not (stalls and stall.stalled[n]) and not first_turn.is_near(n)


@invariant("only a running daemon is paused, and it handles no message")
def pause_is_of_the_living(n: Node) -> bool:
    return not paused[n] or (node.alive(n) and not on(messages.arrival[n]))


@invariant("nothing waits for a node that is not paused")
def only_the_paused_owe(n: Node) -> bool:
    return paused[n] or not (
        on(phase[n])
        or status_waits[n]
        or any(due[n, d] for d in every(Duty))
        or any(due_link[n, m] for m in every(Medium))
        or any(due_ping[p, n] for p in every(Ping))
    )


# ---- the pause -------------------------------------------------------------------------------------------------------


@fault("pause", "1.2", "HZ-06", "HZ-07", guard=may_pause, text="heartbeat is paused on {} (SIGSTOP)")
def pause(n: Node) -> None:
    """The daemon stands still: no beat leaves it, and what comes waits."""
    log(n, "daemon-pauses")
    paused[n] = 1
    arrived[n] = 0
    start(phase[n], 0, keepalive[n])
    cancel(messages.arrival[n])
    dog.stands_still(n)
    for p in every(Ping):
        cancel(ping_nodes.ping_hear[p, n])
    membership.beats_stop(other(n))
    if membership.hears(n):
        if membership.news_on_its_way[n]:
            membership.news_on_its_way[n] = 0
            status_comes(n, latency_hi)
        elif not on(membership.hear[n]):
            start(membership.hear[n], 0, keepalive[other(n)] + latency_hi)


@rule("9", "N6", when=phase)
def beat_is_missed(n: Node) -> None:
    """Here the next beat would have been: what counts from the last one has a keepalive less to go."""
    dog.not_tickled(n)
    membership.wait_for_death(other(n), keepalive[n], 0 - keepalive[n])
    if on(membership.silence[other(n)]):
        lateness.measure(other(n), keepalive[n], latency_hi - keepalive[n])
    for p in every(Ping):
        ping_nodes.waits(n, p, 0 - keepalive[n])


@rule("1.1")
def postpone(n: Node, d: Duty) -> None:
    """It falls due while nobody can do it."""
    due[n, d] = 1


@rule("1.1")
def postpone_link(n: Node, m: Medium) -> None:
    due_link[n, m] = 1


@rule("1.1")
def postpone_ping(n: Node, p: Ping) -> None:
    due_ping[p, n] = 1


@rule("1.1", "N3'")
def status_comes(n: Node, more: int) -> None:
    """A status of the peer reaches the paused node and waits; the gap to the one before it grows until the resume."""
    cancel(membership.hear[n])
    if not status_waits[n]:
        status_waits[n] = 1
        push(messages.inbox[n], messages.STATUS)
        if membership.is_current(n) and not on(membership.silence[n]) and not due[n, Duty.SILENCE]:
            lateness.measure(n, keepalive[other(n)] + latency_hi, more)


@rule("1.1")
def path_is_lost(n: Node) -> None:
    """What has come stays; what the peer sends from now on does not come."""
    if paused[n]:
        arrived[n] = length(messages.inbox[n])


# ---- the resume ------------------------------------------------------------------------------------------------------


@repair("resume", "1.1", "HZ-06", "HZ-07", guard=is_paused, text="heartbeat goes on on {} (SIGCONT)")
def resume(n: Node) -> None:
    """What stood still runs again."""
    if first_turn.is_open(n):
        first_turn.begins(n)
    else:
        goes_on(n, False)


@rule("1.1", "HZ-06", "HZ-07")
def goes_on(n: Node, overtaken: int) -> None:
    """Own status, packets, children, clock: the order of the main loop decides who is dead to whom."""
    if starves:
        starve.scan_first(n)
    log(n, "daemon-goes-on")
    if overtaken:
        first_turn.scan(n)
    paused[n] = 0
    cancel(phase[n])
    dog.goes_on(n)
    membership.status_changes(n)
    clocks_go_on(n)
    handle_packets(n)
    children_end(n)
    hour_over = due[n, Duty.EMERGENCY] + 0
    for d in every(Duty):
        due[n, d] = 0
    if not membership.hears(n) and not on(phase[other(n)]):
        membership.wait_for_death(n, 0, 0)
    arrived[n] = 0
    if more_nodes:
        beyond.goes_on(n)
    for x in every(Node):
        comm_up.ask_again(x)
    scripts.settle(n)
    if hour_over:
        shutdown.emergency_shutdown(n)


@rule("1.1", "B14")
def clocks_go_on(n: Node) -> None:
    """What fell due is done within one poll, unless a packet settles it first."""
    if due[n, Duty.DEADLINE] or due[n, Duty.HOUR]:
        standby.give_up_waiting(n)
    if due[n, Duty.FIRST_WAIT]:
        start(membership.first_wait[n], 0, poll)
    if due[n, Duty.SILENCE]:
        start(membership.silence[n], 0, poll)
        due[n, Duty.SILENCE] = 0
    if due[n, Duty.EXCHANGE]:
        start(comm_up.exchange[n], 0, poll)
    if due[n, Duty.HEAL]:
        start(membership.heal[n], 0, poll)
    if due[n, Duty.SETTLE]:
        start(resources.settle_time[n], 0, poll)
    if due[n, Duty.FAILBACK]:
        start(resources.failback_retry[n], 0, poll)
    if due[n, Duty.LAST_PHASES]:
        start(shutdown.last_phases[n], 0, poll)
    if due[n, Duty.CHECK]:
        start(scripts.check_ends[n], 0, 0)
    if due[n, Duty.GIVE_UP]:
        start(ipfail.give_up_delay[n], 0, poll)
    if due[n, Duty.SETTLING]:
        start(ipfail.settling[n], 0, poll)
    for m in every(Medium):
        if due_link[n, m] and not medium.brings(n, m):
            start(ipfail.link_silence[n, m], 0, poll)
        due_link[n, m] = 0
    for p in every(Ping):
        ping_again(n, p)
    if some_phantoms:
        phantom.clocks_go_on(n)


@rule("1.1", "N3'")
def ping_again(n: Node, p: Ping) -> None:
    """The own status went to the ping nodes too; the answer and the scan are at a race."""
    if due_ping[p, n]:
        start(ping_nodes.ping_silence[p, n], 0, poll)
        ping_late[p, n] = late_is_dead
    due_ping[p, n] = 0
    if medium.reaches(n, p) and (on(ping_nodes.ping_silence[p, n]) or ping_nodes.ping_view[p, n] != 1):
        start(ping_nodes.ping_hear[p, n], 0, latency_hi)


@rule("1.1")
def handle_packets(n: Node) -> None:
    """Everything that came, in its order."""
    left = arrived[n] + 0
    while length(messages.inbox[n]) > 0 and (medium.path_to(n) or left > 0):
        code = take(messages.inbox[n])
        messages.handle(n, code)
        left = left - 1


@rule("1.1")
def children_end(n: Node) -> None:
    """Children that ended meanwhile are noticed now."""
    for c in every(Slot):
        if scripts.busy(n, c) and scripts.now[n, c] == 0 and not on(scripts.step_ends[n, c]):
            scripts.script_ends(n, c)
    stonith_device.goes_on(n)


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon is gone, paused or not."""
    paused[n] = 0
    status_waits[n] = 0
    arrived[n] = 0
    cancel(phase[n])
    first_turn.forget(n)
    if starves:
        starve.forget(n)
    for d in every(Duty):
        due[n, d] = 0
    for m in every(Medium):
        due_link[n, m] = 0
    for p in every(Ping):
        due_ping[p, n] = 0
        ping_late[p, n] = 0
