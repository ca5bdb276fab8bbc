"""What the lives of clients leave in the log: started, refused, ended, started again. `which` tells namesakes apart.

A process that follows one with a short life sleeps a second between the daemon's line about it and its own.
"""

from __future__ import annotations

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.journal import Journal

KILLED = {"signo": 9, "signame": "SIGKILL", "sigwords": "Kill, unblockable"}
"""What `kill -9` is called."""


def _key(f: Fields) -> str:
    return f"client {f['which']}"


def _gone(j: Journal, at: int, f: Fields) -> int:
    """The number of a process that is no more; what it had still to say it never says."""
    pid = j.client_pid(_key(f))
    j.lines = [line for line in j.lines if line.pid != pid or line.at <= at]
    j.clients = {name: number for name, number in j.clients.items() if number != pid}
    j.clients[f"late {_key(f)}"] = pid
    return pid


@compound("client-fork", needs="client user which sleep")
def client_fork(j: Journal, at: int, f: Fields) -> None:
    """The daemon forks a client."""
    uid, gid = j.host.user(f["user"])
    j.mcp_says("hb-client-starting", at, client_cmd=f["client"], uid=uid, gid=gid)
    j.clients.pop(_key(f), None)
    pid = j.client_pid(_key(f))
    told = {"client_cmd": f["client"], "uid": uid, "gid": gid, "pid": pid}
    j.say("hb-client-started", at + int(f["sleep"]), pid, ("client", pid), **told)


@compound("client-signed-on", needs="client which")
def client_signed_on(j: Journal, at: int, f: Fields) -> None:
    """The client is in the list; nobody writes about it."""
    j.clients[f["client"]] = j.client_pid(_key(f))


@compound("client-duplicate", needs="client which")
def client_duplicate(j: Journal, at: int, f: Fields) -> None:
    """The name is taken. The name in the second line is empty: it would have been stored only now."""
    j.mcp_says("api-duplicate-client", at, client_id=f["client"], client_pid=j.client_pid(_key(f)))
    j.mcp_says("api-reg-cannot-add", at, client_id="")


@compound("client-barred", needs="client which")
def client_barred(j: Journal, at: int, f: Fields) -> None:
    """The user may not sign on under this name."""
    pid = j.client_pid(_key(f))
    j.mcp_says("api-auth-failed", at, client_id=f["client"], pid=pid, reason="client failed authorization")
    j.mcp_says("api-reg-cannot-add", at, client_id=f["client"])


@compound("client-bad-pid", needs="which")
def client_bad_pid(j: Journal, at: int, f: Fields) -> None:
    """The process that asks is no more."""
    pid = j.client_pid(f"late {_key(f)}")
    j.mcp_says("api-bad-pid", at, pid=pid)
    j.mcp_says("api-reg-cannot-add", at, client_id="")


@compound("client-fails", needs="client which barred")
def client_fails(j: Journal, at: int, f: Fields) -> None:
    """A client that was refused finds out: 3.0.6 told it why, 2.0.8 hung up on it."""
    pid = j.client_pid(_key(f))
    reason = "client failed authorization" if f["barred"] == "1" else "duplicate add request"
    keys: tuple[str, ...] = ()
    if f["client"] == "ccm":
        keys = ("ccm-ipc-reason",) if j.host.old else ("ccm-signon-failed", "ccm-reason")
        keys = (*keys, "ccm-init-failed")
    elif f["client"] == "ipfail" and not j.host.old:
        keys = ("ipfail-signon-failed", "ipfail-reason")
    for key in keys:
        j.say(key, at, pid, ("client", pid), reason=reason)


@compound("client-exited", needs="client which exitcode")
def client_exited(j: Journal, at: int, f: Fields) -> None:
    """The daemon sees a client end."""
    j.mcp_says("pt-exit-warn", at, proctype=f["client"], pid=_gone(j, at, f), exitcode=f["exitcode"])


@compound("client-killed", needs="client which")
def client_killed(j: Journal, at: int, f: Fields) -> None:
    """The daemon sees that a client was killed."""
    j.mcp_says("pt-killed", at, proctype=f["client"], pid=_gone(j, at, f), **KILLED)


@compound("client-retires", needs="client which crm")
def client_retires(j: Journal, at: int, f: Fields) -> None:
    """ipfail has nothing to do here."""
    pid = j.client_pid(_key(f))
    j.say("ipfail-no-resources" if f["crm"] == "1" else "ipfail-legacy", at, pid, ("client", pid))
