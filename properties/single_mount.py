"""One disk, one mount."""

from hamodel.properties import Answer, Cluster, Formula, Skip, all_of, always, any_of, at_most_one


def something_is_mounted(cluster: Cluster) -> Formula:
    return any_of(cluster.up(node, disk) for node in cluster.machines for disk in cluster.disks)


@always(witness=something_is_mounted)
def single_mount(cluster: Cluster) -> Answer:
    """No disk is ever mounted on two machines at once: two mounts of one file system destroy it."""
    if not cluster.disks:
        return Skip("no resource of this cluster is a disk")
    return all_of(at_most_one(cluster.up(node, disk) for node in cluster.machines) for disk in cluster.disks)
