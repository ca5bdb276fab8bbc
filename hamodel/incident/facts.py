"""From lines to facts: what a line means for an incident, in order, each once.

Only lines that can decide something are kept, and a line that repeats itself is counted, so that a log of months stays
small.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from hamodel.incident.clock_lines import CHANGED, SET, set_by
from hamodel.incident.report import Proof
from hamodel.logs.reading import Line

EPOCH = datetime(1970, 1, 1)
SECOND = 999
"""ms that a moment may lie behind the whole second its line shows."""

DIGITS = 18
"""A number in a line that has more is damage."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line that matters. `at` is cluster time, `clock` what the node's clock showed; both in ms.

    In a diary the steps by which a clock was set are taken out.

    `times` lines said the same without anything between, the last of them at `until` (cluster time).
    """

    node: str
    at: int
    clock: int
    key: str
    fields: Mapping[str, str]
    proof: Proof
    tag: str = ""
    pid: int | None = None
    times: int = 1
    until: int = 0

    def get(self, name: str) -> str:
        """A field of the line, empty where it has none."""
        return self.fields.get(name, "")

    def number(self, name: str) -> int:
        """A field that is a number; 0 where it is none, or none that any clock or counter has shown."""
        word = self.get(name)
        return int(word) if word.isdecimal() and len(word) <= DIGITS else 0


_KEPT = """
cfg-validated hb-version hb-generation hb-local-status-set hb-comm-now-up hb-config-error-restart
hb-config-error-exit cfg-initdead-warn cfg-legacy-failback bcast-started mcast-started ucast-started serial-started
ping-started ping-group-started hb-watchdog-using hb-watchdog-open-failed hb-client-starting hb-client-started
hb-client-respawn hb-client-killed hb-client-respawn-fast pt-killed hb-node-status hb-node-dead hb-late-heartbeat
hb-late-heartbeat-deadtime hb-no-local-heartbeat hb-drop-replay hb-partition-healed hb-peer-restarted
hb-packets-lost hb-packets-lost-many hb-link-status hb-no-working-media hbr-remote-stable hbr-initial-complete
hbr-machdown-complete hbr-local-none hbr-local-done hbr-no-local-resources hb-local-transition
hbr-starting-in-takeover hbr-starting-bad-state hbr-resource-bad-state hbr-audit-both-local hbr-audit-both-foreign
hbr-audit-none-local hbr-audit-none-foreign hbr-wants-standby hbr-can-take hbr-gostandby-begin hbr-gostandby-end
hbr-standby-local-done hbr-standby-acquire hbr-standby-acq-done hbr-standby-other-done hbr-standby-busy
hbr-standby-other-flux hbr-standby-local-flux hbr-standby-ignored hbr-standby-cancelled hb-standby-timeout
hbr-no-stonith hbr-disks-unprotected hbr-dead-gave-up hbr-resources-acquired-from hbr-takeover-cancelled
hbr-shutdown-notice hbr-stonith-begin hbr-stonith-ok hbr-stonith-badhost hbr-stonith-failed hbr-stonith-retry
hbr-stonith-not-operational stonith-null-reset stonith-meat-operator stonith-meat-ok hb-shutdown-delayed-comm
hbr-shutdown-delayed hbr-shutdown-progress hbr-giveup-begin hbr-giveup-end hb-shutdown-complete hb-restart-triggered
hb-restart-exec hb-emergency-mcp-died hb-emergency-self hb-emergency-kill reboot-now ipfail-node-status
ipfail-link-status ipfail-ns-dead ipfail-link-dead ipfail-legacy ipfail-telling ipfail-giving-up-less
ipfail-giving-up-told ipfail-giving-up-foreign ipfail-giveup kernel-boot kernel-softdog kernel-softdog-v26
kernel-softdog-fire kernel-ext3-ordered harc-running md-taking-over md-complete hbst-going rm-acquiring rm-releasing
rm-running rm-return-code rm-retry-stop rm-not-lsb rm-reboot-avoided rm-giving-up rm-stop-failure rm-killing-hb
ra-stopped ra-running ra-success ra-generic-error ip-eval ip-ifconfig-down ip2-addr-add ip2-adding ip2-addr-delete
ip2-status fs-running fs-unmount-try fs-unmounted fs-mount-failed fs-unmount-giveup gs-dispatch-delayed rm-dbg-done
rm-active rm-no-reboot rm-no-script msg-auth-failed hb-already-running hbr-standby-legacy uuid-name-changed
"""
KEPT = frozenset(_KEPT.split()) | CHANGED
"""The names of messages, without the release at their end."""

REFUSALS = ("cfg-", "auth-", "hb-config-error")
"""Beginnings of the names of what a daemon says that does not start, where it says it as an error."""

EXTRA = tuple(
    (key, re.compile(pattern))
    for key, pattern in (
        ("node-boot", r"Linux version|.*\bnode boot \d|syslogd .*restart"),
        ("auth-failed", r".*(?:authentication failed|failed authentication|authtoken does not match)"),
    )
)
"""Texts that have several wordings, or none of Heartbeat's own."""

