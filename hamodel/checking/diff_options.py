"""Which values in force differ between two configurations: what the daemon uses counts, and not how it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hamodel.config.cluster import Cluster
from hamodel.config.directives import Kind, Modelled, Times, directives
from hamodel.config.node import NodeConfig
from hamodel.config.values import show_ms
from hamodel.ir.difference import Option
from hamodel.source import Span

_TIMES = ("keepalive", "warntime", "deadtime", "initdead", "deadping")
_ELSEWHERE = frozenset({*_TIMES, "node", "auto_failback", "nice_failback", "watchdog", "stonith", "stonith_host"})
"""Directives that are compared by what they mean, or hold secrets."""
Value = tuple[str, int]


def options(old: Cluster, new: Cluster) -> Iterator[Option]:
    """Every difference; one that is the same on all nodes is told once."""
    nodes = tuple(dict.fromkeys((*old.nodes, *new.nodes)))
    rows: dict[tuple[str, str, str, int, int], list[str]] = {}
    for name in nodes:
        before = _values(old.per_node[name]) if name in old.per_node else {}
        after = _values(new.per_node[name]) if name in new.per_node else {}
        for key in dict.fromkeys((*before, *after)):
            was, now = before.get(key, ("", 0)), after.get(key, ("", 0))
            if was[0] != now[0]:
                rows.setdefault((key, was[0], now[0], was[1], now[1]), []).append(name)
    if old.version is not new.version:
        yield Option("heartbeat", "", old.version.value, new.version.value)
    for (key, was_text, now_text, was_line, now_line), where in rows.items():
        shown = "" if len(where) == len(nodes) else ", ".join(where)
        yield Option(key, shown, was_text, now_text, was_line, now_line)


def _line(span: Span | None) -> int:
    return span.line if span is not None else 0


def _values(node: NodeConfig) -> Mapping[str, Value]:
    """The values one node uses, each with its line; what adds up is told item by item."""
    found: dict[str, Value] = {}
    for name in _TIMES:
        value = getattr(node, name)
        found[name] = (show_ms(value.value), _line(value.span))
    if not node.pings:
        del found["deadping"]
    found["nodes"] = (" ".join(node.nodes), 0)
    found["auto_failback"] = (node.auto_failback.value.value, _line(node.auto_failback.span))
    if node.watchdog is not None:
        found["watchdog"] = (node.watchdog.value, _line(node.watchdog.span))
        found["watchdog resets after"] = (show_ms(node.watchdog_period), 0)
    if node.stonith is not None:
        found["stonith"] = (node.stonith.type, _line(node.stonith.span))
        found["stonith parameters"] = (f"{len(node.stonith.params)} of digest {_digest(node.stonith.params)}", 0)
    for medium in node.media:
        port = f" port {medium.port}" if medium.port else ""
        found[f"medium {medium.name}"] = (f"yes{port}", _line(medium.span))
    for ping in node.pings:
        found[f"{ping.kind} {ping.name}"] = (" ".join(ping.members) or "yes", _line(ping.span))
    for client in node.clients:
        found[f"client {client.command}"] = (
            f"as {client.user}{'' if client.respawn else ', failfast'}",
            _line(client.span),
        )
    for number, group in enumerate(node.groups, 1):
        found[f"group {number}"] = (group.line, _line(group.span))
    if node.authkeys is not None:
        found["authkeys"] = (f"{node.authkeys.method}, digest {node.authkeys.digest}", 0)
    found.update(_others(node))
    return found


def _others(node: NodeConfig) -> Iterator[tuple[str, Value]]:
    """Everything else that is remembered once: the last word wins."""
    for name, values in node.options.items():
        row = directives().get(name)
        if row is None or name in _ELSEWHERE or row.kind is not Kind.OPTION or not values:
            continue
        if row.times is Times.ADDS_UP:
            yield name, (" ".join(sorted(v.value for v in values)), 0)
        else:
            note = " (changes nothing in the model)" if row.modelled is Modelled.NO else ""
            yield f"{name}{note}", (values[-1].value, _line(values[-1].span))


def _digest(words: tuple[str, ...]) -> str:
    import hashlib

    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()[:8]
