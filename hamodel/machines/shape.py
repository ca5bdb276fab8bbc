"""The shape: what of a configuration decides which rules play, and on what.

Statements on one card share its fate, so a card is one medium whatever it carries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hamodel.config.cluster import Cluster, NodeConfig
from hamodel.config.daemon import Version
from hamodel.config.parts import Failback
from hamodel.config.spec import Spec
from hamodel.errors import NotApplicable
from hamodel.machines import backup, delay, edit, loss, portion, reload, reorder, service, stall, starve, stuck, switch
from hamodel.machines.client_lines import clients_of
from hamodel.machines.groups import Grouping, grouping
from hamodel.machines.structure import Structure

ON_DEMAND = {
    "edit": edit,
    "delay": delay,
    "portion": portion,
    "reload": reload,
    "mistake": reload,
    "restore": backup,
    "reorder": reorder,
    "loss": loss,
    "starve": starve,
    "stuck": stuck,
    "service_dies": service,
    "stall": stall,
    "switch": switch,
}
"""The kinds of faults that have a file of their own, which plays only where a scenario names them."""
SWITCH = "switch of "
"""How the name of a cable begins that is a switch."""

MOST_GROUPS, MOST_STEPS = 8, 60


def structure(spec: Spec) -> Structure:
    """Nodes, cables, media, ping nodes and groups of a spec, in the order of its files."""
    cluster = spec.cluster
    _applicable(spec)
    if is_crm(cluster):
        return _clients_alone(spec)
    names = spec.pair
    first, second = (cluster.per_node[name] for name in names)
    legacy = (is_legacy(first), is_legacy(second))
    topology = spec.topology
    shared = [card for card in dict.fromkeys(topology.card(m) for m in first.media) if cluster.keys_agree]
    both = [card for card in shared if card in {topology.card(m) for m in second.media}]
    public = {card for card in (*topology.services.values(), *topology.pings.values()) if card}
    cables: list[str] = []

    def cable(name: str) -> int:
        if name not in cables:
            cables.append(name)
        return cables.index(name)

    def own(card: str, n: int) -> tuple[int, ...]:
        if not card:
            return ()
        ends = (cable(f"{names[n]}:{card}"),) if card in public else (cable(card),)
        return (*ends, *_switches(spec, card, card in public, cable))

    media = []
    for card in both:
        if card in public:
            ends = (*own(card, 0), *own(card, 1), cable(f"{card} between {names[0]} and {names[1]}"))
        else:
            ends = own(card, 0)
        media.append((card, tuple(dict.fromkeys(ends))))
    watched = tuple(tuple(dict.fromkeys(p.name for p in config.pings)) for config in (first, second))
    pings = [
        (p, tuple(own(topology.pings.get(p, ""), n) if p in watched[n] else () for n in (0, 1)))
        for p in dict.fromkeys((*watched[0], *watched[1]))
    ]
    addresses = dict.fromkeys(a.address for config in (first, second) for a in config.addresses)
    cards = [topology.services.get(address, "") for address in addresses]
    service = (_union(own(c, 0) for c in cards), _union(own(c, 1) for c in cards))
    found = grouping(spec)
    groups = found.groups
    if len(groups) > MOST_GROUPS or sum(len(g.steps) for g in groups) > MOST_STEPS:
        raise NotApplicable(
            f"haresources has {len(groups)} groups; the model has room for {MOST_GROUPS}",
            help="check a copy of the files with the groups that matter",
        )
    return Structure(
        nodes=names,
        cables=tuple(cables),
        media=tuple(media),
        pings=tuple((p, (ends[0], ends[1])) for p, ends in pings),
        phantoms=_phantoms(cluster, watched, [p for p, _ in pings]),
        watches=tuple(tuple(p in names for p, _ in pings) for names in watched),
        service=service,
        groups=groups,
        file_order=found.file_order,
        ipfail=first.ipfail and second.ipfail and not any(legacy),
        ipfail_refuses=(first.ipfail and legacy[0], second.ipfail and legacy[1]),
        ipfail_alone=(first.ipfail and not legacy[0] and legacy[1], second.ipfail and not legacy[1] and legacy[0]),
        legacy=legacy,
        switches=tuple(i for i, name in enumerate(cables) if name.startswith(SWITCH) and spec.faults.may("switch")),
        thirds=spec.thirds,
        third_groups=tuple(_preferred(found, first, name) for name in spec.thirds),
        fences=bool(spec.stonith.nodes),
        on_demand=tuple(kind for kind in ON_DEMAND if spec.faults.may(kind)),
        clients=clients_of(spec),
    )


def is_crm(cluster: Cluster) -> bool:
    """Some node has crm on: then there is no haresources model, and clients are all that can be played."""
    return any(cluster.per_node[name].crm for name in cluster.nodes)


def _clients_alone(spec: Spec) -> Structure:
    """Two nodes that are nothing but their clients."""
    first, second = spec.pair
    return Structure(
        nodes=(first, second),
        cables=(),
        media=(),
        pings=(),
        service=((), ()),
        groups=(),
        file_order=((), ()),
        ipfail=False,
        crm=True,
        watches=((), ()),
        phantoms=((), ()),
        clients=clients_of(spec),
    )


def _phantoms(
    cluster: Cluster, watched: tuple[tuple[str, ...], ...], pings: list[str]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """For each node the ping nodes only its peer has; 3.0.6 leaves them out of its node list (section 12)."""
    if cluster.version is not Version.V2_0_8:
        return ((), ())
    first, second = (tuple(i for i, p in enumerate(pings) if p not in own) for own in watched)
    return (first, second)


def is_legacy(config: NodeConfig) -> bool:
    """auto_failback legacy, written or by default."""
    return config.auto_failback.value is Failback.LEGACY


def _preferred(found: Grouping, config: NodeConfig, name: str) -> int:
    """The groups that name this node first, as a set of bits; the files of the pair agree on them."""
    keys = {group.key for group in config.groups if group.owner == name}
    return sum(1 << i for i, key in enumerate(found.keys) if key in keys)


def _switches(spec: Spec, card: str, public: bool, cable: Callable[[str], int]) -> tuple[int, ...]:
    """The switches a card hangs on; one that no other card shares plays only where switches fail."""
    shared = [group for group in spec.topology.together if card in group]
    if not shared and public and spec.faults.may("switch"):
        shared = [(card,)]
    return tuple(cable(f"{SWITCH}{' and '.join(group)}") for group in shared)


def _union(parts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(c for part in parts for c in part))


def _applicable(spec: Spec) -> None:
    """Refuses what the model does not cover, with the reason."""
    cluster = spec.cluster
    if cluster.outside_the_model and not (len(cluster.nodes) == 2 and spec.clients.played):
        raise NotApplicable(
            f"the haresources model does not apply: {'; '.join(cluster.outside_the_model)}",
            help="hamodel decides clusters of two nodes in haresources mode (crm off); "
            "of a pair with crm on it can play the clients alone: write [clients] in spec.toml",
        )
    if is_crm(cluster):
        return
    old = any(is_legacy(cluster.per_node[name]) for name in spec.pair)
    if spec.thirds and (spec.stonith.nodes or old):
        what = "STONITH" if spec.stonith.nodes else "auto_failback legacy (the default)"
        raise NotApplicable(
            f"{len(cluster.nodes)} nodes with {what} are not modelled",
            help="Heartbeat is made for two: with three every survivor takes over what a dead node had (HZ-20)",
        )
