"""Nothing is silently missing: every rule of the reference is modelled somewhere, or says why not and what that hides.

Where a rule is modelled is read from the rules themselves (`@rule("N6", ...)`); this file only names the rules and
gives the reasons. `adds` and `removes` tell which way an omission errs: a model with added behaviour may show a run
the daemon cannot take, one with removed behaviour may miss one.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from hamodel.errors import ModelError
from hamodel.ir.rule_text import rules_of
from hamodel.machines.coverage_tables import LEFT_OUT, MODELLED


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of the reference: its id, what it says, the rules of the model that follow it, or why there are none."""

    id: str
    title: str
    modelled_in: tuple[str, ...]
    reason: str
    hides: str

    @property
    def modelled(self) -> bool:
        return bool(self.modelled_in)

    @property
    def errs(self) -> str:
        """Which way the model errs without it: it `adds` or `removes` behaviour, or `nothing`."""
        return self.hides.split(":", 1)[0]


_TITLES = {
    "N1": "a packet of a peer passes the first checks",
    "N2": "a changed status is stored",
    "N3": "a late heartbeat is reported",
    "N3'": "3.0.6: a status later than the own deadtime declares its sender dead first",
    "N4": "the announced dead time counts from now on",
    "N5": "an older status by clock and sequence is ignored",
    "N6": "silence for the announced dead time is death",
    "N7": "the own heartbeat is missing: release and restart",
    "N8a": "a lower generation is dropped as a replay",
    "N8b": "a dead peer of the same life returns: the partition has healed",
    "N8c": "a higher generation is a new life, greeted whatever it holds",
    "N8d": "the next packet in order is kept",
    "N8e": "a duplicate only refreshes its link",
    "N8f": "a gap asks for retransmission",
    "N8g": "a retransmitted packet is delivered late and out of order",
    "N8h": "any other old packet is dropped",
    "S1": "the daemon enters its loop with status up",
    "S2": "comm is up once every node is heard or dead",
    "S3": "the node list is exchanged with a live peer",
    "S3'": "without a live peer comm is up at once",
    "HZ-21": "2.0.8: the node list brings the peer's own ping nodes, as nodes that will die",
    "S4": "status active, resources and clients begin",
    "L1": "a packet brings its link up",
    "L2": "a packet refreshes its link",
    "L3": "a silent link is dead after the dead time of the last line",
    "R1": "comm up: starting",
    "R1L": "legacy: own groups at comm up",
    "R1S": "the STONITH device is checked at comm up and hourly",
    "R2": "starting from the peer, answered with claims",
    "R3": "starting from the peer while starting",
    "R4": "starting in another state is ignored",
    "R5": "the first claims end the starting state",
    "R6": "the peer's claims are stored",
    "R7": "the peer became stable",
    "R8": "the peer is not stable",
    "R9": "a stable peer makes this node stable",
    "R10": "the own claims; mach_down's message",
    "R11": "auto-failback check",
    "R11'": "auto-failback later",
    "R11''": "auto-failback now",
    "R12": "the own groups are claimed and asked for",
    "R13": "the child that tests the own groups",
    "R14": "ip-request-resp: takegroup",
    "R15": "the 10 s begin",
    "R16": "the 10 s are over",
    "R17": "audit: both own",
    "R18": "audit: nobody owns",
    "B0": "standby while one runs is ignored",
    "B1": "standby while the peer is in flux is ignored",
    "B2": "standby while this node is in flux is ignored",
    "B3": "this node wants to go standby",
    "B4": "the peer wants to go standby",
    "B5": "the peer agrees: claim dropped, release begins",
    "B6": "the release child",
    "B7": "the release is done",
    "B8": "the peer's release is done: acquire",
    "B9": "the acquire child",
    "B10": "the acquisition is done",
    "B11": "the peer's acquisition is done",
    "B12": "the expected echo",
    "B13": "anything else is ignored",
    "B14": "the standby deadline passes",
    "B15": "a death cancels the standby, its child goes on",
    "D0": "a ping node dies",
    "D1": "a death during a standby",
    "D2": "clients are told",
    "D3": "a death during shutdown is ignored",
    "D4": "a death before the shutdown's release tries the release",
    "D5": "is a fence needed",
    "D6": "the fence",
    "D7": "no device: take over",
    "D8": "the dead peer claimed nothing: no fence",
    "D9": "take-over",
    "4.8": "the peer's clean stop",
    "4.9": "legacy mode: requests and answers, also beside a peer that negotiates",
    "T0": "no fence needed",
    "T1": "the reset child",
    "T2": "reset done: take over whatever the peer is now",
    "T3": "the device does not know the host",
    "T4": "failed: again in 5 s, for ever",
    "T5": "the peer's return cancels nothing",
    "T6": "3.0.6: a second reset child while one is pending",
    "T7": "take-over cancelled by a shutdown",
    "T8": "an exec restart forgets the retry",
    "X1": "stop before comm up is delayed",
    "X2": "stop after comm up",
    "X3": "the release waits until this node is stable",
    "X4": "watchdog closed, claims dropped, release begins",
    "X4'": "a second stop during the release",
    "X5": "the release child",
    "X6": "shutdone to itself: one second",
    "X7": "clients are stopped",
    "X8": "the dead time of a restart is announced",
    "X9": "children are killed",
    "X10": "the daemon ends or restarts",
    "6.3": "reload",
    "6.4": "release and restart",
    "6.5": "emergency shutdown",
    "I0": "ipfail leaves in crm or legacy mode",
    "I1": "a node dies: only a line",
    "I2": "a ping node comes: ask",
    "I3": "a link dies: ask",
    "I4": "links and other statuses: only a line",
    "I5": "the peer's ipfail joins: ask",
    "I6": "more ping nodes: tell the peer",
    "I7": "fewer ping nodes: give up all, later",
    "I8": "balanced: cancel, or give back foreign",
    "I9": "told to give up",
    "I10": "told to abort",
    "I11": "the give-up is requested once",
    "I11'": "not stable: remembered",
    "I12": "the stable peer: ten seconds, then ask",
    "I13": "SIGTERM: quits at the next tick",
    "9": "the watchdog",
    "11": "more than two nodes",
    "A1": "registration: the pid exists",
    "A2": "registration: no client of the same name",
    "A3": "registration: credentials",
    "A4": "registration: the socket's pid",
    "A5": "registration: accepted",
    "10-duplicate": "a refused client: hung up on (2.0.8), or told so (3.0.6)",
    "10-removal": "a client that is gone leaves the list",
    "10-respawn": "what dies is started again, until it has died young eleven times",
    "10-failfast": "3.0.6: the death of a failfast client reboots the machine",
}

