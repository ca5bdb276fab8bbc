"""What ResourceManager and the resource agents write as they start and stop the resources of a group.

The order inside a script is the script's own. Offsets are a few hundredths of a second, as in the recorded runs, and
only matter where another process speaks in between. An event may name several neighbouring resources at once, divided
by blanks; only the first start and the last success then have a time of their own, the rest is written at the end.
"""

from __future__ import annotations

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.host import Resource, group_words, resource
from hamodel.logs.journal import Journal, Manager

_BEGIN, _SETTLE, _MOUNT = 20, 60, 80


@compound("acquire-group", needs="group")
def acquire_group(j: Journal, at: int, f: Fields) -> None:
    """ResourceManager takegroup begins."""
    _manager_begins(j, at, f, "rm-acquiring")


@compound("release-group", needs="group")
def release_group(j: Journal, at: int, f: Fields) -> None:
    """ResourceManager givegroup begins, or an acquiring one has given up."""
    _manager_begins(j, at, f, "rm-releasing")


def _manager_begins(j: Journal, at: int, f: Fields, key: str) -> None:
    group = j.group(f)
    owner, words = group_words(group)
    failed = f"{group}!"
    manager = j.managers.pop(failed, None)
    if manager is None:
        manager = j.new_manager(group)
    else:
        j.managers[group] = manager
        j.latest_manager = group
    j.say(key, at, manager.pid, ("rm", manager.pid), node=owner, resources=" ".join(words))


def _at_work(j: Journal, f: Fields) -> tuple[Manager, Resource, tuple[str, int]]:
    manager = j.manager(j.group(f))
    return manager, _resources(j, f)[0], ("rm", manager.pid)


def _resources(j: Journal, f: Fields) -> list[Resource]:
    return [resource(word) for word in j.resource_text(f).split()] or [resource("")]


@compound("resource-status-stopped", needs="resource", may="group")
def status_stopped(j: Journal, at: int, f: Fields) -> None:
    """Before a start the resource is asked whether it runs; it does not."""
    _status(j, at, f, "ra-stopped")


@compound("resource-status-running", needs="resource", may="group")
def status_running(j: Journal, at: int, f: Fields) -> None:
    """Before a start the resource is asked whether it runs; it does and is left alone."""
    _status(j, at, f, "ra-running")


def _status(j: Journal, at: int, f: Fields, key: str) -> None:
    _, what, stream = _at_work(j, f)
    _asked(j, at, what, stream, key)


def _asked(j: Journal, at: int, what: Resource, stream: object, key: str) -> None:
    if what.wrapped:
        j.wrapper_says(key, at, j.new_pid(24 if j.host.old else 27), what, stream)


@compound("resource-start", needs="resource", may="group")
def resource_start(j: Journal, at: int, f: Fields) -> None:
    """A start script begins."""
    manager, what, stream = _at_work(j, f)
    _start(j, at, manager, what, stream)


def _start(j: Journal, at: int, manager: Manager, what: Resource, stream: object) -> None:
    _run(j, at, manager, what, "start")
    if what.name == "IPaddr":
        a, then, agent = what.address, at + _SETTLE, manager.agent
        if not a.nic_given:
            j.agent_says("ip-calc-nic", then, agent, what, stream, ip=a.ip, nic=a.nic)
        j.agent_says("ip-calc-netmask", then, agent, what, stream, ip=a.ip, netmask=a.netmask)
        if j.host.old and not a.broadcast_given:
            j.agent_says("ip-calc-broadcast", then, agent, what, stream, ip=a.ip, broadcast=a.broadcast)
    elif what.name == "Filesystem":
        dev, place = _mount(what)
        j.agent_says("fs-running", at + _BEGIN, manager.agent, what, stream, op="start", dev=dev, dir=place)


def _run(j: Journal, at: int, manager: Manager, what: Resource, op: str) -> None:
    args = " ".join(what.args)
    j.say("rm-running", at, manager.pid, ("rm", manager.pid), script=what.script, args=args, op=op)
    if what.wrapped:
        manager.wrapper = j.new_pid(38 if j.host.old else 71)
        manager.agent = j.new_pid(3 if what.name == "Filesystem" else 21 if j.host.old else 24)


