"""A log tells a reviewer a few things no configuration can: how late heartbeats were, and which file was running.

Only single lines are read here, whichever release and layout wrote them, and lines a web page has wrapped. Times of two
nodes are never compared before their clocks are: what both nodes write about one request says how far these are apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

_STAMP = re.compile(r"(\d{4}/\d\d/\d\d_\d\d:\d\d:\d\d)")
_SYSLOG = re.compile(r"([A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d) (\S+) ")
_HEAD = re.compile(
    r"[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \S|\S+?(?:\[\d+\])+:\s*\d{4}/\d\d/\d\d_|\d{4}/\d\d/\d\d_"
    r"|(?:info|notice|debug|WARN|ERROR|CRIT|EMERG): "
)

SIGNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "late": re.compile(r"Late heartbeat: Node (?P<node>\S+): interval (?P<ms>\d+) ms"),
        "partition": re.compile(r"Cluster node (?P<node>\S+) returning after partition"),
        "both-own": re.compile(r"Both machines own (?:our|foreign) resources!"),
        "foreign-packet": re.compile(r"failed authentication|Invalid authentication type \[|Bad/invalid auth token"),
        "not-lsb": re.compile(r"Resource script for (?P<resource>\S+) probably not LSB-compliant"),
        "stop-failure": re.compile(r"Resource STOP failure\. Reboot required"),
        "active-already": re.compile(r"Resource (?P<resource>\S+) is active, and should not be"),
        "we-are-dead": re.compile(r"We are dead\. :<"),
        "no-local-heartbeat": re.compile(r"No local heartbeat\. Forcing (?:restart|shutdown)"),
        "medium": re.compile(
            r"(?P<bcast>UDP Broadcast heartbeat started on port (?P<bport>\d+) \(\d+\) interface (?P<bcard>\S+))"
            r"|(?P<mcast>UDP multicast heartbeat started for group (?P<group>\S+) port (?P<mport>\d+) "
            r"interface (?P<mcard>\S+))"
            r"|(?P<ucast>ucast: started on port (?P<uport>\d+) interface (?P<ucard>\S+) to (?P<host>\S+))"
            r"|(?P<serial>Starting serial heartbeat on tty (?P<tty>\S+))"
        ),
        "group": re.compile(r"Acquiring resource group: (?P<owner>\S+) (?P<resources>\S.*)"),
        "release": re.compile(r"Configuration validated\. Starting heartbeat (?P<release>\S+)"),
        "link-up": re.compile(r"Link (?P<node>[^\s:]+):(?P<link>\S+) up\."),
        "dead": re.compile(r"node (?P<node>\S+): is dead"),
        "shutdown-notice": re.compile(r"Received shutdown notice from '(?P<node>[^']+)'"),
        "wants-standby": re.compile(r"(?P<node>\S+) wants to go standby \["),
        "refused": re.compile(
            r"Client child command \[(?P<program>\S+)\] is not executable|(?P<mode>Bad permissions on keyfile)"
            r"|Current node \[(?P<name>[^\]]*)\] not in configuration"
            r"|(?P<other>Configuration error, heartbeat not started)"
        ),
    }
)
"""What is looked for, by name."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One line that says something: which, where, on which machine (empty where the layout has none), and its values.

    `when` is the machine's own clock; syslog writes no year.
    """

    name: str
    line: int
    host: str
    when: datetime | None
    fields: Mapping[str, str]
    text: str


def signs(text: str) -> tuple[Sign, ...]:
    """Every sign in a log, in the order of its lines."""
    return tuple(_signs(text.splitlines()))


def _signs(lines: Iterable[str]) -> Iterator[Sign]:
    for number, entry in _entries(lines):
        for name, pattern in SIGNS.items():
            found = pattern.search(entry)
            if found is not None:
                fields = {key: value for key, value in found.groupdict().items() if value is not None}
                yield Sign(name, number, _host(entry), _when(entry), fields, entry)
                break


def _entries(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Wrapped lines in one piece, each with the number of its first."""
    first, parts = 0, list[str]()
    for number, line in enumerate(lines, 1):
        if _HEAD.match(line) or not line.strip():
            if parts:
                yield first, " ".join(parts)
            first, parts = number, [line.strip()] if line.strip() else []
        else:
            first = first if parts else number
            parts.append(line.strip())
    if parts:
        yield first, " ".join(parts)


def _host(entry: str) -> str:
    head = _SYSLOG.match(entry)
    return head[2].lower() if head else ""


def _when(entry: str) -> datetime | None:
    try:
        head = _SYSLOG.match(entry)
        if head:
            return datetime.strptime(f"2000 {' '.join(head[1].split())}", "%Y %b %d %H:%M:%S")
        stamp = _STAMP.search(entry)
        return datetime.strptime(stamp[1], "%Y/%m/%d_%H:%M:%S") if stamp else None
    except ValueError:
        return None


def clocks_apart(found: Iterable[Sign]) -> tuple[str, str, int] | None:
    """Two machines and by how many seconds the second's clock is ahead, from the first request both wrote down."""
    asked: dict[str, list[Sign]] = {}
    for sign in found:
        if sign.name == "wants-standby" and sign.host and sign.when is not None:
            asked.setdefault(sign.fields["node"], []).append(sign)
    for told in asked.values():
        first = told[0]
        other = next((sign for sign in told if sign.host != first.host), None)
        if other is not None and first.when is not None and other.when is not None:
            return first.host, other.host, int((other.when - first.when).total_seconds())
    return None
