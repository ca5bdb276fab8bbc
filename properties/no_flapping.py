"""A group may go home once; it does not wander."""

from hamodel.properties import Answer, Cluster, Formula, Skip, any_of, never


def even(cluster: Cluster) -> Formula:
    """Both nodes are active, hear each other, and miss the same, if anything: nothing speaks for a move."""
    return cluster.observe("even") & cluster.faults_spent


@never(witness=even)
def no_flapping(cluster: Cluster) -> Answer:
    """Once neither node is better off than the other and no fault can come, a group moves at most once."""
    if not cluster.groups:
        return Skip("haresources names no group")
    returns = []
    for group in cluster.groups:
        for node in cluster.nodes:
            other, uneven = cluster.peer(node), ~cluster.observe("even")
            mine = cluster.owns(node, group) & ~cluster.owns(other, group)
            theirs = cluster.owns(other, group) & ~cluster.owns(node, group)
            had = cluster.remember(f"{group.index}.{node.index}.had", even(cluster) & mine, uneven)
            gave = cluster.remember(f"{group.index}.{node.index}.gave", had & theirs, uneven)
            returns.append(gave & mine)
    return any_of(returns)
