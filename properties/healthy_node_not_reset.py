"""A fence is for the lost, not for the living."""

from hamodel.properties import Answer, Cluster, Formula, Node, Skip, any_of, never


def a_node_is_reset(cluster: Cluster) -> Formula:
    return any_of(cluster.observe("reset", node) for node in cluster.nodes)


def well(cluster: Cluster, node: Node) -> Formula:
    """Its Heartbeat is active and goes on, and its peer does not think it dead."""
    unheard = cluster.observe("peer_dead", cluster.peer(node))
    return cluster.active(node) & ~cluster.observe("paused", node) & ~unheard


@never(witness=a_node_is_reset)
def healthy_node_not_reset(cluster: Cluster) -> Answer:
    """No machine is reset, by a fence or a watchdog, while its Heartbeat is active and its peer hears it."""
    if not cluster.setting("watchdog", 0) and not cluster.setting("stonith", 0):
        return Skip("ha.cf names neither a watchdog nor a fencing device")
    if not cluster.has("peer_dead"):
        return Skip("the nodes of this system do not watch each other")
    hit = []
    for node in cluster.nodes:
        good, reset = well(cluster, node), cluster.observe("reset", node)
        was_good = cluster.remember(str(node.index), good & ~reset, ~good & ~reset)
        hit.append(was_good & reset)
    return any_of(hit)
