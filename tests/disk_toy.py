"""A pair with one disk and nothing else, small enough for the reference engine: node 0 owns, node 1 takes over."""

from __future__ import annotations

from hamodel.checking.case import Case
from hamodel.ir.compose import compose
from hamodel.ir.rule_text import Shape
from hamodel.ir.system import System
from hamodel.properties.cluster import Cable, Group, Layout, Node, Resource
from tests import disk_toy_rules

DISK = "Filesystem::/dev/sdb5::/webdata::ext3"


def toy(**options: int) -> System:
    """The pair: deadtime 4 s, keepalive 500 ms, a mount takes 200 to 600 ms, the watchdog bites after 5 s."""
    per_node = {"deadtime": 4000, "keepalive": 500, "watchdog": 5000, "auto_failback": 1}
    values = {"mount_lo": 200, "mount_hi": 600, "budget_total": 1, "limit_stop": 0, **options}
    for name, value in per_node.items():
        chosen = values.pop(name, value)
        values |= {f"{name}[0]": chosen, f"{name}[1]": chosen}
    shape = Shape(
        sizes={"Node": 2, "Step": 1, "Group": 1, "Cable": 1},
        labels={"Node": ("node1", "node2"), "Cable": ("eth0",)},
        tables={},
    )
    return compose("disk toy", [disk_toy_rules], shape, values, "boot")


def toy_layout() -> Layout:
    """The names of the pair."""
    nodes = (Node(0, "node1"), Node(1, "node2"))
    disk = Resource(0, DISK, 0, exclusive=True)
    return Layout(nodes, (Group(0, DISK, nodes[0], (disk,)),), (disk,), (Cable(0, "eth0"),))


def toy_case(**options: int) -> Case:
    """The pair as a case, running steadily before the first fault."""
    return Case(toy(**options), toy_layout(), "disk toy")