def _mount(what: Resource) -> tuple[str, str]:
    dev, place, *_ = (*what.args, "", "")
    return dev, place


@compound("resource-started", needs="resource", may="group")
def resource_started(j: Journal, at: int, f: Fields) -> None:
    """A start script has succeeded: the address answers, the file system is mounted."""
    manager, what, stream = _at_work(j, f)
    _started(j, at, manager, what, stream)
    for more in _resources(j, f)[1:]:
        _asked(j, at, more, stream, "ra-stopped")
        _start(j, at, manager, more, stream)
        _started(j, at, manager, more, stream)


def _started(j: Journal, at: int, manager: Manager, what: Resource, stream: object) -> None:
    if what.name == "IPaddr":
        a, nic = what.address, {"nic": what.address.nic, "n": j.alias(what.address.ip, what.address.nic)}
        ifconfig = "/sbin/ifconfig" if j.host.old else "ifconfig"
        fields = {"ifconfig": ifconfig, "ip": a.ip, "netmask": a.netmask, "broadcast": a.broadcast, **nic}
        j.agent_says("ip-eval", at - _MOUNT, manager.agent, what, stream, **fields)
        if j.host.old:
            j.avahi_says("avahi-register", at - _SETTLE, stream, ip=a.ip, nic=a.nic)
            j.agent_says("ip-garp", at - _SETTLE, manager.agent, what, stream, ip=a.ip, dev=a.nic, **nic)
    elif what.name == "IPaddr2":
        _address_added(j, at - _MOUNT, manager, what, stream)
    elif what.name == "Filesystem" and what.args[2:3] == ("ext3",):
        dev = what.args[0].rsplit("/", 1)[-1]
        j.kernel_says("kernel-kjournald", at - _MOUNT, stream, secs=5)
        j.kernel_says("kernel-ext3-journal", at - _MOUNT, stream, dev=dev)
        j.kernel_says("kernel-ext3-ordered", at - _MOUNT, stream)
    _success(j, at, manager, what, stream)


def _success(j: Journal, at: int, manager: Manager, what: Resource, stream: object) -> None:
    if what.wrapped:
        j.wrapper_says("ra-success", at, manager.wrapper, what, stream)


def _address_added(j: Journal, at: int, manager: Manager, what: Resource, stream: object) -> None:
    a = what.address
    fields = {"ip": a.ip, "netmask": a.bits, "broadcast": a.broadcast, "nic": a.nic}
    if j.host.old:
        j.agent_says("ip2-addr-add", at, manager.agent, what, stream, ip_tool="/sbin/ip", opt_label="", **fields)
        j.agent_says("ip2-link-up", at, manager.agent, what, stream, ip_tool="/sbin/ip", nic=a.nic)
    else:
        j.agent_says("ip2-adding", at, manager.agent, what, stream, family="inet", opt_with="", **fields)
        j.agent_says("ip2-link-up", at, manager.agent, what, stream, nic=a.nic)


@compound("resource-start-failed", needs="resource", may="group rc")
def resource_start_failed(j: Journal, at: int, f: Fields) -> None:
    """A start script has failed."""
    manager, what, stream = _at_work(j, f)
    if what.name == "Filesystem":
        dev, place = _mount(what)
        j.agent_says("fs-mount-failed", at - _BEGIN, manager.agent, what, stream, dev=dev, dir=place)
    elif what.name == "IPaddr":
        fields = {"ip": what.address.ip, "nic": what.address.nic, "rc": f.get("rc", "1")}
        j.agent_says("ip-add-failed", at - _BEGIN, manager.agent, what, stream, **fields)
    if what.wrapped:
        j.wrapper_says("ra-generic-error", at, manager.wrapper, what, stream)
    j.say("rm-return-code", at, manager.pid, stream, rc=f.get("rc", "1"), script=what.script)


@compound("group-giving-up", needs="resource", may="group")
def group_giving_up(j: Journal, at: int, f: Fields) -> None:
    """A group whose resource did not start is released again, by the same ResourceManager."""
    manager, what, stream = _at_work(j, f)
    j.say("rm-giving-up", at, manager.pid, stream, resource=what.text)
    group = j.group(f) or j.latest_manager
    j.managers[f"{group}!"] = manager


