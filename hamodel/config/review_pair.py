"""Nobody checks that two nodes read the same: what a reviewer should know when they do not, or should not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.node import NodeConfig
from hamodel.config.parts import Valued
from hamodel.config.values import show_ms

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

_TIMES = ("keepalive", "deadtime", "initdead", "deadping", "warntime")
_SAME = ("msgfmt", "compression", "traditional_compression")


def review_pair(nodes: Sequence[NodeConfig]) -> Iterator[Finding]:
    """Findings about all nodes together."""
    if len(nodes) != 2 and nodes:
        many = "one node has no peer to take over" if len(nodes) == 1 else "haresources is made for two nodes"
        message = f"{len(nodes)} node{'s' if len(nodes) > 1 else ''}: {many}"
        yield finding(WARNING, Topic.NODE_COUNT, message, None, "name two nodes")
    if not nodes:
        return
    first = nodes[0]
    for other in nodes[1:]:
        yield from _options(first, other)
        yield from _groups(first, other)
        yield from _keys(first, other)
        yield from _shared_ucast(first, other)
    fenced = [node.name for node in nodes if node.stonith is not None]
    if fenced and len(fenced) < len(nodes):
        others = [node.name for node in nodes if node.stonith is None]
        place = next(node.stonith.span for node in nodes if node.stonith is not None)
        message = f"{fenced[0]} can reset its peer, {others[0]} cannot: it takes over without a reset"
        help = f"add a stonith_host line for {others[0]}, or use *"
        yield finding(WARNING, Topic.ONE_SIDED_FENCING, message, place, help)


def _options(a: NodeConfig, b: NodeConfig) -> Iterator[Finding]:
    for name in _TIMES:
        x: Valued[int] = getattr(a, name)
        y: Valued[int] = getattr(b, name)
        if x.value != y.value:
            severity = WARNING if name != "warntime" else NOTE
            message = f"{name} differs: {show_ms(x.value)} on {a.name}, {show_ms(y.value)} on {b.name}"
            yield finding(severity, Topic.NODES_DIFFER, message, y.span or x.span, "give both nodes the same value")
    if a.auto_failback.value is not b.auto_failback.value:
        one, two = a.auto_failback.value.value, b.auto_failback.value.value
        message = f"auto_failback differs: {one} on {a.name}, {two} on {b.name}"
        place = b.auto_failback.span or a.auto_failback.span
        yield finding(WARNING, Topic.NODES_DIFFER, message, place, "give both nodes the same value")
    if set(a.nodes) != set(b.nodes):
        message = f"{a.name} knows {', '.join(a.nodes)}; {b.name} knows {', '.join(b.nodes)}"
        yield finding(ERROR, Topic.NODES_DIFFER, message, None, "name the same nodes in both files")
    if {m.kind for m in a.media} != {m.kind for m in b.media} or len(a.media) != len(b.media):
        message = "the media differ: what one node sends, the other may not hear"
        place = b.media[0].span if b.media else None
        yield finding(WARNING, Topic.NODES_DIFFER, message, place, "give both nodes the same kinds of media")
    elif [m.port for m in a.media] != [m.port for m in b.media]:
        place = b.media[0].span if b.media else None
        message = "the UDP ports differ: the nodes do not hear each other"
        yield finding(ERROR, Topic.NODES_DIFFER, message, place, "give both nodes the same udpport")
    for name in _SAME:
        if (a.last(name) or "") != (b.last(name) or ""):
            message = f"{name} differs: the nodes may not understand each other"
            yield finding(WARNING, Topic.NODES_DIFFER, message, None, "give both nodes the same value")
    for name in ("watchdog", "ipfail"):
        if bool(getattr(a, name)) != bool(getattr(b, name)):
            with_it, without = (a, b) if getattr(a, name) else (b, a)
            message = f"{with_it.name} has {name}, {without.name} has not"
            yield finding(WARNING, Topic.NODES_DIFFER, message, None, "give both nodes the same")


def _groups(a: NodeConfig, b: NodeConfig) -> Iterator[Finding]:
    if a.groups == b.groups:
        return
    owners = {group.key: group for group in a.groups}
    for group in b.groups:
        twin = owners.get(group.key)
        if twin is not None and twin.owner != group.owner:
            message = (
                f"{group.key} is preferred on {twin.owner} by the file of {a.name} "
                f"and on {group.owner} by that of {b.name}"
            )
            yield finding(ERROR, Topic.NODES_DIFFER, message, group.span, "haresources must be the same on all nodes")
            return
    pairs = zip((*a.groups, None), (*b.groups, None), strict=False)
    x, y = next((pair for pair in pairs if pair[0] != pair[1]), (None, None))
    place = (y or x).span if y or x else None  # type: ignore[union-attr]  # one of the two is a group
    message = (
        f"haresources differs: `{x.line if x else 'nothing'}` on {a.name}, `{y.line if y else 'nothing'}` on {b.name}"
    )
    yield finding(ERROR, Topic.NODES_DIFFER, message, place, "haresources must be the same on all nodes")


def _keys(a: NodeConfig, b: NodeConfig) -> Iterator[Finding]:
    if keys_agree(a, b) or a.authkeys is None or b.authkeys is None:
        return
    message = "the keys differ: each node drops the other's packets, and both take everything"
    yield finding(ERROR, Topic.NODES_DIFFER, message, b.authkeys.span, "copy one authkeys file to both nodes")


def keys_agree(a: NodeConfig, b: NodeConfig) -> bool:
    """Whether the two nodes accept each other's packets; without a file the keys are taken to be equal and working."""
    if a.authkeys is None or b.authkeys is None:
        return True
    return a.authkeys.hears(b.authkeys) and b.authkeys.hears(a.authkeys)


def _shared_ucast(a: NodeConfig, b: NodeConfig) -> Iterator[Finding]:
    """A file used for both nodes has to name both addresses."""
    for medium, twin in zip(a.media, b.media, strict=False):
        same_line = medium.kind == "ucast" and medium.span == twin.span and medium.span is not None
        alone = sum(1 for m in a.media if m.kind == "ucast" and m.device == medium.device) == 1
        if same_line and alone:
            message = f"{medium.name} in a file for both nodes: the node with that address would talk to itself"
            help = "each node's file names its peer, or both lines stand in both files; taken here as naming the peer"
            yield finding(NOTE, Topic.UCAST_TO_ONESELF, message, medium.span, help)
