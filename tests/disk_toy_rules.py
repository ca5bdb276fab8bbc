"""The rules of the toy pair: node 0 owns the disk, node 1 takes over, a watchdog resets, node 0 gets the disk back."""

# mypy: disable-error-code="no-any-return"
# What a declaration holds is not typed; rules are read, not run.

from __future__ import annotations

from hamodel.ir.words import (
    Index,
    Node,
    cancel,
    every,
    fault,
    formula,
    log,
    observable,
    on,
    operator,
    option,
    repair,
    rule,
    start,
    timer,
    var,
)


class Step(Index):
    """The disk."""


class Group(Index):
    """The group with the disk."""


class Cable(Index):
    """The wire."""


keepalive = option(Node)
deadtime = option(Node)
watchdog = option(Node)
mount_lo = option()
mount_hi = option()
auto_failback = option(Node, unit="")

alive = var(Node)
stopped = var(Node)
up = var(Node)
plugged = var(Cable)
bitten = var(Node)
silence = timer(Node)
mounting = timer(Node)
unmounting = timer(Node)
barks = timer(Node)
rebooting = timer(Node)


def other(n: Node) -> Node:
    return Node(1 - n)


@formula
def is_alive(n: Node) -> bool:
    return alive[n]


@formula
def is_stopped(n: Node) -> bool:
    return stopped[n]


@formula
def is_plugged(c: Cable) -> bool:
    return plugged[c]


@formula
def is_cut(c: Cable) -> bool:
    return not plugged[c]


@rule("S0")
def boot() -> None:
    for c in every(Cable):
        plugged[c] = 1
    for n in every(Node):
        alive[n] = 1
        if n == 0:
            start(mounting[n], mount_lo, mount_hi)


@rule("N6")
def hears_nothing(n: Node) -> None:
    if alive[n]:
        start(silence[n], deadtime[n] - keepalive[n], deadtime[n])


@fault("kill", "HZ-03", guard=is_alive, text="heartbeat is killed on {} (kill -9)")
def kill(n: Node) -> None:
    alive[n] = 0
    cancel(silence[n])
    hears_nothing(other(n))
    if watchdog[n]:
        start(barks[n], watchdog[n], watchdog[n])


@fault("cut", "L3", guard=is_plugged, text="the cable {} is cut")
def cut(c: Cable) -> None:
    plugged[c] = 0
    for n in every(Node):
        if alive[n] and alive[other(n)]:
            hears_nothing(n)


@repair("plug", "L1", guard=is_cut, text="the cable {} is plugged in again")
def plug(c: Cable) -> None:
    plugged[c] = 1
    for n in every(Node):
        if alive[n] and alive[other(n)]:
            cancel(silence[n])


@operator("stop", "X1", guard=is_alive, text="heartbeat is stopped on {}")
def stop(n: Node) -> None:
    alive[n] = 0
    stopped[n] = 1
    cancel(silence[n])
    cancel(mounting[n])
    if up[n]:
        start(unmounting[n], mount_lo, mount_hi)


@repair("start", "S1", guard=is_stopped, text="heartbeat is started on {}")
def start_again(n: Node) -> None:
    stopped[n] = 0
    alive[n] = 1


@rule("N6", when=silence)
def silent(n: Node) -> None:
    log(n, "hb-node-dead", node=other(n))
    if not up[n]:
        start(mounting[n], mount_lo, mount_hi)


@rule("R13", when=mounting)
def mounted(n: Node) -> None:
    up[n] = 1
    log(n, "resource-started", resource="Filesystem::/dev/sdb5::/webdata::ext3")


@rule("B6", when=unmounting)
def unmounted(n: Node) -> None:
    up[n] = 0
    log(n, "resource-stopped", resource="Filesystem::/dev/sdb5::/webdata::ext3")
    if alive[other(n)]:
        start(mounting[other(n)], mount_lo, mount_hi)


@rule("9", when=barks)
def reset(n: Node) -> None:
    up[n] = 0
    bitten[n] = 1
    log(n, "watchdog-reset")
    start(rebooting[n], 10000, 20000)


@rule("S0", when=rebooting)
def rebooted(n: Node) -> None:
    bitten[n] = 0
    alive[n] = 1
    log(n, "boot")
    if n == 0 and auto_failback[n] and up[other(n)]:
        start(unmounting[other(n)], mount_lo, mount_hi)


@observable("up")
def resource_up(n: Node, s: Step) -> bool:
    return up[n]


@observable("owns")
def owns_group(n: Node, g: Group) -> bool:
    return up[n]


@observable("serves")
def serves_group(n: Node, g: Group) -> bool:
    return up[n]


@observable("powered")
def has_power(n: Node) -> bool:
    return not on(rebooting[n])


@observable("active")
def is_active(n: Node) -> bool:
    return alive[n]


@observable("killed_armed")
def armed(n: Node) -> bool:
    return on(barks[n])


@observable("reset")
def was_bitten(n: Node) -> bool:
    return bitten[n]


@observable("plugged")
def cable_in(c: Cable) -> bool:
    return plugged[c]


@observable("healthy")
def whole() -> bool:
    return all(plugged[c] for c in every(Cable)) and all(alive[n] for n in every(Node))


@observable("quiet")
def nothing_moves() -> bool:
    return not any(on(mounting[n]) or on(unmounting[n]) for n in every(Node))
