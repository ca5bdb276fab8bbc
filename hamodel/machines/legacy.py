"""Legacy mode (auto_failback legacy, or none given): whoever starts asks for its own groups, at once and every time.

There are no claims and no negotiation. At comm up a node with an active peer asks for each own group; the peer stops
the group if it runs it and answers either way, and only the answer starts the group. A request that is lost is never
repeated (HZ-43). A node that knows no active peer answers itself: it starts its own groups although a fence of the
peer may still be pending or failing (HZ-14). There is no standby, and ipfail leaves at once.
Left out: the order of the queue between the peer's requests and the own answers (they concern different groups unless
the files differ), the script of a request whose daemon is killed during its status test (it would go on alone); both
remove behaviour.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, log, rule, start, timer, var
from hamodel.machines import membership, messages, resources, scripts, shutdown
from hamodel.machines.world import (
    ABSENT,
    QUEUE,
    Group,
    Node,
    Slot,
    group_owner,
    group_steps,
    status_hi,
    status_lo,
)

gave_up = var(Node)
"""The peer has sent `shutdone` in its present life (not has_resources)."""
asks = var(Node)
"""The running check knew an active peer when it was forked: it asks instead of taking."""
requested = var(Node, Group, values=3)
"""The peer's request for this group waits in the queue: 1 at its place, 2 behind a waiting mach_down."""
answering = var(Node, values=9)
"""The group, plus one, whose request the queue works on."""
test_ends = timer(Node)
"""The status test with which the work on a request begins."""


@rule("R1L", "HZ-14")
def begins(n: Node) -> None:
    """Comm is up: the own groups are asked for now, whatever fence is pending."""
    resources.request_own(n, 0)


@rule("I0")
def ipfail_leaves(n: Node) -> None:
    """ipfail starts, reads the mode and exits with 100; nobody starts it again."""
    log(n, "client-start")
    log(n, "client-exit-legacy")


# ---- the node that asks ----------------------------------------------------------------------------------------------


@rule("R12")
def check_begins(n: Node) -> None:
    """Whether there is anybody to ask is decided as the child is forked, by the stored status alone."""
    asks[n] = membership.view[n] == membership.View.ACTIVE


@rule("R13", "4.3")
def ask_for(n: Node, g: Group) -> None:
    """`ip-request` to the peer, once; alone in the world, the answer comes from oneself."""
    if asks[n]:
        messages.send(n, messages.REQUEST + g)
    else:
        scripts.take_queued[n, g] = 1


@rule("R14", "4.9")
def message(n: Node, code: int) -> None:
    """A request of the peer waits for its turn; an answer too, unless this node is being stopped."""
    for g in every(Group):
        if code == messages.REQUEST + g and requested[n, g] == 0:
            requested[n, g] = 1 + scripts.down_queued[n]
        if code == messages.ANSWER + g and not shutdown.in_progress[n]:
            scripts.take_queued[n, g] = 1


# ---- the node that is asked ------------------------------------------------------------------------------------------


@rule("4.5", "4.9")
def answer_next(n: Node) -> None:
    """The request at its turn: does the first resource of the group run here?"""
    for g in every(Group):
        if answering[n] == 0 and requested[n, g] == 1:
            requested[n, g] = 0
            answering[n] = g + 1
            log(n, "harc-run", event="ip-request")
            start(test_ends[n], status_lo[group_steps[n][g][0]], status_hi[group_steps[n][g][0]])


@rule("4.5")
def mach_down_begins(n: Node) -> None:
    """What waited behind it is next."""
    for g in every(Group):
        if requested[n, g] == 2:
            requested[n, g] = 1


@rule("4.5", "4.9", when=test_ends)
def tested(n: Node) -> None:
    """It runs: the group is stopped first. It does not, or the file has no such line: the answer goes out at once."""
    for g in every(Group):
        if answering[n] == g + 1:
            if group_owner[n][g] != ABSENT and scripts.up[n, group_steps[n][g][0]]:
                scripts.begin_give(n, Slot(QUEUE), 1 << g)
            else:
                released(n)
    scripts.settle(n)


@rule("4.3", "4.9")
def released(n: Node) -> None:
    """`ip-request-resp`: the asker may start the group, whatever came of the stop."""
    for g in every(Group):
        if answering[n] == g + 1:
            answering[n] = 0
            messages.send(n, messages.ANSWER + g)


@rule("1.2", "HZ-43")
def script_dies(n: Node) -> None:
    """The script that works on a request is killed, in its test or its stop: the queue goes on, no answer comes."""
    cancel(test_ends[n])
    answering[n] = 0


# ---- the daemon goes away --------------------------------------------------------------------------------------------


@rule("1.2")
def child_dies(n: Node) -> None:
    """The queue and the test at hand are gone with the daemon."""
    cancel(test_ends[n])
    asks[n] = 0
    answering[n] = 0
    for g in every(Group):
        requested[n, g] = 0


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon's memory is gone; a new daemon expects its peer to hold resources."""
    gave_up[n] = 0
    child_dies(n)
