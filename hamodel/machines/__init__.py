"""How Heartbeat behaves, one component a file; `cast` composes them for one configuration."""

from __future__ import annotations

from hamodel.machines.cast import MACHINES, compose_cluster, options, structure

__all__ = ["MACHINES", "compose_cluster", "options", "structure"]
