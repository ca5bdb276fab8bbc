"""Heartbeat gives up on clients without telling anybody."""

from hamodel.properties import Answer, Cluster, Formula, Skip, any_of, never


def some_client_serves(cluster: Cluster) -> Formula:
    return any_of(
        cluster.observe("client_serves", node, client) for node in cluster.nodes for client in cluster.clients
    )


@never(witness=some_client_serves)
def clients_stay(cluster: Cluster) -> Answer:
    """No client of the configuration is ever left dead because it was respawning too fast."""
    if not cluster.clients:
        return Skip("the spec does not ask for the lives of clients")
    return any_of(cluster.observe("client_left", node, client) for node in cluster.nodes for client in cluster.clients)
