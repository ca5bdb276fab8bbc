"""Lateness: a status that comes after the receiver's own dead time declares its sender dead first (3.0.6, N3').

Death is counted by the dead time the peer announced, the late test by the own one, both from the last status that was
handled. `gap` runs where the two can differ: at a pause, and where the own dead time is the shorter one. Left out: the
poll between a dead time and its notice where a cut and not a pause made the silence (removes a take-over within 250 ms
of the heal).
"""

from __future__ import annotations

from hamodel.ir.words import cancel, invariant, on, rule, start, timer, var
from hamodel.machines import membership
from hamodel.machines.world import Node, deadtime, late_is_dead, other

gap = timer(Node)
"""From the last status of the peer until the own dead time is over."""
late = var(Node)
"""A status of the peer that is handled now comes too late."""


@invariant("the gap is measured to a peer that is alive")
def gap_is_to_the_living(n: Node) -> bool:
    return not (on(gap[n]) or late[n]) or membership.view[n] != membership.View.DEAD


@rule("N3'")
def measure(n: Node, early: int, more: int) -> None:
    """The last status was handled from `-more` to `early` ms ago."""
    if late_is_dead and not late[n] and not on(gap[n]):
        start(gap[n], deadtime[n] - early, deadtime[n] + more)


@rule("N3'", when=gap)
def becomes_late(n: Node) -> None:
    """From now on the next status is a late one."""
    late[n] = 1


@rule("N3'")
def silence_is_over(n: Node) -> None:
    """The peer's announced dead time has passed on a paused node; the own one has then too, if it is not longer."""
    if late_is_dead and not late[n] and not on(gap[n]):
        late[n] = deadtime[n] <= deadtime[other(n)]


@rule("N4")
def handled(n: Node) -> None:
    """A status was handled, or the peer is dead or forgotten: the measure begins anew with the next silence."""
    late[n] = 0
    cancel(gap[n])
