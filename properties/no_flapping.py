"""A group may go home once; it does not wander."""

from hamodel.properties import Answer, Cluster, Formula, Skip, any_of, never


def whole(cluster: Cluster) -> Formula:
    return cluster.healthy & cluster.faults_spent


@never(witness=whole)
def no_flapping(cluster: Cluster) -> Answer:
    """Once everything is whole and no fault can come, a group moves at most once."""
    if not cluster.groups:
        return Skip("haresources names no group")
    returns = []
    for group in cluster.groups:
        for node in cluster.nodes:
            other, ill = cluster.peer(node), ~cluster.healthy
            mine = cluster.owns(node, group) & ~cluster.owns(other, group)
            theirs = cluster.owns(other, group) & ~cluster.owns(node, group)
            had = cluster.remember(f"{group.index}.{node.index}.had", whole(cluster) & mine, ill)
            gave = cluster.remember(f"{group.index}.{node.index}.gave", had & theirs, ill)
            returns.append(gave & mine)
    return any_of(returns)
