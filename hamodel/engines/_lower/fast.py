"""The search in machine code: numpy arrays that grow by doubling, handed to the compiled kernel slice by slice.

Between two slices Python looks at limits, progress and Ctrl-C. Nothing is shared between two searches except the
code, and ctypes releases the interpreter lock, so two threads search side by side.
"""

from __future__ import annotations

import numpy as np

from hamodel.engines._lower.exploration import Exploration
from hamodel.engines._lower.prepared import FIRST_SLICE, LONGEST_SLICE, Array, Prepared, pointer
from hamodel.engines._lower.program import (
    AT_ACTION,
    DONE,
    EDGES,
    ERROR,
    FAILED,
    GROW,
    HEAD,
    MOST,
    NO_EDGES,
    TAIL,
    Program,
    largest_zone,
)
from hamodel.engines._lower.rooms import larger
from hamodel.engines._lower.search import Order, Progress, Stop
from hamodel.errors import HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.system import System


class FastSearch(Prepared):
    """One search under way."""

    def __init__(self, system: System, program: Program, order: Order) -> None:
        super().__init__(system, program, order)
        self.inclusion = int(order.mode == "inclusion")
        self._first_arrays()

    # -- arrays

    def _first_arrays(self) -> None:
        rows = 2 * len(self.system.actions) + 1024
        self.rows = np.zeros((rows, self.layout.width), np.uint8)
        self.zones = np.empty(2 * len(self.system.actions) * largest_zone(self.system) + 65536, np.int32)
        self.offset = np.zeros(rows + 1, np.int64)
        self.parent = np.empty(rows, np.int32)
        self.via = np.empty(rows, np.int32)
        self.hashes = np.empty(rows, np.int64)
        self.links = np.empty(4 * rows if self.inclusion else 4, np.int64)
        self.table = np.full(4096, -1, np.int32)
        self.edge_list = np.empty(3 * rows if self.order.edges else 3, np.int32)

    def _grow(self) -> None:
        """Double whatever cannot take one more class with all its successors."""
        actions, cells = len(self.system.actions), largest_zone(self.system)
        tail = int(self.count[TAIL])
        if tail + actions >= len(self.rows):
            size = 2 * len(self.rows)
            self.rows = larger(self.rows, size, tail)
            self.offset = larger(self.offset, size + 1, tail + 1)
            self.parent = larger(self.parent, size, tail)
            self.via = larger(self.via, size, tail)
            self.hashes = larger(self.hashes, size, tail)
            if self.inclusion:
                self.links = larger(self.links, 4 * size, 4 * tail)
        used = int(self.offset[tail])
        if used + actions * cells >= len(self.zones):
            self.zones = larger(self.zones, 2 * len(self.zones), used)
        edges = int(self.count[EDGES])
        if self.order.edges and 3 * (edges + actions) > len(self.edge_list):
            self.edge_list = larger(self.edge_list, 2 * len(self.edge_list), 3 * edges)
        while 2 * (tail + actions) > len(self.table) - 1:
            self.table = self.wider(self.table, self.hashes)

    def memory(self) -> int:
        """Bytes of all arrays that grow."""
        grown = (self.rows, self.zones, self.offset, self.parent, self.via, self.hashes, self.links, self.table)
        return sum(a.nbytes for a in grown) + self.edge_list.nbytes

    def admit(self, row: Array, zone: Array, clocks: int) -> None:
        """Store a class to start from."""
        self._grow()
        tail = int(self.count[TAIL])
        at = int(self.offset[tail])
        self.rows[tail] = row
        self.zones[at : at + len(zone)] = zone
        self.offset[tail + 1] = at + len(zone)
        self.parent[tail] = self.via[tail] = -1
        link = np.zeros(4, np.int64)
        digest = int(
            self.program.digest(
                self.inclusion, pointer(self.rows) + tail * self.layout.width, pointer(self.zones) + 4 * at, clocks,
                pointer(link),
            )
        )  # fmt: skip
        if self.inclusion:
            self.links[4 * tail : 4 * tail + 4] = link
        self.hashes[tail] = digest
        self.enter(self.table, digest, tail)
        self.count[TAIL] = tail + 1
        self.count[MOST] = max(self.count[MOST], clocks)

    # -- the search

    def run(self, stop: Stop, progress: Progress | None) -> None:
        """Until everything is explored or there is a reason to stop, which `stopped` then names."""
        pace = FIRST_SLICE
        level_end = int(self.count[TAIL])
        depth = 0
        looked = 0
        try:
            while not self.error:
                if self.order.until is not None:
                    looked = self._look(looked, self.order.until)
                self.stopped = self.stopped or stop.reason(int(self.count[TAIL]), self.memory())
                if self.stopped:
                    return
                last = NO_EDGES if stop.depth is None else level_end
                status = self._slice(pace, stop.classes, last)
                if status == FAILED:
                    self.error = self._failure()
                elif status == GROW:
                    self.stopped = stop.room(self.memory())
                    if not self.stopped:
                        self._grow()
                elif status == DONE and self.count[HEAD] == self.count[TAIL]:
                    if self.order.until is not None:
                        self._look(looked, self.order.until)
                    return
                elif status == DONE:
                    depth, level_end = depth + 1, int(self.count[TAIL])
                    if stop.depth is not None and depth >= stop.depth:
                        self.stopped = f"the depth limit of {stop.depth} steps was reached"
                pace = min(2 * pace, LONGEST_SLICE)
                if progress is not None:
                    progress(int(self.count[TAIL]), int(self.count[EDGES]), stop.elapsed())
        except KeyboardInterrupt:
            self.stopped = "interrupted"

    def _look(self, first: int, until: Expr) -> int:
        tail = int(self.count[TAIL])
        if self._partial().where(until, first).any():
            self.stopped = "found"
        return tail

    def _slice(self, pace: int, stop: int, last: int) -> int:
        tl, tl2, low, old = (pointer(a) for a in self.scratch)
        return int(
            self.program.explore(
                pointer(self.rows), pointer(self.rows), pointer(self.zones), pointer(self.offset), pointer(self.parent),
                pointer(self.via), pointer(self.table), pointer(self.hashes), pointer(self.links),
                pointer(self.edge_list), pointer(self.count), pointer(self.timer), pointer(self.allowed),
                pointer(self.kinds), pointer(self.options), pointer(self.work), tl, tl2, low, old, pointer(self.todo),
                pointer(self.meters), len(self.system.measures), self.inclusion, len(self.rows), len(self.zones),
                len(self.table) - 1, len(self.edge_list) // 3 if self.order.edges else NO_EDGES, pace, stop, last,
            )
        )  # fmt: skip

    def successors(self, index: int) -> list[int]:
        """The classes that follow a stored one, expanded now; for a search that lists its edges."""
        return [target for _, target in self.moves(index)]

    def moves(self, index: int) -> list[tuple[int, int]]:
        """The same with the actions that lead there, each an index of `system.actions`."""
        while not self.error:
            self.count[HEAD] = index
            before = int(self.count[EDGES])
            status = self._slice(1, NO_EDGES, index + 1)
            if status == GROW:
                self._grow()
            elif status == FAILED:
                self.error = self._failure()
            else:
                edges = self.edge_list[3 * before : 3 * int(self.count[EDGES])].reshape(-1, 3)
                return [(int(action), int(target)) for _, target, action in edges.tolist()]
        return []

    def stored(self) -> int:
        return int(self.count[TAIL])

    def row(self, index: int) -> bytes:
        """The stored row of a class."""
        return bytes(self.rows[index])

    def zone(self, index: int) -> tuple[int, ...]:
        """The stored zone of a class."""
        return tuple(self.zones[self.offset[index] : self.offset[index + 1]].tolist())

    def _failure(self) -> HamodelError:
        action = self.system.actions[int(self.count[AT_ACTION])].name
        return self.failed(self._partial().names_to(int(self.count[HEAD])), action, int(self.count[ERROR]))

    # -- the result

    def _partial(self) -> Exploration:
        n, edges = int(self.count[TAIL]), int(self.count[EDGES])
        listed = self.edge_list[: 3 * edges].reshape(-1, 3) if self.order.edges else None
        return Exploration(
            self.system,
            self.layout,
            self.order.mode,
            "classes",
            starts=tuple(self.order.starts or ()),
            states=self.rows[:n],
            parent=self.parent[:n],
            via=self.via[:n],
            edges=edges,
            complete=not self.stopped and self.error is None,
            stopped=self.stopped or (self.error.message if self.error else ""),
            max_running=int(self.count[MOST]),
            sources=listed[:, 0] if listed is not None else None,
            targets=listed[:, 1] if listed is not None else None,
            actions=listed[:, 2] if listed is not None else None,
            zone=self.zone if self.order.zones else None,
        )

    def result(self) -> Exploration:
        found = self._partial()
        found.measures.update(self.measures())
        return found
