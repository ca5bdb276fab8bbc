"""The node: its power, its Heartbeat daemon, and what is left when either goes away.

Left out: death of the FIFO reader, of a child before comm up and of a child of a paused daemon (section 1.2), a medium
that cannot be opened again. All of these remove behaviour: hazards that need them cannot be found yet. A paused
daemon: pause.py.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import cancel, every, fault, formula, log, on, operator, repair, rule, start, timer, var
from hamodel.machines import (
    beyond,
    ipfail,
    lateness,
    legacy,
    membership,
    messages,
    pause,
    phantom,
    reload,
    resources,
    respawn,
    script_faults,
    scripts,
    service,
    shutdown,
    stall,
    standby,
    stonith_device,
    stuck,
)
from hamodel.machines import watchdog as dog
from hamodel.machines.world import (
    Node,
    Slot,
    Step,
    autostart,
    boot_hi,
    boot_lo,
    children_respawned,
    more_nodes,
    other,
    plays_clients,
    reaction,
    reloads,
    services_die,
    some_legacy,
    some_phantoms,
    stalls,
    started,
    sticks,
)


class Daemon(IntEnum):
    """OFF; UP: not every node heard or dead yet; ACTIVE: comm is up; ASLEEP: between release and restart (6.4)."""

    OFF = 0
    UP = 1
    ACTIVE = 2
    ASLEEP = 3


power = var(Node)
daemon = var(Node, values=Daemon)
killed = var(Node)
"""The last daemon did not end in order; what it held may still run."""
resting = timer(Node)
"""After a clean stop: until the operator may start heartbeat again."""
wake = timer(Node)
"""Until the daemon starts: the machine boots, or the restart sleep ends."""


@formula
def alive(n: Node) -> bool:
    """The daemon runs; it may be paused."""
    return daemon[n] == Daemon.UP or daemon[n] == Daemon.ACTIVE


@formula
def beats(n: Node) -> bool:
    """The daemon runs and is not paused: it sends heartbeats and handles what comes."""
    return alive(n) and not pause.paused[n]


@formula
def has_power(n: Node) -> bool:
    return power[n]


@formula
def is_dark(n: Node) -> bool:
    return not power[n]


@formula
def file_is_good(n: Node) -> bool:
    """The daemon accepts its ha.cf."""
    return not reload.spoiled[n] if reloads else True


@formula
def rests_now(n: Node) -> bool:
    """The machine runs, its daemon does not, and nothing but a person will start it."""
    return power[n] and daemon[n] == Daemon.OFF and not booting(n) and file_is_good(n)


@formula
def is_idle(n: Node) -> bool:
    """The machine runs, its daemon ended in order, and nothing will start it."""
    return rests_now(n) and not killed[n] and not on(resting[n])


@formula
def lies_dead(n: Node) -> bool:
    """The machine runs, its daemon was killed."""
    return rests_now(n) and killed[n]


@formula
def booting(n: Node) -> bool:
    return on(wake[n])


@rule("S1")
def power_up() -> None:
    """Both machines run; their daemons start, unless a scenario starts them later."""
    for n in every(Node):
        power[n] = 1
        log(n, "boot")
        if started:
            start_daemon(n)


@rule("S1", "9")
def start_daemon(n: Node) -> None:
    """The daemon enters its loop: watchdog opened, status up, and the wait for all the others begins."""
    daemon[n] = Daemon.UP
    killed[n] = 0
    log(n, "daemon-start")
    dog.opened(n)
    stonith_device.fenced[n] = 0
    if reloads:
        reload.begins(n)
    log(n, "status-up")
    membership.begins(n)


@rule("S1", when=wake)
def wakes(n: Node) -> None:
    """The boot or the restart sleep is over."""
    if reloads and not file_is_good(n):
        reload.refuses(n)
    else:
        start_daemon(n)


@rule("X10")
def rests(n: Node) -> None:
    """The daemon has ended in order; the operator takes some time before it is started again."""
    if reaction:
        start(resting[n], reaction, reaction)


@rule("X10", when=resting)
def rested(n: Node) -> None:
    """From now on the operator may start heartbeat."""


@repair("start", "S1", guard=is_idle, text="heartbeat is started on {}")
def start_heartbeat(n: Node) -> None:
    """Someone starts heartbeat again after a clean stop (init script)."""
    start_daemon(n)


@operator("start", "S1", "HZ-05", guard=lies_dead, text="the killed heartbeat is started again on {}")
def start_again(n: Node) -> None:
    """Someone starts heartbeat where it was killed.

    What still runs is only reported (`verifyallidle`), never stopped.
    """
    start_daemon(n)


@rule("1.2")
def forget(n: Node) -> None:
    """The daemon is gone and so is all it knew; its peer hears nothing more."""
    daemon[n] = Daemon.OFF
    cancel(wake[n])
    cancel(resting[n])
    pause.forget(n)
    if sticks:
        stuck.forget(n)
    messages.drop_all(n)
    messages.forget_missed(other(n))
    membership.forget(n)
    lateness.handled(n)
    resources.forget(n)
    standby.forget(n)
    shutdown.forget(n)
    stonith_device.forget(n)
    ipfail.forget(n)
    if plays_clients:
        respawn.forget(n)
    if some_legacy:
        legacy.forget(n)
    if some_phantoms:
        phantom.forget(n)
    if more_nodes:
        beyond.forget(n)
    if reloads:
        reload.forget(n)
    membership.lost(other(n))
    cancel(membership.cautious[n])


@rule("1.2")
def dies(n: Node) -> None:
    """The daemon dies without a word; its shell scripts go on alone."""
    killed[n] = 1
    for c in every(Slot):
        scripts.orphan(n, c)
    scripts.check_dies(n)
    forget(n)
    dog.closed_without_v(n)


@formula
def may_be_killed(n: Node) -> bool:
    """A process that waits for its disk dies when it has waited."""
    return alive(n) and not (stalls and stall.stalled[n])


@fault("kill", "1.2", "HZ-03", guard=may_be_killed, text="heartbeat is killed on {} (killall -9 heartbeat)")
def kill(n: Node) -> None:
    """All processes named heartbeat die at once. No resource is stopped; shell scripts that run go on alone."""
    log(n, "kill-9", what="all")
    dies(n)


@fault("kill_mcp", "1.2", "HZ-03", guard=may_be_killed, text="the master control process is killed on {}")
def kill_mcp(n: Node) -> None:
    """Only the MCP dies; the rest of the core leaves within two seconds. Resource children run on to their end."""
    log(n, "kill-9", what="mcp")
    dies(n)


@formula
def child_matters(n: Node) -> bool:
    """Where 3.0.6 has no watchdog to say goodbye to, a respawned child leaves nothing behind."""
    return (
        daemon[n] == Daemon.ACTIVE
        and not pause.paused[n]
        and not shutdown.in_progress[n]
        and not shutdown.restarts[n]
        and (not children_respawned or dog.is_open[n])
    )


@fault("kill_child", "1.2", "HZ-24", guard=child_matters, text="a write process of heartbeat is killed on {}")
def kill_child(n: Node) -> None:
    """3.0.6 starts the pair of the medium again; 2.0.8 releases everything and restarts."""
    log(n, "io-process-killed")
    if children_respawned:
        dog.child_says_goodbye(n)
    else:
        shutdown.restart(n)
        scripts.settle(n)


@rule("section 16")
def dark(n: Node) -> None:
    """The machine stops: nothing runs on it any more, no script, no mount, no address."""
    forget(n)
    killed[n] = 0
    power[n] = 0
    dog.machine_gone(n)
    stonith_device.fenced[n] = 0
    for c in every(Slot):
        scripts.vanish(n, c)
    script_faults.machine_gone(n)
    scripts.check_dies(n)
    for s in every(Step):
        scripts.up[n, s] = 0
    if services_die:
        service.machine_gone(n)
    if stalls:
        stall.machine_gone(n)


@rule("9")
def reset(n: Node) -> None:
    """The machine is reset and boots by itself."""
    dark(n)
    power_returns(n)


@rule("S1")
def power_returns(n: Node) -> None:
    power[n] = 1
    log(n, "boot")
    if autostart:
        start(wake[n], boot_lo, boot_hi)


@fault("power", "N6", guard=has_power, text="{} loses power")
def power_off(n: Node) -> None:
    log(n, "power-off")
    dark(n)


@repair("power_on", "S1", guard=is_dark, text="{} has power again and boots")
def power_on(n: Node) -> None:
    power_returns(n)
