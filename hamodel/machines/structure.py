"""Structure: what of a configuration shapes the rules, as opposed to the numbers, which are run-time options."""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.rule import Shape
from hamodel.machines.world import ABSENT, ROLES, Duty


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
    """What either file has."""
    order: tuple[tuple[int, ...], tuple[int, ...]]
    """For each node the positions in `steps` its file has, in its order."""

    @property
    def line(self) -> str:
        return self.lines[0] or self.lines[1]

    @property
    def owner(self) -> int:
        """The preferred node where the files that have the group agree on it; 2 where they do not."""
        named = {owner for owner in self.owners if owner != ABSENT}
        return named.pop() if len(named) == 1 else 2


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
    service: tuple[tuple[int, ...], tuple[int, ...]]
    """For each node the cables between its service addresses and the clients."""
    groups: tuple[GroupInfo, ...]
    file_order: tuple[tuple[int, ...], tuple[int, ...]]
    """For each node the groups of its file in order."""
    ipfail: bool
    ipfail_refuses: tuple[bool, bool] = (False, False)
    legacy: bool = False
    on_demand: tuple[str, ...] = ()
    """The rare kinds of faults and commands this scenario names."""

    @property
    def steps(self) -> tuple[StepInfo, ...]:
        return tuple(s for g in self.groups for s in g.steps)

    def shape(self) -> Shape:
        """The sizes, labels and tables for `compose`."""
        first: list[int] = []
        step_group: list[int] = []
        for index, group in enumerate(self.groups):
            first.append(len(step_group))
            step_group += [index] * len(group.steps)
        listed = tuple(
            tuple(tuple(first[g] + p for p in group.order[n]) for g, group in enumerate(self.groups)) for n in (0, 1)
        )
        steps_of = tuple(
            tuple(
                own or tuple(first[g] + p for p in range(len(self.groups[g].steps))) for g, own in enumerate(listed[n])
            )
            for n in (0, 1)
        )
        take = tuple(tuple(s for g in self.file_order[n] for s in listed[n][g]) for n in (0, 1))
        release = tuple(tuple(s for g in self.file_order[n] for s in reversed(listed[n][g])) for n in (0, 1))
        return Shape(
            sizes={
                "Node": 2,
                "Cable": len(self.cables),
                "Medium": len(self.media),
                "Ping": len(self.pings),
                "Group": len(self.groups),
                "Step": len(self.steps),
                "Slot": 2 * ROLES,
                "Duty": len(Duty),
            },
            labels={
                "Node": self.nodes,
                "Cable": self.cables,
                "Medium": tuple(m[0] for m in self.media),
                "Ping": tuple(p[0] for p in self.pings),
                "Group": tuple(str(i) for i in range(len(self.groups))),
                "Step": tuple(s.text for s in self.steps),
                "Slot": ("queue", "standby", "release", "queue2", "standby2", "release2"),
            },
            tables={
                "node_name": self.nodes,
                "medium_name": tuple(m[0] for m in self.media),
                "medium_cables": tuple(m[1] for m in self.media),
                "ping_name": tuple(p[0] for p in self.pings),
                "ping_cables": tuple(tuple(p[1][n] for p in self.pings) for n in (0, 1)),
                "service_cables": self.service,
                "group_line": tuple(tuple(g.lines[n] for g in self.groups) for n in (0, 1)),
                "group_owner": tuple(tuple(g.owners[n] for g in self.groups) for n in (0, 1)),
                "group_steps": steps_of,
                "step_group": tuple(step_group),
                "step_text": tuple(s.text for s in self.steps),
                "take_order": take,
                "release_order": release,
                "has_ipfail": self.ipfail,
                "ipfail_refuses": self.ipfail_refuses,
                "legacy_mode": self.legacy,
                "edits": "edit" in self.on_demand,
                "delays": "delay" in self.on_demand,
            },
        )
