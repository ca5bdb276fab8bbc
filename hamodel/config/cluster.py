"""A cluster is what its nodes believe, side by side: read the files, and refuse exactly when Heartbeat does.

`read_cluster` lets each node start in turn. A refusal on any of them raises `ConfigurationRefused` with all problems,
the stage, and the daemon's own lines; otherwise the findings say what the daemon accepts and a reviewer should know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hamodel.config.daemon import DaemonLine, Level, Stage, Version
from hamodel.config.findings import Finding, Severity, Topic, ordered, render_findings
from hamodel.config.hacf import read_hacf
from hamodel.config.inputs import FileSet, Inputs, assign, locate
from hamodel.config.node import NodeConfig
from hamodel.config.parts import (
    Client,
    Failback,
    Group,
    Medium,
    Ping,
    Resource,
    StonithDevice,
    Valued,
    card_of,
)
from hamodel.config.reading import Reading, read_node
from hamodel.config.review_pair import keys_agree, review_pair
from hamodel.errors import ConfigurationError, HamodelError, RefusalGroup

__all__ = [
    "Client",
    "Cluster",
    "ConfigurationRefused",
    "DaemonLine",
    "Failback",
    "Finding",
    "Group",
    "Level",
    "Medium",
    "NodeConfig",
    "Ping",
    "Resource",
    "Severity",
    "Stage",
    "StonithDevice",
    "Topic",
    "Valued",
    "Version",
    "card_of",
    "read_cluster",
    "render_findings",
]


class ConfigurationRefused(RefusalGroup):
    """Heartbeat refuses to start with these files.

    `transcript` is what the first refusing node prints, line by line.
    """

    code = "HA119"

    def __init__(
        self,
        message: str,
        errors: Sequence[HamodelError],
        findings: tuple[Finding, ...],
        stage: Stage,
        transcripts: Mapping[str, tuple[DaemonLine, ...]],
    ) -> None:
        super().__init__(message, errors)
        self.findings, self.stage, self.transcripts = findings, stage, transcripts

    @property
    def transcript(self) -> tuple[DaemonLine, ...]:
        """The daemon's lines on the first node that refuses."""
        return next(iter(self.transcripts.values()), ())


@dataclass(frozen=True, slots=True)
class Cluster:
    """What all nodes read. A field of NodeConfig can be asked of the cluster where the nodes agree on it."""

    name: str
    path: Path
    version: Version
    nodes: tuple[str, ...]
    per_node: Mapping[str, NodeConfig]
    findings: tuple[Finding, ...] = ()

    def equal_on_both(self, field: str) -> bool:
        """Whether all nodes read the same value for a field, wherever it was written."""
        values = [_bare(getattr(node, field)) for node in self.per_node.values()]
        return all(value == values[0] for value in values[1:])

    def common(self, field: str) -> Any:  # noqa: ANN401 - the type is that of the field
        """The value all nodes share. Raises `ConfigurationError` where they differ: ask `per_node` then."""
        if not self.equal_on_both(field):
            raise ConfigurationError(
                f"{field} is not the same on {' and '.join(self.nodes)}", help="ask each node by itself"
            )
        return getattr(self.per_node[self.nodes[0]], field)

    @property
    def first(self) -> NodeConfig:
        """What the first node of the table reads."""
        return self.per_node[self.nodes[0]]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups, where both nodes have the same."""
        return self.common("groups")  # type: ignore[no-any-return]  # `common` answers for every field

    @property
    def media(self) -> tuple[Medium, ...]:
        """The media, where both nodes have the same."""
        return self.common("media")  # type: ignore[no-any-return]  # as above

    @property
    def pings(self) -> tuple[Ping, ...]:
        """The ping nodes, where both nodes have the same."""
        return self.common("pings")  # type: ignore[no-any-return]  # as above

    @property
    def auto_failback(self) -> Failback:
        """The failback mode, where both nodes have the same."""
        return self.common("auto_failback").value  # type: ignore[no-any-return]  # as above

    @property
    def keepalive(self) -> int:
        """The keepalive in ms, where both nodes have the same."""
        return self.common("keepalive").value  # type: ignore[no-any-return]  # as above

    @property
    def deadtime(self) -> int:
        """The deadtime in ms, where both nodes have the same."""
        return self.common("deadtime").value  # type: ignore[no-any-return]  # as above

    @property
    def initdead(self) -> int:
        """The initdead in ms, where both nodes have the same."""
        return self.common("initdead").value  # type: ignore[no-any-return]  # as above

    @property
    def deadping(self) -> int:
        """The deadping in ms, where both nodes have the same."""
        return self.common("deadping").value  # type: ignore[no-any-return]  # as above

    @property
    def keys_agree(self) -> bool:
        """Whether the nodes accept each other's packets."""
        nodes = list(self.per_node.values())
        return all(keys_agree(nodes[0], other) for other in nodes[1:])

    @property
    def outside_the_model(self) -> tuple[str, ...]:
        """Why the v1 model does not apply; empty where it does."""
        reasons = [f"{node.name} has crm on" for node in self.per_node.values() if node.crm]
        if len(self.nodes) < 2:
            reasons.append("a single node, where the protocol is made for two")
        return tuple(reasons)


