"""Clients: the list of those who signed on, and who is let in.

One name, one client: a second process that signs on under the name of a live one is refused (A2). It ends with 1 and is
started again (respawn.py), over and over, until it is left dead; which of the two is in is a race at every start.
That is the story of the 2.0.7 log: `crm on` starts ccm, and a `respawn` line for ccm starts another.
A name is free as soon as its process is gone: the end of the channel, the death of the child and the audit of pids
every nine seconds all remove the entry, and the first of them comes in the step of the death. Every client is taken to
sign on once, under the base name of its program. Left out: a client that forks and signs on again from the child
without an exec (A4; while the parent is signed on, A2 refuses it first), a client that signs off and on again in one
process; both remove behaviour.
"""

from __future__ import annotations

from hamodel.ir.words import formula, log, rule
from hamodel.machines import respawn
from hamodel.machines.world import Client, Node, client_barred, client_id, client_namesakes


@formula
def is_signed_on(n: Node, c: Client) -> bool:
    """It stands in the list of clients."""
    return respawn.run[n, c] == respawn.Run.SERVES


@rule("A1", "A2", "A3", "A5", "10-duplicate")
def register(n: Node, c: Client) -> None:
    """A request to sign on: the process exists, its name must be free, its user allowed."""
    if any(is_signed_on(n, d) for d in client_namesakes[c]):
        log(n, "client-duplicate", client=client_id[c], which=c)
        respawn.is_refused(n, c)
    elif client_barred[n][c]:
        log(n, "client-barred", client=client_id[c], which=c)
        respawn.is_refused(n, c)
    else:
        respawn.signed_on(n, c)


@rule("A1")
def nobody_asks(n: Node, c: Client) -> None:
    """The request of a process that died before it was answered."""
    log(n, "client-bad-pid", which=c)
