"""What a script demands before anything begins: other keys, broken devices, how slow a slow script is.

The model is composed and its options are set once for a whole run; a scenario speaks of them anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hamodel.config.faults import FAULT_KINDS
from hamodel.errors import NotModelled
from hamodel.ir.system import System
from hamodel.scenarios import testbed
from hamodel.scenarios.actions import Deed, word_of

KEY = "testbed-secret"
"""The key both nodes have unless a scenario changes that of one."""
ON_DEMAND = {
    "a line is removed": "edit",
    "scripts are killed": "kill_scripts",
    "the generation goes back": "restore",
    "the service dies": "service_dies",
    "freeze": "stall",
    "loss on all cards": "loss",
    **{f"delay {op}{more}": "delay" for op in ("start", "stop") for more in ("", " for ever")},
    "fail stop": "delay",
    "hb_standby of local": "portion",
    "hb_standby of foreign": "portion",
    "hb_takeover of local": "portion",
    "hb_takeover of foreign": "portion",
    "reload": "reload",
    "SIGHUP": "reload",
    "ha.cf gets a mistake": "mistake",
    "ha.cf is put right": "mistake",
}
"""Kinds of faults whose machines are composed only where they are asked for."""
YOUNG = 8.0
"""Seconds from the word to start to the end of a daemon's first seconds (2.2); the init script takes one or two."""
Timed = tuple[float | None, Deed]
"""A deed with its moment in seconds, where it is known."""


@dataclass(frozen=True, slots=True)
class Demands:
    overrides: Mapping[str, object] = field(default_factory=dict)
    """For the spec."""
    settings: Mapping[str, int] = field(default_factory=dict)
    """Options of the composed system; one that the system has not is not needed."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The key of each node, where they differ."""
    first: tuple[Deed, ...] = ()
    """What happens before everything else."""
    device: str = ""
    """What the power switch does, where it is not what its line says."""
    confirmed: int | None = None
    """After the loss of its peer, when an operator says that the peer was reset (meatware), in ms."""

    def set(self, system: System) -> System:
        """The system with the options demanded."""
        return system.with_settings(**{k: v for k, v in self.settings.items() if k in system.setting_value})


def demands_of(deeds: Sequence[Timed]) -> Demands:
    """What these deeds demand, in their order. Raises NotModelled where two of them cannot be had at once."""
    words = [(at, deed, word_of(deed)) for at, deed in deeds]
    overrides: dict[str, object] = {
        f"faults.{kind}": 1
        for word, kind in ON_DEMAND.items()
        if kind in FAULT_KINDS and word in {w for *_, w in words}
    }
    settings = {
        "client_hi": testbed.CLIENT,
        "client_sleep": testbed.CLIENT_SLEEP,
        "turn": testbed.TURN,
        "stonith_powers_on": 1,
        "scan_may_win": int(_reads_late(deed for _, deed, _ in words)),
    } | _delays([deed for _, deed, _ in words])
    if _dies_young(words):
        settings["youth"] = testbed.YOUTH
    device = [word for *_, word in words if word in ("the device breaks", "the device is repaired")]
    mends = device[:1] == ["the device is repaired"]
    first = tuple(Deed("the device breaks", (node,)) for node in testbed.NODES) if mends else ()
    return Demands(overrides, settings, _keys(words), first, "works" if device else "", _confirmed(words))


def _dies_young(words: Sequence[tuple[float | None, Deed, str]]) -> bool:
    """Whether a daemon is killed in its first seconds; a cut cable in them is played without their longer dead time."""
    began: dict[str, float] = {}
    for at, deed, word in words:
        for node in deed.nodes if at is not None else ():
            if word in ("start", "start soon", "node_boot"):
                began[node] = at or 0.0
            elif word in ("kill_all", "kill_mcp", "power_off") and (at or 0.0) - began.get(node, -1e9) < YOUNG:
                return True
    return False


def _reads_late(deeds: Iterable[Deed]) -> bool:
    """Whether the children that read stand still too, or both masters (see `machines.first_turn`)."""
    paused = [d for d in deeds if d.do in ("sigstop", "freeze")]
    return any(d.args.get("target") != "mcp" for d in paused) or len({n for d in paused for n in d.nodes}) > 1


def _delays(deeds: Sequence[Deed]) -> dict[str, int]:
    """How late the starts and the stops of each node are, where they are and end at all."""
    found: dict[str, int] = {}
    for number, node in enumerate(testbed.NODES):
        for op in ("start", "stop"):
            mine = [d for d in deeds if word_of(d) == f"delay {op}" and node in d.nodes]
            lengths = sorted({round(float(d.args["seconds"]) * 1000) for d in mine})
            if len(lengths) > 1:
                seconds = ", ".join(f"{length / 1000:g} s" for length in lengths)
                raise NotModelled(
                    f"not modelled yet: delays of different length ({seconds}) of one node's {op} scripts"
                )
            for length in lengths:
                found |= {f"late_{op}_lo[{number}]": length, f"late_{op}_hi[{number}]": length + testbed.SLOW_MORE}
    return found


def _keys(words: Sequence[tuple[float | None, Deed, str]]) -> dict[str, str]:
    """Keys that are changed before the first start; later a change is not read."""
    found: dict[str, str] = {}
    for _, deed, word in words:
        if word == "start":
            break
        match = re.fullmatch(r"sed -i s/([\w-]+)/([\w-]+)/ \S*/authkeys", str(deed.args.get("cmd", "")))
        if word == "the key is changed" and match is not None and match[1] == KEY:
            found |= {node: match[2] for node in deed.nodes}
    return {node: found.get(node, KEY) for node in testbed.NODES} if found else {}


def _confirmed(words: Sequence[tuple[float | None, Deed, str]]) -> int | None:
    """From the loss of the peer to the operator's word, where both moments are known."""
    gone: float | None = None
    for at, deed, word in words:
        if word == "the operator confirms":
            if at is None or gone is None:
                raise NotModelled(f"not modelled yet: {deed.text()}")
            return round((at - gone) * 1000)
        if word in ("power_off", "kill_all", "kill_mcp", "partition"):
            gone = at
    return None
