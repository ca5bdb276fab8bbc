"""The search in plain Python: the same classes in the same order, hundreds of times slower, nothing to install.

A zone is a flat tuple: bounds on x - y over 'now' and the running clocks in timer order, canonical.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from hamodel.engines._lower.exploration import Exploration
from hamodel.engines._lower.layout import FAR, STOPWATCH, layout_of
from hamodel.engines._lower.prepared import measure_result
from hamodel.engines._lower.python import python_rules
from hamodel.engines._lower.search import Order, Progress, Stop
from hamodel.engines._lower.vector import holds
from hamodel.errors import HamodelError, ModelError
from hamodel.ir.system import STOPWATCH_MS, System

Zone = tuple[int, ...]
Bounds = dict[int, tuple[int, int]]
PACE = 256
"""Classes expanded between two looks at limits and progress."""


class SlowSearch:
    """One search under way."""

    def __init__(self, system: System, order: Order) -> None:
        self.system, self.order = system, order
        self.layout = layout_of(system)
        self.rules = python_rules(system, self.layout)
        self.options = tuple(s.value for s in system.settings)
        self.watches = [t for t, kind in enumerate(self.layout.kinds) if kind == STOPWATCH]
        self.actions = [
            (index, self.layout.timers[a.timer] if a.timer is not None else -1)
            for index, a in enumerate(system.actions)
            if system.may_happen(a)
        ]
        self.rows: list[bytes] = []
        self.zones: list[Zone] = []
        self.known: dict[object, list[int]] = {}
        self.parent, self.via = array("i"), array("i")
        self.edge_list = array("i")
        self.edges = self.head = self.most = 0
        self.meters = [[self.layout.timers[m.timer], -1, -1, -1, -1, -1, -1, -1] for m in system.measures]
        self.stopped = ""
        self.error: HamodelError | None = None

    def begin(self) -> None:
        """The classes to start from: the initial one, or the given states without clocks."""
        if self.order.starts is None:
            row = bytearray(self.layout.width)
            row[: len(self.system.variables)] = bytes(v.initial for v in self.system.variables)
            started: Bounds = {}
            try:
                self.rules.begin(row, started, {}, self.options)
            except HamodelError as error:
                self.error = error
                return
            clocks = self.clocks(row)
            self.admit(bytes(row), _joined([], [], clocks, started), -1, -1)
            return
        for state in dict.fromkeys(self.order.starts):
            start = bytes(self.layout.pack(state))
            if self.clocks(start):
                raise ModelError("a search starts in the initial state or in one where no clock runs")
            self.admit(start, (0,), -1, -1)

    def clocks(self, row: Sequence[int]) -> list[int]:
        first = self.layout.running
        return [t for t, kind in enumerate(self.layout.kinds) if row[first + t] and kind != FAR]

    def run(self, stop: Stop, progress: Progress | None) -> None:
        """Until everything is explored or there is a reason to stop, which `stopped` then names."""
        level_end, depth, looked = len(self.rows), 0, 0
        try:
            while self.error is None:
                if self.order.until is not None and looked < len(self.rows):
                    rows = np.frombuffer(b"".join(self.rows[looked:]), np.uint8).reshape(-1, self.layout.width)
                    looked = len(self.rows)
                    if holds(self.system, self.layout, rows, self.order.until).any():
                        self.stopped = "found"
                if self.stopped or self.head == len(self.rows):
                    return
                self.stopped = stop.reason(len(self.rows), self.memory())
                for _ in range(PACE):
                    if self.stopped or self.head == len(self.rows) or len(self.rows) >= stop.classes:
                        break
                    if self.head == level_end:
                        depth, level_end = depth + 1, len(self.rows)
                    if stop.depth is not None and depth >= stop.depth:
                        self.stopped = f"the depth limit of {stop.depth} steps was reached"
                        break
                    self.expand(self.head)
                    self.head += 1
                if progress is not None:
                    progress(len(self.rows), self.edges, stop.elapsed())
        except KeyboardInterrupt:
            self.stopped = "interrupted"
        except HamodelError as error:
            self.error = error

    def memory(self) -> int:
        """A rough figure: row, zone and bookkeeping of each class."""
        return len(self.rows) * (self.layout.width + 600)

    def expand(self, head: int) -> None:
        row, zone = self.rows[head], self.zones[head]
        first = self.layout.running
        clocks = self.clocks(row)
        n = len(clocks) + 1
        low = [0] + [min(zone[j * n + y] for j in range(1, n)) for y in range(1, n)]
        watching = any(row[first + t] for t in self.watches)
        if watching:
            self.watch_class(head, row, clocks, low)
        near = sum(t not in self.watches for t in clocks)
        for index, timer in self.actions:
            p = 0
            far = False
            if timer >= 0:
                if not row[first + timer]:
                    continue
                far = self.layout.kinds[timer] == FAR
                if far and near:
                    continue
                if not far:
                    p = clocks.index(timer) + 1
                    if low[p] < 0:
                        continue
            elif not self.rules.guards[index](bytearray(row), {}, {}, self.options):
                continue
            after = bytearray(row)
            started: Bounds = {}
            hastened: dict[int, int] = {}
            try:
                self.rules.fire(index, after, started, hastened, self.options)
                reached = self.pass_time(zone, clocks, p, low, self.clocks(after), started, hastened)
            except HamodelError as error:
                found = self.result()
                error.seen = (f"after {' '.join([*found.names_to(head), self.system.actions[index].name])}",)
                raise
            if watching:
                self.watch_edge(head, index, row, after, zone, clocks, p, low, far)
            target = self.admit(bytes(after), reached, head, index)
            self.edges += 1
            if self.order.edges:
                self.edge_list.extend((head, target, index))

    def successors(self, index: int) -> list[int]:
        """The classes that follow a stored one, expanded now; for a search that lists its edges."""
        return [target for _, target in self.moves(index)]

    def moves(self, index: int) -> list[tuple[int, int]]:
        """The same with the actions that lead there, each an index of `system.actions`."""
        before = len(self.edge_list)
        try:
            self.expand(index)
        except HamodelError as error:
            self.error = error
            return []
        edges = self.edge_list[before:].tolist()
        return list(zip(edges[2::3], edges[1::3], strict=True))

    def stored(self) -> int:
        return len(self.rows)

    def row(self, index: int) -> bytes:
        """The stored row of a class."""
        return self.rows[index]

    def pass_time(
        self,
        zone: Zone,
        clocks: list[int],
        p: int,
        low: list[int],
        after: list[int],
        started: Bounds,
        hastened: dict[int, int],
    ) -> Zone:
        """The zone after clock `p` has ended (0: after a free action)."""
        n = len(clocks) + 1
        kept = [clocks.index(t) + 1 for t in after if t not in started]
        names = [clocks[x - 1] for x in kept]
        z = [[0, *(low[y] for y in kept)]]
        for x in kept:
            up = zone[x * n + p]
            z.append([up, *(0 if x == y else min(zone[x * n + y], up + low[y]) for y in kept)])
        for timer, hi in ((t, hi) for t, hi in hastened.items() if t in names):
            i = names.index(timer) + 1
            if hi + z[0][i] < 0:
                raise ModelError(f"{self.system.timers[timer].name} is hastened but cannot end so early any more")
            if hi < z[i][0]:
                z = [[min(v, row[i] + hi + z[0][y]) for y, v in enumerate(row)] for row in z]
        return _joined(z, names, after, started)

    def watch_class(self, head: int, row: bytes, clocks: list[int], low: list[int]) -> None:
        """A stopwatch that runs where nothing else does, or that is itself due, has no upper bound."""
        first = self.layout.running
        others = any(row[first + t] for t, kind in enumerate(self.layout.kinds) if kind != STOPWATCH)
        for meter in self.meters:
            if row[first + meter[0]] and meter[7] < 0 and (not others or low[clocks.index(meter[0]) + 1] == 0):
                meter[7] = head

    def watch_edge(
        self,
        head: int,
        action: int,
        row: bytes,
        after: bytearray,
        zone: Zone,
        clocks: list[int],
        p: int,
        low: list[int],
        far: bool,
    ) -> None:
        first, n = self.layout.running, len(clocks) + 1
        for meter in self.meters:
            flag = first + meter[0]
            if not row[flag]:
                continue
            if far:
                meter[7] = head if meter[7] < 0 else meter[7]
            elif not after[flag]:
                x = clocks.index(meter[0]) + 1
                shortest, longest = STOPWATCH_MS - zone[x * n + p], STOPWATCH_MS + low[x]
                if meter[2] < 0 or shortest < meter[1]:
                    meter[1:4] = shortest, head, action
                if meter[5] < 0 or longest > meter[4]:
                    meter[4:7] = longest, head, action

    def admit(self, row: bytes, zone: Zone, source: int, action: int) -> int:
        """The number of the class that covers this one, stored now or before."""
        key = (row, zone) if self.order.mode == "equality" else row
        same = self.known.setdefault(key, [])
        for number in same:
            if all(a >= b for a, b in zip(self.zones[number], zone, strict=True)):
                return number
        number = len(self.rows)
        same.append(number)
        self.rows.append(row)
        self.zones.append(zone)
        self.parent.append(source)
        self.via.append(action)
        self.most = max(self.most, len(self.clocks(row)))
        return number

    def result(self) -> Exploration:
        edges = np.array(self.edge_list, np.int32).reshape(-1, 3) if self.order.edges else None
        return Exploration(
            self.system,
            self.layout,
            self.order.mode,
            "classes (pure Python)",
            starts=tuple(self.order.starts or ()),
            states=np.frombuffer(b"".join(self.rows), np.uint8).reshape(-1, self.layout.width),
            parent=np.array(self.parent, np.int32),
            via=np.array(self.via, np.int32),
            edges=self.edges,
            complete=not self.stopped and self.error is None,
            stopped=self.stopped or (self.error.message if self.error else ""),
            max_running=self.most,
            measures={m.name: measure_result(w) for m, w in zip(self.system.measures, self.meters, strict=True)},
            sources=edges[:, 0] if edges is not None else None,
            targets=edges[:, 1] if edges is not None else None,
            actions=edges[:, 2] if edges is not None else None,
            zone=self.zones.__getitem__ if self.order.zones else None,
        )


def _joined(z: list[list[int]], kept: list[int], after: list[int], started: Bounds) -> Zone:
    """The zone over `after`: started clocks are independent of everything that was there."""
    upper, lower = {0: 0}, {0: 0}
    place = {0: 0}
    for i, t in enumerate(kept, 1):
        place[t + 1] = i
        upper[t + 1], lower[t + 1] = z[i][0], z[0][i]
    for t, (lo, hi) in started.items():
        upper[t + 1], lower[t + 1] = hi, -lo
    names = [0, *(t + 1 for t in after)]
    return tuple(
        0 if x == y else z[place[x]][place[y]] if x in place and y in place and z else upper[x] + lower[y]
        for x in names
        for y in names
    )
