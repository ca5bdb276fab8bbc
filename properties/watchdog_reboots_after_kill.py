"""What the watchdog is for."""

from hamodel.properties import Answer, Cluster, Response, Skip, any_of, leads_to

SLACK = 1_000
"""How late the reset may come after the watchdog's own time."""


def bound(cluster: Cluster) -> int:
    """The longer of the two nodes' watchdog times."""
    return cluster.setting("watchdog", 0) + SLACK


@leads_to(within=bound)
def watchdog_reboots_after_kill(cluster: Cluster) -> Answer:
    """A machine whose Heartbeat was killed with the watchdog armed is reset in time, unless someone starts it first."""
    if not cluster.has("killed_armed") or not cluster.setting("watchdog", 0):
        return Skip("ha.cf names no watchdog")
    return [
        Response(
            trigger=cluster.observe("killed_armed", node),
            goal=any_of([cluster.observe("reset", node), ~cluster.observe("powered", node)]),
            release=cluster.observe("daemon_up" if cluster.has("daemon_up") else "active", node),
            part=node.name,
        )
        for node in cluster.nodes
    ]
