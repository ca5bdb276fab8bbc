"""First the fence, then the group."""

from hamodel.properties import Answer, Cluster, Formula, Node, Skip, any_of, never


def armed(cluster: Cluster) -> tuple[Node, ...]:
    """The nodes that have a device to reset their peer with."""
    return tuple(node for node in cluster.nodes if cluster.setting(f"stonith[{node.index}]", 0))


def given_up(cluster: Cluster, node: Node) -> Formula:
    """The node thinks its peer dead, or has asked for its reset."""
    return any_of([cluster.observe("peer_dead", node), cluster.observe("fences", node)])


def a_peer_is_given_up(cluster: Cluster) -> Formula:
    return any_of(given_up(cluster, node) for node in armed(cluster))


@never(witness=a_peer_is_given_up)
def fence_before_takeover(cluster: Cluster) -> Answer:
    """A node with a fencing device starts no group that the peer it has given up still runs, before a reset ends it."""
    if not armed(cluster):
        return Skip("no node has a fencing device")
    if not cluster.groups:
        return Skip("haresources names no group")
    if not cluster.has("peer_dead"):
        return Skip("the nodes of this system do not watch each other")
    early = []
    for node in armed(cluster):
        for group in cluster.groups:
            here = any_of(cluster.up(node, resource) for resource in group.resources)
            there = any_of(cluster.up(cluster.peer(node), resource) for resource in group.resources)
            owed = cluster.remember(f"{group.index}.{node.index}", given_up(cluster, node) & there & ~here, ~there)
            early.append(owed & here)
    return any_of(early)
