"""Switches: one box carries the cables of both machines, and all of them end with its power.

A pulled cable takes a card from one machine, a dead switch takes it from both: the media on it, the clients and the
ping nodes behind it at once. Cards that stand together in `topology.together` share one switch; every other card that
carries the service or a ping node has one of its own, and a card between the machines alone is a cable. Only in
scenarios that name the kind `switch`; elsewhere the switch of cards that stand together fails with the kind `cut`.
"""

from __future__ import annotations

from hamodel.ir.words import fault, formula, repair
from hamodel.machines import medium
from hamodel.machines.world import Cable, switches


@formula
def has_power(c: Cable) -> bool:
    return medium.plugged[c] if c in switches else False


@formula
def is_dark(c: Cable) -> bool:
    return not medium.plugged[c] if c in switches else False


@fault("switch", "L3", "N6", guard=has_power, text="the {} loses power")
def switch_off(c: Cable) -> None:
    """Everything that hangs on it is gone for both machines at once."""
    medium.cut(c)


@repair("switch_on", "L1", guard=is_dark, text="the {} has power again")
def switch_on(c: Cable) -> None:
    medium.plug(c)
