"""A draft is what one node knows of its ha.cf while it is still reading it.

Setters write into it, the cross checks read it, and only a draft without refusals becomes a `NodeConfig`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hamodel.config.daemon import Console, Version, info, warn
from hamodel.config.parts import Client, Failback, Medium, Ping, StonithDevice, Valued
from hamodel.source import Span

MAX_NODES = 100
MAX_MEDIA = 64
DEFAULT_PORT = 694


@dataclass(slots=True)
class Draft:
    """The state of one reading of one ha.cf by one node (`host`, lower case; empty when nobody said who reads)."""

    console: Console
    host: str = ""
    haresources_there: bool = True
    nodes: list[Valued[str]] = field(default_factory=list)
    times: dict[str, Valued[int]] = field(default_factory=dict)
    seen: dict[str, list[Valued[str]]] = field(default_factory=dict)
    switches: dict[str, Valued[bool]] = field(default_factory=dict)
    media: list[Medium] = field(default_factory=list)
    pings: list[Ping] = field(default_factory=list)
    table: list[str] = field(default_factory=list)
    failback: Valued[Failback] | None = None
    stonith: list[StonithDevice] = field(default_factory=list)
    foreign_stonith: list[StonithDevice] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    authorised: dict[str, Span] = field(default_factory=dict)
    watchdog: Valued[str] | None = None
    baud_set: bool = False
    port: Valued[int] = field(default_factory=lambda: Valued(DEFAULT_PORT))
    ports: list[Valued[int]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    crm: Valued[str] | None = None
    crm_is_on: bool = False
    plugin_lines: int = 0
    whole_lines: int = 0

    @property
    def version(self) -> Version:
        """The release that reads."""
        return self.console.version

    def note(self, directive: str, value: str, span: Span) -> None:
        """Remember that this directive was given this word."""
        self.seen.setdefault(directive, []).append(Valued(value, span))

    def last(self, directive: str) -> Valued[str] | None:
        """The word that won."""
        values = self.seen.get(directive)
        return values[-1] if values else None

    def media_count(self) -> int:
        """Media as the daemon counts them: ping lines are media too."""
        return len(self.media) + len(self.pings)

    def logd_on(self) -> None:
        """What the daemon says when the logging daemon comes into use."""
        self.console.say(
            info("Enabling logging daemon "),
            info("logfile and debug file are those specified in logd config file (default /etc/logd.cf)"),
        )

    def cores_on(self) -> None:
        """What the daemon says about core dumps on a machine with the kernel's default settings."""
        uses_pid = warn(
            "Consider setting /proc/sys/kernel/core_uses_pid (or equivalent) to 1 for maximum supportability"
        )
        if self.version is Version.V2_0_8:
            self.console.say(warn("Core dumps could be lost if multiple dumps occur"), uses_pid)
            return
        pattern = "/proc/sys/kernel/core_pattern (or equivalent)"
        self.console.say(
            warn("Core dumps could be lost if multiple dumps occur."),
            warn(f"Consider setting non-default value in {pattern} for maximum supportability"),
            uses_pid,
        )
