"""The test bed: its two machines, its default files, and how long things take on it.

Every time that is not in the files of a run stands in this module, each with the reason for its bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NODES = ("node1", "node2")
CARDS = ("eth0", "eth1")
PING = "192.168.60.1"
POWER_SWITCH = "external/hbtest"
"""The stonith plugin of the test bed; its last word says whether it works."""

BOOTS = "testbed node boot"
"""What the test bed writes in the kernel's place when a machine boots."""
SERVICE = "webd"
"""The script of its service, which lies in resource.d."""

JITTER = 150
"""How exactly the moment of a recorded event is known: the ledger is sampled every 100 ms, a fault takes up to 50."""
TOLERANCE = 300
"""A recorded overlap or gap is exact to this: one sample at each end, each up to 50 ms late."""
BOOT_MORE = (200, 2500)
"""After the boot delay: the machine's own start and the init script, 0.26 to 1.4 s seen, more under load."""
STONITH_MORE = 2500
"""Beside the power switch's delay: the plugin's shells before and after it, 0.1 to 1.6 s seen, more under load."""
STONITH_FAILS = (300, 2500)
"""A refusal of the power switch: shells only; the retries come every 6.6 s, of which 5 s are Heartbeat's."""
STONITH_HANGS = (20_000, 25_000)
"""The plugin looks 200 times for the answer of a switch that gives none, 100 ms apart; 22 to 23 s seen."""
WORD = 500
"""Between the daemon's notice that its peer is gone and the plugin that waits for the operator's word."""
NULL = (0, 1000)
"""The plugin that says yes to everything: two processes."""
STONITH_REPLY = 1200
"""From the cut to the take-over: the plugin looks every 100 ms, two processes end after it; 0.1 to 1.2 s seen.

In the model both are one moment, so gaps that a reset opens may be this much longer.
"""
START = (100, 1500)
"""From `start` to the daemon's loop: the init script asks every resource for its status first; 0.2 to 1.4 s seen."""
HOLD = (300, 600)
"""A condition of `wait` must hold for 0.3 s; it is looked at every 50 ms in a snapshot up to 150 ms old."""
PROMPT = (0, 150)
"""What an event costs that has no duration of its own: one command in another namespace."""
WRITE = (30, 300)
"""Writing 400 kB and syncing: 50 to 150 ms seen."""
CLIENT = 2_000
"""How long ipfail lets a question and its answer lie: up to two of its seconds seen."""
TURN = 500
"""Until a daemon that has just begun looks at a packet: what it reads falls on moments so far apart."""
CLIENT_SLEEP = 2_000
"""From the start of ipfail until it reads what has come: 2 s of sleep, and up to 6 s seen."""
YOUTH = 5_000
"""The first seconds of a daemon, in which it announces a dead time that is longer by 2 s (2.2), in ms."""
SLOW_MORE = 300
"""A delayed script sleeps for the time asked for and no less; its shells add a little."""
FOR_EVER = 200_000
"""A script that is delayed by so much does not end within any recording."""
PATIENCE = 30_000
"""How long a `wait` without a timeout waits."""
STOP_PATIENCE = 90_000
"""How long the init script's `stop` is given."""
SETTLE = 5_000
"""What is recorded after the last event unless the scenario says otherwise."""

TIMES: Mapping[str, object] = MappingProxyType(
    {
        "latency": [0, 30],  # a veth takes microseconds, the reader's turn in the daemon's loop the rest
        "operator.reaction": 0,  # the script does what it does when it does it
        "durations.IPaddr.start": [30, 900],  # a shell script with some fifty processes, ten runs side by side
        "durations.IPaddr.stop": [30, 500],
        "durations.IPaddr.status": [10, 400],
        "durations.Filesystem.start": [30, 1500],  # fsck and mount of a loop device
        "durations.Filesystem.stop": [30, 700],
        "durations.Filesystem.status": [10, 400],
        "durations.webd.start": [30, 900],  # a shell script like the address's
        "durations.webd.stop": [30, 500],
        "durations.webd.status": [10, 400],
    }
)
"""What the scripts of the test bed take: measured on it, wide enough for ten runs side by side."""

HA_CF: Mapping[str, object] = MappingProxyType(
    {
        "debugfile": "/var/log/ha-debug",
        "logfile": "/var/log/ha-log",
        "logfacility": "local0",
        "keepalive": "500ms",
        "deadtime": "4",
        "warntime": "2",
        "initdead": "8",
        "udpport": "694",
        "bcast": ["eth1", "eth0"],
        "auto_failback": "on",
        "node": list(NODES),
        "ping": PING,
        "respawn": "hacluster /usr/libexec/heartbeat/ipfail",
        "apiauth": "ipfail gid=haclient uid=hacluster",
    }
)
"""The default ha.cf; a scenario changes it line by line."""
HARESOURCES = "node1 IPaddr::192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"


def ha_cf(changes: Mapping[str, object]) -> str:
    """The default file with these changes: a value or a list replaces, False or an empty text removes.

    >>> "deadtime 9" in ha_cf({"deadtime": 9}).splitlines(), "ping" in ha_cf({"ping": False})
    (True, False)
    """
    lines: dict[str, object] = dict(HA_CF)
    for key, value in changes.items():
        if key == "extra":
            continue
        if value is False or value == "":
            lines.pop(key, None)
        else:
            lines[key] = value
    extra = changes.get("extra", [])
    text = [f"{key} {each}" for key, value in lines.items() for each in (value if isinstance(value, list) else [value])]
    return "\n".join([*text, *(str(e) for e in (extra if isinstance(extra, list) else [extra]))]) + "\n"
