"""What can be seen of a cluster from outside, by the names of its machines and resources: so two can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hamodel.checking.case import Case
from hamodel.checking.diff_sides import Aim
from hamodel.ir.expr import FALSE, Expr

SENTENCES: Mapping[str, tuple[str, str]] = {
    "up": ("{node} has {what} up", "{node} has {what} up no longer"),
    "daemon_up": ("heartbeat runs on {node}", "heartbeat runs on {node} no longer"),
    "powered": ("{node} has power", "{node} has no power"),
    "peer_dead": ("{node} takes its peer for dead", "{node} takes its peer for dead no longer"),
    "restarting": ("{node} restarts heartbeat", "{node} has restarted heartbeat"),
    "reset": ("{node} is reset", "{node} is no longer in its reset"),
    "fences": ("{node} asks for a reset of its peer", "{node} asks for a reset no longer"),
}
"""What is seen of a machine: that it begins, and that it ends."""
BETWEEN = " | "


def seen_of(case: Case) -> dict[str, Expr]:
    """Everything that can be seen of this cluster, by word, machine and resource."""
    found: dict[str, Expr] = {}
    for node in case.layout.nodes:
        for word in SENTENCES:
            if word == "up":
                for resource in case.layout.resources:
                    name = f"up[{node.index},{resource.index}]"
                    if name in case.system.observables:
                        found[BETWEEN.join((word, node.name, resource.text))] = case.system.observables[name]
            elif f"{word}[{node.index}]" in case.system.observables:
                found[BETWEEN.join((word, node.name))] = case.system.observables[f"{word}[{node.index}]"]
    return found


def alike(one: Case, other: Case) -> tuple[dict[str, Expr], dict[str, Expr]]:
    """The same labels on both sides; what one of them has not is never seen there."""
    here, there = seen_of(one), seen_of(other)
    labels = tuple(dict.fromkeys((*here, *there)))
    first, second = ({label: each.get(label, FALSE) for label in labels} for each in (here, there))
    return first, second


def aims(labels: Iterable[str]) -> list[Aim]:
    """Every change that can be seen, both ways."""
    return [Aim(label=label, value=value) for label in labels for value in (True, False)]


def sentence(aim: Aim) -> str:
    """What is seen, in words."""
    word, node, *what = aim.label.split(BETWEEN)
    begins, ends = SENTENCES[word]
    return (begins if aim.value else ends).format(node=node, what=" ".join(what))
