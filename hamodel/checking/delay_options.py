"""What takes its time in a cluster, and between which ends: every pair of options `..._lo` and `..._hi`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hamodel.ir.system import System
from hamodel.properties.cluster import Layout

WORDS = {
    "latency": "a message on its way",
    "boot": "from power to heartbeat",
    "stonith": "a reset by the fencing device",
    "shutdown": "the end of the daemon",
    "script": "a script that finds nothing to do",
    "slow": "how much longer a slow script takes",
    "late_start": "how much longer a delayed start takes on {}",
    "late_stop": "how much longer a delayed stop takes on {}",
    "client_start": "a client until it signs on",
    "client_exit": "the end of a client",
    "start": "the start of {}",
    "stop": "the stop of {}",
    "status": "the status of {}",
}
OF_NODES = ("late_start", "late_stop")
NEEDS = {"slow": "slow", "late_start": "delay", "late_stop": "delay"}
"""Delays that only a fault of this kind brings about."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Something that takes any time from `lo` to `hi` ms."""

    text: str
    names: tuple[str, str]
    lo: int
    hi: int

    def between(self, system: System, lo: int, hi: int) -> System:
        """The system in which it takes from `lo` to `hi`."""
        return system.with_settings(**{self.names[0]: lo, self.names[1]: hi})


def delays(system: System, layout: Layout, kinds: Collection[str]) -> Iterator[Delay]:
    """Everything that may be fast or slow in a scenario with these kinds of faults."""
    values = system.setting_value
    for name, lo in values.items():
        base, bracket, index = name.partition("[")
        what = base.removesuffix("_lo")
        upper = f"{what}_hi{bracket}{index}"
        if not base.endswith("_lo") or upper not in values or values[upper] <= lo:
            continue
        if what in NEEDS and NEEDS[what] not in kinds:
            continue
        if what.startswith("client_") and not layout.clients:
            continue
        if what == "stonith" and not any(v for n, v in values.items() if n.startswith("stonith[")):
            continue
        words = WORDS.get(what, what.replace("_", " "))
        yield Delay(words.format(_part(layout, what, index.rstrip("]"))), (name, upper), lo, values[upper])


def _part(layout: Layout, what: str, index: str) -> str:
    if what in OF_NODES:
        return next((node.name for node in layout.nodes if str(node.index) == index), index)
    return next((r.text for r in layout.resources if str(r.index) == index), index)
