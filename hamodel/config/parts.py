"""The nouns of a cluster each know the place they were read from.

Media, ping nodes, resources, groups, fences and clients.

Two of them are equal when they say the same, wherever they say it: the place takes no part in comparisons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

from hamodel.source import Span

T = TypeVar("T")


class Failback(Enum):
    """What happens to a group when its preferred node returns."""

    ON = "on"
    OFF = "off"
    LEGACY = "legacy"


@dataclass(frozen=True, slots=True)
class Valued(Generic[T]):
    """A value and where it was said; without a span it is the default or was derived."""

    value: T
    span: Span | None = field(default=None, compare=False)

    @property
    def given(self) -> bool:
        """Whether somebody wrote it down."""
        return self.span is not None


def card_of(device: str) -> str:
    """The physical thing behind a device.

    Aliases (`eth0:1`) and VLANs (`eth0.100`) share the card, cable and switch port.
    """
    return device if device.startswith("/") else device.split(":", 1)[0].split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Medium:
    """One thing heartbeats travel on.

    `kind` is the directive (never `udp`), `device` the card or tty, `detail` the rest.
    """

    kind: str
    device: str
    detail: str = ""
    span: Span | None = field(default=None, compare=False)
    port: int | None = None

    @property
    def name(self) -> str:
        """The medium as one would write it in ha.cf."""
        return " ".join(part for part in (self.kind, self.device, self.detail) if part)

    @property
    def card(self) -> str:
        """The card or tty without alias and VLAN."""
        return card_of(self.device)

    @property
    def is_serial(self) -> bool:
        """Whether it is a null-modem cable and no network card."""
        return self.kind == "serial"


@dataclass(frozen=True, slots=True)
class Ping:
    """A pseudo node: one host, or a group of hosts of which one answer is enough."""

    name: str
    members: tuple[str, ...]
    kind: str = "ping"
    span: Span | None = field(default=None, compare=False)


_ADDRESS_TYPES = frozenset({"IPaddr", "IPaddr2", "IPv6addr"})
_DRBD_TYPES = frozenset({"drbddisk", "drbdupper", "drbd"})
_QUAD = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")


@dataclass(frozen=True, slots=True)
class Resource:
    """One word of haresources: a script and its arguments.

    `text` is the word as written, before the short form is expanded.
    """

    type: str
    args: tuple[str, ...]
    text: str
    span: Span | None = field(default=None, compare=False)

    @property
    def is_address(self) -> bool:
        """Whether it is a service address."""
        return self.type in _ADDRESS_TYPES

    @property
    def is_mount(self) -> bool:
        """Whether it is a file system to mount."""
        return self.type == "Filesystem"

    @property
    def is_drbd(self) -> bool:
        """Whether it makes a replicated disk primary."""
        return self.type in _DRBD_TYPES

    @property
    def device(self) -> str:
        """What is mounted (a block device, LABEL=, UUID= or an NFS export), or the name of the replicated disk."""
        return self.args[0] if self.args and (self.is_mount or self.is_drbd) else ""

    @property
    def is_block_mount(self) -> bool:
        """Whether it mounts a disk, which only one node may do at a time; an NFS export may be mounted by many."""
        name = self.device
        return self.is_mount and (name.startswith(("/", "LABEL=", "UUID=", "-L", "-U")))

    @property
    def on_drbd(self) -> bool:
        """Whether it mounts a replicated disk."""
        return self.is_mount and self.device.startswith("/dev/drbd")

    @property
    def address(self) -> str:
        """The service address alone."""
        return self._parts()[0] if self.is_address else ""

    @property
    def mask(self) -> str:
        """The second part of the address argument, as written: bits, or by mistake a dotted mask."""
        parts = self._parts()
        return parts[1] if self.is_address and len(parts) > 1 else ""

    @property
    def nic(self) -> str:
        """The card the address is put on, without a label; empty where it is left to the routes."""
        parts = self._parts()
        if not self.is_address or len(parts) < 3 or not parts[2] or parts[2][0].isdigit():
            return ""
        return parts[2].split(":", 1)[0]

    @property
    def bits(self) -> int | None:
        """The length of the network prefix, where it can be told."""
        mask = self.mask
        if mask.isdecimal() and len(mask) < 4:
            return int(mask)
        if _QUAD.match(mask):
            return sum(bin(int(octet)).count("1") for octet in mask.split("."))
        return None

    def _parts(self) -> list[str]:
        return self.args[0].split("/") if self.args else [""]


@dataclass(frozen=True, slots=True)
class Group:
    """One line of haresources.

    The preferred node and what runs together, started left to right and stopped right to left.
    """

    owner: str
    key: str
    resources: tuple[Resource, ...]
    span: Span | None = field(default=None, compare=False)
    line: str = ""


@dataclass(frozen=True, slots=True)
class StonithDevice:
    """The one device a node can reset its peer with.

    `host` is what the line says: this node, `*`, or empty for `stonith`.
    """

    type: str
    params: tuple[str, ...]
    span: Span | None = field(default=None, compare=False)
    host: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A process Heartbeat starts and watches: respawned when it dies, or, failfast, a reason to reboot."""

    user: str
    command: str
    respawn: bool = True
    span: Span | None = field(default=None, compare=False)

    @property
    def failfast(self) -> bool:
        """Whether its death reboots the machine."""
        return not self.respawn

    @property
    def program(self) -> str:
        """The base name of the command, without its arguments."""
        words = self.command.split()
        return words[0].rsplit("/", 1)[-1] if words else ""
