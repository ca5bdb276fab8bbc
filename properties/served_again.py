"""After the last fault the service returns by itself, and soon."""

from hamodel.properties import Answer, Cluster, Formula, Response, Skip, all_of, exactly_one, leads_to

SLACK = 60_000
"""Room for the scripts, the 10-s timers of the takeover exchange and a delayed standby."""


def bound(cluster: Cluster) -> int:
    """A peer has to be given up or to come back first; then the protocol and the scripts take their time."""
    return max(cluster.setting("initdead", 0), cluster.setting("deadtime", 0)) + SLACK


def whole_again(cluster: Cluster) -> Formula:
    """Something has happened, and everything is whole again."""
    return cluster.healthy & cluster.faults_spent & cluster.faulted


@leads_to(within=bound, witness=whole_again)
def served_again(cluster: Cluster) -> Answer:
    """When everything is whole again and no fault can come, exactly one machine soon serves each resource group."""
    if not cluster.groups:
        return Skip("haresources names no group")
    served = all_of(exactly_one(cluster.serves(node, group) for node in cluster.machines) for group in cluster.groups)
    whole = cluster.healthy & cluster.faults_spent
    return Response(trigger=whole & ~served, goal=served, release=~cluster.healthy)
