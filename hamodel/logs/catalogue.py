"""Every message the modelled cluster may write, by its stable name: the key for writing logs and for reading them back.

A rule names a message without regard to the release; where the wording changed, the name finds the text of the version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from hamodel.errors import ModelError
from hamodel.logs.texts_daemon import DAEMON_ROWS
from hamodel.logs.texts_debug import DEBUG_ROWS
from hamodel.logs.texts_refused import REFUSED_ROWS
from hamodel.logs.texts_scripts import SCRIPT_ROWS

VERSIONS = ("2.0.8", "3.0.6")

PLACEHOLDERS = {
    "acquisition_or_release": "`acquisition` or `release`",
    "addr": "address of a source of the main loop",
    "action": "`acquire` or `give up`",
    "args": "arguments of a script, separated by blanks; may be empty",
    "arp_netmask": "hardware address that the ARPs are sent to",
    "auto_failback_int": "1 on, 0 off, -1 legacy",
    "baud": "speed of the serial ports",
    "broadcast": "broadcast address",
    "cip": "clone address state, normally empty",
    "client_cmd": "command of a respawn line, with its arguments",
    "client_id": "name under which a client signs on; may be empty",
    "client_pid": "process number of a client",
    "cmd": "command line of a query",
    "core_proc": "what a process of the daemon is: HBFIFO, HBREAD, HBWRITE",
    "count": "how many ARPs are sent, or fields printed",
    "curgen": "generation known of the peer",
    "dev": "device: `/dev/sdb5`, `sdb5` in kernel lines, the interface in ARP lines",
    "dir": "mount point",
    "dontask": "empty, or `yes`",
    "dot": "a full stop, or nothing",
    "driver": "name of the watchdog driver as the kernel prints it",
    "event": "a file in rc.d: `status ip-request ip-request-resp hb_takeover`",
    "exitcode": "exit status of a process",
    "expected": "signature that a packet should bear",
    "family": "`inet` or `inet6`",
    "field": "name and value of one field of a packet",
    "func": "function of the main loop that found a source late",
    "gen": "generation in a message",
    "generation": "counter of daemon starts",
    "gid": "number of a client's group",
    "group": "first resource of a line of haresources, or a multicast group",
    "host": "node to be reset",
    "iface": "network interface",
    "ifconfig": "`/sbin/ifconfig` or `ifconfig`",
    "info": "standby message: `me`, `other` or `done`",
    "strerror": "what the system says of a call that failed",
    "keepalive_ms": "keepalive in milliseconds",
    "deadtime_ms": "deadtime in milliseconds",
    "initdead_ms": "initdead in milliseconds",
    "interval_ms": "time between two heartbeats in milliseconds",
    "ip": "an address",
    "ip_tool": "`/sbin/ip`",
    "kernel": "release of the kernel",
    "last_seq": "sequence number of the last packet",
    "line": "what a program printed",
    "link": "name of a medium: interface, tty, or the ping node itself",
    "localnode": "the node that writes the line",
    "loop": "multicast loop, 0 or 1",
    "mac": "hardware address of the sender, or `auto`",
    "max_ms": "milliseconds that a source of the main loop may be late",
    "media_name": "interface of a broadcast medium",
    "medianum": "number of a medium, in the order of the lines of ha.cf, from 0",
    "ms": "milliseconds between two ARPs, or by which a source of the main loop was late",
    "n": "number of an alias or of a field, from 0",
    "netmask": "dotted netmask, for IPaddr2 its number of bits",
    "nic": "interface that carries an address",
    "nice_failback": "`yes` or `no`; `no` is auto_failback legacy",
    "nlost": "number of lost packets",
    "node": "name of a node or ping node",
    "ok": "`OK` or `NAK`",
    "op": "`start`, `stop`, `status` or `reset`",
    "opt_label": "empty, or a blank and `label NAME`",
    "opt_logfacility": "empty or `/logfacility`",
    "opt_with": "empty, or a blank and `(with label NAME)`",
    "opts": "options of the ARP sender, normally none",
    "packet": "a whole packet as it is on the wire",
    "pid": "process number",
    "pidfile": "where the number of a background process is kept",
    "porg": "`process` or `process group`",
    "port": "the UDP port again",
    "poweroff_or_reset": "`poweroff` or `reset`",
    "proctype": "what a process is: a client command, HBFIFO, HBREAD, HBWRITE, `STONITH node`, `STONITH-stat`",
    "rc": "exit status",
    "rcdir": "directory of the event scripts",
    "reason": "which step ended the first acquisition, why a client was refused, or which one the machine reboots for",
    "remaining": "core processes left",
    "resource": "a resource as haresources writes it",
    "resources": "a line of haresources without its node",
    "rsc_held": "claim handed over: `none`, `local`, `foreign` or `all`",
    "rsc_state": "0 init, 1 starting, 2 both starting, 3 resource message received, 4 stable, 5 shutdown",
    "rsc_type": "`none`, `local`, `foreign` or `all`",
    "script": "path of a script",
    "secs": "whole seconds",
    "send_arp": "path of the ARP sender",
    "seq": "sequence number of a packet",
    "signame": "name of a signal",
    "signo": "number of a signal",
    "sigwords": "what the C library calls a signal",
    "source": "what a source of the main loop does",
    "standby_state": "0 not, 1 me, 2 other, 3 done",
    "status": "nodes: `init up active dead ping`; links: `up dead`",
    "stonith_device": "the device's own name for itself",
    "subplugin": "name of an external STONITH plugin",
    "ticks": "clock ticks since boot",
    "ticks2": "clock ticks since boot at which it was due",
    "timer_tag": "number of the main loop's timer",
    "token": "signature that a packet bears",
    "ttl": "multicast time to live",
    "tty": "path of a serial port",
    "udpport": "the UDP port",
    "uid": "number of a client's user",
    "value": "`true` or `false`",
    "version": "release of Heartbeat",
    "watchdog_dev": "path of the watchdog device",
    "weown": "`yes` or `no`",
}

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Message:
    """One text with holes; `level` is the word printed before it, `-` for none."""

    id: str
    component: str
    level: str
    format: str
    versions: tuple[str, ...]

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names of the holes, from left to right, each once."""
        return tuple(dict.fromkeys(_PLACE.findall(self.format)))

    def text(self, /, **fields: object) -> str:
        """The text with its holes filled; what is left over in `fields` does not matter."""
        missing = [name for name in self.placeholders if name not in fields]
        if missing:
            raise ModelError(f"the log line {self.id} needs {', '.join(missing)}", help=f"its text is: {self.format}")
        return _PLACE.sub(lambda hole: str(fields[hole[1]]), self.format)

    def matches(self, text: str) -> dict[str, str] | None:
        """The values of the holes if `text` may come from this message."""
        found = _pattern(self.format).fullmatch(text)
        return found.groupdict() if found else None


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts, seen, last = [], set(), 0
    for hole in _PLACE.finditer(form):
        parts.append(re.escape(form[last : hole.start()]))
        value = r"(?:[ /].*?)?" if hole[1].startswith("opt_") else ".*?"
        parts.append(f"(?P={hole[1]})" if hole[1] in seen else f"(?P<{hole[1]}>{value})")
        seen.add(hole[1])
        last = hole.end()
    return re.compile("".join([*parts, re.escape(form[last:])]), re.DOTALL)


CATALOGUE: dict[str, Message] = {
    name: Message(name, component, level, form, (version,) if version else VERSIONS)
    for name, component, level, form, version in DAEMON_ROWS + SCRIPT_ROWS + DEBUG_ROWS + REFUSED_ROWS
}


def message(key: str, version: str) -> Message:
    """The message a rule calls `key`, as the given release words it."""
    suffix = "-v2" if version == "2.0.8" else "-v3"
    for name in (key + suffix, key):
        found = CATALOGUE.get(name)
        if found is not None and version in found.versions:
            return found
    if key in CATALOGUE:
        help = "the rule that writes it belongs to another release"
        raise ModelError(f"Heartbeat {version} has no log line {key}", help=help)
    raise ModelError(f"no log line is called {key}", help="its name must stand in the catalogue of log messages")
