"""Advice that no line of a file breaks, and that belongs to this configuration all the same: what to open, plan, know.

Rules R22, R23, R25 and R26. They are hygiene: a reviewer who has done them can strike them out.
"""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.config.cluster import Cluster
from hamodel.config.node import NodeConfig
from hamodel.config.practice import practice
from hamodel.ir.review import Cost, Remark, Source


def advice(cluster: Cluster, where: str) -> Iterator[Remark]:
    """The advice for a cluster; `where` is how the user calls its files."""
    node = cluster.first
    yield from _filters(node)
    yield from _switches(node)
    if not node.crm:
        yield from _recovery(node)
        yield from _rehearsal(node, where)


def _advice(rule: str, message: str, repair: str, node: NodeConfig) -> Remark:
    place = next((m.span for m in node.media if m.span is not None), None)
    return Remark(
        f"HA54{rule[-1]}", Cost.HYGIENE, Source.ADVICE, message, place.file if place else "",
        place.line if place else 0, (), repair, practice(rule),
    )  # fmt: skip


def _filters(node: NodeConfig) -> Iterator[Remark]:
    """R22: what a packet filter has to let through."""
    holes = []
    for medium in node.media:
        if medium.is_serial:
            continue
        words = medium.detail.split()
        port = medium.port or next((int(word) for word in words[1:2] if word.isdecimal()), 694)
        group = f" {words[0]}" if medium.kind.startswith("mcast") and words else ""
        holes.append(f"{medium.device}{group} UDP {port}")
    if holes:
        message = f"a packet filter has to let through {', '.join(dict.fromkeys(holes))}, in both directions"
        yield _advice("R22", message, "look at the filters of both nodes, and of what lies between them", node)


def _switches(node: NodeConfig) -> Iterator[Remark]:
    """R23: one network card is one switch port."""
    cards = [card for card in node.cards if not card.startswith("/")]
    if len(node.cards) == 1 and cards:
        message = f"every restart of the switch behind {cards[0]} is a split brain, unless the cable is direct"
        yield _advice("R23", message, "stop Heartbeat on the standby before the switch is touched", node)


def _recovery(node: NodeConfig) -> Iterator[Remark]:
    """R25: which steps heal two diverged replicas."""
    drbd = [r for group in node.groups for r in group.resources if r.is_drbd]
    if drbd and node.stonith is None:
        name = drbd[0].device or "RESOURCE"
        message = "after a split brain DRBD stays apart until one side's data is thrown away by hand"
        steps = (
            f"on the victim: stop Heartbeat, drbdadm secondary {name}, drbdadm -- --discard-my-data connect {name}; "
            f"on the survivor: drbdadm connect {name}"
        )
        yield _advice("R25", message, steps, node)


def _rehearsal(node: NodeConfig, where: str) -> Iterator[Remark]:
    """R26: the five tests, each with what the model says beforehand."""
    if not any(group.resources for group in node.groups):
        return
    cables = max(len(node.cards), 1)
    kinds = ("stop=1", "cut=1", "power=1", f"cut={cables}" if cables > 1 else "", "kill=1")
    faults = ", ".join(kind for kind in kinds if kind)
    message = f"rehearse the five tests before production: stop, public cable, power, all cables, kill ({faults})"
    yield _advice("R26", message, f"`hamodel check {where} --faults kill=1` tells beforehand how one will end", node)
