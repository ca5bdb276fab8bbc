"""Structure: what of a configuration shapes the rules, as opposed to the numbers, which are run-time options."""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.rule_text import Shape
from hamodel.machines.world import ABSENT, ORDERS, ROLES, Duty


@dataclass(frozen=True, slots=True)
class StepInfo:
    """One step of a group: a resource, or neighbours of no interest to any property, merged into one."""

    text: str
    resource_type: str
    address: bool
    device: str
    """The exclusive device this step mounts, or an empty text."""


@dataclass(frozen=True, slots=True)
class GroupInfo:
    """One group under its key, as the haresources of each node has it."""

    lines: tuple[str, str]
    """The line in the file of each node; empty where it has none."""
    owners: tuple[int, int]
    """For each file 0 or 1; 2 when it names neither node, 3 when it has no such line."""
    steps: tuple[StepInfo, ...]
    """What either file has, but for what lives in another group."""
    order: tuple[tuple[int, ...], tuple[int, ...]]
    """For each node the steps of its line from left to right, counted through all groups; none without a line."""

    @property
    def line(self) -> str:
        return self.lines[0] or self.lines[1]

    @property
    def owner(self) -> int:
        """The preferred node where the files that have the group agree on it; 2 where they do not."""
        named = {owner for owner in self.owners if owner != ABSENT}
        return named.pop() if len(named) == 1 else 2


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """One process Heartbeat is to start; the pairs say what holds on each of the two nodes."""

    id: str
    """The name under which it signs on: the base name of its program."""
    command: str
    user: str
    there: tuple[bool, bool] = (True, True)
    failfast: tuple[bool, bool] = (False, False)
    barred: tuple[bool, bool] = (False, False)
    leaves: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Structure:
    """Nodes, cables, media, ping nodes and groups with all that connects them.

    Cables are named; indices follow the tuples.
    """

    nodes: tuple[str, str]
    cables: tuple[str, ...]
    media: tuple[tuple[str, tuple[int, ...]], ...]
    """Name and the cables it needs."""
    pings: tuple[tuple[str, tuple[tuple[int, ...], tuple[int, ...]]], ...]
    """Name and for each node the cables to it."""
    watches: tuple[tuple[bool, ...], ...]
    """For each node and ping node whether its ha.cf names it."""
    phantoms: tuple[tuple[int, ...], tuple[int, ...]]
    """For each node the ping nodes that 2.0.8 takes for cluster nodes there."""
    service: tuple[tuple[int, ...], tuple[int, ...]]
    """For each node the cables between its service addresses and the clients."""
    groups: tuple[GroupInfo, ...]
    file_order: tuple[tuple[int, ...], tuple[int, ...]]
    """For each node the groups of its file in order."""
    ipfail: bool
    ipfail_refuses: tuple[bool, bool] = (False, False)
    ipfail_alone: tuple[bool, bool] = (False, False)
    legacy: tuple[bool, bool] = (False, False)
    """For each node whether it has auto_failback legacy."""
    switches: tuple[int, ...] = ()
    """The cables that are switches, in a scenario that names the kind."""
    thirds: tuple[str, ...] = ()
    """The nodes beyond the pair."""
    third_groups: tuple[int, ...] = ()
    """For each of them the groups it prefers, as a set of bits."""
    fences: bool = False
    """Some node has a STONITH device."""
    on_demand: tuple[str, ...] = ()
    """The rare kinds of faults and commands this scenario names."""
    crm: bool = False
    """Nothing but clients is played."""
    clients: tuple[ClientInfo, ...] = ()

    @property
    def client_labels(self) -> tuple[str, ...]:
        """Their names; of namesakes all but the first get a number."""
        ids = [c.id for c in self.clients]
        earlier = [ids[:i].count(id) for i, id in enumerate(ids)]
        return tuple(f"{id}#{n + 1}" if n else id for id, n in zip(ids, earlier, strict=True))

    @property
    def steps(self) -> tuple[StepInfo, ...]:
        return tuple(s for g in self.groups for s in g.steps)

    def shape(self) -> Shape:
        """The sizes, labels and tables for `compose`."""
        home = tuple(index for index, group in enumerate(self.groups) for _ in group.steps)
        listed = tuple(tuple(group.order[n] for group in self.groups) for n in (0, 1))
        steps_of = tuple(tuple(group.order[n] or group.order[1 - n] for group in self.groups) for n in (0, 1))
        step_group = tuple(
            tuple(next((g for g, own in enumerate(listed[n]) if s in own), home[s]) for s in range(len(home)))
            for n in (0, 1)
        )
        take = tuple(tuple(s for g in self.file_order[n] for s in listed[n][g]) for n in (0, 1))
        take_end = tuple(
            tuple(max((take[n].index(s) + 1 for s in own), default=0) for own in listed[n]) for n in (0, 1)
        )
        release = tuple(tuple(s for g in self.file_order[n] for s in reversed(listed[n][g])) for n in (0, 1))
        return Shape(
            sizes={
                "Node": 2,
                "Cable": len(self.cables),
                "Medium": len(self.media),
                "Ping": len(self.pings),
                "Third": len(self.thirds),
                "Group": len(self.groups),
                "Step": len(self.steps),
                "Slot": 2 * ROLES,
                "Order": ORDERS if self.fences else 0,
                "Duty": len(Duty),
                "Client": len(self.clients),
            },
            labels={
                "Node": self.nodes,
                "Cable": self.cables,
                "Medium": tuple(m[0] for m in self.media),
                "Ping": tuple(p[0] for p in self.pings),
                "Third": self.thirds,
                "Group": tuple(str(i) for i in range(len(self.groups))),
                "Step": tuple(s.text for s in self.steps),
                "Order": ("first", "second"),
                "Client": self.client_labels,
                "Slot": ("queue", "standby", "release", "queue2", "standby2", "release2"),
            },
            tables={
                "node_name": self.nodes,
                "medium_name": tuple(m[0] for m in self.media),
                "medium_cables": tuple(m[1] for m in self.media),
                "ping_name": tuple(p[0] for p in self.pings),
                "ping_cables": tuple(tuple(p[1][n] for p in self.pings) for n in (0, 1)),
                "watches": self.watches,
                "phantoms": self.phantoms,
                "some_phantoms": any(self.phantoms),
                "service_cables": self.service,
                "group_line": tuple(tuple(g.lines[n] for g in self.groups) for n in (0, 1)),
                "group_owner": tuple(tuple(g.owners[n] for g in self.groups) for n in (0, 1)),
                "group_steps": steps_of,
                "step_group": step_group,
                "take_end": take_end,
                "step_text": tuple(s.text for s in self.steps),
                "take_order": take,
                "release_order": release,
                "has_ipfail": self.ipfail,
                "ipfail_refuses": self.ipfail_refuses,
                "ipfail_alone": self.ipfail_alone,
                "legacy_mode": self.legacy,
                "some_legacy": any(self.legacy),
                "third_name": self.thirds,
                "third_groups": self.third_groups,
                "more_nodes": bool(self.thirds),
                "edits": "edit" in self.on_demand,
                "reorders": "reorder" in self.on_demand,
                "loses": "loss" in self.on_demand,
                "starves": "starve" in self.on_demand,
                "sticks": "stuck" in self.on_demand,
                "delays": "delay" in self.on_demand,
                "reloads": "reload" in self.on_demand or "mistake" in self.on_demand,
                "services_die": "service_dies" in self.on_demand,
                "stalls": "stall" in self.on_demand,
                "switches": self.switches,
                **self._client_tables(),
            },
        )

    def _client_tables(self) -> dict[str, object]:
        clients = self.clients
        return {
            "plays_clients": bool(clients),
            "plays_ipfail": tuple(
                self.ipfail and any(c.id == "ipfail" and c.there[n] for c in clients) for n in (0, 1)
            ),
            "crm_mode": self.crm,
            "client_id": tuple(c.id for c in clients),
            "client_command": tuple(c.command for c in clients),
            "client_user": tuple(c.user for c in clients),
            "client_namesakes": tuple(
                tuple(i for i, other in enumerate(clients) if other is not c and other.id == c.id) for c in clients
            ),
            "client_is_ipfail": tuple(self.ipfail and c.id == "ipfail" for c in clients),
            "client_there": tuple(tuple(c.there[n] for c in clients) for n in (0, 1)),
            "client_failfast": tuple(tuple(c.failfast[n] for c in clients) for n in (0, 1)),
            "client_barred": tuple(tuple(c.barred[n] for c in clients) for n in (0, 1)),
            "client_leaves": tuple(tuple(c.leaves[n] for c in clients) for n in (0, 1)),
        }
