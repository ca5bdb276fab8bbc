"""A line that does nothing is worse than none, because its reader believes in it: options without effect, on one node.

The daemon says nothing about any of them. What has an effect that surprises stands with its subject, elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from hamodel.config.directives import Kind, Times, directives
from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.node import NodeConfig
from hamodel.config.parts import StonithDevice, Valued
from hamodel.config.values import parse_bool

WARNING, NOTE = Severity.WARNING, Severity.NOTE
REMOVE = "remove the line"
_CRM_ONLY = ("crm_daemon_dir", "crmd_spawns_pengine", "record_config_changes", "record_pengine_inputs",
             "enable_config_writes")  # fmt: skip
_WORDS_READ: Mapping[str, int] = MappingProxyType({"mcast": 5, "mcast6": 5, "ucast": 2, "ucast6": 2})
"""How many words of a media line its plugin looks at."""


def review_effects(node: NodeConfig) -> Iterator[Finding]:
    """Findings about lines that change nothing."""
    yield from _overridden(node)
    yield from _without_subject(node)
    yield from _of_the_other_mode(node)
    yield from _surplus_words(node)
    yield from _fences(node)


def _idle(value: Valued[str], message: str, *, severity: Severity = NOTE, help: str = REMOVE) -> Finding:
    return finding(severity, Topic.NO_EFFECT, message, value.span, help)


def _overridden(node: NodeConfig) -> Iterator[Finding]:
    """All words but the last of an option that remembers one."""
    for name, values in node.options.items():
        row = directives().get(name)
        if row is None or row.kind is not Kind.OPTION or row.times is not Times.LAST_WINS:
            continue
        for value in values[:-1]:
            last = values[-1]
            same = value.value == last.value
            where = f"{name} {last.value} at line {last.span.line}" if last.span else f"{name} {last.value}"
            message = f"{name} {value.value} has no effect: {where} comes later and wins"
            if same:
                message = f"{name} {value.value} is said again at line {last.span.line}" if last.span else where
            yield _idle(value, message, severity=NOTE if same else WARNING, help="keep one line")


def _without_subject(node: NodeConfig) -> Iterator[Finding]:
    """Options of something that is not there."""
    kinds = {medium.kind for medium in node.media}
    logd = parse_bool(node.use_logd) if node.use_logd else None
    absent = (
        ("deadping", not node.pings, "there is no ping node"),
        ("udpport", bool(kinds) and not kinds & {"bcast", "ucast", "ucast6"}, "no bcast or ucast line uses it"),
        ("baud", "serial" not in kinds, "there is no serial line"),
        ("hopfudge", "serial" not in kinds, "there is no serial ring"),
        ("conn_logd_time", logd is False, "use_logd is off"),
        ("rtprio", parse_bool(node.last("realtime") or "on") is False, "realtime is off"),
        ("coreroot", parse_bool(node.last("coredumps") or "on") is False, "coredumps is off"),
    )
    for name, idle, why in absent:
        values = node.options.get(name, ())
        if idle and values:
            yield _idle(values[-1], f"{name} {values[-1].value} has no effect: {why}")


def _of_the_other_mode(node: NodeConfig) -> Iterator[Finding]:
    names = ("auto_failback", "nice_failback") if node.crm else _CRM_ONLY
    why = (
        "the cluster resource manager places the resources" if node.crm else "only a cluster resource manager reads it"
    )
    for name in names:
        for value in node.options.get(name, ())[-1:]:
            yield _idle(value, f"{name} {value.value} has no effect: {why}", severity=WARNING if node.crm else NOTE)


def _surplus_words(node: NodeConfig) -> Iterator[Finding]:
    for name, count in _WORDS_READ.items():
        for value in node.options.get(name, ()):
            rest = value.value.split()[count:]
            if rest:
                message = f"`{' '.join(rest)}` has no effect: {name} reads {count} words and ignores the others"
                yield _idle(value, message, severity=WARNING, help="one line a medium")


def _fences(node: NodeConfig) -> Iterator[Finding]:
    own = [line for line in node.fence_lines if line.host in ("", "*", node.name)]
    for line in own:
        if node.stonith is not None and line is not node.stonith:
            yield _fence(line, f"the device {line.type} is not used by {node.name}: a later line wins")
    for line in node.fence_lines:
        if line.host not in ("", "*") and line.host not in node.nodes:
            yield _fence(line, f"the device {line.type} is for {line.host}, which is no node: nobody uses it")


def _fence(line: StonithDevice, message: str) -> Finding:
    help = "one line for each node that may reset, named as uname -n does, or *"
    return finding(WARNING, Topic.NO_EFFECT, message, line.span, help)