def _bare(value: object) -> object:
    return value.value if isinstance(value, Valued) else value


def read_cluster(
    paths: Sequence[Path],
    version: Version = Version.V3_0_6,
    *,
    local_node: str | None = None,
    live: bool | None = None,
) -> Cluster:
    """The cluster these files describe, or the refusal.

    `local_node` is one machine's `uname -n`: the check that a node knows itself is then made for it. `live` says that
    this is the directory a daemon reads, so that the permissions of authkeys mean something; by itself only a folder
    ha.d does.
    """
    inputs = locate([Path(path) for path in paths])
    nodes = _node_names(inputs, version)
    files = assign(inputs, nodes) if nodes else {"": inputs.shared or inputs.own[0]}
    readings = {name: _start(name, files[name], inputs, version, local_node, live) for name in files}
    findings = [said for reading in readings.values() for said in reading.findings]
    findings += review_pair([reading.node for reading in readings.values() if reading.node.name])
    found = ordered(findings)
    if any(reading.errors for reading in readings.values()):
        raise _refusal(readings, found)
    per_node = MappingProxyType({name: reading.node for name, reading in readings.items()})
    return Cluster(inputs.path.resolve().name, inputs.path, version, tuple(per_node), per_node, found)


def _node_names(inputs: Inputs, version: Version) -> tuple[str, ...]:
    """The nodes in the order of the files; a folder named by a node counts even where its own file forgets the node."""
    sets = [inputs.shared] if inputs.shared is not None else list(inputs.own)
    names: dict[str, None] = {}
    for files in sets:
        for node in read_hacf(files.hacf, version).nodes:
            names[node.value] = None
    return tuple(names)


def _start(
    name: str, files: FileSet, inputs: Inputs, version: Version, local_node: str | None, live: bool | None
) -> Reading:
    told = local_node.lower() if local_node is not None else None
    own_folder = inputs.shared is None and files.folder.lower() == name and bool(name)
    local = name if own_folder else told
    return read_node(files, version, name, local_node=local, live=files.live if live is None else live)


def _refusal(readings: Mapping[str, Reading], findings: tuple[Finding, ...]) -> ConfigurationRefused:
    errors: dict[tuple[str, str, str], HamodelError] = {}
    for reading in readings.values():
        for problem in reading.errors:
            errors.setdefault((problem.code, str(problem.span), problem.message), problem)
    refused = {name: reading for name, reading in readings.items() if reading.errors}
    where = " and ".join(name or "this node" for name in refused)
    stages = [reading.stage for reading in refused.values() if reading.stage is not None]
    count = len(errors)
    message = f"Heartbeat does not start on {where}: {count} problem{'s' if count > 1 else ''}"
    transcripts = MappingProxyType({name: tuple(reading.draft.console.lines) for name, reading in refused.items()})
    return ConfigurationRefused(message, list(errors.values()), findings, stages[0], transcripts)
