"""Edits: somebody takes a line out of one node's haresources while it is in use.

The scripts read the file anew at every operation, so a release does not know what an older file made it start
(HZ-19d), while the peer, whose file still has the line, starts it too. Only in scenarios that name the kind `edit`.
Left out: lines that are added or changed, and a file that is set right again; all remove behaviour.
"""

from __future__ import annotations

from hamodel.ir.words import formula, operator, var
from hamodel.machines.world import ABSENT, Group, Node, group_owner

removed = var(Node, Group)
"""The line of this group is gone from the node's haresources."""


@formula
def is_there(n: Node, g: Group) -> bool:
    return False if group_owner[n][g] == ABSENT else not removed[n, g]


@operator("edit", "4.1", "HZ-19", guard=is_there, text="on {} the line of group {} is taken out of haresources")
def remove_line(n: Node, g: Group) -> None:
    """The next script that reads the file does not find the group; what runs of it goes on."""
    removed[n, g] = 1
