"""Respawn: Heartbeat starts the clients of its configuration and starts again what dies, until it has had enough.

A client that dies within half a minute of its start counts; after the eleventh such death in a row it is left dead, and
nothing else happens: the cluster goes on without it, and nobody is told but the log. The death of a `failfast` client
(3.0.6) reboots the machine instead, whatever the client's exit code says. A client that leaves with 100 stays away.
Seen on the daemon (3.0.6): eleven starts of a client that fails at once, one second apart; a failfast ipfail in legacy
mode leaves with 100, and the machine reboots for ever.
Played only where a spec asks for its clients. Left out: the sleep of a daemon that is about to reboot (its peer hears
it until then; it lasts one keepalive), orphans of a killed daemon (their calls fail, nobody hears them); a paused
daemon attends to its clients as if it ran. The last adds behaviour, the others add or remove nothing known.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import (
    cancel,
    every,
    fault,
    formula,
    invariant,
    log,
    observable,
    on,
    repair,
    rule,
    start,
    timer,
    var,
)
from hamodel.machines import clients, crm_node, ipfail, node, pause, shutdown
from hamodel.machines.world import (
    Client,
    Node,
    client_barred,
    client_command,
    client_exit_hi,
    client_exit_lo,
    client_failfast,
    client_id,
    client_is_ipfail,
    client_leaves,
    client_start_hi,
    client_start_lo,
    client_there,
    client_user,
    crm_mode,
    keepalive,
)

MOST_SHORT_LIVES = 10
"""More deaths within half a minute of the start than this, one after the other, are too many."""


class Run(IntEnum):
    """One process of a client.

    BEGINS: forked, has not asked to sign on; ASKS: its request lies in the socket; SERVES: signed on; FAILS: refused,
    and about to find out; LEFT: "respawning too fast"; RETIRED: left with 100.
    """

    NONE = 0
    BEGINS = 1
    ASKS = 2
    SERVES = 3
    FAILS = 4
    LEFT = 5
    RETIRED = 6


run = var(Node, Client, values=Run)
short_lives = var(Node, Client, values=MOST_SHORT_LIVES + 2)
"""Deaths within half a minute of the start, in a row."""
young = timer(Node, Client)
"""The first half minute of a process; a death in it counts."""
moves = timer(Node, Client)
"""Until the process asks to sign on, is answered, or fails."""
program_broken = var(Node, Client)
"""The program ends with an error as soon as it is started."""
reboots = timer(Node)
"""After the death of a failfast client: until the machine is rebooted."""


@formula
def is_there(n: Node, c: Client) -> bool:
    """The process exists."""
    return run[n, c] != Run.NONE and run[n, c] != Run.LEFT and run[n, c] != Run.RETIRED


@formula
def daemon_respawns(n: Node) -> bool:
    """The daemon is active, neither stopping nor rebooting."""
    return (
        crm_node.runs[n] if crm_mode else (node.daemon[n] == node.Daemon.ACTIVE and not shutdown.in_progress[n])
    ) and not on(reboots[n])


@invariant("a client moves only while its process exists")
def moves_are_of_processes(n: Node, c: Client) -> bool:
    return not on(moves[n, c]) or is_there(n, c)


@observable("client_serves")
def client_serves(n: Node, c: Client) -> bool:
    return run[n, c] == Run.SERVES


@observable("client_left")
def client_left(n: Node, c: Client) -> bool:
    """Left dead: it was respawning too fast."""
    return run[n, c] == Run.LEFT


@observable("client_reboots")
def client_reboots(n: Node) -> bool:
    """The machine is about to be rebooted because a failfast client died."""
    return on(reboots[n])


# ---- birth -----------------------------------------------------------------------------------------------------------


@rule("S4", "10-respawn")
def begin_all(n: Node) -> None:
    """Comm is up: every client of the configuration is started, unless the daemon is stopping already."""
    if daemon_respawns(n):
        for c in every(Client):
            if client_there[n][c]:
                fork(n, c)


@rule("10-respawn")
def fork(n: Node, c: Client) -> None:
    """A process begins; one whose predecessor died young sleeps a second before it becomes the client."""
    run[n, c] = Run.BEGINS
    start(young[n, c], 30000, 30000)
    if short_lives[n, c] > 0:
        log(n, "client-fork", client=client_command[c], user=client_user[c], which=c, sleep=1000)
        start(moves[n, c], 1000 + client_start_lo, 1000 + client_start_hi)
    else:
        log(n, "client-fork", client=client_command[c], user=client_user[c], which=c, sleep=0)
        start(moves[n, c], client_start_lo, client_start_hi)


@rule("10-respawn", when=young)
def has_lived(n: Node, c: Client) -> None:
    """Half a minute is over: the deaths before it are forgotten with the next one."""
    short_lives[n, c] = 0


@rule("10-respawn", "A1", "I0", when=moves)
def next_step(n: Node, c: Client) -> None:
    """The process signs on, or gets its answer, or fails."""
    if run[n, c] == Run.FAILS:
        log(n, "client-fails", client=client_id[c], which=c, barred=client_barred[n][c])
        exits(n, c)
    elif run[n, c] == Run.ASKS:
        clients.register(n, c)
    elif program_broken[n, c]:
        exits(n, c)
    elif client_leaves[n][c]:
        leaves(n, c)
    else:
        run[n, c] = Run.ASKS
        start(moves[n, c], 0, 10)


@rule("A5")
def signed_on(n: Node, c: Client) -> None:
    """The client works."""
    log(n, "client-signed-on", client=client_id[c], which=c)
    run[n, c] = Run.SERVES
    if client_is_ipfail[c]:
        ipfail.joins(n)


@rule("10-duplicate")
def is_refused(n: Node, c: Client) -> None:
    """3.0.6 says so; 2.0.8 says OK and hangs up, and the client fails at its next send. Either way it exits with 1."""
    run[n, c] = Run.FAILS
    start(moves[n, c], client_exit_lo, client_exit_hi)


# ---- death -----------------------------------------------------------------------------------------------------------


@rule("10-respawn")
def exits(n: Node, c: Client) -> None:
    """It ends with 1."""
    log(n, "client-exited", client=client_command[c], which=c, exitcode=1)
    died(n, c)


@rule("I0", "10-respawn")
def leaves(n: Node, c: Client) -> None:
    """It ends with 100: it is not started again. To a failfast client that is a death like any other."""
    log(n, "client-retires", client=client_id[c], which=c, crm=crm_mode)
    log(n, "client-exited", client=client_command[c], which=c, exitcode=100)
    if client_failfast[n][c]:
        died(n, c)
    else:
        gone(n, c)
        run[n, c] = Run.RETIRED


@rule("10-removal")
def gone(n: Node, c: Client) -> None:
    """The process is no more, and so is its place in the list of clients."""
    if client_is_ipfail[c] and run[n, c] == Run.SERVES:
        ipfail.forget_plans(n)
    cancel(moves[n, c])
    run[n, c] = Run.NONE


@rule("10-respawn", "10-failfast")
def died(n: Node, c: Client) -> None:
    """SIGCHLD for a client that did not leave with 100."""
    gone(n, c)
    if daemon_respawns(n):
        if client_failfast[n][c]:
            log(n, "reboot-now", reason=client_command[c])
            start(reboots[n], keepalive[n], keepalive[n])
        else:
            count(n, c)
            if short_lives[n, c] > MOST_SHORT_LIVES:
                log(n, "hb-client-respawn-fast", client_cmd=client_command[c])
                run[n, c] = Run.LEFT
                cancel(young[n, c])
            else:
                log(n, "hb-client-respawn", client_cmd=client_command[c])
                fork(n, c)


@rule("10-respawn")
def count(n: Node, c: Client) -> None:
    """A short life more, or the first long one."""
    if on(young[n, c]):
        short_lives[n, c] = short_lives[n, c] + 1
    else:
        short_lives[n, c] = 0


@rule("10-failfast", when=reboots)
def machine_reboots(n: Node) -> None:
    """One keepalive after the death; nothing is released first."""
    if crm_mode:
        crm_node.reset(n)
    else:
        node.reset(n)


@rule("1.2", "X7")
def forget(n: Node) -> None:
    """The daemon is gone or has stopped its clients; a program that is broken stays so."""
    cancel(reboots[n])
    for c in every(Client):
        gone(n, c)
        short_lives[n, c] = 0
        cancel(young[n, c])


# ---- faults ----------------------------------------------------------------------------------------------------------


@formula
def may_be_killed(n: Node, c: Client) -> bool:
    """It runs, and its daemon is there to see it die."""
    return (
        is_there(n, c) and run[n, c] != Run.FAILS and (True if crm_mode else not pause.paused[n])
        if client_there[n][c]
        else False
    )


@fault("kill_client", "10-respawn", guard=may_be_killed, text="on {} the client {} is killed")
def kill_client(n: Node, c: Client) -> None:
    """It dies by a signal; a request that still lies in the socket is that of a process that is no more."""
    is_killed(n, c)


@rule("10-respawn", "A1")
def is_killed(n: Node, c: Client) -> None:
    asked = run[n, c] == Run.ASKS
    log(n, "client-killed", client=client_command[c], which=c)
    died(n, c)
    if asked:
        clients.nobody_asks(n, c)


@formula
def may_break(n: Node, c: Client) -> bool:
    return not program_broken[n, c] if client_there[n][c] else False


@formula
def is_broken(n: Node, c: Client) -> bool:
    return program_broken[n, c] if client_there[n][c] else False


@fault("client_fails", "10-respawn", guard=may_break, text="on {} the program of the client {} fails at its next start")
def client_fails(n: Node, c: Client) -> None:
    """A library is missing, a file is full: it ends with 1 before it has signed on."""
    program_broken[n, c] = 1


@repair("client_repaired", "10-respawn", guard=is_broken, text="on {} the program of the client {} works again")
def client_repaired(n: Node, c: Client) -> None:
    """A client that was left dead by then stays dead."""
    program_broken[n, c] = 0
