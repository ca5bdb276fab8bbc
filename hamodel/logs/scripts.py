"""What ResourceManager writes as it starts and stops the resources of a group; the agents' own lines are in `agents`.

The order inside a script is the script's own. Offsets are a few hundredths of a second, as in the recorded runs, and
only matter where another process speaks in between. An event may name several neighbouring resources at once, divided
by blanks; only the first start and the last success then have a time of their own, the rest is written at the end.
"""

from __future__ import annotations

from hamodel.logs import agents
from hamodel.logs.agents import Call
from hamodel.logs.compounds import Fields, compound
from hamodel.logs.host import group_words, resource
from hamodel.logs.journal import Journal
from hamodel.logs.pids import after, first, to_agent

_CALLED = 40
"""How long after the event a shell script has come so far as to write its first line, in ms."""


@compound("acquire-group", needs="group")
def acquire_group(j: Journal, at: int, f: Fields) -> None:
    """ResourceManager takegroup begins."""
    group = j.group(f)
    if group in j.to_take[1:]:
        j.to_take.remove(group)
        j.mach_down_takes(group, at)
    _manager_begins(j, at + _CALLED, group, "rm-acquiring")


@compound("release-group", needs="group")
def release_group(j: Journal, at: int, f: Fields) -> None:
    """ResourceManager givegroup begins, or an acquiring one has given up."""
    group = j.group(f)
    failed = f"{group}!" in j.managers
    _manager_begins(j, at if failed else at + _CALLED, group, "rm-releasing")


def _manager_begins(j: Journal, at: int, group: str, key: str) -> None:
    owner, words = group_words(group)
    manager = j.managers.pop(f"{group}!", None)
    if manager is None:
        manager = j.new_manager(group)
    else:
        j.managers[group] = manager
        j.latest_manager = group
    j.say(key, at, manager.pid, ("rm", manager.pid), node=owner, resources=" ".join(words))


def _calls(j: Journal, f: Fields) -> list[Call]:
    """The resources of an event under the ResourceManager of their group, from left to right."""
    manager = j.manager(j.group(f))
    return [Call(j, manager, resource(word)) for word in j.resource_text(f).split() or [""]]


@compound("resource-status-stopped", needs="resource", may="group")
def status_stopped(j: Journal, at: int, f: Fields) -> None:
    """Before a start the resource is asked whether it runs; it does not."""
    asked(_calls(j, f)[0], at + _CALLED, "ra-stopped")


@compound("resource-status-running", needs="resource", may="group")
def status_running(j: Journal, at: int, f: Fields) -> None:
    """Before a start the resource is asked whether it runs; it does and is left alone."""
    for call in _calls(j, f):
        asked(call, at + _CALLED, "ra-running")


def asked(call: Call, at: int, key: str) -> None:
    """The wrapper's answer to a status call."""
    if call.what.wrapped:
        call.j.wrapper_says(key, at, _forks(call, "status"), call.what, call.stream)
        _leaves(call, "status")


def _forks(call: Call, op: str) -> int:
    """The wrapper of the next script that this ResourceManager calls."""
    return call.j.new_pid(call.manager.jump or first(op, call.j.host.old))


def _leaves(call: Call, op: str) -> None:
    call.manager.jump = after(call.what, op, call.j.host.old)


@compound("resource-start", needs="resource", may="group")
def resource_start(j: Journal, at: int, f: Fields) -> None:
    """A start script begins."""
    _start(_calls(j, f)[0], at + _CALLED)


def _start(call: Call, at: int) -> None:
    _run(call, at, "start")
    agents.starts(call, at)


def _run(call: Call, at: int, op: str) -> None:
    j, manager, what = call.j, call.manager, call.what
    fields = {"script": what.script_on(j.host), "args": " ".join(what.args), "op": op}
    j.say("rm-running", at, manager.pid, call.stream, **fields)
    j.debugs("rm-dbg-starting", _since(j), at, manager.pid, call.stream, **fields)
    manager.op = op
    if what.wrapped:
        manager.wrapper = _forks(call, op)
        manager.agent = j.new_pid(to_agent(what, j.host.old))
        _leaves(call, op)


def _done(call: Call, at: int, rc: str = "0") -> None:
    what, op = call.what, call.manager.op
    fields = {"script": what.script_on(call.j.host), "args": " ".join(what.args), "op": op, "rc": rc}
    call.j.debugs("rm-dbg-done", _since(call.j), at, call.manager.pid, call.stream, **fields)


