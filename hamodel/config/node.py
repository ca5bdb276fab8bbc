"""Each node reads its own files, and nobody checks that they agree: a NodeConfig is what one node believes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hamodel.config.authkeys import AuthKeys
from hamodel.config.crosschecks import derived_times
from hamodel.config.daemon import DaemonLine
from hamodel.config.draft import Draft
from hamodel.config.haresources import groups_of
from hamodel.config.parts import Client, Failback, Group, Medium, Ping, Resource, StonithDevice, Valued
from hamodel.config.values import parse_int


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """What the node `name` read. Times are ms; a `Valued` without a span is a default or was derived."""

    name: str
    nodes: tuple[str, ...]
    keepalive: Valued[int]
    deadtime: Valued[int]
    warntime: Valued[int]
    initdead: Valued[int]
    deadping: Valued[int]
    watchdog: Valued[str] | None
    auto_failback: Valued[Failback]
    media: tuple[Medium, ...]
    pings: tuple[Ping, ...]
    node_table: tuple[str, ...]
    groups: tuple[Group, ...]
    stonith: StonithDevice | None
    fence_lines: tuple[StonithDevice, ...]
    clients: tuple[Client, ...]
    crm: bool
    crm_mode: Valued[str] | None
    authkeys: AuthKeys | None
    udpport: Valued[int]
    options: Mapping[str, tuple[Valued[str], ...]]
    transcript: tuple[DaemonLine, ...] = field(default=(), compare=False)

    @property
    def watchdog_period(self) -> int:
        """What the node asks of its watchdog: deadtime + 10 ms, rounded up to whole seconds, in ms."""
        return (self.deadtime.value + 10 + 999) // 1000 * 1000

    @property
    def ipfail(self) -> bool:
        """Whether ipfail is started here."""
        return any(client.program == "ipfail" for client in self.clients)

    @property
    def ipfail_works(self) -> bool:
        """Whether ipfail can do its work: it runs, there is something to ping, and failback is not legacy."""
        return self.ipfail and bool(self.pings) and self.auto_failback.value is not Failback.LEGACY and not self.crm

    @property
    def nice_failback(self) -> bool:
        """Whether the negotiating resource protocol is in use (auto_failback on or off) and not the legacy one."""
        return self.auto_failback.value is not Failback.LEGACY

    @property
    def local_groups(self) -> tuple[Group, ...]:
        """The groups this node prefers to run."""
        return groups_of(self.name, self.groups)

    @property
    def foreign_groups(self) -> tuple[Group, ...]:
        """All other groups."""
        local = self.local_groups
        return tuple(group for group in self.groups if group not in local)

    @property
    def cards(self) -> tuple[str, ...]:
        """The cards and ttys heartbeats travel on, each once."""
        return tuple(dict.fromkeys(medium.card for medium in self.media))

    @property
    def addresses(self) -> tuple[Resource, ...]:
        """All service addresses."""
        return tuple(r for group in self.groups for r in group.resources if r.is_address)

    @property
    def has_disk(self) -> bool:
        """Whether some group mounts a disk that two nodes must not mount at once, or promotes a replica."""
        return any(r.is_block_mount or r.is_drbd for group in self.groups for r in group.resources)

    def last(self, directive: str) -> str | None:
        """The word that won for a directive, or None."""
        values = self.options.get(directive)
        return values[-1].value if values else None

    @property
    def logfile(self) -> str | None:
        """Where lines above level debug go."""
        return self.last("logfile")

    @property
    def debugfile(self) -> str | None:
        """Where all lines go."""
        return self.last("debugfile")

    @property
    def logfacility(self) -> str | None:
        """The syslog facility, if there is one."""
        return self.last("logfacility")

    @property
    def use_logd(self) -> str | None:
        """The word given for use_logd."""
        return self.last("use_logd")

    @property
    def syslogmsgfmt(self) -> bool:
        """Whether log files get the syslog layout (3.0.6)."""
        return (self.last("syslogmsgfmt") or "true").lower() in ("true", "on", "yes", "y", "1")

    @property
    def debug(self) -> int:
        """The debug level."""
        return parse_int(self.last("debug") or "0")

    @property
    def hbgenmethod(self) -> str:
        """Where generations come from: file or time."""
        return self.last("hbgenmethod") or "file"


def finish(draft: Draft, name: str, groups: tuple[Group, ...], keys: AuthKeys | None) -> NodeConfig:
    """The frozen configuration of a draft that nobody refused."""
    times = derived_times(draft)
    return NodeConfig(
        name=name,
        nodes=tuple(dict.fromkeys(node.value for node in draft.nodes)),
        keepalive=times["keepalive"],
        deadtime=times["deadtime"],
        warntime=times["warntime"],
        initdead=times["initdead"],
        deadping=times["deadping"],
        watchdog=draft.watchdog,
        auto_failback=draft.failback or Valued(Failback.LEGACY),
        media=tuple(draft.media),
        pings=tuple(draft.pings),
        node_table=tuple(draft.table),
        groups=groups,
        stonith=draft.stonith[-1] if draft.stonith and not draft.crm_is_on else None,
        fence_lines=(*draft.stonith, *draft.foreign_stonith),
        clients=tuple(draft.clients),
        crm=draft.crm_is_on,
        crm_mode=draft.crm,
        authkeys=keys,
        udpport=draft.port,
        options=MappingProxyType({name: tuple(values) for name, values in sorted(draft.seen.items())}),
        transcript=tuple(draft.console.lines),
    )
