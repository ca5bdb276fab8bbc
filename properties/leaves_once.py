"""A group may have to flee, and it may come home; it does not live on the road."""

from hamodel.properties import Answer, Cluster, Skip, any_of, never


@never
def leaves_once(cluster: Cluster) -> Answer:
    """No group moves away from the same node twice, whatever comes: each move is an interruption for the clients."""
    if not cluster.groups:
        return Skip("haresources names no group")
    again = []
    for group in cluster.groups:
        for node in cluster.nodes:
            other = cluster.peer(node)
            mine = cluster.owns(node, group) & ~cluster.owns(other, group)
            theirs = cluster.owns(other, group) & ~cluster.owns(node, group)
            had = cluster.remember(f"{group.index}.{node.index}.had", mine)
            left = cluster.remember(f"{group.index}.{node.index}.left", had & theirs)
            back = cluster.remember(f"{group.index}.{node.index}.back", left & mine)
            again.append(back & theirs)
    return any_of(again)
