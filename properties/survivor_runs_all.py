"""What two machines are for: one of them is enough."""

from hamodel.properties import Answer, Cluster, Formula, Response, Skip, all_of, any_of, leads_to

SLACK = 90_000
"""A peer that says it will restart is given 30 s more; the rest is room for the exchange and the scripts."""


def bound(cluster: Cluster) -> int:
    """The peer has to be given up first; then the scripts take their time."""
    return cluster.setting("deadtime", 0) + SLACK


def alone(cluster: Cluster) -> Formula:
    return any_of(
        cluster.active(node) & ~cluster.observe("daemon_up", cluster.peer(node)) for node in cluster.nodes
    )


@leads_to(within=bound, witness=alone)
def survivor_runs_all(cluster: Cluster) -> Answer:
    """Where Heartbeat is gone from one machine, the other soon runs every group, unless its peer comes back first."""
    if not cluster.groups:
        return Skip("haresources names no group")
    responses = []
    for node in cluster.nodes:
        left = cluster.active(node) & ~cluster.observe("paused", node)
        left &= ~cluster.observe("daemon_up", cluster.peer(node))
        runs = all_of(cluster.owns(node, group) for group in cluster.groups)
        responses.append(Response(trigger=left & ~runs, goal=runs, release=~left, part=node.name))
    return responses
