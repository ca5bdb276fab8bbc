"""The calls of resource scripts on one node, with their ends: what ResourceManager and agents say together.

ResourceManager writes only the beginning of a call. Its end is the agent's `Success`, the script's return code, or the
next line of the same ResourceManager, which goes on when the script has come back. A daemon that dies leaves its
scripts running, so a call ends by no line of the daemon; a boot ends all, and process numbers begin again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.report import Proof
from hamodel.incident.resources import ADDRESSES, Resource, agent_of, beginning, cut, find, group_of, of_call

TELLING = ADDRESSES | {"Filesystem"}
"""Agents whose wrapper writes `Success` when a call is over."""

LONGEST = 120_000
"""ms that a start may run unseen before it counts as over when a standby comes: it does not wait for a start."""

IDLE = ("harc-running", "hbr-giveup-begin")
"""What the daemon does only while no child of its own runs a script (semantics 4.5): it hands the messages that wait
to harc one at a time, and gives everything up only when it is stable."""

MOST = 64
"""Calls that are remembered as not over."""


@dataclass(slots=True)
class Run:
    """One call. `ok` None: nothing says how it ended. A `status` call has `ok` True where the resource was there.

    `begin` is the second in which it began, `end` the last ms at which it can have ended; the numbers order what
    happened within a second. `inferred`: the agent told that something was there to be taken away;
    `mute`: an agent that usually tells its end came back without a word; `latest`: it was over by `end`, perhaps long
    before; `seen`: the last second in which the agent of a stop said that it was still there.
    """

    node: str
    resource: Resource
    op: str
    begin: int
    end: int | None = None
    ok: bool | None = None
    rc: str = ""
    pid: int | None = None
    inferred: bool = False
    mute: bool = False
    latest: bool = False
    seen: int | None = None
    begun_no: int = 0
    ended_no: int = 0
    proofs: list[Proof] = field(default_factory=list)


class Runs:
    """Reads the facts of a node in order."""

    def __init__(self, node: str) -> None:
        self.node = node
        self.runs: list[Run] = []
        self.groups: dict[tuple[Resource, ...], tuple[str, Proof]] = {}
        self.known: dict[str, Resource] = {}
        self._open: list[Run] = []
        self._group: tuple[Resource, ...] = ()
        self._number = 0
        self._told: set[str] = set()
        self._whole = 0
        self._untracked = -1
        self._standby = False
        self.uncalled: list[Fact] = []
        self.silent_agents: frozenset[str] = frozenset()

    def read(self, facts: Sequence[Fact]) -> list[Run]:
        """All calls, in order of their beginning."""
        for self._number, fact in enumerate(facts):
            self._one(fact)
        self.silent_agents = TELLING - self._told
        return self.runs

    def _one(self, fact: Fact) -> None:
        if fact.key in IDLE:
            self._idle(fact)
        match fact.key:
            case "node-boot" | "kernel-boot":
                self._open = []
            case "hb-version" | "pt-killed":
                self._untracked = self._number
                if fact.key == "hb-version" and fact.pid is not None:
                    self._open = [run for run in self._open if run.pid is None or run.pid < fact.pid]
            case "rm-acquiring" | "rm-releasing":
                self._next_line(fact)
                self._group = group_of(fact.get("resources"))
                for resource in self._group:
                    self._know(resource)
                self.groups.setdefault(self._group, (fact.get("node"), fact.proof))
            case "rm-running":
                self._next_line(fact)
                call = f"{fact.get('script')} {fact.get('args')} {fact.get('op')}".split()
                self._begin(fact, of_call(call[0], " ".join(call[1:-1])), call[-1])
            case "rm-return-code":
                self._returned(fact, fact.get("script"), fact.get("rc"))
            case "rm-dbg-done":
                self._returned(fact, f"{fact.get('script')} {fact.get('args')}", fact.get("rc"))
            case "ra-success":
                self._told.add(agent_of(fact.tag)[0])
                self._ended(fact, ok=True)
            case "ra-generic-error" | "fs-mount-failed" | "fs-unmount-giveup":
                self._ended(fact, ok=False)
            case "ra-running" | "ra-stopped":
                self._status(fact, there=fact.key == "ra-running")
            case "ip2-status" if fact.get("status") in ("ok", "no"):
                self._status(fact, there=fact.get("status") == "ok")
            case "fs-running":
                self._seen(fact, fact.get("op"), fact.get("dev"))
            case "fs-unmounted" | "fs-unmount-try":
                self._undone(fact)
            case "hbr-giveup-begin" | "hbr-gostandby-begin" | "hbr-resources-acquired-from" | "md-taking-over":
                self._whole = fact.at
                self._standby = fact.key == "hbr-gostandby-begin"
            case "hbr-giveup-end" | "hb-shutdown-complete":
                self._together(fact, "stop")
            case "hbr-gostandby-end":
                self._together(fact, "start" if fact.get("acquisition_or_release") == "acquisition" else "stop")
            case "hbr-machdown-complete" | "md-complete":
                self._together(fact, "start")
            case "kernel-ext3-ordered":
                self._mounted(fact)
            case "ip-eval" | "ip2-addr-add" | "ip2-adding":
                self._seen(fact, "start", fact.get("ip"))
            case "ip-ifconfig-down" | "ip2-addr-delete":
                self._undone(fact)

    def _know(self, resource: Resource) -> Resource:
        """The resource as it was named first, with the longest word."""
        before = self.known.get(resource.name)
        if before is None or len(resource.word) > len(before.word):
            self.known[resource.name] = resource
        return self.known[resource.name]

    def _begin(self, fact: Fact, resource: Resource, op: str) -> Run:
        for before in [run for run in self._open if run.resource.name == resource.name]:
            if op == "stop" and before.op == "start" and resource.script not in TELLING and self._waits(before, fact):
                before.latest = True
                self._end(before, fact, ok=True)
        run = Run(
            self.node, self._know(resource), op, fact.at, pid=fact.pid, begun_no=self._number, proofs=[fact.proof]
        )
        self.runs.append(run)
        self._open.append(run)
        del self._open[:-MOST]
        return run

    def _waits(self, start: Run, stop: Fact) -> bool:
        """Whether a start was over before this stop: they are of one ResourceManager, or heartbeat waited for it."""
        return not self._standby or start.pid == stop.pid or stop.at - start.begin > LONGEST

    def _end(self, run: Run, fact: Fact, ok: bool, rc: str = "") -> None:
        run.end, run.ok, run.rc, run.ended_no = fact.at + SECOND, ok, rc, self._number
        run.proofs.append(fact.proof)
        self._open.remove(run)

    def _next_line(self, fact: Fact) -> None:
        """The same ResourceManager goes on: what it ran before has come back."""
        for run in [run for run in self._open if run.pid is not None and run.pid == fact.pid]:
            run.mute = run.resource.script in self._told
            self._end(run, fact, ok=True)

    def _together(self, fact: Fact, op: str) -> None:
        """The whole is done, so its calls have come back, but for agents that tell their own end."""
        for run in [run for run in self._open if run.op == op and run.resource.script not in TELLING]:
            run.latest = run.begin < self._whole
            self._end(run, fact, ok=True)

    def _idle(self, fact: Fact) -> None:
        """No child runs a script: what this life of the daemon began has come back, if none of its children was killed.

        The daemon counts a child that was killed as done, and does not know what the life before it left running.
        """
        for run in [run for run in self._open if run.begun_no > self._untracked]:
            if run.op in ("start", "stop") and run.resource.script not in TELLING:
                run.latest = True
                self._end(run, fact, ok=True)

    def _returned(self, fact: Fact, script: str, rc: str) -> None:
        """ResourceManager tells a return code, after the agent may have ended the call already."""
        name = of_call(script, "").script
        ours = [run for run in self.runs[-20:] if run.resource.script == name and run.op != "status"]
        mine = [run for run in ours if run.pid == fact.pid] or ours
        if not mine:
            return
        run = mine[-1]
        if run in self._open:
            self._end(run, fact, rc == "0", rc)
        else:
            run.proofs.append(fact.proof)
            if rc != "0":
                run.ok, run.rc = False, rc

    def _ended(self, fact: Fact, ok: bool) -> None:
        resource = self._spoken(fact)
        for run in reversed(self._open):
            if run.op in ("start", "stop") and _is(run, resource, fact):
                self._end(run, fact, ok)
                return
        self.uncalled.append(fact)

    def _mounted(self, fact: Fact) -> None:
        """The kernel says that a disk was mounted: the last start of one is over."""
        for run in reversed(self._open):
            if run.op == "start" and run.resource.script == "Filesystem":
                self._end(run, fact, ok=True)
                return

    def _status(self, fact: Fact, there: bool) -> None:
        resource = self._spoken(fact)
        if resource is not None:
            run = self._begin(fact, resource, "status")
            run.pid = None
            self._end(run, fact, ok=there)

    def _seen(self, fact: Fact, op: str, name: str) -> None:
        """The agent itself tells that it starts or stops something: a call, if no line told of it before."""
        resource = self.known.get(name) or self._spoken(fact)
        if resource is None or op not in ("start", "stop"):
            return
        for run in reversed(self._open):
            if run.resource.name == resource.name and run.op == op:
                run.proofs.append(fact.proof)
                return
        if not any(r.resource.name == resource.name and r.op == op and (r.end or 0) >= fact.at for r in self.runs[-6:]):
            self._begin(fact, resource, op)

    def _undone(self, fact: Fact) -> None:
        """It was there, and the agent takes it away; but for one line the agent writes so before it does."""
        resource = self.known.get(fact.get("ip")) or self._spoken(fact)
        if resource is None:
            return
        over = fact.key == "fs-unmounted"
        for run in reversed(self._open):
            if run.resource.name == resource.name and run.op == "stop":
                run.proofs.append(fact.proof)
                run.inferred = True
                run.seen = run.seen if over else fact.at
                return
        if fact.key == "fs-unmount-try":
            return
        run = self._begin(fact, resource, "stop")
        run.inferred = True
        self._end(run, fact, ok=True)

    def _spoken(self, fact: Fact) -> Resource | None:
        agent, instance = agent_of(fact.tag)
        if cut(fact.tag):
            lately = [run.resource for run in reversed(self._open)]
            return beginning([*lately, *self.known.values()], agent, instance)
        instance = instance or fact.get("dev") or fact.get("ip")
        meant = None if instance else next(self._recent(agent), None)
        return meant or find(list(self.known.values()), agent, instance)

    def _recent(self, agent: str) -> Iterator[Resource]:
        """What an agent without an instance means: what it was called for last, else the group's own."""
        for run in reversed(self._open):
            if run.resource.script == agent:
                yield run.resource
                return
        ours = [resource for resource in self._group if resource.script == agent]
        if len(ours) == 1:
            yield ours[0]


def _is(run: Run, resource: Resource | None, fact: Fact) -> bool:
    if resource is not None:
        return run.resource.name == resource.name
    return run.resource.script == agent_of(fact.tag)[0]
