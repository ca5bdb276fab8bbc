"""One address, one machine."""

from hamodel.properties import Answer, Cluster, Formula, Skip, all_of, always, any_of, at_most_one


def an_address_is_up(cluster: Cluster) -> Formula:
    return any_of(cluster.up(node, address) for node in cluster.machines for address in cluster.addresses)


@always(witness=an_address_is_up)
def single_owner(cluster: Cluster) -> Answer:
    """No service address is ever up on two machines at once: clients would reach now the one, now the other."""
    if not cluster.addresses:
        return Skip("no resource of this cluster is an address")
    return all_of(at_most_one(cluster.up(node, address) for node in cluster.machines) for address in cluster.addresses)
