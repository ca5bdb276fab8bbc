"""From what a rule logged to what the node writes: single messages get the writer's number, events become sequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hamodel.errors import ModelError
from hamodel.logs import (
    children,
    clients,
    daemons,
    events,
    fences,
    mistakes,
    packets,
    pauses,
    peers,
    refused,
    respawns,
    scripts,
    standbys,
)
from hamodel.logs.around import AFTER, BEFORE, lines
from hamodel.logs.catalogue import message
from hamodel.logs.compounds import COMPOUNDS, Compound
from hamodel.logs.journal import Journal, rsc_type

__all__ = ["COMPOUNDS", "Compound", "defaulted", "expand", "finish", "known"]

FILES = (events, scripts, children, clients, daemons, fences, packets, pauses, peers, refused, respawns)
"""Where the events are defined; importing a file enters its events."""

_REMEMBERED = {**peers.REMEMBERED, **standbys.REMEMBERED, **mistakes.MISTAKEN}
_NODE = frozenset({"node", "localnode", "host"})
_STANDBY_ASKED = "10"
"""Seconds for which a standby request waits for its answer: what is left at most."""
_SAID_BY = {
    "hbst-going": "hb_standby",
    "hbr-local-done": "req_our_resources",
    "hbr-no-local-resources": "req_our_resources",
    "hbr-giveup-begin": "give_up_all",
    "hbr-giveup-end": "give_up_all",
    "hbr-stonith-begin": "stonith",
    "hbr-stonith-ok": "stonith",
    "hbr-stonith-failed": "stonith",
    "hbr-stonith-badhost": "stonith",
}
"""Single messages that a child says; all others are the daemon's, ipfail's or the kernel's own."""


def finish(journal: Journal, at: int) -> None:
    """The trace ends at `at`."""
    journal.advance(at)
    peers.release(journal)


def known(key: str, version: str) -> bool:
    """Whether a rule may log this name."""
    if key in COMPOUNDS:
        return True
    try:
        message(key, version)
    except ModelError:
        return False
    return True


def defaulted(key: str) -> frozenset[str]:
    """The fields of a single message that a rule may leave out."""
    own = {"secs"} if key in ("hbr-standby-busy", "ipfail-delayed-giveup") else set()
    return frozenset(own | (_DEFAULTS.keys() - {"secs"}))


def expand(journal: Journal, at: int, key: str, fields: Mapping[str, str]) -> None:
    """Write what one log statement stands for, at `at` ms since the trace began."""
    journal.advance(at)
    if key not in peers.QUIET:
        peers.release(journal)
    event = COMPOUNDS.get(key) or _REMEMBERED.get(key)
    if event is not None:
        event(journal, at, fields)
        return
    text = message(key, journal.host.version)
    values = {name: _value(journal, name, value) for name, value in fields.items()}
    match text.component:
        case "heartbeat":
            pid = _writer(journal, key)
            stream: object = "mcp" if pid == journal.mcp else ("child", pid)
        case "ipfail":
            pid = journal.client_pid("ipfail")
            stream = ("client", pid)
        case "kernel":
            journal.kernel_says(key, at, **values)
            return
        case "hb_standby":
            pid = journal.new_pid(5)
            stream = ("hb_standby", pid)
        case _:
            help = "log the event of the script"
            raise ModelError(f"{key} is a line inside a script and cannot be logged alone", help=help)
    if key.startswith(("hb-client-started", "hb-client-killed")):
        values.setdefault("pid", str(journal.client_pid("ipfail")))
    elif key == "hbr-standby-busy":
        values.setdefault("secs", _STANDBY_ASKED)
    for name in text.placeholders:
        if name not in values:
            default = _DEFAULTS.get(name)
            if default is not None:
                values[name] = default(journal)
    for before, words in lines(journal, BEFORE.get(key, ())):
        journal.say(before, at, pid, stream, **words)
    journal.say(key, at, pid, stream, **values)
    for after, words in lines(journal, AFTER.get(key, ())):
        journal.say(after, at, pid, stream, **words)


def _writer(journal: Journal, key: str) -> int:
    kind = _SAID_BY.get(key)
    if kind is not None:
        return journal.child_pid(kind)
    return journal.client_pid("ipfail") if key == "hb-client-started" else journal.daemon_pid()


def _value(journal: Journal, name: str, value: str) -> str:
    if name in _NODE:
        return journal.node(value)
    if name == "rsc_type":
        return rsc_type(value)
    return value.lower() if name == "status" else value


def _command(journal: Journal) -> str:
    return journal.host.client("ipfail")[1]


def _uid(journal: Journal) -> tuple[str, str]:
    return journal.host.user(journal.host.client("ipfail")[0])


_DEFAULTS: dict[str, Callable[[Journal], str]] = {
    "node": lambda j: j.host.peer,
    "host": lambda j: j.host.peer,
    "localnode": lambda j: j.host.name,
    "pid": lambda j: str(j.daemon_pid()),
    "client_cmd": _command,
    "uid": lambda j: _uid(j)[0],
    "gid": lambda j: _uid(j)[1],
    "signo": lambda j: "9",
    "secs": lambda j: str(2 * j.host.keepalive // 1000),
    "timer_tag": lambda j: "3",
    "stonith_device": lambda j: j.host.device,
    "watchdog_dev": lambda j: j.host.watchdog or "/dev/watchdog",
    "version": lambda j: j.host.version,
    "generation": lambda j: str(j.generation),
    "cmd": lambda j: f"{j.host.lib}/ResourceManager listkeys {j.host.name.lower()}",
    "driver": lambda j: "Softdog" if j.host.old else "SoftDog",
    "dot": lambda j: ".",
}
