"""What the lines themselves say before any search: when operators gave commands, and which faults to try first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from hamodel.checking.fits.guesses import joined
from hamodel.checking.fits.result import LogLine
from hamodel.checking.fits.search import Landmark
from hamodel.checking.fits.subject import LATE
from hamodel.ir.fit_rules import Command

USUAL = ("kill", "power", "cut", "pause", "kill_mcp", "ping", "start_fails", "stop_fails", "deaf", "device", "slow")
"""Kinds of faults in the order in which they are tried, all others after them."""
HINTS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Emergency Shutdown: Master Control process died", ("kill_mcp",)),
    ("returning after partition", ("cut", "pause", "deaf")),
    ("(> deadtime)", ("pause", "cut")),
    ("Heartbeat restart on node", ("kill", "power")),
    ("Giving up resources due to failure", ("start_fails",)),
    ("Resource STOP failure", ("stop_fails",)),
    ("not reset!", ("device",)),
    ("attempted replay attack", ("generation",)),
    ("No local heartbeat", ("kill_child", "pause")),
    ("Retrying failed stop", ("stop_fails",)),
    ("dead.", ("cut", "kill", "power")),
    (": is dead", ("kill", "power", "cut")),
    ("killed by signal", ("kill_scripts", "kill_child")),
    ("Shutdown delayed", ("hang", "slow")),
)
"""A text, and the faults that it speaks of."""
PROMPT = (500, 0)
COMMANDS: Sequence[tuple[str, str, tuple[int, int]]] = (
    ("start", "heartbeat: version ", (2_000, 0)),
    ("stop", "Heartbeat shutdown in progress.", PROMPT),
    ("stop", "Shutdown delayed until", PROMPT),
    ("standby", "wants to go standby", PROMPT),
    ("standby", "Standby in progress- new request", PROMPT),
    ("standby", "standby message [", PROMPT),
    ("standby_local", "wants to go standby [local]", PROMPT),
    ("standby_foreign", "wants to go standby [foreign]", PROMPT),
    ("takeover", "rc.d/hb_takeover", (2_000, 2_000)),
    ("takeover_local", "rc.d/hb_takeover", (2_000, 2_000)),
    ("takeover_foreign", "rc.d/hb_takeover", (2_000, 2_000)),
    ("reload", "Current resources: -R", (40_000, 0)),
    ("reload", "Config errors: Heartbeat NOT restarted", (40_000, 0)),
    ("reload", "Configuration unchanged.", PROMPT),
    (LATE, "giveup() called", (8_000, 0)),
)
"""A command, a text that its node writes soon after it, and how many ms the command may be before and after it."""
RESTARTS = "Heartbeat restart triggered."


def commands(lines: Sequence[LogLine]) -> list[tuple[Command, LogLine, tuple[int, int]]]:
    """The commands that the lines of one node may speak of, and the line and time of each.

    A stop that ends in a restart is the node's own. Who typed hb_takeover is not said.
    """
    found = []
    for number, line in enumerate(lines):
        for kind, text, around in COMMANDS:
            if text in line.entry.text and not (kind == "stop" and _restarts(lines[number:])):
                found.append(((kind, line.node), line, around))
    return found


SYMPTOMS = ("is dead", "miss their master", "start of", "failed", "not heard", "gives up", "seen", "healed", "stop")
"""How the marks begin or end that a fault leaves."""
LATER = 3_000
"""A symptom comes so many ms after the dead time at most."""


def symptoms(landmarks: Sequence[Landmark], dead: int) -> tuple[tuple[int, int], ...]:
    """When faults may have come that left these marks: at most a dead time before them. One window where they meet."""
    marked = [(m.told, m.told.mark.text) for m in landmarks]
    found = [told for told, text in marked if text.startswith(SYMPTOMS) or text.endswith(SYMPTOMS)]
    return joined((max(0, told.lo - dead - LATER), told.hi) for told in found)


def _restarts(rest: Sequence[LogLine]) -> bool:
    for line in rest:
        if RESTARTS in line.entry.text:
            return True
        if "heartbeat: version " in line.entry.text:
            return False
    return False


def suspects(lines: Iterable[LogLine], kinds: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds that the lines speak of, and all others, each in the order in which they are tried."""
    hints: Counter[str] = Counter()
    for line in lines:
        for text, spoken in HINTS:
            if text in line.entry.text:
                hints.update(dict.fromkeys(spoken, 1))
    order = {kind: i for i, kind in enumerate(USUAL)}
    ordered = sorted(kinds, key=lambda k: (order.get(k, len(USUAL)), k))
    return tuple(k for k in ordered if k in hints), tuple(k for k in ordered if k not in hints)