_LATER, _LOG, _PART = "not modelled yet", "writes a log line and nothing else", "follows from how others are modelled"

_LEFT_OUT: dict[str, tuple[str, str]] = {
    "N3": (_LOG, "nothing"),
    "N8d": (f"{_PART}: messages arrive in order", "nothing"),
    "N8e": (f"{_PART}: links are dormant while beats come", "nothing"),
    "N8h": (f"{_PART}: nothing old arrives", "nothing"),
    "S3'": (f"{_PART}: see S3", "nothing"),
    "L2": (f"{_PART}: links are dormant while beats come", "nothing"),
    "X4'": (f"{_PART}: a stop during a stop changes nothing", "nothing"),
    "I4": (_LOG, "nothing"),
    "I13": (f"{_PART}: the last phases of a stop contain the tick", "nothing"),
    "A4": (
        "no client of ha.cf forks and signs on again without an exec; while its parent is signed on, A2 comes first",
        "removes: a client that signs on for its child after it has signed off itself",
    ),
}

_SAME_AS = {"R11'": "R11", "R11''": "R11", "I11'": "I11"}
"""Rules of the reference that one rule of the model follows under the shorter id."""


def coverage(machines: tuple[ModuleType, ...] | None = None) -> list[Row]:
    """Every rule id of the reference, in its order, with the rules that follow it or the reason why none does."""
    if machines is None:
        from hamodel.machines.cast import MACHINES

        machines = MACHINES
    cited: dict[str, list[str]] = {}
    known: set[str] = set()
    for module in machines:
        for text in rules_of(module):
            name = f"{module.__name__.rsplit('.', 1)[-1]}.{text.name}"
            known.add(name)
            for id in text.info.ids:
                cited.setdefault(id, []).append(name)
    rows = []
    for id, title in _TITLES.items():
        where = tuple(cited.get(id, cited.get(_SAME_AS.get(id, ""), [])))
        reason, hides = _LEFT_OUT.get(id, ("", ""))
        rows.append(Row(id, title, where, reason, hides))
    return [*rows, *_tables(known)]


def _tables(known: set[str]) -> list[Row]:
    """The rows without an id of their own, section by section."""
    rows = [Row(id, title, (), reason, hides) for id, title, reason, hides in LEFT_OUT]
    for id, title, by in MODELLED:
        if lost := [name for name in by.split() if name not in known]:
            raise ModelError(f"{id} is said to be modelled by {', '.join(lost)}, which no machine file has")
        rows.append(Row(id, title, tuple(by.split()), "", ""))
    return sorted(rows, key=lambda row: [int(part) for part in row.id.split()[0].split(".")])
