"""What the daemon's resource children write: forked, never executed, they still call themselves heartbeat.

One child asks for the node's own groups, one gives up or acquires a set for standby, one gives up everything at a stop.
Each has its own process number from its first line to its last.
"""

from __future__ import annotations

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.host import resource
from hamodel.logs.journal import Journal, rsc_type


@compound("req-our-resources-begin")
def req_our_resources(j: Journal, at: int, f: Fields) -> None:
    """The child that asks for the node's own groups is forked; it says nothing yet."""
    when, number = j.beside
    if when == at:
        j.children["req_our_resources"] = number
    else:
        j.fork("req_our_resources")


@compound("req-our-resources-status", needs="resource", may="group running")
def req_our_resources_status(j: Journal, at: int, f: Fields) -> None:
    """The first resource of an own group is asked whether it runs."""
    child = j.child_pid("req_our_resources")
    what, stream, running = resource(j.resource_text(f)), ("req_our_resources", child), f.get("running", "0") == "1"
    asker = j.new_pid(14)
    if what.wrapped:
        j.wrapper_says("ra-running" if running else "ra-stopped", at, j.new_pid(19 if j.host.old else 21), what, stream)
    j.new_pid(46)
    if not running:
        fields = {"script": f"{j.host.lib}/req_resource", "args": what.text}
        j.debugs("rr-dbg-in", 1, at, asker, stream, **fields)
        dontask = "" if j.host.auto_failback != "legacy" else "no"
        nice = "no" if j.host.auto_failback == "legacy" else "yes"
        j.debugs("rr-dbg-dont-ask", 1, at, asker, stream, dontask=dontask, nice_failback=nice)


@compound("req-our-resources-end", may="count")
def req_our_resources_end(j: Journal, at: int, f: Fields) -> None:
    """The child that asks for the node's own groups is done."""
    at = j.joined(at)
    if f.get("count", "1") == "0":
        command = f"{j.host.lib}/ResourceManager listkeys {j.host.name.lower()}"
        j.child_says("req_our_resources", "hbr-no-local-resources", at, cmd=command)
    else:
        j.child_says("req_our_resources", "hbr-local-done", at)
    j.children.pop("req_our_resources", None)


@compound("standby-give-up-begin", needs="rsc_type")
def give_up_begin(j: Journal, at: int, f: Fields) -> None:
    """The child that releases a set for standby begins."""
    _standby_child(j, at, "give up", f)


@compound("standby-acquire-begin", needs="rsc_type")
def acquire_begin(j: Journal, at: int, f: Fields) -> None:
    """The child that acquires what the peer has released begins."""
    _standby_child(j, at, "acquire", f)


def _standby_child(j: Journal, at: int, action: str, f: Fields) -> None:
    j.fork("standby")
    j.child_says("standby", "hbr-gostandby-begin", at, action=action, rsc_type=rsc_type(f["rsc_type"]))


@compound("standby-give-up-end", needs="rsc_type")
def give_up_end(j: Journal, at: int, f: Fields) -> None:
    """The child that releases a set for standby is done, whatever the scripts said."""
    fields = {"rsc_type": rsc_type(f["rsc_type"]), "acquisition_or_release": "release"}
    j.child_says("standby", "hbr-gostandby-end", j.joined(at), **fields)
    j.children.pop("standby", None)


@compound("standby-acquire-end", needs="rsc_type")
def acquire_end(j: Journal, at: int, f: Fields) -> None:
    """The child that acquires a set is done, whatever the scripts said."""
    fields = {"rsc_type": rsc_type(f["rsc_type"]), "acquisition_or_release": "acquisition"}
    j.child_says("standby", "hbr-gostandby-end", j.joined(at), **fields)
    j.children.pop("standby", None)


@compound("give-up-all-begin")
def give_up_all(j: Journal, at: int, f: Fields) -> None:
    """The child that releases every group at a stop begins."""
    j.fork("give_up_all")
    j.child_says("give_up_all", "hbr-giveup-begin", at)


@compound("give-up-all-end")
def give_up_all_end(j: Journal, at: int, f: Fields) -> None:
    """The child that releases every group at a stop is done, whatever the scripts said."""
    j.child_says("give_up_all", "hbr-giveup-end", j.joined(at))
    j.children.pop("give_up_all", None)
