"""What fails together is decided by cards and switches, not by statements: which card carries what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hamodel.config.cluster import Cluster
from hamodel.config.node import NodeConfig
from hamodel.config.parts import Medium, card_of


@dataclass(frozen=True, slots=True)
class Topology:
    """Everything hangs on some card: `media`, `services` and `pings` map their names to it.

    The names are `bcast eth1`, an address, a ping node. `together` are groups of cards on one switch. A card of the
    empty name is one nobody named: an address left to the routes.
    """

    media: Mapping[str, str]
    services: Mapping[str, str]
    pings: Mapping[str, str]
    together: tuple[tuple[str, ...], ...] = ()

    @property
    def cards(self) -> tuple[str, ...]:
        """Every card and tty once, those of the media first."""
        named = (*self.media.values(), *self.services.values(), *self.pings.values())
        return tuple(dict.fromkeys(card for card in named if card))

    @property
    def service(self) -> str:
        """The card of the first service address; empty where it is unknown."""
        return next(iter(self.services.values()), "")

    def card(self, medium: Medium) -> str:
        """The card a medium needs."""
        return self.media.get(medium.name, medium.card)

    def falls_with(self, card: str) -> frozenset[str]:
        """All cards that fail when this one's switch does, itself included."""
        return frozenset({card}).union(*(group for group in self.together if card in group))


def default_topology(cluster: Cluster) -> Topology:
    """What can be told from the files.

    The device of each medium, the third part of an address, else the only card there is.
    """
    nodes = tuple(cluster.per_node.values())
    media = {medium.name: medium.card for node in nodes for medium in node.media}
    only = next(iter(set(media.values()))) if len(set(media.values())) == 1 else ""
    only = "" if only.startswith("/") else only
    services = {r.address: card_of(r.nic) or only for node in nodes for r in node.addresses}
    service = next((card for card in services.values() if card), "") or _first_card(nodes)
    pings = {ping.name: service for node in nodes for ping in node.pings}
    return Topology(MappingProxyType(media), MappingProxyType(services), MappingProxyType(pings))


def _first_card(nodes: tuple[NodeConfig, ...]) -> str:
    return next((medium.card for node in nodes for medium in node.media if not medium.is_serial), "")
