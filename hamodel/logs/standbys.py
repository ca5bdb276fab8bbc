"""Which set a finished acquisition is said to be: that of the last standby request, whoever made it.

A node that acquires because its peer stops says so too; if nobody has asked for standby before, the set is `all`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hamodel.logs.compounds import Fields
from hamodel.logs.journal import Journal, rsc_type


def _wants(j: Journal, at: int, f: Fields) -> None:
    """A request for standby is taken up."""
    j.standby_set = rsc_type(f["rsc_type"])
    j.mcp_says("hbr-wants-standby", at, node=j.node(f.get("node", j.host.peer)), rsc_type=j.standby_set)


def _acquired(j: Journal, at: int, f: Fields) -> None:
    """An acquisition is done."""
    j.mcp_says("hbr-standby-acq-done", at, rsc_type=j.standby_set or rsc_type(f["rsc_type"]))


REMEMBERED: Mapping[str, Callable[[Journal, int, Fields], None]] = {
    "hbr-wants-standby": _wants,
    "hbr-standby-acq-done": _acquired,
}
"""Single messages of which the journal keeps in mind what they say."""
