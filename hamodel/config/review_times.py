"""Timers are chosen once and trusted for years: what a reviewer should know about the times of one node."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.config.crosschecks import initdead_warning
from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.node import NodeConfig
from hamodel.config.values import show_ms

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def review_times(node: NodeConfig) -> Iterator[Finding]:
    """Findings about keepalive, deadtime, warntime, initdead, deadping and the debug level."""
    yield from _initdead(node)
    yield from _warntime(node)
    yield from _deadtime(node)
    if node.debug > 1:
        place = node.options["debug"][-1].span
        yield finding(WARNING, Topic.DEBUG_HIGH, f"debug {node.debug} disturbs the timing", place, "use debug 0 or 1")


def _initdead(node: NodeConfig) -> Iterator[Finding]:
    initdead, deadtime = node.initdead, node.deadtime
    first, dead = show_ms(initdead.value), show_ms(deadtime.value)
    if not initdead.given:
        yield finding(
            NOTE,
            Topic.INITDEAD_COMPUTED,
            f"initdead is not given: with deadtime {dead} it is {first}",
            deadtime.span,
            f"write initdead {show_ms(max(2 * deadtime.value, 60_000)).removesuffix(' s')}, or what the network needs",
        )
    if initdead.value < 10_000:
        yield finding(
            WARNING,
            Topic.INITDEAD_SHORT,
            f"initdead {first}: a network that needs longer after a boot makes both nodes take everything",
            initdead.span or deadtime.span,
            "give initdead more than the time the network needs to come up",
            initdead_warning(initdead.value),
        )
    elif initdead.value == deadtime.value:
        yield finding(
            WARNING,
            Topic.INITDEAD_EQUALS_DEADTIME,
            f"initdead equals deadtime ({dead}): a boot gets no more patience than a running cluster",
            initdead.span or deadtime.span,
            f"write initdead {2 * deadtime.value // 1000} or more: at least twice the deadtime",
        )
    elif initdead.value < 2 * deadtime.value:
        yield finding(
            NOTE,
            Topic.INITDEAD_UNDER_TWICE,
            f"initdead {first} is less than twice deadtime {dead}",
            initdead.span or deadtime.span,
            "the usual advice is at least twice the deadtime",
        )
    if initdead.value >= 300_000 or initdead.value >= max(60_000, 10 * deadtime.value):
        yield finding(
            NOTE,
            Topic.INITDEAD_LONG,
            f"initdead {first}: a node that boots alone serves nothing for that long",
            initdead.span,
            "shorten it to what the network needs after a boot, if waiting matters",
        )


def _warntime(node: NodeConfig) -> Iterator[Finding]:
    warn, dead, keep = node.warntime, node.deadtime, node.keepalive
    if not warn.given:
        message = f"warntime is not given: it is half of deadtime, {show_ms(warn.value)}"
        yield finding(NOTE, Topic.WARNTIME_COMPUTED, message, dead.span)
    if warn.value >= dead.value:
        yield finding(
            WARNING,
            Topic.WARNTIME_USELESS,
            f"warntime {show_ms(warn.value)} is not below deadtime {show_ms(dead.value)}: no warning before a death",
            warn.span or dead.span,
            "lower warntime to two keepalives",
        )
    elif warn.value <= keep.value:
        yield finding(
            WARNING,
            Topic.WARNTIME_USELESS,
            f"warntime {show_ms(warn.value)} is not above keepalive {show_ms(keep.value)}: every beat may be late",
            warn.span or keep.span,
            "raise warntime to two keepalives",
        )
    elif dead.value - warn.value <= keep.value:
        yield finding(
            WARNING,
            Topic.WARNTIME_CLOSE,
            f"warntime {show_ms(warn.value)} leaves at most one beat before deadtime {show_ms(dead.value)}",
            warn.span or dead.span,
            "lower warntime to two keepalives, or raise deadtime",
        )


def _deadtime(node: NodeConfig) -> Iterator[Finding]:
    dead, ping = node.deadtime, node.deadping
    if dead.value < 2000:
        yield finding(
            WARNING,
            Topic.DEADTIME_TINY,
            f"deadtime {show_ms(dead.value)}: any pause of a process or switch of that length is a false death",
            dead.span,
            "measure the longest late heartbeat under load and take 1.5 to 2 times of it",
        )
    if ping.given and ping.value > dead.value and node.pings:
        yield finding(
            NOTE,
            Topic.DEADPING,
            f"deadping {show_ms(ping.value)} is longer than deadtime {show_ms(dead.value)}",
            ping.span,
            "3.0.6 declares a ping node dead at its first answer that is later than deadtime, whatever deadping says",
        )
    last = node.node_table[-1] if node.node_table else ""
    if ping.value != dead.value and any(last == ping_node.name.lower() for ping_node in node.pings):
        yield finding(
            NOTE,
            Topic.DEADPING,
            f"the last node of the table is a ping node: links are dead after deadping {show_ms(ping.value)}",
            ping.span,
            "put a node line after the ping lines if links are to use deadtime",
        )
