"""A state without its clocks: a value for every variable, the queues, and which timers run."""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.system import System


@dataclass(frozen=True, slots=True)
class State:
    """`variables`, `queues` and `running` follow the order of the system's tuples of the same names."""

    variables: tuple[int, ...]
    queues: tuple[tuple[int, ...], ...]
    running: tuple[bool, ...]

    def value(self, system: System, name: str) -> int:
        return self.variables[system.variable_index[name]]

    def timers(self, system: System) -> tuple[str, ...]:
        """The names of the running timers, in the system's order."""
        return tuple(t.name for t, on in zip(system.timers, self.running, strict=True) if on)

    def quiescent(self, system: System) -> bool:
        """No timer runs except stopwatches: nothing will happen by itself any more."""
        return not any(on and not t.stopwatch for t, on in zip(system.timers, self.running, strict=True))
