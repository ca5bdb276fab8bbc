"""What takes its time in a cluster, and between which ends: every pair of options `..._lo` and `..._hi`."""

from __future__ import annotations

from collections.abc import Iterator
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
    "late_start": "how much later a delayed start comes",
    "late_stop": "how much later a delayed stop comes",
    "client_start": "a client until it signs on",
    "client_exit": "the end of a client",
    "start": "the start of {}",
    "stop": "the stop of {}",
    "status": "the status of {}",
}


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


def delays(system: System, layout: Layout) -> Iterator[Delay]:
    """Everything that may be fast or slow."""
    values = system.setting_value
    for name, lo in values.items():
        base, bracket, index = name.partition("[")
        upper = f"{base.removesuffix('_lo')}_hi{bracket}{index}"
        if not base.endswith("_lo") or upper not in values or values[upper] <= lo:
            continue
        what = WORDS.get(base.removesuffix("_lo"), base.removesuffix("_lo").replace("_", " "))
        yield Delay(what.format(_part(layout, index)), (name, upper), lo, values[upper])


def _part(layout: Layout, index: str) -> str:
    number = index.rstrip("]")
    return next((r.text for r in layout.resources if str(r.index) == number), number)
