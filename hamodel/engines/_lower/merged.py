"""The merged search: zones of one state whose union is a zone become one class, layer by layer.

Where n timers end in any order, inclusion keeps up to n! zones of the state behind them; their union is a single zone
again (Ben Salah, Bozga, Maler, CONCUR 2006), and so is that of most overlapping ones. Two classes of one state are
replaced by their hull only if the hull is exactly their union (see `kernel_join`), so what is stored is what is
reachable, no clock reading more or less: exact for every claim about single states, for deadlines that are timers, and
for the least and most a stopwatch shows. Not for promises without a deadline: a circle of unions need not be a run.

Layer n holds what n steps can reach and fewer cannot. A class that waits for its turn in one layer is left alone until
it has been expanded; what it could have been merged with goes into the next layer. So the first layer that shows a
state tells the length of a shortest run to it, as the plain search does, and `backwards` finds such a run.
A class that grows is expanded again, with its whole zone; this costs less than the classes it saves.

On the pair of specs/01 with two faults, ping or power: 1 716 760 classes under inclusion, 107 854 merged.
"""

from __future__ import annotations

import numpy as np

from hamodel.engines._lower.forgetting import Forgetting
from hamodel.engines._lower.hulls import KEPT_APART
from hamodel.engines._lower.packed_rows import Packed
from hamodel.engines._lower.prepared import FIRST_SLICE, LONGEST_SLICE, Array, Prepared, pointer
from hamodel.engines._lower.program import (
    AT_ACTION,
    BLOCK,
    BLOCK_MASK,
    BLOCKS,
    CELLS,
    CLASSES,
    COUNTS,
    DONE,
    EDGES,
    ERROR,
    EVENTS,
    FAILED,
    GROW,
    HEAD,
    KEPT,
    LOOSE,
    MASK,
    MERGED,
    MOST,
    NEXT,
    NOW,
    QUEUED,
    STATES,
    ZONE_MASK,
    ZONES,
    Program,
    largest_zone,
    merging,
    parts_of,
)
from hamodel.engines._lower.search import Order, Progress, Stop
from hamodel.engines._lower.unions import MergedExploration
from hamodel.errors import HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.system import System

LARGE = 1 << 20
"""Arrays below this many entries double, larger ones grow by a quarter."""
GROWN = 8
"""On clusters a class grows less than twice. Where all grow more often than this a stopwatch runs for ever, and a few
classes would take it in, a little more of it in each layer, without any other end."""


