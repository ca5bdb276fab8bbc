"""Each table of spec.toml has one reader, and every reader leaves the default where the file is silent or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hamodel.config.cluster import Cluster
from hamodel.config.daemon import Version
from hamodel.config.durations import WELL_KNOWN, Durations, Interval, ScriptTimes
from hamodel.config.faults import (
    FAULT_KINDS,
    SLOW_BY,
    USUAL_KINDS,
    About,
    Clients,
    Expectation,
    FaultLimits,
    Stonith,
    StonithOutcome,
    Watchdog,
    WatchdogDriver,
)
from hamodel.config.tomlreader import Reader
from hamodel.config.topology import Topology, default_topology
from hamodel.errors import OutOfRange, WrongType

OUTCOMES = ("holds", "violated", "bounded", "unknown", "vacuous")


def durations(reader: Reader) -> Durations:
    """How long scripts take, by resource type and by default."""
    by_type, default = dict(WELL_KNOWN), ScriptTimes()
    for kind in reader.table(("durations",)):
        path = ("durations", kind)
        reader.table(path, ("start", "stop", "status"))
        base = by_type.get(kind, default)
        times = ScriptTimes(
            reader.interval((*path, "start"), base.start),
            reader.interval((*path, "stop"), base.stop),
            reader.interval((*path, "status"), base.status),
        )
        if kind == "default":
            default = times
        else:
            by_type[kind] = times
    return Durations(MappingProxyType(by_type), default)


def topology(reader: Reader, cluster: Cluster) -> Topology:
    """Which card carries what: what the files tell, with the corrections of the spec."""
    reader.table(("topology",), ("media", "service", "ping", "together"))
    found = default_topology(cluster)
    media = _cards(reader, ("topology", "media"), found.media)
    services = _cards(reader, ("topology", "service"), found.services)
    service = next((card for card in services.values() if card), "")
    pings = found.pings if services == dict(found.services) or not service else dict.fromkeys(found.pings, service)
    pings = _cards(reader, ("topology", "ping"), pings)
    known = Topology(MappingProxyType(media), MappingProxyType(services), MappingProxyType(pings))
    groups = reader.get(("topology", "together"))
    if groups is None:
        return known
    if not isinstance(groups, list) or not all(
        isinstance(g, list) and all(isinstance(c, str) for c in g) for g in groups
    ):
        reader.problem(WrongType, ("topology", "together"), "topology.together has to be a list of lists of cards")
        return known
    for card in [card for group in groups for card in group if card not in known.cards]:
        names = ", ".join(known.cards)
        reader.problem(OutOfRange, ("topology", "together"), f"{card} is no card of this cluster", f"cards: {names}")
    together = tuple(tuple(group) for group in groups)
    return Topology(known.media, known.services, known.pings, together)


def _cards(reader: Reader, path: tuple[str, ...], found: Mapping[str, str]) -> dict[str, str]:
    """Cards by name: one for all as a text, or a table of names, each of which has to be known."""
    value = reader.get(path)
    if value is None:
        return dict(found)
    if isinstance(value, str):
        return dict.fromkeys(found, value)
    table = reader.table(path)
    by_device = {card: [name for name in found if found[name] == card] for card in found.values()}
    result = dict(found)
    for name in table:
        card = reader.text((*path, name))
        for known in [name] if name in found else by_device.get(name, []):
            result[known] = card
    reader.known(path, {name: table[name] for name in table if name not in by_device}, tuple(found))
    return result


def watchdog(reader: Reader) -> Watchdog:
    """The watchdog's driver."""
    reader.table(("watchdog",), ("driver", "nowayout", "default_timeout"))
    driver = reader.choice(("watchdog", "driver"), [d.value for d in WatchdogDriver], WatchdogDriver.SOFTDOG.value)
    nowayout = reader.switch(("watchdog", "nowayout"), False)
    return Watchdog(WatchdogDriver(driver), nowayout, reader.duration(("watchdog", "default_timeout"), 60_000))


_OUTCOME = {
    "null": StonithOutcome.LIES,
    "suicide": StonithOutcome.FAILS,
    "ssh": StonithOutcome.MAY_FAIL,
}


def stonith(reader: Reader, cluster: Cluster) -> Stonith:
    """How resets go; the nodes with a device are those of ha.cf unless the spec names them."""
    reader.table(("stonith",), ("nodes", "latency", "outcome"))
    devices = {name: node.stonith for name, node in cluster.per_node.items() if node.stonith is not None}
    nodes = reader.texts(("stonith", "nodes"))
    if nodes is not None:
        for name in [name for name in nodes if name not in cluster.nodes]:
            help = f"nodes: {', '.join(cluster.nodes)}"
            reader.problem(OutOfRange, ("stonith", "nodes"), f"{name} is no node of this cluster", help)
    kinds = [device.type.rsplit("/", 1)[-1] for device in devices.values()]
    usual = next((_OUTCOME[kind] for kind in kinds if kind in _OUTCOME), StonithOutcome.WORKS)
    outcome = reader.choice(("stonith", "outcome"), [o.value for o in StonithOutcome], usual.value)
    latency = Interval(60_000, 600_000) if "meatware" in kinds else Interval(500, 2000)
    return Stonith(
        tuple(devices) if nodes is None else nodes,
        reader.interval(("stonith", "latency"), latency),
        StonithOutcome(outcome),
    )


