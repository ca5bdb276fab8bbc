"""A machine that could do the work does it."""

from hamodel.properties import Answer, Cluster, Skip, any_of, leads_to, served_soon

SLACK = 60_000
"""Room for the scripts, the 10-s timers of the exchanges and a delayed standby."""


def bound(cluster: Cluster) -> int:
    """A peer or a ping node has to be given up first; then the protocol and the scripts take their time."""
    return max(cluster.setting(each, 0) for each in ("initdead", "deadtime", "deadping")) + SLACK


@leads_to(within=bound)
def fit_node_serves(cluster: Cluster) -> Answer:
    """When no fault can come and a fit node is there (active, in reach of clients, scripts in order), all is served."""
    if not cluster.groups:
        return Skip("haresources names no group")
    if not cluster.has("fit"):
        return Skip("nothing here can be broken but whole nodes: see served_again")
    return served_soon(cluster, any_of(cluster.observe("fit", node) for node in cluster.nodes))
