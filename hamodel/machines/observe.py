"""What properties and reports may see: formulas over the machines, without effect on them."""

from __future__ import annotations

from hamodel.ir.words import every, length, observable, on
from hamodel.machines import (
    medium,
    membership,
    messages,
    node,
    pause,
    resources,
    script_faults,
    scripts,
    shutdown,
    stonith_device,
)
from hamodel.machines import watchdog as dog
from hamodel.machines.world import (
    Cable,
    Group,
    Medium,
    Node,
    Order,
    Ping,
    Step,
    auto_failback,
    group_steps,
    service_cables,
)


@observable("up")
def resource_up(n: Node, s: Step) -> bool:
    return scripts.up[n, s]


@observable("owns")
def owns_group(n: Node, g: Group) -> bool:
    return all(scripts.up[n, s] for s in group_steps[n][g])


@observable("serves")
def serves_group(n: Node, g: Group) -> bool:
    return all(scripts.up[n, s] for s in group_steps[n][g]) and all(medium.plugged[c] for c in service_cables[n])


@observable("powered")
def has_power(n: Node) -> bool:
    return node.power[n]


@observable("daemon_up")
def daemon_runs(n: Node) -> bool:
    return node.alive(n)


@observable("paused")
def daemon_is_paused(n: Node) -> bool:
    return pause.paused[n]


@observable("active")
def is_active(n: Node) -> bool:
    return node.daemon[n] == node.Daemon.ACTIVE and not shutdown.in_progress[n]


@observable("claims_local")
def claims_own(n: Node) -> bool:
    return resources.claims_local[n]


@observable("claims_foreign")
def claims_peers(n: Node) -> bool:
    return resources.claims_foreign[n]


@observable("stable")
def is_stable(n: Node) -> bool:
    return resources.is_stable(n)


@observable("peer_dead")
def thinks_peer_dead(n: Node) -> bool:
    return membership.view[n] == membership.View.DEAD


@observable("plugged")
def cable_is_in(c: Cable) -> bool:
    return medium.plugged[c]


@observable("deaf")
def hears_nothing(n: Node, m: Medium) -> bool:
    return medium.deaf[n, m]


@observable("ping_up")
def ping_answers(p: Ping) -> bool:
    return medium.answers[p]


@observable("healthy")
def all_repaired() -> bool:
    return (
        all(medium.plugged[c] for c in every(Cable))
        and all(not medium.deaf[n, m] for n in every(Node) for m in every(Medium))
        and all(medium.answers[p] for p in every(Ping))
        and all(is_active(n) and not pause.paused[n] and node.file_is_good(n) for n in every(Node))
        and all(script_faults.is_well(n, s) for n in every(Node) for s in every(Step))
        and all(script_faults.is_prompt(n, s) for n in every(Node) for s in every(Step))
    )


@observable("repaired")
def nothing_broken() -> bool:
    """Cables, ping nodes, power and scripts are whole and no daemon was left stopped; daemons may be restarting."""
    return (
        all(medium.plugged[c] for c in every(Cable))
        and all(not medium.deaf[n, m] for n in every(Node) for m in every(Medium))
        and all(medium.answers[p] for p in every(Ping))
        and all(node.power[n] and (node.daemon[n] != node.Daemon.OFF or on(node.wake[n])) for n in every(Node))
        and all(not shutdown.in_progress[n] or shutdown.restarts[n] for n in every(Node))
        and all(script_faults.is_well(n, s) for n in every(Node) for s in every(Step))
        and all(script_faults.is_prompt(n, s) for n in every(Node) for s in every(Step))
        and all(not pause.paused[n] and node.file_is_good(n) for n in every(Node))
    )


@observable("serviceable")
def nothing_needed_is_broken() -> bool:
    """As `repaired`, but a ping node may be dead: no client needs it."""
    return (
        all(medium.plugged[c] for c in every(Cable))
        and all(not medium.deaf[n, m] for n in every(Node) for m in every(Medium))
        and all(node.power[n] and (node.daemon[n] != node.Daemon.OFF or on(node.wake[n])) for n in every(Node))
        and all(not shutdown.in_progress[n] or shutdown.restarts[n] for n in every(Node))
        and all(script_faults.is_well(n, s) for n in every(Node) for s in every(Step))
        and all(not pause.paused[n] and node.file_is_good(n) for n in every(Node))
    )


@observable("fit")
def is_fit(n: Node) -> bool:
    """An active node that clients reach and whose scripts are in order."""
    return (
        is_active(n)
        and not pause.paused[n]
        and all(medium.plugged[c] for c in service_cables[n])
        and all(script_faults.is_well(n, s) for s in every(Step))
    )


@observable("even")
def neither_is_better_off() -> bool:
    """Both nodes are active and hear each other; what one of them misses, clients or ping nodes, the other misses."""
    return (
        all(is_active(n) and not pause.paused[n] for n in every(Node))
        and all(any(medium.brings(n, m) for m in every(Medium)) for n in every(Node))
        and all(script_faults.is_well(n, s) for n in every(Node) for s in every(Step))
        and all(medium.plugged[c] for c in service_cables[0]) == all(medium.plugged[c] for c in service_cables[1])
        and sum(medium.reaches(Node(0), p) for p in every(Ping)) == sum(medium.reaches(Node(1), p) for p in every(Ping))
    )


@observable("linked")
def some_path_each_way() -> bool:
    """Packets travel in both directions, whether they are accepted or not."""
    return all(any(medium.brings(n, m) for m in every(Medium)) for n in every(Node))


@observable("joining")
def waits_for_others(n: Node) -> bool:
    """The daemon runs and waits for the other nodes and the ping nodes; it does nothing for the service yet."""
    return node.daemon[n] == node.Daemon.UP and not pause.paused[n]


@observable("stopping")
def is_being_stopped(n: Node) -> bool:
    """The operator has told the daemon to stop, and it still runs."""
    return shutdown.in_progress[n] and not shutdown.restarts[n] and node.alive(n)


@observable("scripts_work")
def scripts_are_well() -> bool:
    return all(script_faults.is_well(n, s) for n in every(Node) for s in every(Step))


@observable("restarting")
def is_restarting(n: Node) -> bool:
    return shutdown.restarts[n] or node.daemon[n] == node.Daemon.ASLEEP


@observable("rebooting")
def is_rebooting(n: Node) -> bool:
    """The machine boots, after a reset or with its power back."""
    return on(node.wake[n]) and node.daemon[n] == node.Daemon.OFF


@observable("killed_armed")
def dead_with_armed_watchdog(n: Node) -> bool:
    return on(dog.fires[n]) and not dog.orderly[n] and not node.alive(n)


@observable("watchdog_armed")
def watchdog_runs(n: Node) -> bool:
    return on(dog.fires[n])


@observable("armed_by_orderly_stop")
def watchdog_left_by_stop(n: Node) -> bool:
    return on(dog.fires[n]) and dog.orderly[n]


@observable("reset")
def was_reset(n: Node) -> bool:
    """The machine boots after its watchdog or its peer has reset it."""
    return dog.bitten[n] or stonith_device.fenced[n]


@observable("fences")
def asks_for_reset(n: Node) -> bool:
    """The node has asked its device to reset the peer and has no answer, or will ask again."""
    return any(stonith_device.is_out(n, o) and not stonith_device.unheard[n, o] for o in every(Order))


@observable("auto_failback")
def gives_back() -> bool:
    return all(auto_failback[n] for n in every(Node))


@observable("quiet")
def nothing_moves() -> bool:
    return all(scripts.no_children(n) for n in every(Node)) and all(length(messages.inbox[n]) == 0 for n in every(Node))
