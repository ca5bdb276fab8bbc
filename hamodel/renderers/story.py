"""A trace told in plain sentences: what befell the cluster, and what the cluster then did.

A fault, a repair or a command brings its own sentence; the rest is told by the log lines a node writes on the way.
Lines that add nothing to a story are left out here; the synthetic logs have them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hamodel.ir.report import StoryLine
from hamodel.ir.system import Kind, System
from hamodel.ir.trace import LogLine, Step, Trace

SENTENCES: Mapping[str, str] = {
    "boot": "boots",
    "daemon-start": "starts heartbeat",
    "comm-up": "is active: it has heard its peer, or given it up",
    "hb-node-dead": "declares {node} dead",
    "hb-node-status": "learns that {node} is {status}",
    "hb-peer-restarted": "notices that heartbeat was restarted on {node}",
    "hb-late-heartbeat": "gets a late heartbeat from {node}",
    "hb-late-heartbeat-deadtime": "gets a heartbeat from {node} that is later than the deadtime",
    "partition-healed": "hears {node}, which it thought dead: heartbeat will restart",
    "no-local-heartbeat": "does not hear itself: heartbeat will restart",
    "hb-link-status": "finds the link {link} {status}",
    "hbr-audit-both-local": "notices that both machines own its resources",
    "hbr-audit-both-foreign": "notices that both machines own its peer's resources",
    "hbr-audit-none-local": "notices that nobody owns its resources",
    "hbr-audit-none-foreign": "notices that nobody owns its peer's resources",
    "acquire-group": "begins to acquire {group}",
    "release-group": "begins to release {group}",
    "resource-started": "{+resource}",
    "resource-start-failed": "cannot start {resource}",
    "resource-stopped": "{-resource}",
    "resource-stop-failed": "cannot stop {resource}",
    "group-giving-up": "gives up its resources because {resource} failed",
    "stop-failure-reboot": "kills heartbeat, because a resource does not stop",
    "hbst-going": "wants to hand over its {rsc_type} resources",
    "start-failure-standby": "wants to hand over its resources after the failed start",
    "hbr-standby-acquire": "takes over the {rsc_type} resources of {node}",
    "hbr-standby-cancelled": "calls the handover off",
    "hb-standby-timeout": "gets no reply to its offer to hand over",
    "hbr-dead-gave-up": "knows that {node} had given up its resources",
    "hbr-no-stonith": "has no fencing device: shared disks are not protected",
    "no-stonith": "has no fencing device: shared disks are not protected",
    "hbr-shutdown-notice": "is told that {node} is stopping",
    "stonith-begin": "begins to reset {node}",
    "stonith-ok": "has reset {node}",
    "stonith-badhost": "has a device that cannot reset {node}",
    "stonith-failed": "fails to reset {node}",
    "give-up-all-begin": "begins to give up all resources",
    "give-up-all-end": "has given up all resources",
    "client-fork": "starts {client}",
    "client-signed-on": "has {client} signed on",
    "client-duplicate": "refuses a second {client}",
    "client-barred": "does not let {client} sign on: its user is not allowed to",
    "client-bad-pid": "is asked by a process that is no more",
    "client-exited": "sees {client} end with {exitcode}",
    "client-killed": "sees that {client} was killed",
    "hb-client-respawn-fast": "leaves {client_cmd} dead: it was respawning too fast",
    "reboot-now": "reboots, because {reason} died",
    "shutdown-complete": "has stopped heartbeat",
    "reload-exec": "restarts heartbeat in place",
    "hb-config-error-restart": "refuses its ha.cf: heartbeat is gone, what ran goes on",
    "hb-config-error-exit": "refuses its ha.cf: heartbeat does not start",
    "hb-emergency-kill": "kills its own heartbeat in an emergency",
    "mcp-died": "loses what is left of heartbeat",
    "watchdog-unclean-close": "has a watchdog that nobody feeds any more",
    "watchdog-reset": "is reset by its watchdog",
    "reset-by-peer": "is reset by its peer",
    "ipfail-giveup": "asks to hand over resources, as ipfail wants it",
    "ipfail-delayed-giveup": "will soon ask to hand over resources, if ipfail sees no change",
    "ipfail-balanced": "sees as many ping nodes as its peer",
}
"""Log keys that carry a story. A hole with `+` or `-` says what it means that the resource is up or down."""

_RSC_TYPES = ("no", "local", "foreign", "all")


@dataclass(frozen=True, slots=True)
class Cast:
    """The names a story needs: nodes, and for each group its line and its resources."""

    nodes: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


def tell(system: System, trace: Trace, cast: Cast, ending: str = "") -> tuple[StoryLine, ...]:
    """The story of a trace; times count from its first fault or command, or from its beginning where there is none."""
    zero = _zero(system, trace)
    lines = [line for step in trace.steps for line in _step(system, step, cast)]
    if not any(not line.cause for line in lines):
        lines = [line for step in trace.steps for line in _bare(system, step)]
    if ending:
        lines.append(StoryLine(trace.steps[-1].at if trace.steps else 0, "", ending))
    if trace.loop is not None:
        first = trace.steps[trace.loop].action if trace.loop < len(trace.steps) else ""
        lines.append(StoryLine(None, "", f"and so on for ever, again from: {first}"))
    return tuple(
        StoryLine(None if line.at is None else line.at - zero, line.node, line.text, line.cause) for line in lines
    )


def _zero(system: System, trace: Trace) -> int:
    for step in trace.steps:
        if system.actions[system.action_index[step.action]].fault and step.at is not None:
            return step.at
    return 0


def _step(system: System, step: Step, cast: Cast) -> Iterator[StoryLine]:
    action = system.actions[system.action_index[step.action]]
    if action.kind is not Kind.TIMER:
        yield StoryLine(step.at, "", action.text or _plain(action.name), cause=True)
    elif action.text:
        yield StoryLine(step.at, "", action.text)
    for line in step.logs:
        text = _sentence(line, cast)
        if text:
            yield StoryLine(step.at, _name(str(line.node), cast), text)


def _bare(system: System, step: Step) -> Iterator[StoryLine]:
    """For a system without log lines: the names of its actions."""
    action = system.actions[system.action_index[step.action]]
    yield StoryLine(step.at, "", action.text or _plain(action.name), cause=action.kind is not Kind.TIMER)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _sentence(line: LogLine, cast: Cast) -> str:
    form = SENTENCES.get(line.key)
    if form is None:
        return ""
    fields = dict(line.fields)
    resource = _resource(fields, cast)
    peer = next((name for i, name in enumerate(cast.nodes) if i != line.node), "its peer")
    values = {
        "node": _name(fields["node"], cast) if "node" in fields else peer,
        "group": _group(fields.get("group", ""), cast),
        "resource": resource,
        "+resource": _up(resource),
        "-resource": _down(resource),
        "rsc_type": _rsc_type(fields.get("rsc_type", "")),
    }
    for name, value in {**fields, **values}.items():
        form = form.replace("{" + name + "}", value)
    return form


def _name(node: str, cast: Cast) -> str:
    return cast.nodes[int(node)] if node.isdecimal() and int(node) < len(cast.nodes) else node


def _group(group: str, cast: Cast) -> str:
    """A group by its owner, and by its first resource where the owner has several."""
    line = cast.groups[int(group)][0] if group.isdecimal() and int(group) < len(cast.groups) else group
    line = next((text for text, members in cast.groups if group in (text, *members[:1])), line)
    owner, *resources = line.split() or [""]
    if owner not in cast.nodes:
        return f"the group {line}" if line else "its group"
    alike = [text for text, _ in cast.groups if text.split()[:1] == [owner]]
    return f"{owner}'s group" + (f" {resources[0]}" if len(alike) > 1 and resources else "")


def _resource(fields: Mapping[str, str], cast: Cast) -> str:
    resource, group = fields.get("resource", ""), fields.get("group", "")
    if not resource.isdecimal():
        return resource
    members = cast.groups[int(group)][1] if group.isdecimal() and int(group) < len(cast.groups) else ()
    return members[int(resource)] if int(resource) < len(members) else f"resource {resource}"


def _rsc_type(value: str) -> str:
    return _RSC_TYPES[int(value)] if value.isdecimal() and int(value) < len(_RSC_TYPES) else value


def _parts(resource: str) -> tuple[str, str]:
    kind, _, rest = resource.partition("::")
    if not rest and kind[:1].isdigit():
        return "IPaddr", kind
    return kind, rest.split("::")[0]


def _up(resource: str) -> str:
    kind, first = _parts(resource)
    if kind == "Filesystem":
        return f"has mounted {first}"
    if kind in ("IPaddr", "IPaddr2", "IPv6addr"):
        return f"has the address {first.split('/')[0]}"
    if kind in ("drbddisk", "drbdupper"):
        return f"has made {first} primary"
    return f"runs {resource}"


def _down(resource: str) -> str:
    kind, first = _parts(resource)
    if kind == "Filesystem":
        return f"has unmounted {first}"
    if kind in ("IPaddr", "IPaddr2", "IPv6addr"):
        return f"no longer has the address {first.split('/')[0]}"
    if kind in ("drbddisk", "drbdupper"):
        return f"has made {first} secondary"
    return f"has stopped {resource}"
