"""The operator: commands that come at good and at bad moments. In legacy mode there is no standby to ask for."""

from __future__ import annotations

from hamodel.ir.words import formula, log, operator
from hamodel.machines import node, pause, shutdown, standby
from hamodel.machines.world import Node, legacy_mode, other


@formula
def may_stop(n: Node) -> bool:
    """The daemon runs and was not told to stop yet."""
    return node.beats(n) and not shutdown.in_progress[n]


@formula
def may_ask(n: Node) -> bool:
    """In legacy mode the daemon only says that there is no standby; a peer in the other mode hears the request."""
    if legacy_mode[n] and legacy_mode[other(n)]:
        return False
    return node.daemon[n] == node.Daemon.ACTIVE and not pause.paused[n]


@formula
def peer_may_ask(n: Node) -> bool:
    """hb_takeover here makes the peer run hb_standby."""
    return may_ask(n) and may_ask(other(n))


@operator("stop", "X1", "X2", guard=may_stop, text="heartbeat is stopped on {} (heartbeat -k)")
def stop_heartbeat(n: Node) -> None:
    shutdown.stop(n)


@operator("standby", "4.6", guard=may_ask, text="hb_standby is typed on {}")
def hb_standby(n: Node) -> None:
    """hb_standby without argument: all."""
    log(n, "hbst-going", rsc_type="all")
    standby.ask(n, standby.ALL)


@operator("takeover", "4.6", guard=peer_may_ask, text="hb_takeover is typed on {}")
def hb_takeover(n: Node) -> None:
    """The peer's queued script runs hb_standby there.

    Its wait for running children is left out, which adds behaviour.
    """
    log(other(n), "harc-run", event="hb_takeover")
    standby.ask(other(n), standby.ALL)
