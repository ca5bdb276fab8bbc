"""Two statements are not two paths: what a reviewer should know about media, ping nodes and names of one node."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator

from hamodel.config.daemon import warn
from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.node import NodeConfig
from hamodel.config.parts import Failback, Medium, card_of

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_PLACEHOLDER = re.compile(r"hostname|your|example|changeme|placeholder|xxx|[<>{}$%]|\bfqdn\b", re.IGNORECASE)


def review_paths(node: NodeConfig) -> Iterator[Finding]:
    """Findings about what heartbeats travel on and what ipfail can see."""
    yield from _cards(node)
    yield from _service(node)
    yield from _statements(node)
    yield from _ports(node)
    yield from _ipfail(node)
    yield from _names(node)


def _cards(node: NodeConfig) -> Iterator[Finding]:
    media, cards = node.media, node.cards
    if not media:
        place = node.pings[0].span if node.pings else None
        help = "add a line such as bcast eth1"
        yield finding(ERROR, Topic.NO_PATH, "ping lines only: the nodes have no way to hear each other", place, help)
        return
    for card in cards:
        here = [medium for medium in media if medium.card == card]
        peers = all(medium.kind == "ucast" for medium in here) and len({m.detail for m in here}) == len(here)
        if len(here) > 1 and not peers:
            message = f"{len(here)} statements, one physical path: all of them need {card}"
            yield finding(
                WARNING, Topic.COMMON_CARD, message, here[1].span, "put one of them on another card or a serial line"
            )
    if len(cards) == 1:
        yield finding(
            WARNING,
            Topic.SINGLE_PATH,
            f"{cards[0]} is the only path: one cut cable and both nodes take everything",
            media[0].span,
            "add a second medium on another card, or a serial line",
        )
    if all(medium.is_serial for medium in media):
        help = "add a medium on a network card"
        message = "the serial line is the only medium: pull it and both nodes take everything"
        yield finding(WARNING, Topic.SERIAL_ONLY, message, media[0].span, help)


def _service(node: NodeConfig) -> Iterator[Finding]:
    ports = {card_of(r.nic): r for r in node.addresses if r.nic}
    for card, resource in ports.items():
        if node.cards == (card,):
            yield finding(
                WARNING,
                Topic.HEARTBEAT_ON_SERVICE_CARD,
                f"heartbeats use only {card}, the card that carries the service address {resource.address}",
                node.media[0].span,
                "give the heartbeats a card of their own as well",
            )
        elif node.media and card not in node.cards and not node.pings and not node.ipfail:
            yield finding(
                WARNING,
                Topic.SERVICE_CARD_UNWATCHED,
                f"nothing watches {card}, which carries {resource.address}: when it fails, nothing moves",
                resource.span,
                "add a ping node on that network and respawn ipfail",
            )
    for resource in node.addresses:
        card, bits = card_of(resource.nic), resource.bits
        for medium in node.media:
            if (
                medium.kind == "ucast"
                and medium.card == card
                and bits
                and _outside(resource.address, bits, medium.detail)
            ):
                message = f"{resource.address}/{bits} is on {card}, but {medium.detail} there is in another network"
                yield finding(NOTE, Topic.OTHER_SUBNET, message, resource.span, "compare the addresses and the mask")


def _outside(address: str, bits: int, host: str) -> bool:
    try:
        network = ipaddress.IPv4Network(f"{address}/{bits}", strict=False)
        return ipaddress.IPv4Address(host) not in network
    except ValueError:
        return False


def _statements(node: NodeConfig) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str], Medium] = {}
    for medium in node.media:
        first = seen.setdefault((medium.kind, medium.device, medium.detail), medium)
        if first is not medium:
            message = f"{medium.name} stands twice"
            yield finding(
                WARNING, Topic.DUPLICATE_MEDIUM, message, medium.span, f"remove it: the first is at {first.span}"
            )
        if medium.kind.startswith("ucast") and (medium.detail.startswith("127.") or medium.detail.lower() == node.name):
            message = f"{medium.name} talks to {node.name} itself: nobody else hears it"
            yield finding(WARNING, Topic.UCAST_TO_ONESELF, message, medium.span, "name the peer's address")
    for device, count in Counter(m.device for m in node.media if m.kind == "ucast").items():
        lines = [m for m in node.media if m.kind == "ucast" and m.device == device]
        if count == len(node.nodes) == 2 and lines[0].detail != lines[1].detail:
            message = f"one of the two ucast lines on {device} names the node itself: harmless, but no second path"
            yield finding(NOTE, Topic.UCAST_TO_ONESELF, message, lines[1].span)
    for value in node.options.get("udp", ()):
        message = "udp is an old name of bcast"
        said = [warn("WARNING: directive 'udp' replaced by 'bcast'")]
        yield finding(NOTE, Topic.UDP_ALIAS, message, value.span, "write bcast", said)


def _ports(node: NodeConfig) -> Iterator[Finding]:
    for value in node.options.get("udpport", ()):
        place = value.span
        if place is None:
            continue
        before = [m for m in node.media if m.kind in ("bcast", "ucast", "ucast6") and m.span and m.span < place]
        if not before:
            continue
        missed = [m for m in before if str(m.port) != value.value.lstrip("0")]
        names = ", ".join(m.name for m in (missed or before))
        if missed:
            message = f"udpport {value.value} comes too late for {names}, which uses port {missed[0].port}"
            yield finding(WARNING, Topic.LATE_UDPPORT, message, place, "move the udpport line above the media lines")
        else:
            message = (
                f"udpport {value.value} comes after {names} and has no effect on it; by luck it is the port in use"
            )
            yield finding(NOTE, Topic.LATE_UDPPORT, message, place, "move the udpport line above the media lines")


def _ipfail(node: NodeConfig) -> Iterator[Finding]:
    client = next((client for client in node.clients if client.program == "ipfail"), None)
    if node.crm:
        return
    if node.pings and client is None:
        message = "a ping node without ipfail has no effect on resources"
        help = "add respawn hacluster /usr/lib/heartbeat/ipfail"
        yield finding(WARNING, Topic.PING_WITHOUT_IPFAIL, message, node.pings[0].span, help)
    if client is None:
        return
    if not node.pings:
        yield finding(
            WARNING,
            Topic.IPFAIL_WITHOUT_PING,
            "ipfail without a ping node is inert: it sees 0 hosts and says `We are dead. :<` at any loss of a link",
            client.span,
            "add a ping line with a switch or router both nodes can reach",
        )
    if node.auto_failback.value is Failback.LEGACY:
        message = "ipfail refuses to work with auto_failback legacy: it exits with status 100 and is not started again"
        said = [warn("auto_failback set to incompatible legacy option.")]
        yield finding(WARNING, Topic.IPFAIL_LEGACY, message, client.span, "write auto_failback on or off", said)
    if node.pings and len(node.cards) == 1:
        message = (
            f"ipfail needs a path to its peer, and {node.cards[0]} is the only one: when it fails, nobody can compare"
        )
        yield finding(WARNING, Topic.IPFAIL_ONE_PATH, message, client.span, "add a second medium on another card")


def _names(node: NodeConfig) -> Iterator[Finding]:
    lines = node.options.get("node", ())
    counts = Counter(value.value.lower() for value in lines)
    for value in lines:
        if counts[value.value.lower()] > 1:
            message = f"node {value.value} is named {counts[value.value.lower()]} times"
            yield finding(WARNING, Topic.NODE_TWICE, message, value.span, "name each node once")
            break
    for value in lines:
        if _PLACEHOLDER.search(value.value):
            message = f"{value.value} looks like a placeholder"
            yield finding(WARNING, Topic.PLACEHOLDER, message, value.span, "put in what uname -n prints")
    for ping in node.pings:
        if ping.name.lower() in node.nodes:
            message = f"the ping node {ping.name} is a member of the cluster"
            yield finding(WARNING, Topic.PING_IS_MEMBER, message, ping.span, "ping a switch or router instead")
