"""Who is up and is heard belongs to the cluster."""

from hamodel.properties import Answer, Cluster, Response, Skip, leads_to


def bound(cluster: Cluster) -> int:
    """As long as a node may be silent, a node that is not may have to wait."""
    return cluster.setting("deadtime", 0)


@leads_to(within=bound)
def heard_node_joins(cluster: Cluster) -> Answer:
    """A node whose Heartbeat has started and whose peer runs and can be reached is active within the dead time."""
    if not cluster.has("joining"):
        return Skip("a node of this cluster waits for nobody")
    responses = []
    for node in cluster.nodes:
        other = cluster.peer(node)
        waits = cluster.observe("joining", node) & cluster.observe("linked")
        waits &= cluster.observe("daemon_up", other) & ~cluster.observe("paused", other)
        responses.append(
            Response(trigger=waits & cluster.faults_spent, goal=cluster.active(node), release=~waits, part=node.name)
        )
    return responses
