"""What is written about a node that must be made sure of: the STONITH child, its device, and the daemon's verdict.

Every attempt is a new process. The daemon says how it ended, and after a failure that it will try again.
"""

from __future__ import annotations

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.journal import Journal

_STATUS = 500
"""How long a device takes to tell how it is, in ms (0.47 to 0.55 s in the recording hz62_fence_loop)."""


@compound("no-stonith")
def no_stonith(j: Journal, at: int, f: Fields) -> None:
    """A peer is dead and nothing can make sure of it."""
    for key in ("hbr-no-stonith", "hbr-disks-unprotected"):
        j.mcp_says(key, at)


@compound("stonith-status-check", may="ok")
def stonith_status(j: Journal, at: int, f: Fields) -> None:
    """The STONITH device is asked how it is."""
    pid = j.new_pid()
    stream = ("stonith", pid)
    j.say("hbr-stonith-status", at, pid, stream, stonith_device=j.host.device)
    bad = f.get("ok", "1") == "0"
    if bad:
        for key in ("hbr-stonith-not-operational", "hbr-stonith-status-failed", "hbr-stonith-status-hint"):
            j.say(key, at, pid, stream, stonith_device=j.host.device)
    j.later(at + _STATUS, lambda journal, then: _ended(journal, then, "STONITH-stat", pid, int(bad)))


def _ended(j: Journal, at: int, what: str, pid: int, exitcode: int) -> None:
    j.mcp_says("pt-exit-warn" if exitcode else "pt-exit-ok", at, proctype=what, pid=pid, exitcode=exitcode)


@compound("stonith-begin", may="node")
def stonith_begin(j: Journal, at: int, f: Fields) -> None:
    """The child that resets a dead node begins."""
    j.fork("stonith")
    node = j.node(f.get("node", j.host.peer))
    j.child_says("stonith", "hbr-stonith-begin", at, node=node, stonith_device=j.host.device)
    if j.host.stonith == "meatware":
        for key in ("stonith-meat-operator", "stonith-meat-run"):
            j.child_says("stonith", key, at, host=node)
    elif j.host.stonith == "ssh":
        j.child_says("stonith", "stonith-ssh-reset", at, host=node, poweroff_or_reset="reset")


@compound("stonith-ok", may="node")
def stonith_ok(j: Journal, at: int, f: Fields) -> None:
    """The device reports that the node was reset."""
    node = j.node(f.get("node", j.host.peer))
    done = {"meatware": "stonith-meat-ok", "null": "stonith-null-reset"}.get(j.host.stonith)
    if done is not None:
        j.child_says("stonith", done, at, host=node)
    j.child_says("stonith", "hbr-stonith-ok", at, node=node)
    _stonith_ended(j, at, node, 0)


@compound("stonith-failed", may="node")
def stonith_failed(j: Journal, at: int, f: Fields) -> None:
    """The device could not reset the node; it is tried again in five seconds, for ever."""
    node = j.node(f.get("node", j.host.peer))
    kind, _, plugin = j.host.stonith.partition("/")
    if plugin:
        j.child_says("stonith", "stonith-ext-failed", at, subplugin=plugin, op="reset", host=node, rc=1)
    elif kind == "meatware":
        j.child_says("stonith", "stonith-meat-failed", at, host=node)
    j.child_says("stonith", "hbr-stonith-failed", at, node=node)
    _stonith_ended(j, at, node, 1)


@compound("stonith-badhost", may="node")
def stonith_badhost(j: Journal, at: int, f: Fields) -> None:
    """The device does not know the node; it is asked again in five seconds all the same."""
    node = j.node(f.get("node", j.host.peer))
    j.child_says("stonith", "hbr-stonith-badhost", at, node=node, stonith_device=j.host.device)
    _stonith_ended(j, at, node, 100)


def _stonith_ended(j: Journal, at: int, node: str, exitcode: int) -> None:
    _ended(j, at, f"STONITH {node}", j.child_pid("stonith"), exitcode)
    j.children.pop("stonith", None)
    if exitcode:
        j.mcp_says("hbr-stonith-retry", at, node=node)
