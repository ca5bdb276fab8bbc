"""What the event scripts of rc.d write: harc, the answer to a request, mach_down, and the standby after a failed start.

Each runs as a process of its own while the daemon waits for it or does not; ResourceManager is called by them.
"""

from __future__ import annotations

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.journal import Journal, rsc_type

_CALLED = 2
"""harc speaks after the daemon's own lines, and after the first that a client has to say of the same news; in ms."""


@compound("harc-run", needs="event")
def harc_run(j: Journal, at: int, f: Fields) -> None:
    """The event script of rc.d for a message begins; it keeps harc's process number."""
    runs_harc(j, at, f["event"])


def runs_harc(j: Journal, at: int, event: str) -> None:
    """The daemon forks a child that tells nobody of its own children any more, and becomes harc."""
    pid = j.fork("harc")
    stream = ("harc", pid)
    j.say("hbr-dbg-notify-sigchld", at, pid, stream)
    j.say("harc-running", at + _CALLED, pid, stream, rcdir=j.host.rcdir, event=event, args=event)


@compound("ip-request-resp-received", needs="key")
def ip_request_resp(j: Journal, at: int, f: Fields) -> None:
    """The node may start the group of this key."""
    pid = j.child_pid("harc")
    fields = {"event": "ip-request-resp", "group": f["key"], "ok": "OK", "weown": "yes"}
    j.say("iprr-received", at, pid, ("harc", pid), **fields)


@compound("mach-down-begin")
def mach_down_begin(j: Journal, at: int, f: Fields) -> None:
    """The script that takes a dead node's groups begins; it says nothing yet."""
    j.beside = (at, j.child_pid("harc") + 1)
    j.fork("mach_down", 22 if j.host.old else 27)
    j.to_take.clear()


@compound("mach-down-taking-group", needs="group")
def mach_down_group(j: Journal, at: int, f: Fields) -> None:
    """mach_down turns to a group of the dead node, or will when those named before are done."""
    group = j.group(f)
    if not j.to_take:
        j.mach_down_takes(group, at + _CALLED)
    j.to_take.append(group)


@compound("mach-down-done", may="node foreign")
def mach_down_done(j: Journal, at: int, f: Fields) -> None:
    """mach_down has been through all groups and tells the daemon, whether or not anything started."""
    pid = j.child_pid("mach_down", 22 if j.host.old else 27)
    at, stream = j.joined(at), ("mach_down", pid)
    j.to_take.clear()
    if f.get("foreign", "1") != "0" and j.host.auto_failback != "legacy":
        j.say("md-foreign-acquired", at, pid, stream, script=f"{j.host.lib}/mach_down")
    j.say("md-complete", at, pid, stream, node=j.node(f.get("node", j.host.peer)))
    j.children.pop("mach_down", None)


@compound("start-failure-standby", may="rsc_type")
def start_failure_standby(j: Journal, at: int, f: Fields) -> None:
    """Thirty seconds after a failed start the node asks for standby, always for `foreign`."""
    pid = j.new_pid(5)
    j.say("hbst-going", at, pid, ("hb_standby", pid), rsc_type=rsc_type(f.get("rsc_type", "foreign")))