def _since(j: Journal) -> int:
    """The debug level from which ResourceManager writes its debug lines."""
    return 0 if j.host.old else 1


@compound("resource-started", needs="resource", may="group")
def resource_started(j: Journal, at: int, f: Fields) -> None:
    """A start script has succeeded: the address answers, the file system is mounted."""
    first, *others = _calls(j, f)
    _started(first, at)
    for more in others:
        asked(more, at, "ra-stopped")
        _start(more, at)
        _started(more, at)


def _started(call: Call, at: int) -> None:
    agents.started(call, at)
    _done(call, at)


@compound("resource-start-failed", needs="resource", may="group rc")
def resource_start_failed(j: Journal, at: int, f: Fields) -> None:
    """A start script has failed."""
    call, rc = _calls(j, f)[0], f.get("rc", "1")
    agents.start_failed(call, at, rc)
    _failed(call, at, rc)


def _failed(call: Call, at: int, rc: str) -> None:
    _done(call, at, rc)
    call.j.say("rm-return-code", at, call.manager.pid, call.stream, rc=rc, script=call.what.script_on(call.j.host))


@compound("group-giving-up", needs="resource", may="group")
def group_giving_up(j: Journal, at: int, f: Fields) -> None:
    """A group whose resource did not start is released again, by the same ResourceManager."""
    call = _calls(j, f)[0]
    j.say("rm-giving-up", at, call.manager.pid, call.stream, resource=call.what.text)
    group = j.group(f) or j.latest_manager
    j.managers[f"{group}!"] = call.manager


@compound("resource-stop", needs="resource", may="group")
def resource_stop(j: Journal, at: int, f: Fields) -> None:
    """A stop script begins."""
    _stop(_calls(j, f)[-1], at + _CALLED)


def _stop(call: Call, at: int, running: bool = True) -> None:
    _run(call, at, "stop")
    agents.stops(call, at, running)


@compound("resource-stopped", needs="resource", may="group")
def resource_stopped(j: Journal, at: int, f: Fields) -> None:
    """A stop script has succeeded."""
    last, *others = reversed(_calls(j, f))
    _stopped(last, at)
    for more in others:
        _stop(more, at)
        _stopped(more, at)


@compound("resource-stop-idle", needs="resource", may="group")
def resource_stop_idle(j: Journal, at: int, f: Fields) -> None:
    """A resource that does not run is stopped all the same, which takes no work and succeeds."""
    for call in reversed(_calls(j, f)):
        _stop(call, at + _CALLED, running=False)
        _stopped(call, at + _CALLED, running=False)


def _stopped(call: Call, at: int, running: bool = True) -> None:
    agents.stopped(call, at, running)
    _done(call, at)


@compound("resource-stop-failed", needs="resource", may="group rc")
def resource_stop_failed(j: Journal, at: int, f: Fields) -> None:
    """A stop script has failed; it will be tried again for about ten seconds."""
    call = _calls(j, f)[-1]
    agents.stop_failed(call, at)
    _failed(call, at, f.get("rc", "1"))


@compound("resource-stop-retry", needs="resource", may="group")
def resource_stop_retry(j: Journal, at: int, f: Fields) -> None:
    """A failed stop is tried again after a second."""
    call, then = _calls(j, f)[-1], at + 1000
    j.say("rm-retry-stop", then, call.manager.pid, call.stream, resource=call.what.text)
    _stop(call, then)


@compound("stop-failure-reboot", may="group resource")
def stop_failure(j: Journal, at: int, f: Fields) -> None:
    """A resource that will not stop costs the machine: the daemon is killed and the machine rebooted at once."""
    manager = j.manager(j.group(f))
    if f.get("resource"):
        asked(_calls(j, f)[-1], at, "ra-running")
    for key in ("rm-stop-failure", "rm-killing-hb"):
        j.say(key, at, manager.pid, ("rm", manager.pid))
    j.daemon_gone()


@compound("stop-failure-avoided", may="group resource")
def stop_failure_avoided(j: Journal, at: int, f: Fields) -> None:
    """A stop that kept failing on a resource that is stopped after all."""
    manager = j.manager(j.group(f))
    stream = ("rm", manager.pid)
    if f.get("resource"):
        call = _calls(j, f)[-1]
        asked(call, at, "ra-stopped")
        for key in ("rm-not-lsb", "rm-must-succeed"):
            j.say(key, at, manager.pid, stream, resource=call.what.text)
    j.say("rm-reboot-avoided", at, manager.pid, stream)
