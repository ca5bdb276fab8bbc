"""How far process numbers jump inside a ResourceManager: each step forks helpers that nobody names.

The jumps were read off the recorded runs (3.0.6) and the seed article (2.0.8); what stands in neither is taken to be
like a service without helpers.
"""

from __future__ import annotations

from collections.abc import Mapping

from hamodel.logs.host import Resource

Jump = tuple[int, int]
"""In 2.0.8 and in 3.0.6."""

FIRST_STATUS: Jump = (24, 27)
FIRST_STOP: Jump = (35, 41)
_AGENT: Mapping[str, Jump] = {"IPaddr": (21, 24), "IPaddr2": (21, 24), "Filesystem": (3, 6)}
"""From a wrapper to the agent it calls."""
_AFTER: Mapping[tuple[str, str], Jump] = {
    ("IPaddr", "status"): (57, 71),
    ("IPaddr2", "status"): (57, 90),
    ("Filesystem", "status"): (38, 89),
    ("IPaddr", "start"): (89, 111),
    ("IPaddr2", "start"): (89, 93),
    ("Filesystem", "stop"): (64, 169),
}
"""From the last process of a step to the first of the next."""
_USUAL: Mapping[str, Jump] = {"status": (38, 71), "start": FIRST_STATUS, "stop": (38, 71)}


def to_agent(what: Resource, old: bool) -> int:
    """From the number of a wrapper to that of its agent."""
    return _pick(_AGENT.get(what.name, (3, 6)), old)


def after(what: Resource, op: str, old: bool) -> int:
    """From the last number of this step to the first of the next one."""
    return _pick(_AFTER.get((what.name, op), _USUAL[op]), old)


def first(op: str, old: bool) -> int:
    """From a ResourceManager to the first script it calls."""
    return _pick(FIRST_STATUS if op == "status" else FIRST_STOP, old)


def _pick(jump: Jump, old: bool) -> int:
    return jump[0] if old else jump[1]
