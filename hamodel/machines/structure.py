"""Structure: what of a configuration shapes the rules, as opposed to the numbers, which are run-time options."""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.rule import Shape
from hamodel.machines.world import ROLES, Duty


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
    line: str
    owner: int
    """0 or 1; 2 when haresources names neither node."""
    steps: tuple[StepInfo, ...]


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
    ipfail: bool

    @property
    def steps(self) -> tuple[StepInfo, ...]:
        return tuple(s for g in self.groups for s in g.steps)

    def shape(self) -> Shape:
        """The sizes, labels and tables for `compose`."""
        first, group_steps, step_group, release = 0, [], [], []
        for index, group in enumerate(self.groups):
            own = tuple(range(first, first + len(group.steps)))
            group_steps.append(own)
            step_group += [index] * len(own)
            release += list(reversed(own))
            first += len(own)
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
                "group_line": tuple(g.line for g in self.groups),
                "group_owner": tuple(g.owner for g in self.groups),
                "group_steps": tuple(group_steps),
                "step_group": tuple(step_group),
                "step_text": tuple(s.text for s in self.steps),
                "release_order": tuple(release),
                "has_ipfail": self.ipfail,
            },
        )