class MergedSearch(Prepared):
    """One search under way.

    Rows are stored once for each state, as the numbers of their blocks; equal zones once for all classes that have
    them (`kernel_shared`). Neither loses anything: what is read is what was written. On the pair of specs/01 with two
    cables cut a class takes about 180 bytes this way, and 475 where each keeps its own.
    """

    def __init__(self, system: System, program: Program, order: Order) -> None:
        super().__init__(system, program, order)
        self.code = merging(system, program)
        self.slack = len(system.actions) * largest_zone(system)
        self.wide = parts_of(self.layout)
        cells = 2 * largest_zone(system)
        self.sides = np.zeros(2 * cells, np.int64)
        self.clocks, self.room = np.zeros(sum(map(len, self.scratch)), np.int64), np.zeros(COUNTS, np.int64)
        self.row, self.next_row = (np.zeros(8 * BLOCK * self.wide, np.uint8) for _ in range(2))
        rows = len(system.actions) + 256
        self.parts = np.zeros((rows, self.wide), np.int32)
        self.first, self.hashes = np.zeros(rows, np.int32), np.zeros(rows, np.int64)
        self.table = np.full(1 << (2 * rows).bit_length(), -1, np.int32)
        blocks = len(system.actions) * self.wide + 256
        self.blocks, self.block_marks = np.zeros((blocks, BLOCK), np.int64), np.zeros(blocks, np.int64)
        self.block_table = np.full(1 << (2 * blocks).bit_length(), -1, np.int32)
        self.cells = np.empty(self.slack + 4096, np.int32)
        self.begins, self.zone_marks = np.zeros(rows + 1, np.int64), np.zeros(rows, np.int64)
        self.zone_table = np.full(1 << (2 * rows).bit_length(), -1, np.int32)
        self.zone, self.flag = np.zeros(rows, np.int32), np.zeros(rows, np.uint8)
        self.owner, self.link = np.zeros(rows, np.int32), np.zeros(rows, np.int32)
        self.layer, self.queue = np.zeros(rows, np.int32), np.zeros(rows, np.int32)
        self.size = 0
        self.events = np.zeros(3 * rows, np.int32)
        self.layers: list[int] = []
        """How many events there were when each layer began."""
        self.widths: list[int] = []
        """How many states there were when each layer began."""
        self.forgetting = Forgetting()
        self.count[[KEPT, LOOSE]] = KEPT_APART if order.mode == "hulls" else 0, -1
        self.begun: list[Array] = []

    # -- arrays

    def _grow(self) -> None:
        """Make room for one more class with all its successors."""
        actions = len(self.system.actions)
        states, classes, blocks, zones = (int(self.count[i]) + actions for i in (STATES, CLASSES, BLOCKS, ZONES))
        blocks += actions * (self.wide - 1)
        while states >= len(self.parts):
            size = _more(len(self.parts))
            self.parts.resize((size, self.wide), refcheck=False)
            self.first.resize(size, refcheck=False)
            self.hashes.resize(size, refcheck=False)
        while blocks >= len(self.blocks):
            size = _more(len(self.blocks))
            self.blocks.resize((size, BLOCK), refcheck=False)
            self.block_marks.resize(size, refcheck=False)
        while zones >= len(self.zone_marks):
            size = _more(len(self.zone_marks))
            self.begins.resize(size + 1, refcheck=False)
            self.zone_marks.resize(size, refcheck=False)
        while classes >= len(self.zone):
            size = _more(len(self.zone))
            self.flag.resize(size, refcheck=False)
            for numbers in (self.zone, self.owner, self.link, self.layer, self.queue):
                numbers.resize(size, refcheck=False)
        while int(self.count[CELLS]) + self.slack >= len(self.cells):
            self.cells.resize(_more(len(self.cells)), refcheck=False)
        while 3 * (int(self.count[EVENTS]) + actions) >= len(self.events):
            self.events.resize(_more(len(self.events)), refcheck=False)
        while 2 * states >= len(self.table) - 1:
            self.table = self.wider(self.table, self.hashes)
        while 2 * blocks >= len(self.block_table) - 1:
            self.block_table = self.wider(self.block_table, self.block_marks)
        while 2 * zones >= len(self.zone_table) - 1:
            self.zone_table = self.wider(self.zone_table, self.zone_marks)

    def memory(self) -> int:
        """Bytes of all arrays that grow."""
        grown = (
            self.parts, self.first, self.hashes, self.table, self.blocks, self.block_marks, self.block_table,
            self.cells, self.begins, self.zone_marks, self.zone_table, self.zone, self.flag, self.owner, self.link,
            self.layer, self.queue, self.events,
        )  # fmt: skip
        return sum(a.nbytes for a in grown)

    def admit(self, row: Array, zone: Array, clocks: int) -> None:
        """Store a class to start from."""
        self._grow()
        state, number, at = (int(self.count[i]) for i in (STATES, CLASSES, CELLS))
        self.row[:] = 0
        self.row[: len(row)] = row
        self.next_row[:] = ~self.row
        mine = pointer(self.parts) + 4 * self.wide * state
        digest = self.code.pack(
            pointer(self.row), pointer(self.next_row), mine, mine, pointer(self.count), pointer(self.blocks),
            pointer(self.block_marks), pointer(self.block_table), len(self.block_table) - 1,
        )  # fmt: skip
        self.code.state_of(
            digest, pointer(self.parts), pointer(self.table), len(self.table) - 1, pointer(self.hashes),
            pointer(self.first), state,
        )  # fmt: skip
        self.next_row[:] = 0
        self.cells[at : at + len(zone)] = zone
        self.zone[number] = self.code.zone_of(
            pointer(self.cells) + 4 * at, clocks + 1, pointer(self.count), pointer(self.begins), pointer(self.cells),
            pointer(self.zone_marks), pointer(self.zone_table), len(self.zone_table) - 1,
        )  # fmt: skip
        self.first[state] = number
        self.begun.append(zone)
        self.owner[number], self.link[number], self.flag[number] = state, -1, NEXT
        self.queue[int(self.count[QUEUED])] = number
        event = int(self.count[EVENTS])
        self.events[3 * event : 3 * event + 3] = number, -1, -1
        self.count[[STATES, CLASSES, EVENTS, QUEUED]] += 1
        self.count[MOST] = max(int(self.count[MOST]), clocks)

    # -- the search

    @property
    def classes(self) -> int:
        """Classes that are part of no other one, with those that were forgotten."""
        return self.forgetting.classes + int(self.count[CLASSES] - self.count[MERGED])

    @property
    def worth(self) -> int:
        """What counts against a limit: the classes, or a part of all that ever were where few of them are left."""
        parts = self.forgetting.parts + int(self.count[MERGED])
        return max(self.classes, (self.classes + parts) // GROWN)

    def run(self, stop: Stop, progress: Progress | None) -> None:
        """Until everything is explored or there is a reason to stop, which `stopped` then names."""
        pace, looked = FIRST_SLICE, 0
        status = DONE
        try:
            while not self.error:
                if self.order.until is not None:
                    looked = self._look(looked, self.order.until)
                done = status == DONE and self.count[HEAD] == self.size
                if self.stopped or (done and not self.count[QUEUED]):
                    return
                self.stopped = stop.reason(self.worth, self.memory())
                if not self.stopped and done:
                    self._next_layer()
                    if stop.depth is not None and len(self.layers) > stop.depth:
                        self.stopped = f"the depth limit of {stop.depth} steps was reached"
                if self.stopped:
                    return
                status = self._slice(pace)
                if status == FAILED:
                    self.error = self._failure()
                elif status == GROW:
                    self._grow()
                pace = min(2 * pace, LONGEST_SLICE)
                if progress is not None:
                    progress(self.classes, int(self.count[EDGES]), stop.elapsed())
        except KeyboardInterrupt:
            self.stopped = "interrupted"

    def _look(self, first: int, until: Expr) -> int:
        if self._partial().where(until, first).any():
            self.stopped = "found"
        return int(self.count[STATES])

    def _next_layer(self) -> None:
        self.layers.append(int(self.count[EVENTS]))
        self.widths.append(int(self.count[STATES]))
        self.forgetting.look_back(self)
        self.layer, self.queue = self.queue, self.layer
        self.size = int(self.count[QUEUED])
        self.count[[QUEUED, HEAD]] = 0
        waiting = self.layer[: self.size]
        self.flag[waiting[self.flag[waiting] == NEXT]] = NOW

    def _slice(self, pace: int) -> int:
        for what, array in (
            (STATES, self.parts), (CLASSES, self.zone), (CELLS, self.cells), (BLOCKS, self.blocks),
            (ZONES, self.zone_marks),
        ):  # fmt: skip
            self.room[what] = len(array)
        self.room[EVENTS] = len(self.events) // 3
        for mask, table in ((MASK, self.table), (BLOCK_MASK, self.block_table), (ZONE_MASK, self.zone_table)):
            self.room[mask] = len(table) - 1
        return int(
            self.code.spread(
                pointer(self.row), pointer(self.row), pointer(self.next_row), pointer(self.next_row),
                pointer(self.parts), pointer(self.blocks), pointer(self.block_marks), pointer(self.block_table),
                pointer(self.cells), pointer(self.begins), pointer(self.zone_marks), pointer(self.zone_table),
                pointer(self.first), pointer(self.hashes), pointer(self.table), pointer(self.zone),
                pointer(self.owner), pointer(self.link), pointer(self.flag), pointer(self.layer), pointer(self.queue),
                pointer(self.events), pointer(self.count), pointer(self.timer), pointer(self.allowed),
                pointer(self.kinds), pointer(self.options), pointer(self.work), pointer(self.clocks),
                pointer(self.todo), pointer(self.sides), pointer(self.meters), pointer(self.room),
                len(self.system.measures), pace, self.size,
            )
        )  # fmt: skip

    def _failure(self) -> HamodelError:
        source = int(self.owner[self.layer[int(self.count[HEAD])]])
        action = self.system.actions[int(self.count[AT_ACTION])].name
        return self.failed(self._partial().names_to(source), action, int(self.count[ERROR]))

    # -- the result

    def packed(self) -> Packed:
        """The rows of all states."""
        return Packed(self.parts, self.blocks.view(np.uint8), self.layout.width)

    def _partial(self) -> MergedExploration:
        states, classes, events = (int(self.count[i]) for i in (STATES, CLASSES, EVENTS))
        none = np.empty(0, np.int32)
        return MergedExploration(
            self.system,
            self.layout,
            self.order.mode,
            "classes",
            starts=tuple(self.order.starts or ()),
            states=np.empty((0, self.layout.width), np.uint8),
            parent=none,
            via=none,
            edges=int(self.count[EDGES]),
            complete=not self.stopped and self.error is None,
            stopped=self.stopped or (self.error.message if self.error else ""),
            max_running=int(self.count[MOST]),
            alive=self.classes,
            packed=self.packed().part(0, states),
            cells=self.cells,
            begins=self.begins,
            zones=self.zone[:classes],
            owner=self.owner[:classes],
            link=self.link[:classes],
            events=self.events[: 3 * events].reshape(-1, 3),
            layers=tuple(self.layers),
            widths=tuple(self.widths),
            told=self.forgetting.told,
            begun=tuple(self.begun),
            loose=int(self.count[LOOSE]),
        )

    def result(self) -> MergedExploration:
        found = self._partial()
        found.measures.update(self.measures())
        return found


def _more(size: int) -> int:
    return 2 * size if size < LARGE else size + size // 4
