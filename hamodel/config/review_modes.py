"""How a cluster fences, fails back and logs decides what one fault can do: findings about the modes of one node."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.config.crosschecks import LEGACY_LINES
from hamodel.config.daemon import info, warn
from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.node import NodeConfig
from hamodel.config.parts import Failback, StonithDevice
from hamodel.config.values import show_ms

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

_WEAK = {
    "suicide": "can only kill the node that asks: a hung or unreachable peer is never fenced",
    "null": "always reports success and resets nothing",
    "ssh": "asks the victim to reset itself: a hung or unreachable peer is never fenced",
}


def review_modes(node: NodeConfig) -> Iterator[Finding]:
    """Findings about failback, crm, fencing, watchdog, keys and logging."""
    yield from _failback(node)
    yield from _crm(node)
    yield from _fencing(node)
    yield from _clients(node)
    yield from _small_things(node)


def _failback(node: NodeConfig) -> Iterator[Finding]:
    failback = node.auto_failback
    if node.crm:
        return
    if failback.value is Failback.LEGACY:
        message = "auto_failback is " + ("legacy" if failback.given else "not given, which means legacy")
        help = "write auto_failback on or auto_failback off; with legacy, ipfail and hb_standby do not work"
        yield finding(WARNING, Topic.LEGACY_FAILBACK, message, failback.span, help, LEGACY_LINES)
    elif failback.value is Failback.ON and node.has_disk:
        message = "auto_failback on moves a disk as soon as its preferred node returns"
        help = "for important data prefer off, and move back by hand in a quiet hour"
        yield finding(NOTE, Topic.FAILBACK_WITH_DISK, message, failback.span, help)


def _crm(node: NodeConfig) -> Iterator[Finding]:
    if not node.crm:
        return
    place = node.crm_mode.span if node.crm_mode else None
    message = "the cluster resource manager is on: the resources are not Heartbeat's, and the v1 model does not apply"
    yield finding(WARNING, Topic.CRM_MODE, message, place, "remove the line to use haresources")


def _fencing(node: NodeConfig) -> Iterator[Finding]:
    for line in node.fence_lines:
        yield from _weakness(line)
    if node.crm:
        return
    if node.has_disk and node.stonith is None:
        disks = [r for group in node.groups for r in group.resources if r.is_block_mount or r.is_drbd]
        message = (
            f"{disks[0].text} on a shared disk without STONITH: two nodes that do not hear each other both mount it"
        )
        if any(r.is_drbd for r in disks):
            message = f"{disks[0].text} without STONITH: two nodes that do not hear each other both take it"
        said = [warn("No STONITH device configured."), warn("Shared disks are not protected.")]
        help = "add a stonith_host line for a device that can really reset the peer"
        yield finding(WARNING, Topic.NO_FENCING, message, disks[0].span, help, said)
    drbd = [r for group in node.groups for r in group.resources if r.is_drbd]
    if drbd and node.stonith is None:
        yield finding(
            WARNING,
            Topic.DRBD_DUAL_PRIMARY,
            f"when no path is left, {drbd[0].text} becomes primary on both nodes and the replicas diverge",
            drbd[0].span,
            "add STONITH, or dopd with a second path; replication and heartbeats should not share one cable",
        )
    if node.watchdog is not None and node.stonith is None:
        yield finding(
            NOTE,
            Topic.WATCHDOG_IS_LATE,
            f"the watchdog resets after {show_ms(node.watchdog_period)}, later than the peer may take over "
            f"({show_ms(node.deadtime.value)}), and never for a cut cable",
            node.watchdog.span,
            "a watchdog does not replace STONITH",
        )


def is_weak(device: StonithDevice) -> bool:
    """Whether a device cannot reset a peer that does not answer."""
    return device.type.rsplit("/", 1)[-1] in _WEAK


def _weakness(line: StonithDevice) -> Iterator[Finding]:
    kind = line.type.rsplit("/", 1)[-1]
    if kind in _WEAK:
        message = f"stonith {line.type} {_WEAK[kind]}"
        yield finding(WARNING, Topic.WEAK_FENCING, message, line.span, "use a device that cuts the peer's power")
    elif kind == "meatware":
        message = "meatware waits for a person, without a limit and without checking what the person says"
        yield finding(NOTE, Topic.WEAK_FENCING, message, line.span)


def _clients(node: NodeConfig) -> Iterator[Finding]:
    for client in node.clients:
        if client.program == "dopd" and len(node.cards) == 1:
            message = f"dopd over the only path {node.cards[0]} cannot reach the peer when it matters"
            yield finding(WARNING, Topic.DOPD_ONE_PATH, message, client.span, "add a second medium on another card")
        if client.program == "ipfail" and client.user == "root":
            message = "ipfail runs as root"
            yield finding(NOTE, Topic.IPFAIL_AS_ROOT, message, client.span, "respawn it as hacluster")


def _small_things(node: NodeConfig) -> Iterator[Finding]:
    for value in node.options.get("nice_failback", ()):
        message = f"nice_failback is obsolete; here it means auto_failback {node.auto_failback.value.value}"
        yield finding(WARNING, Topic.OBSOLETE_OPTION, message, value.span, "write auto_failback on or off")
    for value in node.options.get("env", ()):
        if "=" not in value.value:
            message = f"env {value.value} has no value: the variable gets whatever follows in memory"
            yield finding(WARNING, Topic.ENV_WITHOUT_VALUE, message, value.span, "write NAME=VALUE")
    for value in node.options.get("quorum_server", ()):
        message = "quorum_server also overwrites the name of the cluster"
        yield finding(NOTE, Topic.OBSOLETE_OPTION, message, value.span)
    facility = node.logfacility
    if not (node.logfile or node.debugfile or facility not in (None, "kern", "none") or node.use_logd):
        said = [info("No log entry found in ha.cf -- use logd")]
        message = "no log directive: everything goes to the logging daemon, which has to run"
        yield finding(NOTE, Topic.NO_LOG_TARGET, message, None, "add logfile or logfacility", said)
    if node.authkeys is not None and node.authkeys.method == "crc":
        message = "crc is no authentication: foreign packets cannot be told apart"
        yield finding(WARNING, Topic.CRC_ONLY, message, node.authkeys.span, "use sha1 with a key")
