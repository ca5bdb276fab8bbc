"""What a resource agent writes while ResourceManager waits for it: an address, a file system, or a silent service.

An agent is the inner one of two processes; the wrapper around it says in the end how it went. What ResourceManager and
the agents print on their outputs goes without any header to the debugfile.
"""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.logs.host import Resource
from hamodel.logs.journal import Journal, Manager

BEGIN, SETTLE, WORK = 20, 60, 80
"""How long after its begin an agent first speaks, and how long before its end it does its work, in ms."""
_IP_TOOL: dict[str, object] = {"ip_tool": "/sbin/ip"}
_ARP, _RUN = "/usr/libexec/heartbeat/send_arp", "/run/resource-agents"
_ARP_OLD, _RUN_OLD = "/usr/lib/heartbeat/send_arp", "/var/run/heartbeat/rsctmp/send_arp"
_ARP_LASTS = 1000
"""Five gratuitous ARPs, one each 200 ms; what they print, which is nothing, is logged at their end."""


@dataclass(frozen=True, slots=True)
class Call:
    """One resource script at work under one ResourceManager."""

    j: Journal
    manager: Manager
    what: Resource

    @property
    def stream(self) -> tuple[str, int]:
        return "rm", self.manager.pid

    @property
    def mount(self) -> tuple[str, str]:
        """Device and mount point of a file system."""
        dev, place, *_ = (*self.what.args, "", "")
        return dev, place

    def says(self, key: str, at: int, /, **fields: object) -> None:
        self.j.agent_says(key, at, self.manager.agent, self.what, self.stream, **fields)

    def ends(self, key: str, at: int) -> None:
        """The wrapper's verdict, in the log and on its output."""
        if self.what.wrapped:
            self.j.wrapper_says(key, at, self.manager.wrapper, self.what, self.stream)
            self.j.prints("INFO:  Success" if key == "ra-success" else "ERROR:  Generic error", at, self.stream)


def starts(call: Call, at: int) -> None:
    """What comes before the work of a start."""
    if call.what.name == "IPaddr":
        a, then = call.what.address, at + SETTLE
        if call.j.host.old and not a.nic_given:
            call.says("ip-calc-nic", then, ip=a.ip, nic=a.nic)
        call.says("ip-calc-netmask", then, ip=a.ip, netmask=a.netmask)
        if not a.broadcast_given:
            call.says("ip-calc-broadcast", then, ip=a.ip, broadcast=a.broadcast)
    elif call.what.name == "Filesystem":
        dev, place = call.mount
        call.says("fs-running", at + BEGIN, op="start", dev=dev, dir=place)
    elif call.what.name == "LVM" and not call.j.host.old:
        call.says("lvm-activating", at + BEGIN, group=" ".join(call.what.args))


def started(call: Call, at: int) -> None:
    """The work of a start, and that it succeeded."""
    match call.what.name:
        case "IPaddr":
            _address_up(call, at)
        case "IPaddr2":
            _address_added(call, at - WORK)
        case "Filesystem":
            _mounted(call, at - WORK)
    call.ends("ra-success", at)


def _address_up(call: Call, at: int) -> None:
    j, a, old = call.j, call.what.address, call.j.host.old
    nic: dict[str, object] = {"nic": a.nic, "n": j.alias(a.ip, a.nic)}
    ifconfig = "/sbin/ifconfig" if old else "ifconfig"
    call.says("ip-eval", at - WORK, ifconfig=ifconfig, ip=a.ip, netmask=a.netmask, broadcast=a.broadcast, **nic)
    if old:
        j.avahi_says("avahi-register", at - SETTLE, call.stream, ip=a.ip, nic=a.nic)
    call.says("ip-garp", at - SETTLE, ip=a.ip, dev=a.nic, **nic)


