"""Backup: an old copy of the file with the generation number is put back while Heartbeat is down.

The next start counts on from the old number, and the peer takes every packet for a replay (N8a, HZ-49). Both versions
do so, but only where `hbgenmethod` is the file, the default. Only in scenarios that name the kind `restore`.
"""

from __future__ import annotations

from hamodel.ir.words import fault, formula
from hamodel.machines import membership
from hamodel.machines.world import Node, generation_by_clock


@formula
def reads_the_file(n: Node) -> bool:
    """The next start of `n` reads the file, and its peer remembers a higher number."""
    return not generation_by_clock[n] and membership.is_down_and_known(n)


@fault("restore", "N8a", "HZ-49", guard=reads_the_file, text="an old generation number is put back on {}")
def generation_restored(n: Node) -> None:
    """Until the peer's daemon starts anew, it takes all of `n` for a replay."""
    membership.goes_back(n)
