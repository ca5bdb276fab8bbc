"""A spec is a cluster and what may befall it.

The file `spec.toml` says what ha.cf does not, and every key of it may be left out.

A bare directory is enough: the defaults are a cluster in its steady state, one fault of any kind, and scripts that take
as long as such scripts usually take.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from hamodel.config.cluster import Cluster, read_cluster
from hamodel.config.daemon import Version
from hamodel.config.durations import WELL_KNOWN, Durations, Interval, ScriptTimes
from hamodel.config.faults import (
    FAULT_KINDS,
    Expectation,
    FaultLimits,
    Stonith,
    StonithOutcome,
    Watchdog,
    WatchdogDriver,
)
from hamodel.config.lines import Source, load
from hamodel.config.parts import Resource
from hamodel.config.tomlplaces import Places
from hamodel.config.tomlreader import Reader
from hamodel.config.topology import Topology, default_topology
from hamodel.errors import OutOfRange, SpecError, SpecRefused, WrongType
from hamodel.source import Span

__all__ = [
    "Durations",
    "Expectation",
    "FaultLimits",
    "Interval",
    "Scenario",
    "ScriptTimes",
    "Spec",
    "Stonith",
    "StonithOutcome",
    "Topology",
    "Watchdog",
    "WatchdogDriver",
    "read_spec",
]

KEYS = (
    *("title", "story", "version", "latency", "boot", "autostart", "start_from", "exclusive"),
    *("durations", "topology", "watchdog", "stonith", "faults", "operator", "expect"),
)
OUTCOMES = ("holds", "violated", "bounded", "unknown")


@dataclass(frozen=True, slots=True)
class Spec:
    """A cluster, its surroundings, its fault budget and the promises made about it. All times are ms."""

    name: str
    title: str
    story: str
    path: Path
    cluster: Cluster
    latency: Interval
    boot: Interval
    autostart: bool
    start_from: str
    durations: Durations
    topology: Topology
    watchdog: Watchdog
    stonith: Stonith
    faults: FaultLimits
    reaction: Interval
    exclusive: tuple[str, ...]
    expect: Mapping[str, Expectation]

    def is_exclusive(self, resource: Resource) -> bool:
        """Whether only one node may run this resource at a time, because two destroy it."""
        return resource.text in self.exclusive


Scenario = Spec


def read_spec(
    paths: Sequence[Path], version: Version | None = None, overrides: Mapping[str, object] | None = None
) -> Spec:
    """The spec of these files, which are given as for `read_cluster`; `spec.toml` lies beside them, or is named itself.

    `overrides` are dotted keys and values that take the place of those in the file. Raises `SpecRefused` with all
    problems of `spec.toml`, and what `read_cluster` raises.
    """
    given = [Path(path) for path in paths]
    file = next((path for path in given if path.suffix == ".toml"), None)
    files = [path for path in given if path is not file] or ([file.parent] if file else given)
    if file is None:
        home = files[0] if files and files[0].is_dir() else files[0].parent if files else Path()
        candidates = [home / "spec.toml", home.parent / "spec.toml"] if len(files) == 2 else [home / "spec.toml"]
        file = next((path for path in candidates if path.exists()), candidates[0])
    reader = _parse(load(file), file.exists(), overrides or {})
    named = reader.choice(("version",), [v.value for v in Version], "")
    chosen = version or (Version(named) if named else Version.V3_0_6)
    _top(reader)
    if reader.problems and any(type(problem) is SpecError for problem in reader.problems):
        raise _refused(reader, file)
    cluster = read_cluster(files, chosen)
    spec = _build(reader, cluster, file)
    if reader.problems:
        raise _refused(reader, file)
    return spec


def _refused(reader: Reader, file: Path) -> SpecRefused:
    count = len(reader.problems)
    return SpecRefused(f"{file} has {count} problem{'s' if count > 1 else ''}", reader.problems)


def _parse(source: Source, there: bool, overrides: Mapping[str, object]) -> Reader:
    text = (source.content or b"").decode("utf-8", "replace").replace("\r\n", "\n")
    places = Places(source.file, text)
    data: dict[str, object] = {}
    problems: list[SpecError] = []
    if there and source.content is None:
        problems.append(SpecError(f"{source.file} cannot be read: {source.problem}"))
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        problems.append(_syntax(source.file, text, str(problem)))
    for key, value in overrides.items():
        table: dict[str, object] = data
        *around, last = key.split(".")
        for part in around:
            inner = table.setdefault(part, {})
            table = inner if isinstance(inner, dict) else {}
        table[last] = value
    return Reader(data, places, list(problems))


def _syntax(file: str, text: str, message: str) -> SpecError:
    import re

    match = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if match is None:
        return SpecError(f"{file} is no TOML: {message}")
    line, column = int(match.group(1)), int(match.group(2))
    lines = text.split("\n")
    return SpecError(
        f"this is no TOML: {message[: match.start()].strip()}",
        span=Span(file, line, column, 1, lines[line - 1] if line <= len(lines) else ""),
    )


def _top(reader: Reader) -> None:
    reader.table((), KEYS)


def _build(reader: Reader, cluster: Cluster, file: Path) -> Spec:
    return Spec(
        name=cluster.name,
        title=reader.text(("title",)),
        story=reader.text(("story",)).strip(),
        path=file,
        cluster=cluster,
        latency=reader.interval(("latency",), Interval(0, 10)),
        boot=reader.interval(("boot",), Interval(20_000, 60_000)),
        autostart=reader.switch(("autostart",), True),
        start_from=reader.choice(("start_from",), ("steady", "boot"), "steady"),
        durations=_durations(reader),
        topology=_topology(reader, cluster),
        watchdog=_watchdog(reader),
        stonith=_stonith(reader, cluster),
        faults=_faults(reader),
        reaction=_operator(reader),
        exclusive=_exclusive(reader, cluster),
        expect=_expect(reader),
    )


def _durations(reader: Reader) -> Durations:
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


def _topology(reader: Reader, cluster: Cluster) -> Topology:
    reader.table(("topology",), ("media", "service", "ping", "together"))
    found = default_topology(cluster)
    media = _cards(reader, ("topology", "media"), found.media)
    services = _cards(reader, ("topology", "service"), found.services)
    service = next((card for card in services.values() if card), "")
    pings = found.pings if services == dict(found.services) or not service else dict.fromkeys(found.pings, service)
    pings = _cards(reader, ("topology", "ping"), pings)
    topology = Topology(MappingProxyType(media), MappingProxyType(services), MappingProxyType(pings))
    groups = reader.get(("topology", "together"))
    if groups is None:
        return topology
    if not isinstance(groups, list) or not all(
        isinstance(g, list) and all(isinstance(c, str) for c in g) for g in groups
    ):
        reader.problem(WrongType, ("topology", "together"), "topology.together has to be a list of lists of cards")
        return topology
    for card in [card for group in groups for card in group if card not in topology.cards]:
        known = ", ".join(topology.cards)
        reader.problem(OutOfRange, ("topology", "together"), f"{card} is no card of this cluster", f"cards: {known}")
    together = tuple(tuple(group) for group in groups)
    return Topology(topology.media, topology.services, topology.pings, together)


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


def _watchdog(reader: Reader) -> Watchdog:
    reader.table(("watchdog",), ("driver", "nowayout", "default_timeout"))
    driver = reader.choice(("watchdog", "driver"), [d.value for d in WatchdogDriver], WatchdogDriver.SOFTDOG.value)
    nowayout = reader.switch(("watchdog", "nowayout"), False)
    return Watchdog(WatchdogDriver(driver), nowayout, reader.duration(("watchdog", "default_timeout"), 60_000))


_OUTCOME = {
    "null": StonithOutcome.LIES,
    "suicide": StonithOutcome.FAILS,
    "ssh": StonithOutcome.MAY_FAIL,
}


def _stonith(reader: Reader, cluster: Cluster) -> Stonith:
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


def _faults(reader: Reader) -> FaultLimits:
    reader.table(("faults",), ("budget", "kinds", *FAULT_KINDS))
    budget = reader.count(("faults", "budget"), 1)
    kinds = reader.texts(("faults", "kinds"))
    for kind in [kind for kind in kinds or () if kind not in FAULT_KINDS]:
        reader.problem(
            OutOfRange, ("faults", "kinds"), f"{kind} is no kind of fault", f"kinds: {', '.join(FAULT_KINDS)}"
        )
    limits, free = {}, set()
    for kind in FAULT_KINDS:
        given = reader.get(("faults", kind)) is not None
        usual = budget if kinds is None or kind in kinds else 0
        limits[kind] = reader.count(("faults", kind), usual)
        if kind == "start" and not given:
            free.add(kind)
    return FaultLimits(budget, MappingProxyType(limits), frozenset(free))


def _operator(reader: Reader) -> Interval:
    reader.table(("operator",), ("reaction",))
    return reader.interval(("operator", "reaction"), Interval(60_000, 600_000))


def _exclusive(reader: Reader, cluster: Cluster) -> tuple[str, ...]:
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


def _expect(reader: Reader) -> Mapping[str, Expectation]:
    found = {}
    for name, value in reader.table(("expect",)).items():
        path = ("expect", name)
        if isinstance(value, str):
            found[name] = Expectation(reader.choice(path, OUTCOMES, "unknown"))
            continue
        reader.table(path, ("outcome", "faults_used", "length", "states", "engine", "why"))
        if reader.get((*path, "outcome")) is None:
            reader.problem(WrongType, path, f"expect.{name} says no outcome", f"outcomes: {', '.join(OUTCOMES)}")
        found[name] = Expectation(
            outcome=reader.choice((*path, "outcome"), OUTCOMES, "unknown"),
            faults_used=_maybe(reader, (*path, "faults_used")),
            length=_maybe(reader, (*path, "length")),
            states=_maybe(reader, (*path, "states")),
            engine=reader.text((*path, "engine")) or None,
            why=reader.text((*path, "why")),
        )
    return MappingProxyType(found)


def _maybe(reader: Reader, path: tuple[str, ...]) -> int | None:
    return None if reader.get(path) is None else reader.count(path, 0)
