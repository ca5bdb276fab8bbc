"""The cast: which machines play, and how one configuration sets the stage for them.

`structure` says what of a configuration shapes the rules, `options` every number and switch, `compose_cluster` puts
both together. Statements on one card share its fate, so a card is one medium whatever it carries.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from hamodel import kept
from hamodel.config.cluster import Cluster, NodeConfig
from hamodel.config.daemon import Version
from hamodel.config.durations import Interval
from hamodel.config.parts import Failback
from hamodel.config.spec import Spec, StonithOutcome, WatchdogDriver
from hamodel.errors import NotApplicable
from hamodel.ir.compose import BUDGET_TOTAL, compose, limit
from hamodel.ir.system import Kind, System
from hamodel.machines import (
    backup,
    beyond,
    clients,
    comm_up,
    crm_node,
    delay,
    edit,
    first_turn,
    ipfail,
    lateness,
    legacy,
    loss,
    medium,
    membership,
    messages,
    node,
    observe,
    operator,
    pause,
    phantom,
    ping_nodes,
    portion,
    reload,
    reorder,
    resources,
    respawn,
    script_faults,
    scripts,
    service,
    shutdown,
    stall,
    standby,
    starve,
    stonith_device,
    stuck,
    switch,
    watchdog,
    world,
)
from hamodel.machines.client_lines import clients_of
from hamodel.machines.groups import Grouping, grouping
from hamodel.machines.structure import Structure

MACHINES = (
    world,
    medium,
    messages,
    node,
    membership,
    comm_up,
    ping_nodes,
    first_turn,
    lateness,
    resources,
    script_faults,
    scripts,
    standby,
    shutdown,
    stonith_device,
    watchdog,
    ipfail,
    pause,
    phantom,
    operator,
    legacy,
    edit,
    service,
    stall,
    switch,
    delay,
    portion,
    beyond,
    reload,
    clients,
    respawn,
    crm_node,
    reorder,
    loss,
    starve,
    stuck,
    backup,
    observe,
)
"""All files.

`legacy` plays where a node is in that mode, `phantom` where 2.0.8 sees one, `beyond` only with more than two nodes,
those of `ON_DEMAND` only where a scenario names their kind, the clients only where a spec asks for them.
"""
ALONE = (world, clients, respawn, crm_node)
"""What plays in CRM mode."""
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
SWITCH = "switch of "
"""How the name of a cable begins that is a switch."""

MOST_GROUPS, MOST_STEPS = 8, 60
POLL = 250
SHUTDOWN = Interval(2000, 3500)
"""From `shutdone` to the end: a second, ipfail's tick of up to a second, another second (X6 to X10)."""
CLIENT_SLEEP = Interval(2000, 6000)
"""From the start of ipfail until it reads what has come: 2 s of sleep, and up to 6 s seen."""
CLIENT = 0
"""Clients answer at once. The real ipfail looks at its messages once a second: its give-up comes up to 2 s later."""
SCRIPT = Interval(50, 400)
"""A script that finds nothing to do, with its shells."""


def compose_cluster(spec: Spec, deleted: frozenset[str] = frozenset()) -> System:
    """The system of a spec: every run the cluster can take within its fault budget.

    Raises NotApplicable where the files are legal but outside the model. `deleted` rules do nothing (for the tests).
    """
    system = _composed(structure(spec), tuple(sorted(options(spec).items())), spec.name, deleted)
    return system.with_enabled(_enabled(system, spec))


@lru_cache(maxsize=8)
def _composed(
    parts: Structure, values: tuple[tuple[str, int], ...], name: str, deleted: frozenset[str] = frozenset()
) -> System:
    """The composed system, from an earlier run where neither the rules nor the configuration have changed since."""
    key = f"{kept.key_of(_rule_text(), repr((parts, values, name, sorted(deleted))))}.system"
    data = kept.recall(key)
    if data is not None:
        found = pickle.loads(data)
        assert isinstance(found, System)
        return found
    system = compose(name, _playing(parts), parts.shape(), dict(values), "power_up", deleted)
    kept.keep(key, pickle.dumps(system))
    return system


def _playing(parts: Structure) -> tuple[ModuleType, ...]:
    if parts.crm:
        return ALONE
    left_out = set(ON_DEMAND.values()) - {ON_DEMAND[kind] for kind in parts.on_demand}
    left_out.add(crm_node)
    if not parts.clients:
        left_out |= {clients, respawn}
    if not any(parts.legacy):
        left_out.add(legacy)
    if not any(parts.phantoms):
        left_out.add(phantom)
    if not parts.thirds:
        left_out.add(beyond)
    return tuple(module for module in MACHINES if module not in left_out)


