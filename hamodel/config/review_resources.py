"""A group starts left to right and is found by patterns: what a reviewer should know about haresources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hamodel.config.daemon import Version, warn
from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.haresources import Joined, groups_of, is_special, joined_lines, lines_with_key
from hamodel.config.lines import Source
from hamodel.config.node import NodeConfig
from hamodel.config.parts import Group, Resource
from hamodel.config.review_arguments import review_arguments
from hamodel.config.values import ascii_lower

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

LONG = 8
_MESSENGERS = frozenset({"MailTo", "AudibleAlarm", "WinPopup", "ClusterMon"})
_STOPPERS = frozenset({"heartbeat", "ha", "reboot", "halt", "poweroff", "shutdown", "killall"})
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")


def review_resources(node: NodeConfig, source: Source | None, version: Version) -> Iterator[Finding]:
    """Findings about the groups one node reads."""
    if source is None or source.content is None:
        return
    if node.crm:
        yield _ignored(source, version)
        return
    if not node.groups:
        message = f"{source.file} is empty: this cluster manages nothing"
        yield finding(NOTE, Topic.HARESOURCES_EMPTY, message)
    for joined in joined_lines(source):
        yield from _joins(joined)
    for group in node.groups:
        yield from _group(node, group)
        for resource in group.resources:
            yield from _resource(resource)
            yield from review_arguments(resource)
    yield from _repeated(node)
    yield from _owners(node)
    if b"\r" in source.content:
        message = f"{source.file} has carriage returns, which the shell takes for a part of the last word of each line"
        yield finding(WARNING, Topic.CONTINUATION, message, None, "save the file with Unix line ends")


def _ignored(source: Source, version: Version) -> Finding:
    name = "pacemaker" if version is Version.V3_0_6 else "crm"
    directory = "/etc/ha.d/" if version is Version.V3_0_6 else "/etc/ha.d"
    said = [warn(f"File {directory}/haresources exists."), warn(f"This file is not used because {name} is enabled")]
    message = f"{source.file} is not used, because {name} is enabled"
    return finding(WARNING, Topic.HARESOURCES_IGNORED, message, None, "remove the crm line, or the file", said)


def _joins(joined: Joined) -> Iterator[Finding]:
    if not joined.continued or not joined.text.strip():
        return
    first = joined.span(0, 1)
    if joined.glued is not None:
        message = "a continued line is joined without a blank: the last word and the first of the next line become one"
        yield finding(WARNING, Topic.CONTINUATION, message, joined.glued, "begin continuation lines with a blank")
    else:
        yield finding(NOTE, Topic.CONTINUATION, "lines that end in a backslash are joined into one group", first)


def _group(node: NodeConfig, group: Group) -> Iterator[Finding]:
    if not group.resources:
        message = f"the line of {group.owner} has no resources"
        yield finding(WARNING, Topic.HARESOURCES_EMPTY, message, group.span, "add resources or remove the line")
        return
    addresses = [i for i, r in enumerate(group.resources) if r.is_address]
    mounts = [i for i, r in enumerate(group.resources) if r.is_mount]
    if addresses and mounts and addresses[0] < mounts[0]:
        first, disk = group.resources[addresses[0]], group.resources[mounts[0]]
        message = f"{first.address} starts before {disk.device} is mounted: clients come before the data is there"
        yield finding(NOTE, Topic.ADDRESS_BEFORE_DISK, message, first.span, "put the address after the file system")
    if len(group.resources) >= LONG:
        message = f"{len(group.resources)} resources in one group: one failed start gives up all, and a move takes long"
        yield finding(NOTE, Topic.LONG_GROUP, message, group.span, "split what does not belong together")
    others = [line for line in lines_with_key(group.key, node.groups) if line is not group]
    if others:
        message = f"the key {group.key} also appears in the line of {others[0].owner}, which is dragged in"
        yield finding(WARNING, Topic.KEY_NOT_UNIQUE, message, group.resources[0].span, f"see {others[0].span}")
    if is_special(group.key):
        message = f"the key {group.key} is used as a regular expression and holds special characters"
        yield finding(
            WARNING, Topic.KEY_NOT_UNIQUE, message, group.resources[0].span, "begin the group with another resource"
        )


def _resource(resource: Resource) -> Iterator[Finding]:
    place = resource.span
    if resource.type in _MESSENGERS:
        message = f"{resource.type} only tells somebody: it is no service"
        yield finding(NOTE, Topic.NOT_A_SERVICE, message, place)
    elif resource.type.endswith(".sh"):
        message = f"{resource.type} is home-made: its start must not stop Heartbeat, and it needs stop and status"
        yield finding(
            NOTE, Topic.HOME_MADE, message, place, "a start that stops the cluster manager drops the whole node"
        )
    if ascii_lower(resource.type) in _STOPPERS:
        message = f"{resource.type} as a resource stops the cluster it runs in"
        yield finding(ERROR, Topic.STOPS_THE_CLUSTER, message, place, "remove it")
    if resource.is_address and _DOTTED.match(resource.mask):
        message = f"a dotted mask where bits are expected: {resource.mask} is /{resource.bits}"
        yield finding(NOTE, Topic.MASK_DOTTED, message, place, f"write {resource.address}/{resource.bits}")


def _identity(resource: Resource) -> str:
    if resource.is_address:
        return f"address {resource.address}"
    if resource.is_drbd or resource.is_block_mount:
        return f"disk {resource.device}" if resource.device else ""
    return ""


def _repeated(node: NodeConfig) -> Iterator[Finding]:
    seen: dict[str, tuple[Group, Resource]] = {}
    for group in node.groups:
        for resource in group.resources:
            name = _identity(resource)
            if not name:
                continue
            first, other = seen.setdefault(name, (group, resource))
            if other is resource:
                continue
            severity = ERROR if first.owner != group.owner else WARNING
            message = f"{name} stands in two places: {first.owner} and {group.owner} both regard it as their own"
            if severity is WARNING:
                message = f"{name} stands in two places"
            yield finding(
                severity, Topic.SAME_RESOURCE_TWICE, message, resource.span, f"remove it, or the one at {other.span}"
            )


def _owners(node: NodeConfig) -> Iterator[Finding]:
    for group in node.groups:
        if group.owner not in node.nodes:
            message = f"the group of {group.owner} belongs to no node: nobody starts it as its own"
            yield finding(
                ERROR, Topic.GROUP_WITHOUT_NODE, message, group.span, f"write one of: {', '.join(node.nodes)}"
            )
    for name in node.nodes:
        for group in groups_of(name, node.groups):
            if group.owner != name and group.owner in node.nodes:
                message = (
                    f"the name {name}, used as a pattern, also fits {group.owner}: both take this group as their own"
                )
                yield finding(ERROR, Topic.GROUP_WITHOUT_NODE, message, group.span, "rename one of the nodes")
    owners = dict.fromkeys(group.owner for group in node.groups if group.resources)
    if len(owners) > 1:
        message = f"active/active: {' and '.join(owners)} each prefer groups of their own"
        yield finding(NOTE, Topic.ACTIVE_ACTIVE, message, node.groups[0].span)