COUNTED = frozenset({"hb-packets-lost", "auth-failed", "hb-drop-replay", "hbr-audit-both-local",
                     "hbr-audit-both-foreign", "hb-late-heartbeat", "hb-late-heartbeat-deadtime",
                     "gs-dispatch-delayed", "uuid-name-changed"})  # fmt: skip
"""What may come a million times: told once a minute, the longest interval first."""
QUIET = 60_000
"""ms after which a line is told anew, and without a line from which a log counts as silent."""
MOST_SILENCES = 4096
"""Silences of a node that are kept, the longest of them."""


class Book:
    """The facts of one incident as they are read."""

    def __init__(self) -> None:
        self._facts: dict[str, list[Fact]] = {}
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._whole: dict[str, int] = {}
        self._ends: dict[str, tuple[int, int]] = {}
        self._silences: dict[str, list[tuple[int, int]]] = {}

    def add(self, line: Line) -> None:
        """One line of a log; the lines of a node come in order of time."""
        clock = moment(line.entry.when)
        begin, last = self._ends.get(line.node, (clock, clock))
        if clock - last >= QUIET:
            self._silent(line.node, clock)
        self._first[line.node] = min(clock, self._first.get(line.node, clock))
        self._last[line.node] = max(clock, self._last.get(line.node, clock))
        self._ends[line.node] = begin, clock
        named = _key(line)
        if named is None:
            return
        key, fields = named
        entry, proof = line.entry, Proof(line.source, line.number)
        fact = Fact(line.node, clock, clock, key, MappingProxyType(fields), proof, entry.tag, entry.pid, 1, clock)
        facts = self._facts.setdefault(line.node, [])
        if key not in COUNTED or not _counted(facts, fact):
            facts.append(fact)

    def _silent(self, node: str, until: int) -> None:
        silences = self._silences.setdefault(node, [])
        silences.append((self._ends[node][1], until))
        if len(silences) > 2 * MOST_SILENCES:
            longest = sorted(silences, key=lambda each: each[0] - each[1])[:MOST_SILENCES]
            self._silences[node] = sorted(longest)

    def copy(self) -> Book:
        """A book of its own with the same facts."""
        other = Book()
        other._facts = {node: list(facts) for node, facts in self._facts.items()}
        other._first, other._last = dict(self._first), dict(self._last)
        other._whole, other._ends = dict(self._whole), dict(self._ends)
        other._silences = {node: list(silences) for node, silences in self._silences.items()}
        return other

    def replace(self, node: str, facts: Sequence[Fact], whole: int) -> None:
        """These facts of a node and no others; its span remains. From `whole` on (its clock) none was left out."""
        self._facts[node], self._whole[node] = list(facts), whole

    def whole(self, node: str) -> int:
        """The moment of a node's clock from which on no fact was left out."""
        return self._whole.get(node, self._first.get(node, 0))

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that wrote lines, in the order of their names."""
        return tuple(sorted(self._first))

    def span(self, node: str) -> tuple[int, int]:
        """The first and the last moment of a node's own lines, by its clock."""
        return self._first.get(node, 0), self._last.get(node, 0)

    def ends(self, node: str) -> tuple[int, int]:
        """What a node's clock showed in its first line and in its last."""
        return self._ends.get(node, (0, 0))

    def silences(self, node: str) -> tuple[tuple[int, int], ...]:
        """The long times without a line of a node's, by what its clock showed before and after."""
        return tuple(self._silences.get(node, ()))

    def facts(self, node: str) -> tuple[Fact, ...]:
        """The facts of a node, in order."""
        return tuple(self._facts.get(node, ()))


def moment(when: datetime) -> int:
    """A clock without time zone as ms since the epoch."""
    since = when - EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + round(since.microseconds / 1000)


@lru_cache(maxsize=4096)
def stem(key: str) -> str:
    """The name of a message without the release at its end."""
    return key.removesuffix("-v1").removesuffix("-v2").removesuffix("-v3")


def _key(line: Line) -> tuple[str, dict[str, str]] | None:
    text = line.entry.text
    if "auth" in text or "boot" in text or "Linux" in text or "syslogd" in text:
        for name, pattern in EXTRA:
            if pattern.match(text.strip()) and (line.own or name == "node-boot"):
                return name, {}
    key = stem(line.key)
    if key in SET:
        return None if set_by(key, line.fields) is None else (key, dict(line.fields))
    if key not in KEPT and not (line.entry.level == "ERROR" and key.startswith(REFUSALS)):
        return None
    return key, dict(line.fields)


def _counted(facts: list[Fact], fact: Fact) -> bool:
    """Whether the fact only repeats one of the last minute; then that one counts it."""
    for place in range(len(facts) - 1, max(-1, len(facts) - 6), -1):
        before = facts[place]
        if before.key != fact.key or before.get("node") != fact.get("node") or fact.clock - before.clock > QUIET:
            continue
        worse = _size(fact) > _size(before)
        if worse and fact.key.startswith("hb-late"):
            return False
        facts[place] = replace(before, times=before.times + 1, until=fact.clock)
        return True
    return False


def _size(fact: Fact) -> int:
    return fact.number("interval_ms") or fact.number("ms")
