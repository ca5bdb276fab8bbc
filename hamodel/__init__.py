"""What can this Heartbeat cluster do to us? Exact-time model checking of Linux-HA Heartbeat configurations.

    from pathlib import Path
    import hamodel

    spec = hamodel.read_spec([Path("/etc/ha.d")])
    report = hamodel.check(spec)

Names are looked up when they are first used, so that `import hamodel` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hamodel.checking import check
    from hamodel.config.cluster import Cluster, read_cluster
    from hamodel.config.spec import Spec, read_spec
    from hamodel.errors import HamodelError, RefusalGroup
    from hamodel.ir.property import Property, PropertyKind
    from hamodel.ir.report import Report, Result
    from hamodel.ir.system import System
    from hamodel.ir.trace import Trace
    from hamodel.ir.verdict import Limits, Outcome, Verdict
    from hamodel.machines import compose_cluster

_HOMES = {
    "Cluster": "hamodel.config.cluster",
    "HamodelError": "hamodel.errors",
    "Limits": "hamodel.ir.verdict",
    "Outcome": "hamodel.ir.verdict",
    "Property": "hamodel.ir.property",
    "PropertyKind": "hamodel.ir.property",
    "RefusalGroup": "hamodel.errors",
    "Report": "hamodel.ir.report",
    "Result": "hamodel.ir.report",
    "Spec": "hamodel.config.spec",
    "System": "hamodel.ir.system",
    "Trace": "hamodel.ir.trace",
    "Verdict": "hamodel.ir.verdict",
    "check": "hamodel.checking",
    "compose_cluster": "hamodel.machines",
    "read_cluster": "hamodel.config.cluster",
    "read_spec": "hamodel.config.spec",
}

__all__ = [
    "Cluster",
    "HamodelError",
    "Limits",
    "Outcome",
    "Property",
    "PropertyKind",
    "RefusalGroup",
    "Report",
    "Result",
    "Spec",
    "System",
    "Trace",
    "Verdict",
    "check",
    "compose_cluster",
    "read_cluster",
    "read_spec",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"hamodel has no {name}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
