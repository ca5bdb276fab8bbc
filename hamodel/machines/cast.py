"""The cast: which machines play, and how one configuration sets the stage for them.

`structure` says what of a configuration shapes the rules (`shape`), `options` every number and switch, and
`compose_cluster` puts both together.
"""

from __future__ import annotations

import pickle
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from hamodel import kept
from hamodel.config.spec import Spec
from hamodel.ir.compose import compose
from hamodel.ir.system import Kind, System
from hamodel.machines import (
    backup,
    beyond,
    clients,
    comm_up,
    crm_node,
    delay,
    edit,
    first_turn,
    ipfail,
    lateness,
    legacy,
    loss,
    medium,
    membership,
    messages,
    node,
    observe,
    operator,
    pause,
    phantom,
    ping_nodes,
    portion,
    reload,
    reorder,
    resources,
    respawn,
    script_faults,
    scripts,
    service,
    shutdown,
    stall,
    standby,
    starve,
    stonith_device,
    stuck,
    switch,
    watchdog,
    world,
)
from hamodel.machines.shape import ON_DEMAND, structure
from hamodel.machines.structure import Structure
from hamodel.machines.values import options

MACHINES = (
    world,
    medium,
    messages,
    node,
    membership,
    comm_up,
    ping_nodes,
    first_turn,
    lateness,
    resources,
    script_faults,
    scripts,
    standby,
    shutdown,
    stonith_device,
    watchdog,
    ipfail,
    pause,
    phantom,
    operator,
    legacy,
    edit,
    service,
    stall,
    switch,
    delay,
    portion,
    beyond,
    reload,
    clients,
    respawn,
    crm_node,
    reorder,
    loss,
    starve,
    stuck,
    backup,
    observe,
)
"""All files.

`legacy` plays where a node is in that mode, `phantom` where 2.0.8 sees one, `beyond` only with more than two nodes,
those of `ON_DEMAND` only where a scenario names their kind, the clients only where a spec asks for them.
"""
ALONE = (world, clients, respawn, crm_node)
"""What plays in CRM mode."""


def compose_cluster(spec: Spec, deleted: frozenset[str] = frozenset()) -> System:
    """The system of a spec: every run the cluster can take within its fault budget.

    Raises NotApplicable where the files are legal but outside the model. `deleted` rules do nothing (for the tests).
    """
    system = _composed(structure(spec), tuple(sorted(options(spec).items())), spec.name, deleted)
    return system.with_enabled(_enabled(system, spec))


@lru_cache(maxsize=8)
def _composed(
    parts: Structure, values: tuple[tuple[str, int], ...], name: str, deleted: frozenset[str] = frozenset()
) -> System:
    """The composed system, from an earlier run where neither the rules nor the configuration have changed since."""
    key = f"{kept.key_of(_rule_text(), repr((parts, values, name, sorted(deleted))))}.system"
    data = kept.recall(key)
    if data is not None:
        found = pickle.loads(data)
        assert isinstance(found, System)
        return found
    system = compose(name, _playing(parts), parts.shape(), dict(values), "power_up", deleted)
    kept.keep(key, pickle.dumps(system))
    return system


def _playing(parts: Structure) -> tuple[ModuleType, ...]:
    if parts.crm:
        return ALONE
    left_out = set(ON_DEMAND.values()) - {ON_DEMAND[kind] for kind in parts.on_demand}
    left_out.add(crm_node)
    if not parts.clients:
        left_out |= {clients, respawn}
    if not any(parts.legacy):
        left_out.add(legacy)
    if not any(parts.phantoms):
        left_out.add(phantom)
    if not parts.thirds:
        left_out.add(beyond)
    return tuple(module for module in MACHINES if module not in left_out)


@lru_cache(maxsize=1)
def _rule_text() -> bytes:
    """All text a composed system depends on."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *(here.parent / "ir").glob("*.py")])
    return sys.version.encode() + b"".join(file.read_bytes() for file in files)


def _enabled(system: System, spec: Spec) -> frozenset[str]:
    """The free actions of this scenario: repairs always come, faults and commands where the budget names them."""
    return frozenset(
        a.name
        for a in system.actions
        if a.timer is None and (spec.faults.may(a.fault) if a.kind in (Kind.FAULT, Kind.OPERATOR) else True)
    )
