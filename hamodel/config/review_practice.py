"""What careful people do and the daemon never asks for: findings from recommended practice, on one node.

The rules with their reasons and sources are in `practice.py`; which topic breaks which rule is in `costs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.config.daemon import warn
from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.lines import Source
from hamodel.config.node import NodeConfig
from hamodel.config.review_modes import is_weak
from hamodel.config.values import parse_bool

WARNING, NOTE = Severity.WARNING, Severity.NOTE
_LOGS = ("logfile", "debugfile", "logfacility")


def review_practice(node: NodeConfig, hacf: Source, *, live: bool) -> Iterator[Finding]:
    """Findings about the watchdog, fencing without a disk, ping targets, secrets and the order of lines."""
    if node.groups and not node.crm:
        yield from _nobody_resets(node)
    yield from _ping_targets(node)
    yield from _secrets(node, hacf, live=live)
    yield from _order(node)
    yield from _logging_daemon(node)


def _nobody_resets(node: NodeConfig) -> Iterator[Finding]:
    if node.watchdog is None:
        message = "no watchdog: when Heartbeat is killed or hangs, its node keeps what it runs"
        yield finding(NOTE, Topic.NO_WATCHDOG, message, None, "add watchdog /dev/watchdog on both nodes")
    if node.stonith is None and not node.has_disk:
        message = "no fencing device: more paths make two owners rare, not impossible"
        yield finding(NOTE, Topic.NO_DEVICE, message, None, "add a stonith_host line if two owners would do harm")


def _ping_targets(node: NodeConfig) -> Iterator[Finding]:
    peers = {medium.detail: medium.name for medium in node.media if medium.kind.startswith("ucast")}
    services = {resource.address: resource for resource in node.addresses}
    for ping in node.pings:
        for host in ping.members or (ping.name,):
            if host in peers:
                message = f"the ping node {host} is the address of a cluster node: {peers[host]} sends heartbeats there"
                yield finding(WARNING, Topic.PING_IS_MEMBER, message, ping.span, "ping a switch or router instead")
            elif host in services:
                message = f"the ping node {host} is a service address of this cluster: it moves with its group"
                yield finding(WARNING, Topic.PING_IS_MEMBER, message, ping.span, "ping a switch or router instead")
            elif host.startswith("127.") or host == "::1":
                message = f"the ping node {host} is the node itself: it always answers"
                yield finding(WARNING, Topic.PING_IS_MEMBER, message, ping.span, "ping a switch or router instead")


def _secrets(node: NodeConfig, hacf: Source, *, live: bool) -> Iterator[Finding]:
    if not hacf.mode & 0o004:
        return
    for line in node.fence_lines:
        if line.host and line.params and line.type != "meatware" and not is_weak(line):
            message = f"{hacf.file} holds the parameters of {line.type} and has mode {hacf.mode & 0o7777:04o}"
            help = "chmod 600, or put them in a file of mode 600 and use stonith TYPE FILE"
            yield finding(WARNING if live else NOTE, Topic.FENCE_PASSWORD, message, line.span, help)
            return


def _order(node: NodeConfig) -> Iterator[Finding]:
    serial = [m.span for m in node.media if m.is_serial and m.span is not None]
    for value in node.options.get("baud", ()):
        if value.span is not None and any(place < value.span for place in serial):
            message = f"baud {value.value} comes after the serial line, which uses 19200"
            yield finding(WARNING, Topic.LATE_BAUD, message, value.span, "move the baud line above the serial line")
    media = sorted(m.span for m in node.media if m.span is not None)
    logs = sorted((v.span, name) for name in _LOGS for v in node.options.get(name, ()) if v.span is not None)
    if media and logs and media[0] < logs[0][0]:
        place, name = logs[0]
        message = f"{name} comes after the media lines: what is said about those goes elsewhere"
        yield finding(NOTE, Topic.LATE_LOGGING, message, place, "begin the file with the log lines")


def _logging_daemon(node: NodeConfig) -> Iterator[Finding]:
    facility = node.logfacility not in (None, "kern", "none")
    if not (node.logfile or node.debugfile or facility):
        return
    if node.use_logd is None or parse_bool(node.use_logd) is not True:
        said = [warn("Logging daemon is disabled --enabling logging daemon is recommended")]
        message = "Heartbeat writes its log files itself: a slow disk makes it wait"
        yield finding(
            NOTE, Topic.LOGD_OFF, message, None, "run logd and write use_logd on, if the log disk is busy", said
        )
