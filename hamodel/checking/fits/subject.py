"""A cluster that is asked about its log: the system with its ear, and the states in which a log may find it.

A log either shows the start of a node or begins while the node runs. Then it is taken to begin where the cluster had
come to rest: after any start of the two, and after a standby where resources stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hamodel.checking.fits.marks import Reader
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.compose import BUDGET, BUDGET_TOTAL, left
from hamodel.ir.fit import LENGTHS, Listener, listening
from hamodel.ir.semantics import evaluate, initial_state
from hamodel.ir.state import State
from hamodel.ir.system import Kind, System
from hamodel.ir.verdict import Limits
from hamodel.logs.host import Host

LATE = "kill_ipfail"
"""A client that is started again asks again: this stands for an ipfail that asks later than the model lets it."""
REST = Limits(classes=200_000, seconds=30)
"""What may be spent on finding the states of rest."""


@dataclass(slots=True)
class Subject:
    """One cluster: its system, switched off, and the system that listens."""

    system: System
    hosts: tuple[Host, Host]
    listener: Listener
    reader: Reader
    engine: ClassesEngine

    @classmethod
    def of(cls, system: System, hosts: tuple[Host, Host], engine: ClassesEngine, marks: int) -> Subject:
        """The subject for logs with so many landmarks; those with more are cut into pieces."""
        off = system.with_settings(started=0) if "started" in system.setting_value else system
        reader = Reader(hosts)
        room = next((n for n in LENGTHS if marks <= n), LENGTHS[-1])
        return cls(off, hosts, listening(off, reader, room, frozenset({LATE})), reader, engine)

    @property
    def nodes(self) -> tuple[str, str]:
        return self.hosts[0].name, self.hosts[1].name

    def fault_kinds(self) -> tuple[str, ...]:
        """Every kind of fault that may befall this cluster."""
        system = self.system
        return tuple(
            sorted(
                {a.fault for a in system.actions if a.kind is Kind.FAULT and a.fault and system.may_happen(a)} - {LATE}
            )
        )

    def faults_of(self, kinds: Iterable[str]) -> frozenset[str]:
        """The names of all faults of these kinds."""
        wanted = set(kinds)
        return frozenset(a.name for a in self.system.actions if a.kind is Kind.FAULT and a.fault in wanted)

    def enabled(self, kinds: Iterable[str]) -> frozenset[str]:
        """What may happen by itself where only faults of these kinds come: all repairs and commands too."""
        wanted = {*kinds, LATE}
        system = self.listener.system
        return frozenset(
            a.name
            for a in system.actions
            if a.timer is None and system.may_happen(a) and (a.kind is not Kind.FAULT or a.fault in wanted)
        )

    def rests(self, running: Sequence[str]) -> list[State | None]:
        """The states in which a cluster rests where these nodes run; None: both are off, as at the beginning."""
        if not running:
            return [None]
        begun = _rests(self, None, [f"start_heartbeat[{n}]" for n in running], 0)
        active = [self.system.observables[f"active[{self.nodes.index(n)}]"] for n in running]
        found = [s for s in begun if all(evaluate(self.system, s, formula) for formula in active)]
        stays = any(self.system.setting_value.get(f"auto_failback[{n}]", 1) == 0 for n in (0, 1))
        if stays and len(running) == 2:
            for state in tuple(found):
                found += _rests(self, state, [f"hb_standby[{n}]" for n in self.nodes], 1)
        return list(dict.fromkeys(_clean(self.system, s) for s in found))

    def placed(self, listens: System, state: State | None) -> State:
        """The state of the listening system in which the log begins and the base system is in `state`."""
        first = initial_state(listens)[0]
        if state is None:
            return first
        values = list(first.variables)
        for i, variable in enumerate(self.system.variables):
            if variable.name != BUDGET and not variable.name.startswith(left("")):
                values[i] = state.variables[i]
        return replace(first, variables=tuple(values), queues=state.queues, running=(*state.running, False))

    def unplaced(self, state: State | None) -> tuple[System, State | None]:
        """The base system with any number of faults, and the state of it, to replay a run in."""
        system = self.system.with_settings(**{BUDGET_TOTAL: 100})
        if state is None:
            return system, None
        values = list(state.variables)
        values[system.variable_index[BUDGET]] = 100
        return system, replace(state, variables=tuple(values))


def _rests(subject: Subject, start: State | None, names: Sequence[str], commands: int) -> list[State]:
    system = subject.system.with_enabled(frozenset(names)).with_settings(**{BUDGET_TOTAL: commands})
    if start is not None:
        values = list(start.variables)
        values[system.variable_index[BUDGET]] = commands
        start = replace(start, variables=tuple(values))
    found = subject.engine.explore(system, None if start is None else [start], limits=REST)
    return [found.state(int(i)) for i in np.flatnonzero(found.quiescent())]


def _clean(system: System, state: State) -> State:
    values = list(state.variables)
    values[system.variable_index[BUDGET]] = 0
    return replace(state, variables=tuple(values))
