"""An outage that nothing keeps up any more ends as fast as after a crash."""

from hamodel.properties import Answer, Cluster, Skip, leads_to, served_soon

SLACK = 10_000
"""Room for the scripts of a take-over."""


def bound(cluster: Cluster) -> int:
    """As long as the loss of a machine costs: it has to be given up, and its groups have to be started."""
    return cluster.setting("deadtime", 0) + SLACK


@leads_to(within=bound)
def outage_is_short(cluster: Cluster) -> Answer:
    """When nothing is broken that the service needs and no fault can come, no group is long without a server."""
    if not cluster.groups:
        return Skip("haresources names no group")
    if not cluster.has("serviceable"):
        return Skip("nothing here can be broken but whole nodes: see served_again")
    return served_soon(cluster, cluster.observe("serviceable"))
