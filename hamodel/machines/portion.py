"""Portions: hb_standby and hb_takeover for the local or the foreign groups alone.

What is asked for is named from the giver's side; the peer's hb_takeover script turns the words round, because what is
local to the one who wants it is foreign to the one who has it. Only in scenarios that name the kind `portion`. As with
the whole commands, the wait of hb_takeover for children of the giver is left out, which adds behaviour.
"""

from __future__ import annotations

from hamodel.ir.words import log, operator
from hamodel.machines import operator as commands
from hamodel.machines import standby
from hamodel.machines.world import Node, other


@operator("portion", "4.6", guard=commands.may_ask, text="hb_standby local is typed on {}")
def hb_standby_local(n: Node) -> None:
    """The own groups go to the peer."""
    log(n, "hbst-going", rsc_type="local")
    standby.ask(n, standby.LOCAL)


@operator("portion", "4.6", guard=commands.may_ask, text="hb_standby foreign is typed on {}")
def hb_standby_foreign(n: Node) -> None:
    """The peer gets back what is its own."""
    log(n, "hbst-going", rsc_type="foreign")
    standby.ask(n, standby.FOREIGN)


@operator("portion", "4.6", guard=commands.peer_may_ask, text="hb_takeover local is typed on {}")
def hb_takeover_local(n: Node) -> None:
    """The peer gives what is foreign to it."""
    log(other(n), "harc-run", event="hb_takeover")
    standby.ask(other(n), standby.FOREIGN)


@operator("portion", "4.6", guard=commands.peer_may_ask, text="hb_takeover foreign is typed on {}")
def hb_takeover_foreign(n: Node) -> None:
    """The peer gives its own groups."""
    log(other(n), "harc-run", event="hb_takeover")
    standby.ask(other(n), standby.LOCAL)
