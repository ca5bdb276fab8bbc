"""What two machines are for: one of them is enough."""

from hamodel.properties import Answer, Cluster, Formula, Node, Response, Skip, all_of, any_of, false, leads_to

SLACK = 90_000
"""A peer that says it will restart is given 30 s more; the rest is room for the exchange and the scripts."""


def bound(cluster: Cluster) -> int:
    """The peer has to be given up first; then the scripts take their time."""
    return cluster.setting("deadtime", 0) + SLACK


def alone(cluster: Cluster, node: Node) -> Formula:
    """Heartbeat works here, and there is none on any other machine."""
    runs = "daemon_up" if cluster.has("daemon_up") else "active"
    there = any_of(cluster.observe(runs, other) for other in cluster.nodes if other != node)
    paused = cluster.observe("paused", node) if cluster.has("paused") else false()
    return cluster.active(node) & ~there & ~paused


def somebody_is_alone(cluster: Cluster) -> Formula:
    return any_of(alone(cluster, node) for node in cluster.nodes)


@leads_to(within=bound, witness=somebody_is_alone)
def survivor_runs_all(cluster: Cluster) -> Answer:
    """Where Heartbeat is left on one machine only, it soon runs every group there, unless another comes back first."""
    if not cluster.groups:
        return Skip("haresources names no group")
    responses = []
    for node in cluster.nodes:
        left = alone(cluster, node)
        runs = all_of(cluster.owns(node, group) for group in cluster.groups)
        responses.append(Response(trigger=left & ~runs, goal=runs, release=~left, part=node.name))
    return responses
