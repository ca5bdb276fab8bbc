"""A spec is a cluster and what may befall it.

The file `spec.toml` says what ha.cf does not, and every key of it may be left out.

A bare directory is enough: the defaults are a cluster in its steady state, one fault of any kind, and scripts that take
as long as such scripts usually take.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hamodel.config import specsections as sections
from hamodel.config.cluster import Cluster, read_cluster
from hamodel.config.daemon import Version
from hamodel.config.durations import Durations, Interval, ScriptTimes
from hamodel.config.faults import (
    About,
    Clients,
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
from hamodel.config.topology import Topology
from hamodel.errors import SpecError, SpecRefused
from hamodel.source import Span

__all__ = [
    "About",
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
    *("title", "story", "version", "latency", "boot", "autostart", "start_from", "exclusive", "through", "pair"),
    *("durations", "topology", "watchdog", "stonith", "faults", "operator", "clients", "about", "zh", "expect"),
)


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
    """For the version that runs: a promise about one version takes the place of that about all."""
    through: tuple[str, ...] = ()
    """The milestones of the runs one looks at, in their order; without any, all runs (see `ir.course`)."""
    pair: tuple[str, str] = ("", "")
    """The two nodes that are explored in full: of two nodes both, of more the last two where the spec names none."""
    about: About = field(default_factory=About)
    clients: Clients = field(default_factory=Clients)

    @property
    def thirds(self) -> tuple[str, ...]:
        """The nodes beyond the pair."""
        return tuple(name for name in self.cluster.nodes if name not in self.pair)

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
    text = (source.content or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")
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
    limits = sections.faults(reader)
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
        durations=sections.durations(reader),
        topology=sections.topology(reader, cluster),
        watchdog=sections.watchdog(reader),
        stonith=sections.stonith(reader, cluster),
        faults=limits,
        reaction=sections.operator(reader),
        exclusive=sections.exclusive(reader, cluster),
        expect=sections.expect(reader, cluster.version),
        through=reader.texts(("through",)) or (),
        pair=sections.pair(reader, cluster),
        about=sections.about(reader),
        clients=sections.clients(reader, cluster, limits),
    )
