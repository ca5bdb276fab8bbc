"""Whoever asks politely gets an answer."""

from hamodel.properties import Answer, Cluster, Response, Skip, any_of, leads_to

SLACK = 60_000
"""Room for an exchange at hand, a take-over at hand and the scripts of the release."""


def bound(cluster: Cluster) -> int:
    """A stop waits for the communication and for what its node is doing; a silent peer has to be given up first."""
    return max(cluster.setting("initdead", 0), cluster.setting("deadtime", 0)) + SLACK


@leads_to(within=bound)
def orderly_stop_ends(cluster: Cluster) -> Answer:
    """A stop that an operator asks for ends in time, unless a script is ill or a daemon is paused."""
    if not cluster.commands.get("stop"):
        return Skip("the budget pays for no stop")
    if not cluster.has("stopping"):
        return Skip("a stop of this cluster takes no time")
    hindered = ~cluster.observe("scripts_work") | any_of(cluster.observe("paused", node) for node in cluster.nodes)
    return [
        Response(
            trigger=cluster.observe("stopping", node) & cluster.faults_spent & ~hindered,
            goal=~cluster.observe("stopping", node),
            release=hindered,
            part=node.name,
        )
        for node in cluster.nodes
    ]