def faults(reader: Reader) -> FaultLimits:
    """The budget and the limits; `kinds` switches all others off."""
    reader.table(("faults",), ("budget", "kinds", "slow_by", "reboot_works", *FAULT_KINDS))
    budget = reader.count(("faults", "budget"), 1)
    kinds = reader.texts(("faults", "kinds"))
    for kind in [kind for kind in kinds or () if kind not in FAULT_KINDS]:
        reader.problem(
            OutOfRange, ("faults", "kinds"), f"{kind} is no kind of fault", f"kinds: {', '.join(FAULT_KINDS)}"
        )
    limits = {}
    for kind in FAULT_KINDS:
        usual = budget if kind in (USUAL_KINDS if kinds is None else kinds) else 0
        limits[kind] = reader.count(("faults", kind), usual)
    slow_by = reader.interval(("faults", "slow_by"), SLOW_BY)
    return FaultLimits(budget, MappingProxyType(limits), slow_by, reader.switch(("faults", "reboot_works"), True))


def operator(reader: Reader) -> Interval:
    """How long a person needs to act."""
    reader.table(("operator",), ("reaction",))
    return reader.interval(("operator", "reaction"), Interval(60_000, 600_000))


CLIENT_KINDS = ("kill_client", "client_fails")


def clients(reader: Reader, cluster: Cluster, limits: FaultLimits) -> Clients:
    """Whose lives are played; none unless there is such a table, or a fault of theirs."""
    usual = Clients()
    reader.table(("clients",), ("names", "nodes", "start", "exit"))
    names, nodes = reader.texts(("clients", "names")), reader.texts(("clients", "nodes"))
    for name in [name for name in nodes or () if name not in cluster.nodes]:
        help = f"nodes: {', '.join(cluster.nodes)}"
        reader.problem(OutOfRange, ("clients", "nodes"), f"{name} is no node of this cluster", help)
    return Clients(
        reader.get(("clients",)) is not None or any(limits.may(kind) for kind in CLIENT_KINDS),
        names,
        nodes,
        reader.interval(("clients", "start"), usual.start),
        reader.interval(("clients", "exit"), usual.exit),
    )


def exclusive(reader: Reader, cluster: Cluster) -> tuple[str, ...]:
    """The resources only one node may run, by their text, type or device."""
    resources = {r.text: r for node in cluster.per_node.values() for group in node.groups for r in group.resources}
    given = reader.texts(("exclusive",))
    if given is None:
        return tuple(text for text, r in resources.items() if r.is_block_mount or r.is_drbd)
    chosen: dict[str, None] = {}
    for name in given:
        fitting = [text for text, r in resources.items() if name in (text, r.type) or (r.device and name == r.device)]
        if not fitting:
            help = f"resources: {', '.join(resources)}"
            reader.problem(OutOfRange, ("exclusive",), f"{name} is no resource of this cluster", help)
        chosen.update(dict.fromkeys(fitting))
    return tuple(chosen)


def pair(reader: Reader, cluster: Cluster) -> tuple[str, str]:
    """The two nodes that are explored in full."""
    last = (*cluster.nodes, "", "")[:2] if len(cluster.nodes) < 3 else cluster.nodes[-2:]
    named = reader.texts(("pair",))
    if named is None:
        return (last[0], last[1])
    if len(named) != 2 or len(set(named)) != 2 or any(name not in cluster.nodes for name in named):
        help = f"two of the nodes {', '.join(cluster.nodes)}"
        reader.problem(OutOfRange, ("pair",), f"pair = {list(named)} does not name two nodes", help)
        return (last[0], last[1])
    return (named[0], named[1])


def about(reader: Reader) -> About:
    """What the spec is there for, and its title and story in Chinese."""
    reader.table(("about",), ("hazards", "stories", "recordings", "prevented_by", "finding"))
    reader.table(("zh",), ("title", "story"))
    hazards, stories, recordings = (reader.texts(("about", key)) or () for key in ("hazards", "stories", "recordings"))
    return About(
        hazards, stories, recordings, reader.text(("about", "prevented_by")), reader.text(("about", "finding")).strip(),
        reader.text(("zh", "title")), reader.text(("zh", "story")).strip(),
    )  # fmt: skip


def expect(reader: Reader, version: Version) -> Mapping[str, Expectation]:
    """The promises, by property; those under the version that runs take the place of those for all."""
    versions = {v.value for v in Version}
    given = reader.table(("expect",))
    found = {name: _promise(reader, ("expect", name)) for name in given if name not in versions}
    for each in sorted(versions & set(given)):
        under = {name: _promise(reader, ("expect", each, name)) for name in reader.table(("expect", each))}
        found |= under if each == version.value else {}
    return MappingProxyType(found)


def _promise(reader: Reader, path: tuple[str, ...]) -> Expectation:
    """One promise; a bare word is an outcome."""
    if isinstance(reader.get(path), str):
        return Expectation(reader.choice(path, OUTCOMES, "unknown"))
    reader.table(path, ("outcome", "faults_used", "length", "states", "engine", "why"))
    if reader.get((*path, "outcome")) is None:
        reader.problem(WrongType, path, f"{'.'.join(path)} says no outcome", f"outcomes: {', '.join(OUTCOMES)}")
    return Expectation(
        outcome=reader.choice((*path, "outcome"), OUTCOMES, "unknown"),
        faults_used=_maybe(reader, (*path, "faults_used")),
        length=_maybe(reader, (*path, "length")),
        states=_maybe(reader, (*path, "states")),
        engine=reader.text((*path, "engine")) or None,
        why=reader.text((*path, "why")),
    )


def _maybe(reader: Reader, path: tuple[str, ...]) -> int | None:
    return None if reader.get(path) is None else reader.count(path, 0)
