"""A small cluster and one sample of every log event: the cluster of the recorded runs and of the seed article."""

from __future__ import annotations

from dataclasses import replace

from hamodel.ir.state import State
from hamodel.ir.trace import LogLine, Step, Trace
from hamodel.logs.host import Host, Medium
from hamodel.renderers.halog import NodeLog, node_logs

PLAIN = "192.168.60.200/24/eth0"
DISK = "Filesystem::/dev/sdb5::/webdata::ext3"
GROUPS = {"2.0.8": f"node1 {PLAIN} {DISK}", "3.0.6": f"node1 IPaddr::{PLAIN} {DISK}"}
LIBS = {"2.0.8": "/usr/lib/heartbeat", "3.0.6": "/usr/libexec/heartbeat"}
MEDIA = (Medium("bcast", "eth1"), Medium("bcast", "eth0"), Medium("ping", "192.168.60.1"))
EMPTY = State((), (), ())


def hosts(version: str, **changes: object) -> tuple[Host, Host]:
    """Both nodes of the recorded cluster in the given release."""
    values: dict[str, object] = {
        "version": version,
        "media": MEDIA,
        "clients": (("hacluster", f"{LIBS[version]}/ipfail"),),
        "groups": (GROUPS[version],),
        "keepalive": 500,
        "initdead": 8000,
        "auto_failback": "on",
        "stonith": "external/hbtest",
        "logfile": "/var/log/ha-log",
        "facility": True,
        **changes,
    }
    first, second = Host("node1", "node2", **values), Host("node2", "node1", **values)  # type: ignore[arg-type]
    return first, second


def line(node: int, name: str, /, **fields: object) -> LogLine:
    """A log statement as a rule makes it."""
    return LogLine(node, name, tuple((key, str(value)) for key, value in fields.items()))


def timed(*events: tuple[int, LogLine]) -> Trace:
    """A trace whose steps do nothing but log, at the given ms."""
    return Trace("sample", EMPTY, tuple(Step(f"step{i}", at, EMPTY, (said,)) for i, (at, said) in enumerate(events)))


def logs(version: str, *events: tuple[int, LogLine], **changes: object) -> tuple[NodeLog, NodeLog]:
    """What both nodes write at level info and above."""
    first, second = all_logs(version, *events, **changes)
    return louder(first), louder(second)


def all_logs(version: str, *events: tuple[int, LogLine], **changes: object) -> tuple[NodeLog, NodeLog]:
    """What both nodes write, debug lines and what scripts print included."""
    return node_logs(timed(*events), hosts(version, **changes))


def louder(log: NodeLog) -> NodeLog:
    return replace(log, lines=tuple(said for said in log.lines if said.level != "debug"))


FIELDS: dict[str, dict[str, object]] = {
    "harc-run": {"event": "status"},
    "ip-request-resp-received": {"key": f"IPaddr::{PLAIN}"},
    "mach-down-taking-group": {"group": 0},
    "acquire-group": {"group": 0},
    "release-group": {"group": 0},
    "standby-give-up-begin": {"rsc_type": "foreign"},
    "standby-give-up-end": {"rsc_type": "foreign"},
    "standby-acquire-begin": {"rsc_type": "local"},
    "standby-acquire-end": {"rsc_type": "local"},
    "daemon-start": {"first": 1},
    "initial-local-done": {"reason": "T_RESOURCES(us)"},
    "initial-foreign-done": {"reason": "mach_down"},
    "ipfail-peer-link-dead": {"link": "eth1", "seen": 1},
    "status-travels": {"status": 1},
    "status-is-sent": {"status": 1},
    "message-is-sent": {"code": 39},
    "claims-come": {"stable": 1},
    "replays-reach": {"copies": 2},
    "client-fork": {"client": "/usr/libexec/heartbeat/ccm", "user": "hacluster", "which": 0, "sleep": 1000},
    "client-signed-on": {"client": "ccm", "which": 0},
    "client-duplicate": {"client": "ccm", "which": 0},
    "client-barred": {"client": "ipfail", "which": 0},
    "client-bad-pid": {"which": 0},
    "client-fails": {"client": "ccm", "which": 0, "barred": 0},
    "client-exited": {"client": "/usr/libexec/heartbeat/ccm", "which": 0, "exitcode": 1},
    "client-killed": {"client": "/usr/libexec/heartbeat/ipfail", "which": 0},
    "client-retires": {"client": "ipfail", "which": 0, "crm": 0},
}
"""Fields for the events that need some; resource events get the group's two resources in turn."""
