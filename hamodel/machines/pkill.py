"""Scripts killed: somebody clears up what a killed heartbeat left running, and cuts it off in the middle.

A killed daemon's scripts finish what they were at; here they end where they are, so nothing is started or stopped any
more and nobody hears of it (HZ-43, HZ-48). Only in scenarios that name the kind `kill_scripts`.
Left out: scripts of a daemon that lives, agents that go on although their script was killed; both remove behaviour.
"""

from __future__ import annotations

from hamodel.ir.words import every, fault, formula
from hamodel.machines import scripts
from hamodel.machines.world import Node, Slot


@formula
def any_is_left(n: Node) -> bool:
    return any(scripts.busy_alone(n, c) for c in every(Slot))


@fault("kill_scripts", "1.2", "HZ-48", guard=any_is_left, text="the scripts that ran on alone on {} are killed too")
def kill_scripts(n: Node) -> None:
    """What they had at hand stays as it is."""
    for c in every(Slot):
        if scripts.busy_alone(n, c):
            scripts.vanish(n, c)