def _address_added(call: Call, at: int) -> None:
    a, old = call.what.address, call.j.host.old
    fields: dict[str, object] = {"ip": a.ip, "netmask": a.bits, "broadcast": a.broadcast, "nic": a.nic, **_IP_TOOL}
    if old:
        call.says("ip2-addr-add", at, opt_label="", **fields)
    else:
        call.says("ip2-adding", at, family="inet", opt_with="", **fields)
    call.says("ip2-link-up", at, **fields)
    tool, run = (_ARP_OLD, _RUN_OLD) if old else (_ARP, _RUN)
    arp = {
        "send_arp": tool,
        "ms": 200,
        "count": 5,
        "pidfile": f"{run}/send_arp-{a.ip}",
        "arp_netmask": "ffffffffffff",
        "opts": "",
        "mac": "auto",
    }
    call.says("ip2-send-arp", at, **fields, **arp)
    if not old:
        call.j.left_behind_says("ip2-arp-output", at + _ARP_LASTS, call.manager.agent, call.what, line="")


def _mounted(call: Call, at: int) -> None:
    if call.what.args[2:3] == ("ext3",) and call.j.host.logs_mounts:
        dev = call.mount[0].rsplit("/", 1)[-1]
        call.j.kernel_says("kernel-kjournald", at, call.stream, secs=5)
        call.j.kernel_says("kernel-ext3-journal", at, call.stream, dev=dev)
        call.j.kernel_says("kernel-ext3-ordered", at, call.stream)


def start_failed(call: Call, at: int, rc: str) -> None:
    """Why a start failed, and that it did."""
    if call.what.name == "Filesystem":
        dev, place = call.mount
        call.says("fs-mount-failed", at - BEGIN, dev=dev, dir=place)
    elif call.what.name == "IPaddr":
        call.says("ip-add-failed", at - BEGIN, ip=call.what.address.ip, nic=call.what.address.nic, rc=rc)
    call.ends("ra-generic-error", at)


def stops(call: Call, at: int, running: bool = True) -> None:
    """What comes before the work of a stop; of a resource that does not run there is none."""
    if call.what.name == "Filesystem":
        dev, place = call.mount
        call.says("fs-running", at + BEGIN, op="stop", dev=dev, dir=place)
        if running:
            call.says("fs-unmount-try", at + SETTLE, dir=place)
    elif call.what.name == "LVM" and running and not call.j.host.old:
        call.says("lvm-deactivating", at + BEGIN, group=" ".join(call.what.args))


def stopped(call: Call, at: int, running: bool = True) -> None:
    """The work of a stop, and that it succeeded."""
    if call.what.name == "Filesystem" and running:
        call.says("fs-unmounted", at - BEGIN, dir=call.mount[1])
    elif call.what.name == "IPaddr" and running:
        _address_down(call, at - BEGIN)
    elif call.what.name == "IPaddr2":
        _address_deleted(call, at - BEGIN, running)
    call.ends("ra-success", at)


def _address_down(call: Call, at: int) -> None:
    j, a = call.j, call.what.address
    n = j.alias(a.ip, a.nic)
    j.aliases.pop(a.ip, None)
    if not j.host.old:
        j.prints("SIOCDELRT: No such process", at, call.stream)
    call.says("ip-ifconfig-down", at, nic=a.nic, n=n, ip=a.ip)
    if j.host.old:
        j.avahi_says("avahi-withdraw", at, call.stream, ip=a.ip, nic=a.nic)


def _address_deleted(call: Call, at: int, running: bool) -> None:
    a = call.what.address
    if not call.j.host.old:
        call.says("ip2-status", at, status="ok" if running else "no", cip="")
    elif running:
        call.says("ip2-addr-delete", at, ip=a.ip, nic=a.nic, **_IP_TOOL)
        call.says("ip2-addr-show", at, nic=a.nic, **_IP_TOOL)


def stop_failed(call: Call, at: int) -> None:
    """Why a stop failed, and that it did."""
    if call.what.name == "Filesystem":
        call.says("fs-unmount-giveup", at - BEGIN, dir=call.mount[1])
    call.ends("ra-generic-error", at)
