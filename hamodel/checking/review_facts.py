"""The values in force, and where each comes from: what nobody wrote down decides as much as what somebody did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from hamodel.config.cluster import Cluster
from hamodel.config.directives import Modelled, directives
from hamodel.config.node import NodeConfig
from hamodel.config.parts import Valued, card_of
from hamodel.config.values import show_ms
from hamodel.ir.review import Fact

_COMPUTED: Mapping[str, str] = MappingProxyType(
    {
        "keepalive": "the default",
        "deadtime": "the default",
        "warntime": "computed: half of deadtime",
        "initdead": "computed: 12 s below 6 s of deadtime, twice it up to 10 s, above that equal to it",
        "deadping": "computed: equal to deadtime",
    }
)


def facts_of(cluster: Cluster) -> Iterator[Fact]:
    """One fact a value; where the nodes differ, one a node."""
    rows = {name: list(_node(node)) for name, node in cluster.per_node.items()}
    first = rows[cluster.nodes[0]]
    for index, fact in enumerate(first):
        others = {name: facts[index] for name, facts in rows.items() if index < len(facts)}
        if all(other.value == fact.value for other in others.values()):
            yield fact
        else:
            yield from (Fact(f"{f.name} on {name}", f.value, f.origin) for name, f in others.items())


def _node(node: NodeConfig) -> Iterator[Fact]:
    for name in ("keepalive", "warntime", "deadtime", "initdead", "deadping"):
        value: Valued[int] = getattr(node, name)
        if name != "deadping" or node.pings:
            yield Fact(name, show_ms(value.value), _origin(name, value))
    dog = "none"
    if node.watchdog is not None:
        dog = f"{node.watchdog.value} resets after {show_ms(node.watchdog_period)}"
    yield Fact("watchdog", dog, "computed: deadtime + 10 ms, in whole seconds upwards" if node.watchdog else "")
    idle = ", ".join(f"{line.type} (not used by this node)" for line in node.fence_lines) or "none"
    yield Fact("fencing", node.stonith.type if node.stonith is not None else idle)
    failback = node.auto_failback
    yield Fact("auto_failback", failback.value.value, "" if failback.given else "not given, so legacy")
    yield Fact("paths", paths_of(node))
    yield Fact("noted only", _idle(node), "these change nothing in the model")


def _origin(name: str, value: Valued[int]) -> str:
    return f"line {value.span.line}" if value.span is not None else _COMPUTED[name]


def paths_of(node: NodeConfig) -> str:
    """How many physical paths the heartbeats have, and what uses each.

    Statements on one card, its aliases and its VLANs share the cable and the switch port: they are one path.
    """
    if not node.cards:
        return "no path between the nodes"
    services: dict[str, list[str]] = {}
    for resource in node.addresses:
        if resource.nic:
            services.setdefault(card_of(resource.nic), []).append(resource.address)
    told = []
    for card in node.cards:
        here = [medium.kind for medium in node.media if medium.card == card]
        kinds = ", ".join(f"{here.count(k)} {k}" if here.count(k) > 1 else k for k in dict.fromkeys(here))
        carries = f"; carries {', '.join(services[card])} too" if card in services else ""
        told.append(f"{card} ({kinds}{carries})")
    count, statements = len(node.cards), len(node.media)
    paths = f"{count} physical path{'s' if count != 1 else ''}"
    return f"{paths} in {statements} statement{'s' if statements != 1 else ''}: {', '.join(told)}"


def _idle(node: NodeConfig) -> str:
    table = directives()
    idle = [name for name in node.options if name in table and table[name].modelled is not Modelled.YES]
    return ", ".join(idle) or "nothing"
