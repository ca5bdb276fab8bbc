"""Services: a resource that runs ends by itself, and Heartbeat never asks how it is.

A process crashes, somebody takes an address off or unmounts a disk. Nothing moves: whether a resource runs is asked
only by scripts, when something else makes them begin. Then what is dead counts as stopped: takegroup and R13 start it
again where its group is, givegroup passes over it, and a peer in legacy mode that asks for a group whose first resource
is dead is told at once that it may have it, whatever else of it still runs. Only in scenarios that name the kind
`service_dies`. Left out: a person or a monitor that starts it by hand (removes behaviour).
"""

from __future__ import annotations

from hamodel.ir.words import every, fault, formula, observable, rule, var
from hamodel.machines import scripts
from hamodel.machines.world import Group, Node, Step, group_steps

dead = var(Node, Step)
"""It ended by itself, and no script has started or released it since."""


@formula
def runs(n: Node, s: Step) -> bool:
    return scripts.up[n, s]


@fault("service_dies", "4.5", "1.2", guard=runs, text="on {} the resource {} dies, and nobody notices")
def service_dies(n: Node, s: Step) -> None:
    """Its status is `stopped` from now on; no script looks."""
    scripts.up[n, s] = 0
    dead[n, s] = 1


@rule("4.5")
def is_started(n: Node, s: Step) -> None:
    dead[n, s] = 0


@rule("4.5")
def are_released(n: Node, wanted: int) -> None:
    """These groups were stopped here: nobody misses what was in them."""
    for g in every(Group):
        if wanted // (1 << g) % 2:
            for s in group_steps[n][g]:
                dead[n, Step(s)] = 0


@rule("section 16")
def machine_gone(n: Node) -> None:
    for s in every(Step):
        dead[n, s] = 0


@observable("service_dead")
def died_unnoticed(n: Node, s: Step) -> bool:
    """The resource died on the node and nothing has asked for it since."""
    return dead[n, s]