@lru_cache(maxsize=1)
def _rule_text() -> bytes:
    """All text a composed system depends on."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *(here.parent / "ir").glob("*.py")])
    return sys.version.encode() + b"".join(file.read_bytes() for file in files)


def _enabled(system: System, spec: Spec) -> frozenset[str]:
    """The free actions of this scenario: repairs always come, faults and commands where the budget names them."""
    return frozenset(
        a.name
        for a in system.actions
        if a.timer is None and (spec.faults.may(a.fault) if a.kind in (Kind.FAULT, Kind.OPERATOR) else True)
    )


# ---- structure -------------------------------------------------------------------------------------------------------


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


# ---- options -------------------------------------------------------------------------------------------------------


def options(spec: Spec) -> dict[str, int]:
    """The value of every run-time option, by its name in the system; durations in ms."""
    stonith = spec.stonith.outcome
    values = {
        "poll": POLL,
        "latency_lo": spec.latency.lo,
        "latency_hi": spec.latency.hi,
        "late_is_dead": int(spec.cluster.version.value.startswith("3")),
        "children_respawned": int(spec.cluster.version.value.startswith("3")),
        "generation_restarts": int(not spec.cluster.version.value.startswith("3")),
        "exec_says_goodbye": int(spec.cluster.version.value.startswith("3")),
        "watchdog_rearms": int(spec.watchdog.driver is not WatchdogDriver.NO_REARM),
        "watchdog_nowayout": int(spec.watchdog.nowayout),
        "stonith_works": int(stonith is not StonithOutcome.FAILS),
        "stonith_fails": int(stonith in (StonithOutcome.FAILS, StonithOutcome.MAY_FAIL)),
        "stonith_powers_on": 0,
        "stonith_lies": int(stonith is StonithOutcome.LIES),
        "stonith_lo": spec.stonith.latency.lo,
        "stonith_hi": spec.stonith.latency.hi,
        "boot_lo": spec.boot.lo,
        "boot_hi": spec.boot.hi,
        "autostart": int(spec.autostart),
        "started": 1,
        "shutdown_lo": SHUTDOWN.lo,
        "shutdown_hi": SHUTDOWN.hi,
        "reaction": spec.reaction.lo,
        "script_lo": SCRIPT.lo,
        "script_hi": SCRIPT.hi,
        "client_hi": CLIENT,
        "sleep_lo": CLIENT_SLEEP.lo,
        "sleep_hi": CLIENT_SLEEP.hi,
        "scan_may_win": 1,
        "turn": 0,
        "youth": 0,
        "client_start_lo": spec.clients.start.lo,
        "client_start_hi": spec.clients.start.hi,
        "client_exit_lo": spec.clients.exit.lo,
        "client_exit_hi": spec.clients.exit.hi,
        "slow_lo": spec.faults.slow_by.lo,
        "slow_hi": spec.faults.slow_by.hi,
        "reboot_works": int(spec.faults.reboot_works),
        BUDGET_TOTAL: spec.faults.budget,
    }
    for t, name in enumerate(spec.thirds):
        config = spec.cluster.per_node[name]
        values |= {f"deadtime_beyond[{t}]": config.deadtime.value, f"keepalive_beyond[{t}]": config.keepalive.value}
    for n, name in enumerate(spec.pair):
        config = spec.cluster.per_node[name]
        period = spec.watchdog.period(config.watchdog_period) if config.watchdog is not None else 0
        values |= {
            f"keepalive[{n}]": config.keepalive.value,
            f"deadtime[{n}]": config.deadtime.value,
            f"initdead[{n}]": config.initdead.value,
            f"deadping[{n}]": config.deadping.value,
            f"auto_failback[{n}]": int(config.auto_failback.value is not Failback.OFF),
            f"watchdog[{n}]": period,
            f"generation_by_clock[{n}]": int(config.hbgenmethod == "time"),
            f"stonith[{n}]": int(name in spec.stonith.nodes),
            f"late_start_lo[{n}]": spec.faults.slow_by.lo,
            f"late_start_hi[{n}]": spec.faults.slow_by.hi,
            f"late_stop_lo[{n}]": spec.faults.slow_by.lo,
            f"late_stop_hi[{n}]": spec.faults.slow_by.hi,
            f"restart_sleep[{n}]": -(-config.deadtime.value // 1000) * 1000 + 1000,
        }
    found: Grouping = grouping(spec)
    for s, members in enumerate(found.members):
        times = [spec.durations.of(r) for r in members]
        for what in ("start", "stop", "status"):
            values[f"{what}_lo[{s}]"] = sum(getattr(t, what).lo for t in times)
            values[f"{what}_hi[{s}]"] = sum(getattr(t, what).hi for t in times)
    for kind in spec.faults.limits:
        if spec.faults.of(kind) < spec.faults.budget:
            values[limit(kind)] = spec.faults.of(kind)
    return values
