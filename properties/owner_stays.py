"""With auto_failback off, nobody takes a group away from the node that has it."""

from hamodel.properties import Answer, Cluster, Formula, Skip, any_of, never


def settled(cluster: Cluster) -> Formula:
    """Whole, quiet, and no fault or command can come any more."""
    return cluster.healthy & cluster.faults_spent & cluster.quiet


@never(witness=settled)
def owner_stays(cluster: Cluster) -> Answer:
    """With auto_failback off, a group that one node owns while everything is whole does not move any more."""
    if cluster.auto_failback:
        return Skip("auto_failback is on: groups go home (see failback_converges)")
    if not cluster.groups:
        return Skip("haresources names no group")
    moves = []
    for group in cluster.groups:
        for node in cluster.nodes:
            other = cluster.peer(node)
            mine = cluster.owns(node, group) & ~cluster.owns(other, group)
            had = cluster.remember(f"{group.index}.{node.index}", settled(cluster) & mine, ~cluster.healthy)
            moves.append(had & cluster.owns(other, group))
    return any_of(moves)
