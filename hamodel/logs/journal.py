"""A node's log as it grows: processes get their numbers, lines their order, until the machine goes down.

Lines of one process never run backwards in time, whatever offset they were given; lines of different processes
interleave by time, and at the same instant in the order in which they were said. Nothing here is random, so the same
events give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from enum import Enum

from hamodel.logs.catalogue import message
from hamodel.logs.formats import Writer
from hamodel.logs.headers import SYSTEM
from hamodel.logs.host import Host, Resource
from hamodel.logs.naming import Naming, rsc_type

__all__ = ["Journal", "Manager", "Peers", "Said", "rsc_type"]

_FIRST_PIDS = (3688, 2109)
_FIRST_PID_AFTER_BOOT = 2104
_AVAHI_PIDS = (1854, 1844)
_SCRIPTS = frozenset({"harc", "ip-request-resp", "mach_down", "hb_standby", "ResourceManager", "req_resource"})
_NAMED_HEARTBEAT = ("req_our_resources", "standby", "give_up_all", "stonith")
_PAUSE = 3
"""The least time between two lines of ipfail, in ms: others get a word in."""
_DOUBT = 1000
"""For how long after a keepalive an ipfail may still miss something, in ms."""
_LAG = 400
"""By how many ms at most the lines of a script come after the event that they tell."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line with its time in ms since the trace began."""

    at: int
    tag: str
    pid: int | None
    level: str
    text: str
    writer: Writer
    step: int = 0
    """The step of the trace that it belongs to; 0 is the beginning."""
    doubtful: bool = False
    """Written by an ipfail that may not have signed on yet."""


@dataclass(slots=True)
class Manager:
    """A ResourceManager at work: its process number, and those of the script it runs at the moment."""

    pid: int
    wrapper: int = 0
    agent: int = 0
    op: str = ""
    jump: int = 0
    """How far the number of the next script will be from the last one; 0 before the first."""


class Overtaking(Enum):
    """Whether claims of the peer come before an older message: no, they travel, or they are here and it is not."""

    NONE = 0
    TRAVELS = 1
    GAP = 2


@dataclass(slots=True)
class Peers:
    """What the daemon has in mind of the others, as far as it decides what is written; empty when a daemon begins.

    `links` are those of which it knows something, `travelling` the statuses that the peer has sent and that are not
    here yet, `held` the links that are written after the next status, with their times.
    """

    status: str = ""
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    travelling: list[str] = field(default_factory=list)
    held: list[tuple[int, str]] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    """Links that died while the peer itself was not given up: they come back with its next status."""
    first_link: int = -1
    unseen: str = "up"
    """The state of a link of which nothing was written: up where the daemon ran before the trace began."""

    since: int = -1
    """Since when nothing of the peer comes, in ms; -1: it comes."""
    paused: int = -1
    """Since when this daemon is stopped; -1: it runs."""
    overtaking: Overtaking = Overtaking.NONE

    def copy(self) -> Peers:
        found = replace(self, links=dict(self.links), travelling=list(self.travelling))
        found.held, found.died = list(self.held), list(self.died)
        return found

    def is_up(self, node: str, link: str) -> bool:
        return self.links.get((node, link), self.unseen) == "up"

    def changes(self, node: str, link: str, status: str) -> bool:
        """Note the state of a link; whether that is news."""
        before = self.links.get((node, link), self.unseen)
        self.links[node, link] = status
        return before != status


@dataclass(slots=True)
class Stranger:
    """The peer as one whose packets arrive on `copies` media; they are not taken if they are `dropped`."""

    dropped: bool = False
    copies: int = 0
    status: str = ""
    sequence: int = 0
    since: int = -1
    """Since when it sends this status, in ms; -1: it sends nothing."""


