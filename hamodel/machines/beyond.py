"""Beyond the pair: the nodes of a cluster of three or more that are not explored themselves.

Heartbeat accepts any number of nodes and is made for two: what it knows of "the other side" are single variables, and
every survivor runs the take-over of a dead node by itself. So two nodes are explored in full, and each node beyond
them runs its own groups until it loses power or its heartbeat is killed; then both of the pair take its groups, and
nobody arbitrates (HZ-20). The real daemon (3.0.6) does so: with three nodes, 4 s after the first lost its power the
second and the third had both mounted its disk, until it came back and both released it.
Left out: what a node beyond the pair says (its claims overwrite those of the peer), takes over, or does after its
death, and that a daemon of the pair waits for it at its begin: all remove behaviour. It runs its groups from the first
moment: this adds some. Fences among three nodes and the legacy mode are refused.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, fault, formula, log, observable, rule, start, timer, var
from hamodel.machines import comm_up, membership, node, pause, resources, scripts, shutdown, standby
from hamodel.machines.world import (
    QUEUE,
    Group,
    Node,
    Slot,
    Step,
    Third,
    deadtime_beyond,
    group_line,
    keepalive_beyond,
    latency_hi,
    poll,
    step_group,
    third_groups,
    third_name,
)

gone_beyond = var(Third)
"""Its heartbeat says nothing more."""
dark_beyond = var(Third)
"""It has no power, so nothing runs on it."""
silence_beyond = timer(Node, Third)
"""Until the node of the pair declares it dead."""
due_beyond = var(Node, Third)
"""Its death would have been noticed while the node of the pair was paused."""
queued_beyond = var(Node, Third)
"""mach_down for it waits in the queue."""


@formula
def is_there(t: Third) -> bool:
    return not gone_beyond[t]


@formula
def has_power(t: Third) -> bool:
    return not dark_beyond[t]


@fault("power", "11", "HZ-20", guard=has_power, text="{} loses power")
def power_off_beyond(t: Third) -> None:
    """Nothing runs there any more, and nobody hears of it."""
    dark_beyond[t] = 1
    falls_silent(t)


@fault("kill", "11", "HZ-20", guard=is_there, text="heartbeat is killed on {} (killall -9 heartbeat)")
def kill_beyond(t: Third) -> None:
    """Its resources go on."""
    falls_silent(t)


@rule("N6")
def falls_silent(t: Third) -> None:
    """Its last beat came at most a keepalive ago."""
    if not gone_beyond[t]:
        gone_beyond[t] = 1
        for n in every(Node):
            if node.alive(n):
                start(
                    silence_beyond[n, t],
                    deadtime_beyond[t] - keepalive_beyond[t],
                    deadtime_beyond[t] + poll + latency_hi,
                )


@rule("N6", "11", "HZ-20", when=silence_beyond)
def is_declared_dead(n: Node, t: Third) -> None:
    """One survivor notices; the other does the same by itself."""
    if pause.paused[n]:
        due_beyond[n, t] = 1
    elif node.alive(n):
        log(n, "hb-node-dead", node=third_name[t])
        died(n, t)
        scripts.settle(n)


@rule("1.1")
def goes_on(n: Node) -> None:
    """After a pause of the node of the pair."""
    for t in every(Third):
        if due_beyond[n, t]:
            due_beyond[n, t] = 0
            start(silence_beyond[n, t], 0, poll)


@rule("D1", "D3", "D7", "D9", "11", "HZ-20")
def died(n: Node, t: Third) -> None:
    """Everything is claimed and its groups are taken; that another survivor does the same is not asked."""
    if standby.state[n] != standby.Standby.NOT:
        standby.peer_died(n)
    if shutdown.in_progress[n]:
        log(n, "hbr-takeover-cancelled")
    else:
        comm_up.everybody_known(n)
        log(n, "no-stonith")
        log(n, "hbr-resources-acquired-from", node=third_name[t])
        queued_beyond[n, t] = 1
        membership.heard[n] = 1
        resources.claim_all(n)


@formula
def waits(n: Node) -> bool:
    """Some mach_down for a node beyond the pair is queued."""
    return any(queued_beyond[n, t] for t in every(Third))


@rule("4.5")
def mach_down_begins(n: Node) -> None:
    """The oldest of them runs."""
    for t in every(Third):
        if queued_beyond[n, t] and scripts.queue_job[n] == 0:
            queued_beyond[n, t] = 0
            scripts.queue_job[n] = 3
            log(n, "harc-run", event="status")
            log(n, "mach-down-begin")
            for g in every(Group):
                if third_groups[t] // (1 << g) % 2:
                    log(n, "mach-down-taking-group", group=group_line[n][g])
            scripts.begin_take(n, Slot(QUEUE), third_groups[t])


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon of the pair is gone, and what it had queued."""
    for t in every(Third):
        cancel(silence_beyond[n, t])
        due_beyond[n, t] = 0
        queued_beyond[n, t] = 0


@observable("up_beyond")
def resource_up(t: Third, s: Step) -> bool:
    return not dark_beyond[t] and third_groups[t] // (1 << step_group[0][s]) % 2
