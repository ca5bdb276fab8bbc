"""What a property file sees of a cluster: its nodes, groups, resources and cables, and what can be observed of them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hamodel.errors import UnknownObservable
from hamodel.ir.compose import BUDGET, BUDGET_TOTAL
from hamodel.ir.expr import Expr, Op, Option, Read, binary
from hamodel.ir.observe import Memory, remembered
from hamodel.properties.formula import Formula, all_of, any_of, false


@dataclass(frozen=True, slots=True)
class Node:
    """One of the two machines, in the order of the `node` lines."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One word of haresources. `exclusive`: a disk that only one machine may mount at a time."""

    index: int
    text: str
    group: int
    address: bool = False
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One line of haresources. `owner` is the node it prefers, or None where the line names no node of the cluster."""

    index: int
    text: str
    owner: Node | None
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Cable:
    """What a fault cuts at once: one card, one serial line."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping node or a group of them."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Client:
    """One process that ha.cf has Heartbeat start."""

    index: int
    name: str


Part = Node | Group | Resource | Cable | Ping | Client | int


@dataclass(frozen=True, slots=True)
class Layout:
    """The names behind the indices of a system's observables."""

    nodes: tuple[Node, ...]
    groups: tuple[Group, ...] = ()
    resources: tuple[Resource, ...] = ()
    cables: tuple[Cable, ...] = ()
    pings: tuple[Ping, ...] = ()
    beyond: tuple[Node, ...] = ()
    """The nodes beyond the pair that is explored in full, numbered from 2."""
    clients: tuple[Client, ...] = ()
    alone: str = ""
    """Why nothing but the clients is played; where it is said, no question about resources makes sense."""


@dataclass(frozen=True)
class Cluster:
    """The cluster as properties see it. Every observable that a machine exports is one question here, by its name."""

    layout: Layout
    observables: Mapping[str, Expr]
    settings: Mapping[str, int] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    """How many of each kind of fault the scenario pays for."""
    commands: Mapping[str, int] = field(default_factory=dict)
    """How many of each operator command."""
    asked: str = "property"
    """The property that asks; its memories carry this name."""
    memories: list[Memory] = field(default_factory=list)

    @property
    def nodes(self) -> tuple[Node, ...]:
        return self.layout.nodes

    @property
    def machines(self) -> tuple[Node, ...]:
        """Every machine on which a resource may run: the two nodes, and those beyond them in a larger cluster."""
        return (*self.layout.nodes, *self.layout.beyond)

    @property
    def groups(self) -> tuple[Group, ...]:
        self._has_resources()
        return self.layout.groups

    @property
    def resources(self) -> tuple[Resource, ...]:
        self._has_resources()
        return self.layout.resources

    @property
    def clients(self) -> tuple[Client, ...]:
        """The clients whose lives are played."""
        return self.layout.clients

    def _has_resources(self) -> None:
        if self.layout.alone:
            raise UnknownObservable(f"nothing is known of resources: {self.layout.alone}")

    @property
    def disks(self) -> tuple[Resource, ...]:
        """The resources only one machine may hold."""
        return tuple(r for r in self.resources if r.exclusive)

    @property
    def addresses(self) -> tuple[Resource, ...]:
        return tuple(r for r in self.resources if r.address)

    def peer(self, node: Node) -> Node:
        """The other one."""
        return next(other for other in self.nodes if other != node)

    def observe(self, name: str, *parts: Part) -> Formula:
        """The observable of this name, for these nodes, groups, resources or cables."""
        indices = [str(part if isinstance(part, int) else part.index) for part in parts]
        key = f"{name}[{','.join(indices)}]" if indices else name
        if key not in self.observables:
            raise UnknownObservable(f"this cluster has no observable `{key}`", help=_suggest(key, self.observables))
        return Formula(self.observables[key])

    def has(self, name: str) -> bool:
        """Whether any observable of this name exists here."""
        return any(key.split("[", 1)[0] == name for key in self.observables)

    def setting(self, name: str, default: int | None = None) -> int:
        """A run-time option of the system: ms, or 0 and 1. For one per node (`deadtime[0]`) the largest."""
        values = [v for key, v in self.settings.items() if key == name or key.startswith(f"{name}[")]
        if not values and default is None:
            raise UnknownObservable(f"this system has no option `{name}`", help=_suggest(name, self.settings))
        return max(values) if values else (default or 0)

    def remember(self, name: str, when: Formula, forget: Formula | None = None) -> Formula:
        """True from the step after which `when` held until `forget` holds."""
        full = f"{self.asked}.{name}"
        gone = forget if forget is not None else false()
        self.memories.append(Memory(full, when.expr, gone.expr, switch=self.asked))
        return Formula(remembered(full))

    def up(self, node: Node, resource: Resource) -> Formula:
        """The resource really runs there, whatever anybody believes."""
        if node in self.layout.beyond:
            return self.observe("up_beyond", node.index - len(self.nodes), resource)
        return self.observe("up", node, resource)

    def owns(self, node: Node, group: Group) -> Formula:
        """Every resource of the group runs on the node."""
        if node in self.layout.beyond:
            return all_of(self.up(node, resource) for resource in group.resources)
        return self.observe("owns", node, group)

    def serves(self, node: Node, group: Group) -> Formula:
        """The node owns the group, has power, and clients can reach it."""
        return self.owns(node, group) if node in self.layout.beyond else self.observe("serves", node, group)

    def served(self, group: Group) -> Formula:
        """Some node serves the group."""
        return any_of(self.serves(node, group) for node in self.machines)

    def active(self, node: Node) -> Formula:
        """Heartbeat runs there, its communication is up, and it is not stopping."""
        return self.observe("active", node)

    @property
    def healthy(self) -> Formula:
        """Every cable is in, every ping node answers, both machines have power and an active Heartbeat."""
        return self.observe("healthy")

    @property
    def faults_spent(self) -> Formula:
        """No fault and no command can come any more."""
        return self.observe("faults_spent") if self.has("faults_spent") else Formula(Read(BUDGET)).is_(0)

    @property
    def faulted(self) -> Formula:
        """At least one fault or command has come."""
        if self.has("faulted"):
            return self.observe("faulted")
        return Formula(binary(Op.LT, Read(BUDGET), Option(BUDGET_TOTAL)))

    @property
    def quiet(self) -> Formula:
        """No script runs and no message is on its way."""
        return self.observe("quiet")

    @property
    def auto_failback(self) -> bool:
        """Whether groups go back to their preferred node by themselves."""
        switches = [v for key, v in self.settings.items() if key.split("[")[0] == "auto_failback"]
        return bool(switches) and all(switches)


def _suggest(key: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else "known: " + ", ".join(sorted({k.split("[")[0] for k in known}))


Condition = Callable[[Cluster], Formula]
