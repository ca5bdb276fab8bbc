"""With auto_failback on, a group comes home, unless an operator has sent it away by hand."""

from hamodel.properties import Answer, Cluster, Response, Skip, all_of, leads_to


@leads_to(without=("standby", "takeover"))
def failback_converges(cluster: Cluster) -> Answer:
    """With auto_failback on, each group ends on the node it prefers once everything is whole and no fault can come."""
    if not cluster.auto_failback:
        return Skip("auto_failback is off: a group stays where it is (see owner_stays)")
    at_home = [
        cluster.owns(group.owner, group) & ~cluster.owns(cluster.peer(group.owner), group)
        for group in cluster.groups
        if group.owner is not None
    ]
    if not at_home:
        return Skip("no group prefers a node of this cluster")
    whole = cluster.healthy & cluster.faults_spent & cluster.faulted
    return Response(trigger=whole, goal=all_of(at_home) & cluster.quiet, release=~cluster.healthy)
