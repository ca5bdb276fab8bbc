"""What the daemon writes when somebody kills one of its processes and it begins it again."""

from __future__ import annotations

from hamodel.logs.clients import KILLED
from hamodel.logs.compounds import Fields, compound
from hamodel.logs.daemons import FIFO, closes, opens
from hamodel.logs.journal import Journal


@compound("io-process-killed")
def io_process_killed(j: Journal, at: int, f: Fields) -> None:
    """The write process of the first medium is killed: 3.0.6 begins both of the medium again, 2.0.8 restarts (1.2).

    The parent closes the medium, kills the process that reads, opens the medium and forks the pair anew.
    """
    write = j.daemon_pid() + FIFO + 1
    j.mcp_says("pt-killed", at, proctype="HBWRITE", pid=write, **KILLED)
    if j.host.old:
        j.mcp_says("hb-core-died", at)
        return
    medium = j.host.media[0]
    j.mcp_says("hb-core-io-died", at, core_proc="HBWRITE", medianum=0)
    closes(j, at, medium)
    j.mcp_says("pt-killed", at, proctype="HBREAD", pid=write + 1, **KILLED)
    j.mcp_says("hb-core-io-both-died", at, medianum=0)
    opens(j, at, medium)
    j.mcp_says("hb-core-io-restart-ok", at)


@compound("client-killed-by-hand")
def client_killed_by_hand(j: Journal, at: int, f: Fields) -> None:
    """ipfail is killed; the daemon has begun it and begins it again, which is an event of its own."""
    _, command = j.host.client("ipfail")
    j.mcp_says("pt-killed", at, proctype=command, pid=j.client_pid("ipfail"), **KILLED)
    j.mcp_says("hb-client-respawn", at, client_cmd=command)
    j.clients.pop("ipfail", None)
