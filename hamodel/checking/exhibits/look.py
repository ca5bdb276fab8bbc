"""How everything is in one state, in the words a person would use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from hamodel.checking.case import Case
from hamodel.config.spec import Spec
from hamodel.ir.exhibit import Item, Look
from hamodel.ir.semantics import evaluate
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.lifecycle import Control, controls
from hamodel.machines import structure

ADDRESS, DISK, SERVICE = "address", "disk", "service"
AWAKE = ("waiting", "active", "paused")
"""Machines whose daemon believes anything."""
NOTED = {
    "watchdog": ("counting", "the watchdog of {0} counts down"),
    "stonith": ("pending", "{0} is resetting its peer"),
    "target": ("silent", "the ping node {0} does not answer"),
    "shutdown": ("leaving", "heartbeat on {0} is about to end"),
}
"""Modes that are worth a word while they last."""


@dataclass(frozen=True)
class Eye:
    """Looks at states of one cluster."""

    case: Case
    spec: Spec

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(n.name for n in self.case.layout.nodes)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(
            Item(r.text, short(r.text), ADDRESS if r.address else DISK if r.exclusive else SERVICE)
            for r in self.case.layout.resources
        )

    @cached_property
    def media(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Every medium with the cables it needs."""
        return tuple((name, tuple(cables)) for name, cables in structure(self.spec).media)

    @cached_property
    def controls(self) -> dict[str, list[Control]]:
        layout = self.case.layout
        labels = {
            "Node": self.nodes,
            "Step": [r.text for r in layout.resources],
            "Cable": [c.name for c in layout.cables],
            "Ping": [p.name for p in layout.pings],
        }
        found: dict[str, list[Control]] = {}
        for control in controls(self.case.system, labels):
            found.setdefault(control.kind, []).append(control)
        return found

    def look(self, system: System, state: State, lights: Sequence[int]) -> Look:
        """The whole state in words."""

        def modes(kind: str) -> list[str]:
            return [c.mode(system, state) for c in self.controls.get(kind, [])]

        machines = modes("node")
        for n, mode in enumerate(machines):
            if mode == "idle" and _is_on(system, state, f"killed[{n}]"):
                machines[n] = "killed"
        views = [
            "none" if machine not in AWAKE else "unknown" if view == "init" else view
            for machine, view in zip(machines, modes("view"), strict=True)
        ]
        bars, each = modes("resource"), len(self.items)
        return Look(
            tuple(machines),
            tuple(views),
            tuple(tuple(bars[n * each : (n + 1) * each]) for n in range(len(self.nodes))),
            tuple(self._medium(system, state, m) for m in range(len(self.media))),
            tuple(self._notes(system, state)),
            tuple(lights),
        )

    def _medium(self, system: System, state: State, m: int) -> tuple[str, ...]:
        """What reaches each node on one medium."""
        whole = all(_is_on(system, state, f"plugged[{c}]", 1) for c in self.media[m][1])
        found = []
        for n in range(len(self.nodes)):
            sender = 1 - n
            beats = self._sees(system, state, f"daemon_up[{sender}]") and not self._sees(
                system, state, f"paused[{sender}]"
            )
            if not whole:
                found.append("cut")
            elif _is_on(system, state, f"deaf[{n},{m}]") or _is_on(system, state, f"stuck[{sender},{m}]"):
                found.append("deaf")
            else:
                found.append("beats" if beats else "silent")
        return tuple(found)

    def _sees(self, system: System, state: State, name: str) -> bool:
        formula = system.observables.get(name)
        return formula is not None and evaluate(system, state, formula) != 0

    def _notes(self, system: System, state: State) -> list[str]:
        cut = [c.name for c in self.case.layout.cables if not _is_on(system, state, f"plugged[{c.index}]", 1)]
        notes = [f"the cable {name} is cut" for name in cut]
        if not self.media:
            notes.append("no heartbeat can come from one node to the other")
        for kind, (mode, text) in NOTED.items():
            for control in self.controls.get(kind, []):
                if control.mode(system, state) == mode:
                    notes.append(text.format(*control.labels))
        return notes


def _is_on(system: System, state: State, name: str, default: int = 0) -> bool:
    index = system.variable_index.get(name)
    return bool(default if index is None else state.variables[index])


def short(resource: str) -> str:
    """A resource by what it is about.

    >>> short("Filesystem::/dev/sdb5::/webdata::ext3"), short("192.168.60.200/24/eth0"), short("httpd")
    ('/dev/sdb5', '192.168.60.200', 'httpd')
    """
    kind, _, rest = resource.partition("::")
    word = rest.split("::")[0] if rest else kind
    return word.split("/")[0] if word[:1].isdigit() else word