@dataclass(slots=True)
class Journal(Naming):
    """Everything one node has written so far, and the process numbers in use."""

    host: Host
    index: int
    names: tuple[str, str]
    lines: list[Said] = field(default_factory=list)
    last_pid: int = 0
    mcp: int = 0
    exec_pid: int = 0
    generation: int = 2
    clients: dict[str, int] = field(default_factory=dict)
    children: dict[str, int] = field(default_factory=dict)
    managers: dict[str, Manager] = field(default_factory=dict)
    latest_manager: str = ""
    to_take: list[str] = field(default_factory=list)
    """The groups of the mach_down at work: the one it began with, then those it has not come to yet."""
    beside: tuple[int, int] = (-1, 0)
    """When the last mach_down was forked, and the number of a child that the daemon forks at the same moment."""
    aliases: dict[str, tuple[str, int]] = field(default_factory=dict)
    streams: dict[object, int] = field(default_factory=dict)
    boots: int = 0
    step: int = 0
    starts: int = 0
    seen: bool = False
    peers: Peers = field(default_factory=Peers)
    stranger: Stranger = field(default_factory=Stranger)
    standby_set: str = ""
    """The set of the last standby request; `all` in a daemon that has seen none, empty if it began before the trace."""
    acquired: frozenset[str] = frozenset()
    """Of the first acquisition of this daemon: the sides that are done, and whether it was said."""
    signed_on: int = 0
    """From when on the ipfail of this daemon is told of changes."""
    missed: tuple[int, ...] = ()
    """Of each ipfail so far: how much happened before it had signed on."""
    in_doubt: bool = False
    """What may come before an ipfail has signed on is written as doubtful, for the reader to decide."""
    due: list[tuple[int, Callable[[Journal, int], None]]] = field(default_factory=list)
    """What is written later, unless the daemon goes away before."""

    def __post_init__(self) -> None:
        self.last_pid = _FIRST_PIDS[self.index] - 1

    def copy(self) -> Journal:
        """A journal that goes on from here without the lines that are written already."""
        found = copy(self)
        found.lines = []
        for name in ("clients", "children", "aliases", "streams", "due", "to_take"):
            setattr(found, name, copy(getattr(self, name)))
        found.managers = {group: copy(manager) for group, manager in self.managers.items()}
        found.peers, found.stranger = self.peers.copy(), replace(self.stranger)
        return found

    def new_pid(self, gap: int = 1) -> int:
        """The number of a process that begins now; `gap` leaves room for the short-lived ones nobody names."""
        self.last_pid = (self.last_pid + gap - 1) % 32767 + 1
        return self.last_pid

    def daemon_pid(self) -> int:
        """The master control process; one that was never seen to start gets its number here."""
        self.seen = True
        if not self.mcp:
            self.mcp = self.new_pid()
            self.last_pid = self.mcp + 4 + 2 * len(self.host.media)
        return self.mcp

    def client_pid(self, name: str) -> int:
        self.daemon_pid()
        if name not in self.clients:
            self.clients[name] = self.new_pid()
        return self.clients[name]

    def begin(self) -> None:
        """A daemon that already ran when the trace began has smaller numbers than all that follows."""
        if not self.seen:
            self.daemon_pid()

    def child_pid(self, kind: str, gap: int = 1) -> int:
        """The running child of this kind, forked now if there is none."""
        self.begin()
        if kind not in self.children:
            self.children[kind] = self.new_pid(gap)
        return self.children[kind]

    def fork(self, kind: str, gap: int = 1) -> int:
        """A fresh child of this kind."""
        self.children.pop(kind, None)
        return self.child_pid(kind, gap)

    def say(self, key: str, at: int, pid: int | None, stream: object, tag: str = "", /, **fields: object) -> None:
        """Write the message `key`; the tag follows from its component unless given."""
        text = message(key, self.host.version)
        last = self.streams.get(stream, at - _PAUSE)
        time = max(at, last + _PAUSE if text.component == "ipfail" else last)
        self.streams[stream] = time
        level = "" if text.level == "-" else text.level
        component = text.component
        writer = Writer.DAEMON if component in ("heartbeat", "ipfail", "ccm") else Writer.SCRIPT
        if component in SYSTEM:
            writer = Writer.SYSTEM
        if not tag:
            tag = f"{component}(default)" if component in _SCRIPTS and not self.host.old else component
        self.lines.append(Said(time, tag, pid, level, text.text(**fields), writer, self.step))

    def debugs(
        self, key: str, since: int, at: int, pid: int, stream: object, tag: str = "", /, **fields: object
    ) -> None:
        """A line that is written only from the debug level `since` on."""
        if self.host.debug >= since:
            self.say(key, at, pid, stream, tag, **fields)

    def prints(self, text: str, at: int, stream: object) -> None:
        """What a script prints: a bare line of the debugfile."""
        time = max(at, self.streams.get(stream, at))
        self.lines.append(Said(time, "", None, "debug", text, Writer.OUTPUT, self.step))

    def joined(self, at: int) -> int:
        """When a child can speak of the scripts it waited for: after their last lines, and the daemon after it."""
        ends = [time for stream, time in self.streams.items() if isinstance(stream, tuple) and stream[0] == "rm"]
        time = max([at, *(end for end in ends if end <= at + _LAG)])
        self.streams["mcp"] = max(time, self.streams.get("mcp", time))
        return time

    def say_line(self, level: str, text: str, at: int, pid: int) -> None:
        """A line of the daemon that some reader of its configuration already put into words."""
        self.lines.append(Said(at, "heartbeat", pid, level, text, Writer.DAEMON, self.step))

    def later(self, at: int, run: Callable[[Journal, int], None]) -> None:
        """Write something at `at`, as long as this daemon lives then."""
        self.due.append((at, run))

    def advance(self, at: int) -> None:
        """Time has come to `at`: write what is due, and what falls due by that."""
        while self.due:
            entry = min(self.due, key=lambda e: e[0])
            if entry[0] > at:
                break
            self.due.remove(entry)
            entry[1](self, entry[0])

    def has_ipfail(self, at: int) -> bool:
        """Whether an ipfail is signed on; where the daemon ran before the trace began, it is if it may be."""
        if self.starts == 0:
            return self.host.auto_failback != "legacy" and any("ipfail" in command for _, command in self.host.clients)
        return "ipfail" in self.clients and at >= self.signed_on

    def ipfail_starts(self, at: int) -> None:
        """A client that has begun hears nothing until it has signed on."""
        self.signed_on = at + self.host.keepalive
        self.missed += (0,)

    def ipfail_hears(self, key: str, at: int, /, **fields: object) -> None:
        """A line of ipfail, if one is there and has signed on."""
        began = bool(self.missed) and "ipfail" in self.clients
        if began and self.in_doubt_at(at):
            self.ipfail_says(key, at, **fields)
            self.lines[-1] = replace(self.lines[-1], doubtful=True)
        elif began and self._is_deaf(at):
            self.misses()
        elif began or self.has_ipfail(at):
            self.ipfail_says(key, at, **fields)

    def in_doubt_at(self, at: int) -> bool:
        """Whether somebody else decides if the ipfail at work has signed on."""
        return self.in_doubt and at < self.signed_on + _DOUBT

    def _is_deaf(self, at: int) -> bool:
        named = self.host.deaf[len(self.missed) - 1 :][:1]
        return self.missed[-1] < named[0] if named else at < self.signed_on

    def misses(self) -> None:
        """Something happens that the ipfail at work is not told of."""
        self.missed = (*self.missed[:-1], self.missed[-1] + 1)

    def hears(self, at: int) -> None:
        """The ipfail at work is told of this, and so of everything that follows."""
        self.signed_on = at - _DOUBT

    def ipfail_says(self, key: str, at: int, /, **fields: object) -> None:
        pid = self.client_pid("ipfail")
        self.say(key, at, pid, ("client", pid), **fields)

    def mcp_says(self, key: str, at: int, /, **fields: object) -> None:
        """A line of the master control process."""
        self.say(key, at, self.daemon_pid(), "mcp", **fields)

    def child_says(self, kind: str, key: str, at: int, /, **fields: object) -> None:
        """A line of the child of this kind."""
        pid = self.child_pid(kind)
        self.say(key, at, pid, (kind, pid), **fields)

    def kernel_says(self, key: str, at: int, stream: object = "kernel", /, **fields: object) -> None:
        self.say(key, at, None, stream, **fields)

    def avahi_says(self, key: str, at: int, stream: object, /, **fields: object) -> None:
        self.say(key, at, _AVAHI_PIDS[self.index], stream, **fields)

    def manager(self, group: str) -> Manager:
        """The ResourceManager at work on a group, or the latest one if no group is named."""
        found = self.managers.get(group or self.latest_manager)
        if found is None:
            found = self.new_manager(group)
        return found

    def new_manager(self, group: str) -> Manager:
        """A ResourceManager is called for a group."""
        self.begin()
        self.managers[group] = Manager(self.new_pid(15 if self.host.old else 25))
        self.latest_manager = group
        return self.managers[group]

    def mach_down_takes(self, group: str, at: int) -> None:
        """mach_down turns to this group."""
        pid = self.child_pid("mach_down")
        first = group.split()[1] if " " in group else group
        self.say("md-taking-over", at, pid, ("mach_down", pid), group=first)

    def agent_says(self, key: str, at: int, pid: int, what: Resource, stream: object, /, **fields: object) -> None:
        """A line of the OCF agent itself; those of 3.0.6 write debug lines only when asked to."""
        if message(key, self.host.version).level == "DEBUG" and not self.host.old and not self.host.debug:
            return
        tag = what.name if self.host.old else f"{what.name}({what.instance})"
        self.say(key, at, pid, stream, tag, **fields)

    def left_behind_says(self, key: str, at: int, pid: int, what: Resource, /, **fields: object) -> None:
        """A line that an agent left behind in the background writes."""
        self.agent_says(key, at, pid, what, ("background", pid), **fields)

    def wrapper_says(self, key: str, at: int, pid: int, what: Resource, stream: object, /, **fields: object) -> None:
        """A line of the wrapper in resource.d, which 3.0.6 names by a path with two slashes."""
        tag = what.name if self.host.old else f"/usr/lib/ocf/resource.d//heartbeat/{what.name}({what.instance})"
        self.say(key, at, pid, stream, tag, **fields)

    def down(self, at: int) -> None:
        """The machine loses power or is reset: what was not yet written never will be."""
        self.lines = [line for line in self.lines if line.at <= at]
        self.daemon_gone()
        self.children.clear()
        self.aliases.clear()
        self.managers.clear()
        self.to_take.clear()
        self.streams.clear()
        self.boots += 1
        self.last_pid = _FIRST_PID_AFTER_BOOT + 7 * self.boots + self.index

    def daemon_gone(self, children: bool = True) -> None:
        """No process of the daemon is left, or only its `children` are; shell scripts and service addresses stay."""
        self.mcp = self.exec_pid = 0
        self.clients.clear()
        self.due.clear()
        if children:
            for kind in _NAMED_HEARTBEAT:
                self.children.pop(kind, None)

    def alias(self, ip: str, nic: str) -> int:
        """The alias number of an address on its interface: the smallest free one, kept until the address goes."""
        if ip not in self.aliases:
            used = {number for interface, number in self.aliases.values() if interface == nic}
            self.aliases[ip] = (nic, next(number for number in range(len(used) + 1) if number not in used))
        return self.aliases[ip][1]
