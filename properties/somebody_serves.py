"""The cluster is good for something."""

from hamodel.properties import Answer, Cluster, Skip, all_of, sometimes


@sometimes
def somebody_serves(cluster: Cluster) -> Answer:
    """Every resource group can be served: there is a moment in which clients reach all of them."""
    if not cluster.groups:
        return Skip("haresources names no group")
    return all_of(cluster.served(group) for group in cluster.groups)
