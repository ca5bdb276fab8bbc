"""Who moves a group should know why."""

from hamodel.properties import Answer, Cluster, Formula, Skip, any_of, false, never


def even(cluster: Cluster) -> Formula:
    """Both nodes are active, hear each other, and miss the same clients and ping nodes, if any."""
    return cluster.observe("even") & cluster.faults_spent if cluster.has("even") else false()


@never(witness=even, without=("standby", "takeover"))
def no_needless_move(cluster: Cluster) -> Answer:
    """Once neither node is better off than the other and no fault can come, no group leaves the node it prefers."""
    if not cluster.has("even"):
        return Skip("nothing here tells which node is better off")
    leaves = []
    for group in cluster.groups:
        if group.owner is not None:
            away, home = cluster.owns(cluster.peer(group.owner), group), cluster.owns(group.owner, group)
            was_home = even(cluster) & home & ~away
            had = cluster.remember(f"{group.index}", was_home, ~cluster.observe("even"))
            leaves.append(had & away & ~home)
    return any_of(leaves) if leaves else Skip("no group prefers a node of this cluster")
