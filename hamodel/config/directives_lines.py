"""The other lines of ha.cf: what heartbeats travel on, whom to ping, how to fence, what to start."""

from __future__ import annotations

from hamodel.config.daemon import BOTH, NEITHER, ONLY_3
from hamodel.config.directives import Directive, Kind, Modelled, Takes, Times

_PATH = "one path of the model; media of one card fail together"
_PING = "a host both nodes ask; ipfail compares the counts"
_FENCE = "a take-over waits for the reset"
_CLIENT = "ipfail is a machine of its own; other clients are noted"
_PLUGIN = "its plugin is not part of the usual builds"

ARG, LINE, WHOLE = Kind.MEDIA_ARG, Kind.MEDIA_LINE, Kind.WHOLE_LINE
YES, CHECKED, NO = Modelled.YES, Modelled.CHECKED, Modelled.NO


def _row(
    name: str,
    kind: Kind,
    syntax: str,
    meaning: str,
    why: str,
    modelled: Modelled = YES,
    *,
    third: bool = False,
    missing: str = "",
    alias_of: str = "",
    times: Times = Times.ADDS_UP,
) -> Directive:
    versions = NEITHER if missing else ONLY_3 if third else BOTH
    return Directive(
        name=name,
        kind=kind,
        takes=Takes.TEXT if kind is ARG else Takes.LINE,
        meaning=meaning,
        modelled=modelled,
        why=why,
        default="none",
        syntax=syntax,
        times=times,
        versions=versions,
        alias_of=alias_of,
        missing=missing,
    )


LINES: tuple[Directive, ...] = (
    _row("stonith", WHOLE, "TYPE FILE", "device that resets a dead peer", _FENCE, times=Times.LAST_WINS),
    _row(
        "stonith_host",
        WHOLE,
        "HOST TYPE PARAMETER...",
        "the same with the parameters in the line; HOST may use it",
        _FENCE,
        times=Times.LAST_WINS,
    ),
    _row("respawn", WHOLE, "USER COMMAND [ARGUMENT...]", "client that is started again when it dies", _CLIENT),
    _row("failfast", WHOLE, "USER COMMAND [ARGUMENT...]", "client whose death reboots", _CLIENT, CHECKED, third=True),
    _row(
        "apiauth", WHOLE, "CLIENT [uid=LIST] [gid=LIST]", "who may connect", "clients always may", NO, times=Times.ONCE
    ),
    _row("bcast", ARG, "IFACE [IFACE ...]", "heartbeats as UDP broadcast", _PATH),
    _row("udp", ARG, "IFACE [IFACE ...]", "old name of bcast", _PATH, alias_of="bcast"),
    _row("mcast", LINE, "IFACE GROUP PORT TTL LOOP", "heartbeats as UDP multicast", _PATH),
    _row("mcast6", LINE, "IFACE GROUP6 PORT HOPS LOOP", "heartbeats as IPv6 multicast", _PATH, third=True),
    _row("ucast", LINE, "IFACE HOST", "heartbeats as UDP unicast, one line a peer", _PATH),
    _row("ucast6", LINE, "IFACE ADDR6", "heartbeats as IPv6 unicast", _PATH, third=True),
    _row("serial", ARG, "DEVICE [DEVICE ...]", "heartbeats in a ring of null-modem cables", _PATH),
    _row("ping", ARG, "HOST [HOST ...]", "pseudo node outside the cluster", _PING),
    _row("ping6", ARG, "ADDR6 [ADDR6 ...]", "the same with ICMPv6", _PING, third=True),
    _row(
        "ping_group", LINE, "NAME HOST [HOST ...]", "hosts that count as one pseudo node, up while any answers", _PING
    ),
    _row("hbaping", ARG, "ADAPTER", "the same for a fibre channel target", _PING, NO, missing=_PLUGIN),
    _row("tipc", LINE, "NAME_TYPE LOWER UPPER", "heartbeats over TIPC", _PATH, NO, missing=_PLUGIN),
    _row("openais", ARG, "WORD", "heartbeats over openais", _PATH, NO, missing=_PLUGIN),
    _row("rds", LINE, "IFACE HOST [HOST ...]", "heartbeats over RDS sockets", _PATH, NO, missing=_PLUGIN),
    _row("ppp-udp", ARG, "DEVICE", "heartbeats over PPP", _PATH, NO, missing="it was never built"),
)
