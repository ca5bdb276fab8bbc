"""How Heartbeat behaves, one component a file; `cast` composes them for one configuration."""

from __future__ import annotations

from hamodel.machines.cast import MACHINES, compose_cluster
from hamodel.machines.shape import structure
from hamodel.machines.values import options

__all__ = ["MACHINES", "compose_cluster", "options", "structure"]
