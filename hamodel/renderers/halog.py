"""The logs both nodes would have written: a trace in the words of the daemons that lived through it.

Which files there are and what is in each is what ha.cf says (`logs.destinations`). Each node has its own clock, which
may be off. A central log host would see what both send to syslog in one file, each line with its sender's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from hamodel.errors import ModelError
from hamodel.ir.trace import LogLine, Trace
from hamodel.logs.destinations import MESSAGES, goes_to_syslog, written
from hamodel.logs.expand import expand, finish
from hamodel.logs.formats import Entry, Writer, logfile, syslog
from hamodel.logs.host import Host, Medium
from hamodel.logs.journal import Journal, Said
from hamodel.logs.style import BEGIN, LogStyle

_LOGGED = frozenset({"ERROR", "WARN", "notice", "info"})


@dataclass(frozen=True, slots=True)
class NodeLog:
    """The lines of one node in the order of its clock."""

    host: Host
    lines: tuple[Said, ...]
    begin: datetime
    skew_ms: int = 0

    def entries(self) -> tuple[Entry, ...]:
        """The lines with the node's own dates."""
        return tuple(
            Entry(
                self.begin + timedelta(milliseconds=line.at + self.skew_ms),
                self.host.name,
                line.tag,
                line.pid,
                line.level,
                line.text,
                line.writer,
            )
            for line in self.lines
        )

    def texts(self) -> tuple[str, ...]:
        """Each line as ha-log would have it, those of the kernel and of other programs as messages has them."""
        version, style = self.host.version, self.host.syslog_style
        return tuple(
            syslog(entry, version) if entry.writer is Writer.SYSTEM else logfile(entry, version, style)
            for entry in self.entries()
        )

    def files(self, debug_lines: bool = False) -> dict[str, str]:
        """The text of every file, by its name."""
        return written(self.host, self.entries(), debug_lines)


def render_logs(
    trace: Trace,
    cluster: Any,  # noqa: ANN401
    *,
    begin: datetime | Sequence[datetime] = BEGIN,
    skew_ms: int | Sequence[int] = 0,
) -> dict[str, str]:
    """The text of every log file of both nodes, by its path: `node1/ha-log`, `node1/messages` ...

    `cluster` is a Cluster, two node configurations, or two `Host`s. The trace must have times: a log with invented ones
    would be no evidence. `begin` and `skew_ms` are for both nodes or one for each; same arguments, same bytes.
    """
    logs = node_logs(trace, hosts_of(cluster), begin=begin, skew_ms=skew_ms)
    return {f"{log.host.name}/{name}": text for log in logs for name, text in log.files().items()}


def styled_logs(trace: Trace, cluster: Any, style: LogStyle) -> dict[str, str]:  # noqa: ANN401
    """The same with everything that the reader of the logs has chosen."""
    hosts = hosts_of(cluster)
    skews = style.skew_ms([host.name for host in hosts])
    logs = node_logs(trace, hosts, begin=style.begin, skew_ms=skews)
    files = {f"{log.host.name}/{name}": text for log in logs for name, text in log.files(style.debug_lines).items()}
    if style.merged:
        files[MESSAGES] = merged(logs, style.debug_lines)
    return files


def merged(logs: Sequence[NodeLog], debug_lines: bool = False) -> str:
    """What both nodes send to syslog as a central log host gets it: in the order in which it happens."""
    sent = []
    for place, log in enumerate(logs):
        for number, (said, entry) in enumerate(zip(log.lines, log.entries(), strict=True)):
            if goes_to_syslog(entry, log.host, debug_lines):
                sent.append((said.at, place, number, syslog(entry, log.host.version)))
    return "".join(f"{line}\n" for *_, line in sorted(sent))


def node_logs(
    trace: Trace,
    hosts: tuple[Host, Host],
    *,
    begin: datetime | Sequence[datetime] = BEGIN,
    skew_ms: int | Sequence[int] = 0,
) -> tuple[NodeLog, NodeLog]:
    """The lines of both nodes before they have a layout."""
    journals = journals_of(hosts)
    _write(trace, journals)
    begins = (begin, begin) if isinstance(begin, datetime) else (begin[0], begin[1])
    skews = (skew_ms, skew_ms) if isinstance(skew_ms, int) else (skew_ms[0], skew_ms[1])
    first, second = (
        NodeLog(journal.host, tuple(sorted(journal.lines, key=lambda said: said.at)), start, skew)
        for journal, start, skew in zip(journals, begins, skews, strict=True)
    )
    return first, second


def lines_by_step(trace: Trace, hosts: tuple[Host, Host]) -> tuple[tuple[Said, ...], ...]:
    """The lines of each node in the order of its clock, without debug lines and what scripts print."""
    journals = journals_of(hosts)
    _write(trace, journals)
    return tuple(
        tuple(sorted((said for said in journal.lines if said.level != "debug"), key=lambda said: said.at))
        for journal in journals
    )


