"""What must have befallen the cluster: each module knows one family of faults by the lines they leave."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.incident.diary import Incident
from hamodel.incident.faults import fences, lateness, machines, network, operators, scripts
from hamodel.incident.report import Fault, Owned


def found(incident: Incident, owned: Sequence[Owned]) -> tuple[Fault, ...]:
    """All faults and orders, in order of time."""
    every = [
        *machines.find(incident),
        *network.find(incident),
        *lateness.find(incident),
        *fences.find(incident),
        *scripts.find(incident, owned),
        *operators.find(incident),
    ]
    return tuple(sorted(every, key=lambda fault: (fault.latest, fault.kind, fault.node)))
