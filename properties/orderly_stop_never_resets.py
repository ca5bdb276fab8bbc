"""Nobody is shot for stopping politely."""

from hamodel.properties import Answer, Cluster, Formula, Skip, any_of, never


def a_node_was_stopped(cluster: Cluster) -> Formula:
    return any_of(~cluster.active(node) & cluster.observe("powered", node) for node in cluster.nodes)


@never(witness=a_node_was_stopped, without=("fault",))
def orderly_stop_never_resets(cluster: Cluster) -> Answer:
    """With commands alone, and no fault, no machine is ever reset."""
    if not cluster.has("reset"):
        return Skip("nothing in this cluster can reset a machine")
    if not cluster.commands:
        return Skip("the budget pays for no command")
    return any_of(cluster.observe("reset", node) for node in cluster.nodes)
