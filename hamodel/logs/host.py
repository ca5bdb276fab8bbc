"""What a log writer must know of a node: its names, media, clients and groups. Plain values, nothing of config."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from hamodel.errors import ModelError


@dataclass(frozen=True, slots=True)
class Medium:
    """A line of ha.cf that opens a medium; `words` follow the interface (mcast: group port ttl loop; ucast: peer)."""

    kind: str
    name: str
    words: tuple[str, ...] = ()
    port: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """One node as its own log sees it. Times in milliseconds; an empty string means that the line is absent."""

    name: str
    peer: str
    version: str = "2.0.8"
    media: tuple[Medium, ...] = ()
    clients: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()
    keepalive: int = 1000
    initdead: int = 30000
    warntime: int = 15000
    deadtime: int = 30000
    udpport: str = "694"
    baud: str = "19200"
    auto_failback: str = "legacy"
    watchdog: str = ""
    stonith: str = ""
    logfile: str = ""
    debugfile: str = ""
    facility: bool = False
    use_logd: bool = False
    syslog_style: bool = True
    debug: int = 0
    fresh: bool = False
    """Heartbeat has never run on this machine."""
    refuses: bool = False
    """Its key is not the peer's."""
    acknowledges: int = 1
    """Of ten packets of the peer the one that is acknowledged, by its number: the sender draws it as it begins."""
    locks_memory: bool = True
    """The limit on locked memory is high enough."""
    sets_watchdog: bool = True
    """Its watchdog takes the time that it is given."""
    deaf: tuple[int, ...] = ()
    """Of the first, second ... ipfail of this node: how much of what happens it misses until it has signed on. Of one
    that is not named it is what happens within a keepalive."""
    scripts: frozenset[str] = frozenset()
    """Names of own scripts in resource.d, where they come before those of the system."""
    logs_mounts: bool = True
    """Its kernel's lines about mounted file systems are in its messages."""
    config_lines: tuple[tuple[str, str], ...] = ()
    """What the check of the configuration prints, level and text; empty: what it prints on an untuned machine."""

    @property
    def old(self) -> bool:
        """Whether this is release 2.0.8."""
        return self.version == "2.0.8"

    @property
    def lib(self) -> str:
        """Where mach_down and ResourceManager live."""
        return "/usr/lib/heartbeat" if self.old else "/usr/share/heartbeat"

    @property
    def rcdir(self) -> str:
        return "/etc/ha.d/rc.d" if self.old else "/etc/ha.d//rc.d"

    def client(self, wanted: str) -> tuple[str, str]:
        """User and command of the client whose command ends in `wanted`; the usual ipfail where no line says more."""
        for user, command in self.clients:
            if command == wanted or (command.split() or [""])[0].rsplit("/", 1)[-1] == wanted:
                return user, command
        place = "/usr/lib/heartbeat/" if self.old else "/usr/libexec/heartbeat/"
        return "hacluster", wanted if "/" in wanted else place + wanted

    def user(self, name: str) -> tuple[str, str]:
        """The numbers of a user and its group: those of the seed's machines (2.0.8) and of the recorded ones."""
        if name == "root":
            return "0", "0"
        if name.isdigit():
            return name, name
        return ("694", "694") if self.old else ("102", "105")

    @property
    def device(self) -> str:
        """The STONITH device's own name; that of an external plugin ends in a newline."""
        kind, _, plugin = self.stonith.partition("/")
        if plugin:
            return f"{plugin} STONITH device\n"
        return {"null": "NULL", "meatware": "Meatware", "ssh": "SSH"}.get(kind, kind) + " STONITH device"


_OWN = "/etc/ha.d/resource.d/"
_WRAPPED = frozenset(
    {"AudibleAlarm", "Delay", "Filesystem", "ICP", "IPaddr", "IPaddr2", "IPsrcaddr", "IPv6addr", "LVM"}
    | {"LinuxSCSI", "MailTo"}
    | {"Raid1", "SendArp", "ServeRAID", "WAS", "WinPopup", "Xinetd", "apache", "db2", "ids", "portblock"}
)
_ONE_OF_A_KIND = frozenset({"AudibleAlarm", "IPsrcaddr", "LVM", "MailTo", "WAS", "WinPopup", "Xinetd"})
"""Agents whose instance has no name of its own."""
_PLAIN = frozenset({"OCF", "drbddisk", "drbdupper", "hto-mapfuncs", "ldirectord"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One word of a haresources line, as ResourceManager takes it apart: a script and its arguments."""

    text: str
    name: str
    args: tuple[str, ...]

    @property
    def script(self) -> str:
        place = _OWN if self.name in _WRAPPED | _PLAIN else "/etc/init.d/"
        return place + self.name

    def script_on(self, host: Host) -> str:
        """The script's path on a machine that may have more in resource.d than Heartbeat's own."""
        return _OWN + self.name if self.name in host.scripts else self.script

    @property
    def wrapped(self) -> bool:
        """Whether the script is a wrapper around an OCF agent; others write no log lines of their own."""
        return self.name in _WRAPPED

    @property
    def instance(self) -> str:
        """What the wrappers of resource-agents call this instance."""
        if self.name in _ONE_OF_A_KIND:
            return self.name
        if self.name == "portblock":
            return "_".join((self.name, *self.args[:3]))
        first = self.args[0] if self.args else ""
        return f"{self.name}_{first.split('/')[0] if self.name in ('IPaddr', 'IPaddr2', 'SendArp') else first}"

    @property
    def address(self) -> Address:
        """The parts of an IPaddr argument: `ip[/bits[/interface[:label]][/broadcast]]`."""
        ip, *rest = (self.args[0] if self.args else "").split("/")
        bits = rest[0] if rest and rest[0].isdigit() and int(rest[0]) <= 32 else "24"
        tail = rest[1:]
        nic = tail[0].split(":")[0] if tail and not tail[0][:1].isdigit() else ""
        broadcast = next((part for part in tail if part[:1].isdigit()), "")
        try:
            net = ipaddress.IPv4Network(f"{ip}/{bits}", strict=False)
        except ValueError:
            return Address(ip, bits, bits, nic or "eth0", broadcast or "255.255.255.255", bool(nic), bool(broadcast))
        mask, usual = str(net.netmask), str(net.broadcast_address)
        return Address(ip, bits, mask, nic or "eth0", broadcast or usual, bool(nic), bool(broadcast))


@dataclass(frozen=True, slots=True)
class Address:
    """A service address with everything IPaddr works out for it."""

    ip: str
    bits: str
    netmask: str
    nic: str
    broadcast: str
    nic_given: bool
    broadcast_given: bool


def resource(text: str) -> Resource:
    """A resource as haresources writes it; a bare address is IPaddr's."""
    name, *args = text.split("::")
    if not args and text[:1].isdigit():
        return Resource(text, "IPaddr", (text,))
    return Resource(text, name, tuple(args))


def group_words(line: str) -> tuple[str, tuple[str, ...]]:
    """The owner, in lower case as the scripts print it, and the resources of a haresources line."""
    owner, *rest = line.split()
    if not rest:
        raise ModelError(f"the group {line!r} has no resources", help="a group is a whole line of haresources")
    return owner.lower(), tuple(rest)
