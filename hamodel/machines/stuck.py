"""Stuck: the write process of one medium lives and writes nothing; a full modem, a serial line without a reader.

Nothing of the node leaves on this medium, while it still hears there; packets queue up in the socket and then in the
queue of the master control process, which holds 64. When that is full 2.0.8 gives up as a whole: one bad medium stops
a healthy node for good (HZ-50). 3.0.6 kills the two processes of the medium and starts them again, and the medium
works. Only in scenarios that name the kind `stuck`. The socket holds some hundred messages, so it takes minutes at a
keepalive of 2 s. Left out: ping media (their processes stop 2.0.8 too; removes behaviour), the write alarm of 3.0.6,
which throws the queue away where the process itself is not stopped (removes a medium that stays mute).
"""

from __future__ import annotations

from hamodel.ir.words import cancel, every, fault, formula, repair, rule, start, timer, var
from hamodel.machines import ipfail, medium, membership, node, scripts, shutdown
from hamodel.machines import watchdog as dog
from hamodel.machines.world import Medium, Node, children_respawned, keepalive, other

FEWEST, MOST = 48, 400
"""Keepalives until the queue is full: 64 messages of which some are no beats, and what a socket holds."""

stuck = var(Node, Medium)
"""The write process of this medium writes nothing."""
full = timer(Node, Medium)
"""Until the queue to the stuck process is full; runs while the daemon lives."""


@formula
def may_stick(n: Node, m: Medium) -> bool:
    """The processes run; one medium of a node at a time."""
    return node.beats(n) and not shutdown.in_progress[n] and not any(stuck[n, x] for x in every(Medium))


@formula
def is_stuck(n: Node, m: Medium) -> bool:
    return stuck[n, m]


@fault("stuck", "1.2", "HZ-50", guard=may_stick, text="the write process of {} for {} is stuck")
def sticks(n: Node, m: Medium) -> None:
    """The peer hears nothing more on this medium, and the queue begins to fill."""
    before = medium.path_to(other(n))
    stuck[n, m] = 1
    if medium.carries(m) and not medium.deaf[other(n), m]:
        ipfail.medium_lost(other(n), m)
    if before and not medium.path_to(other(n)):
        membership.severed(other(n))
    start(full[n, m], FEWEST * keepalive[n], MOST * keepalive[n])


@repair("goes_on", "1.2", "HZ-50", guard=is_stuck, text="the write process of {} for {} goes on")
def goes_on(n: Node, m: Medium) -> None:
    """It writes again, before the queue was full."""
    writes(n, m)


@rule("1.2", "HZ-50", when=full)
def queue_is_full(n: Node, m: Medium) -> None:
    """2.0.8: `Shutting down.`, without a restart. 3.0.6: the two processes of the medium are started again."""
    if node.beats(n):
        if children_respawned:
            writes(n, m)
            dog.child_says_goodbye(n)
        elif not shutdown.in_progress[n] and not shutdown.restarts[n]:
            shutdown.stop(n)
            scripts.settle(n)
    elif node.alive(n):
        start(full[n, m], 0, MOST * keepalive[n])


@rule("1.2")
def writes(n: Node, m: Medium) -> None:
    """The medium brings the packets of `n` again."""
    stuck[n, m] = 0
    cancel(full[n, m])
    if medium.brings(other(n), m):
        medium.link_comes(other(n), m)
    for x in every(Node):
        membership.restored(x)


@rule("1.2")
def forget(n: Node) -> None:
    """The process is gone with its daemon; the next one writes. Nothing waits for it: its node sends nothing."""
    for m in every(Medium):
        stuck[n, m] = 0
        cancel(full[n, m])