@compound("resource-stop", needs="resource", may="group")
def resource_stop(j: Journal, at: int, f: Fields) -> None:
    """A stop script begins."""
    manager, _, stream = _at_work(j, f)
    what = _resources(j, f)[-1]
    _run(j, at, manager, what, "stop")
    _stop_begins(j, at, manager, what, stream)


def _stop_begins(j: Journal, at: int, manager: Manager, what: Resource, stream: object) -> None:
    if what.name == "Filesystem":
        dev, place = _mount(what)
        j.agent_says("fs-running", at + _BEGIN, manager.agent, what, stream, op="stop", dev=dev, dir=place)
        j.agent_says("fs-unmount-try", at + _SETTLE, manager.agent, what, stream, dir=place)


@compound("resource-stopped", needs="resource", may="group")
def resource_stopped(j: Journal, at: int, f: Fields) -> None:
    """A stop script has succeeded."""
    manager, _, stream = _at_work(j, f)
    last, *others = reversed(_resources(j, f))
    _stopped(j, at, manager, last, stream)
    for more in others:
        _run(j, at, manager, more, "stop")
        _stop_begins(j, at, manager, more, stream)
        _stopped(j, at, manager, more, stream)


def _stopped(j: Journal, at: int, manager: Manager, what: Resource, stream: object) -> None:
    if what.name == "Filesystem":
        j.agent_says("fs-unmounted", at - _BEGIN, manager.agent, what, stream, dir=_mount(what)[1])
    elif what.name == "IPaddr":
        a = what.address
        n = j.alias(a.ip, a.nic)
        j.aliases.pop(a.ip, None)
        j.agent_says("ip-ifconfig-down", at - _BEGIN, manager.agent, what, stream, nic=a.nic, n=n, ip=a.ip)
        if j.host.old:
            j.avahi_says("avahi-withdraw", at - _BEGIN, stream, ip=a.ip, nic=a.nic)
    elif what.name == "IPaddr2":
        if j.host.old:
            fields = {"ip_tool": "/sbin/ip", "ip": what.address.ip, "nic": what.address.nic}
            j.agent_says("ip2-addr-delete", at - _BEGIN, manager.agent, what, stream, **fields)
        else:
            j.agent_says("ip2-status", at - _BEGIN, manager.agent, what, stream, status="ok", cip="")
    _success(j, at, manager, what, stream)


@compound("resource-stop-failed", needs="resource", may="group rc")
def resource_stop_failed(j: Journal, at: int, f: Fields) -> None:
    """A stop script has failed; it will be tried again for about ten seconds."""
    manager, what, stream = _at_work(j, f)
    if what.name == "Filesystem":
        j.agent_says("fs-unmount-giveup", at - _BEGIN, manager.agent, what, stream, dir=_mount(what)[1])
    if what.wrapped:
        j.wrapper_says("ra-generic-error", at, manager.wrapper, what, stream)
    j.say("rm-return-code", at, manager.pid, stream, rc=f.get("rc", "1"), script=what.script)


@compound("resource-stop-retry", needs="resource", may="group")
def resource_stop_retry(j: Journal, at: int, f: Fields) -> None:
    """A failed stop is tried again."""
    manager, what, stream = _at_work(j, f)
    j.say("rm-retry-stop", at, manager.pid, stream, resource=what.text)
    _run(j, at, manager, what, "stop")
    _stop_begins(j, at, manager, what, stream)


@compound("stop-failure-reboot", may="group")
def stop_failure(j: Journal, at: int, f: Fields) -> None:
    """A resource that will not stop costs the machine: the daemon is killed and the machine rebooted at once."""
    manager = j.manager(j.group(f))
    for key in ("rm-stop-failure", "rm-killing-hb"):
        j.say(key, at, manager.pid, ("rm", manager.pid))
    j.daemon_gone()


@compound("stop-failure-avoided", may="group resource")
def stop_failure_avoided(j: Journal, at: int, f: Fields) -> None:
    """A stop that kept failing on a resource that is stopped after all."""
    manager = j.manager(j.group(f))
    stream = ("rm", manager.pid)
    if f.get("resource"):
        for key in ("rm-not-lsb", "rm-must-succeed"):
            j.say(key, at, manager.pid, stream, resource=j.resource_text(f))
    j.say("rm-reboot-avoided", at, manager.pid, stream)
