"""What a heal is for: of two owners one lets go."""

from hamodel.properties import Answer, Cluster, Formula, Response, Skip, all_of, any_of, at_most_one, leads_to

SLACK = 60_000
"""Room to hear the peer again, for the 2 s before a restart, the 10 s of an exchange, and the scripts that stop."""


def bound(cluster: Cluster) -> int:
    """What is running may have to end first; then the protocol and the scripts take their time."""
    return cluster.setting("deadtime", 0) + SLACK


def whole(cluster: Cluster) -> Formula:
    """Everything is whole, and no fault can come any more."""
    return cluster.healthy & cluster.faults_spent


@leads_to(within=bound, witness=whole)
def heal_leaves_one_owner(cluster: Cluster) -> Answer:
    """When everything is whole and no fault can come, no group soon runs, in whole or in part, on two machines."""
    if not cluster.groups:
        return Skip("haresources names no group")
    apart = all_of(
        at_most_one(any_of(cluster.up(node, r) for r in group.resources) for node in cluster.nodes)
        for group in cluster.groups
    )
    return Response(trigger=whole(cluster) & ~apart, goal=apart, release=~cluster.healthy)