def journals_of(hosts: tuple[Host, Host]) -> tuple[Journal, Journal]:
    """Both journals before anything is written."""
    names = (hosts[0].name, hosts[1].name)
    return Journal(hosts[0], 0, names), Journal(hosts[1], 1, names)


def _write(trace: Trace, journals: tuple[Journal, Journal]) -> None:
    """Fill both journals to the end of the trace, every line with the step that caused it."""
    last = 0
    for number, at, line in _lines(trace):
        last = max(last, at)
        if line.node not in (0, 1):
            raise ModelError(f"a log line of node {line.node}: there are only two")
        journals[line.node].step = number
        expand(journals[line.node], at, line.key, dict(line.fields))
    for journal in journals:
        finish(journal, max(last, trace.steps[-1].at or 0) if trace.steps else last)


def _lines(trace: Trace) -> Iterable[tuple[int, int, LogLine]]:
    for line in trace.initial_logs:
        yield 0, 0, line
    for number, step in enumerate(trace.steps, 1):
        if step.at is None:
            raise ModelError("a trace without times has no log", help="choose times first (ir.schedule)")
        for line in step.logs:
            yield number, step.at, line


def hosts_of(cluster: Any) -> tuple[Host, Host]:  # noqa: ANN401
    """The two nodes as their logs see them, from a Cluster or from the two nodes' configurations."""
    found = getattr(cluster, "per_node", cluster)
    if isinstance(found, Mapping):
        found = [found[name] for name in getattr(cluster, "nodes", found)]
    nodes = list(found)
    if len(nodes) != 2:
        raise ModelError(f"logs are written for two nodes, not for {len(nodes)}")
    version = getattr(cluster, "version", None)
    names = (str(nodes[0].name), str(nodes[1].name))
    first, second = _host(nodes[0], names[1], version), _host(nodes[1], names[0], version)
    if getattr(cluster, "keys_agree", True):
        return first, second
    return replace(first, refuses=not first.old), replace(second, refuses=not second.old)


def _host(node: Any, peer: str, version: Any) -> Host:  # noqa: ANN401
    if isinstance(node, Host):
        return node
    release = str(_plain(getattr(node, "version", None) or version or "2.0.8"))
    watchdog, stonith, transcript = node.watchdog, node.stonith, getattr(node, "transcript", ())
    return Host(
        name=node.name,
        peer=peer,
        version=release,
        media=_media(node),
        clients=tuple((client.user, client.command) for client in node.clients),
        groups=tuple(_group(group) for group in node.groups),
        keepalive=int(_plain(node.keepalive)),
        initdead=int(_plain(node.initdead)),
        warntime=int(_plain(node.warntime)),
        deadtime=int(_plain(node.deadtime)),
        udpport=str(_plain(node.udpport)),
        auto_failback=str(_plain(node.auto_failback)),
        watchdog=str(_plain(watchdog)) if watchdog else "",
        stonith=" ".join((stonith.type, *stonith.params)).split()[0] if stonith else "",
        logfile=node.logfile or "",
        debugfile=node.debugfile or "",
        facility=(node.logfacility or "none").lower() not in ("none", "kern"),
        use_logd=(node.use_logd or "").lower() in ("true", "on", "yes", "y", "1"),
        syslog_style=bool(node.syslogmsgfmt),
        debug=node.debug,
        config_lines=tuple((line.level.value, line.text) for line in transcript if line.level.value in _LOGGED),
    )


def _plain(value: Any) -> Any:  # noqa: ANN401
    """The bare value inside a located value or an enumeration."""
    inner = getattr(value, "value", value)
    return inner.value if isinstance(inner, Enum) else inner


def _media(node: Any) -> tuple[Medium, ...]:  # noqa: ANN401
    """Media and ping nodes in the order of the lines of ha.cf, which is the order in which they are opened."""
    found = []
    for place, medium in enumerate(node.media):
        port = "" if medium.port is None else str(medium.port)
        words = tuple(medium.detail.split())
        found.append((_line(medium, 0, place), Medium(medium.kind, medium.device, words, port)))
    for place, ping in enumerate(node.pings):
        found.append((_line(ping, 1, place), Medium(ping.kind, ping.name)))
    return tuple(medium for _, medium in sorted(found, key=lambda pair: pair[0]))


def _line(part: Any, kind: int, place: int) -> tuple[int, int, int]:  # noqa: ANN401
    line = getattr(part.span, "line", None) if part.span is not None else None
    return (line if isinstance(line, int) else 10**9, kind, place)


def _group(group: Any) -> str:  # noqa: ANN401
    return " ".join((group.owner, *(resource.text for resource in group.resources)))
