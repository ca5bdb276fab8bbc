"""Threads of the packed search: each counts in words of its own and owns a share of the states.

In a wave all of them expand states and send the steps to the owners, and then every owner takes what was sent to it;
what it finds new is numbered in the end, in the order of the claims (`packed_states`).
"""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.engines._lower.packed_own import Own, write
from hamodel.engines._lower.packed_program import NEVER, PackedProgram, places, steps_of
from hamodel.engines._lower.packed_set import StateSet
from hamodel.engines._lower.packed_tables import aligned, room_for
from hamodel.engines._lower.prepared import Array, pointer

ROW = 16
"""Bytes of a state and its claim."""


def framed(rows: int) -> Array:
    """Room for states, with a row before them whose claim is smaller than all, and one behind them."""
    found = room_for(rows + 2, 2)
    found[0, 1] = -1
    return found


class Worker:
    """What one thread counts in and writes to."""

    def __init__(self, program: PackedProgram, number: int, jobs: int) -> None:
        self.program, self.number = program, number
        self.own = aligned(program.own_words)
        self.address = pointer(self.own)
        self.own[Own.HITS + program.formulas :] = NEVER
        size = 2 * program.packing.half
        self.s, self.t = aligned(size), aligned(steps_of(program.actions) * size)
        self.scratch = aligned(places(program.packing.half, program.actions, jobs)[-1])
        work = {
            Own.SENDER: number, Own.JOBS: jobs, Own.S_AT: pointer(self.s), Own.T_AT: pointer(self.t),
            Own.SCRATCH_AT: pointer(self.scratch),
        }  # fmt: skip
        write(self.own, work)
        self.known = StateSet(self.own)
        """The states it owns."""
        self.states = self.new = 0
        """How many these are; how many of them are in `found`."""
        self.find(0)

    def find(self, most: int) -> None:
        """Room for so many states that are new to it."""
        self.found = framed(most)
        self.own[Own.FOUND_AT] = pointer(self.found) + ROW

    @property
    def rest(self) -> int:
        """States it has taken and not yet expanded."""
        return int(self.own[Own.REST_END] - self.own[Own.REST])


class Boxes:
    """The steps of a wave: from each of `jobs` threads to each."""

    def __init__(self, jobs: int, least: int) -> None:
        self.jobs, self.least, self.size = jobs, least, 4 * least
        """`least`: steps of a box that must be free when a thread begins a batch; and steps it has room for."""
        self.steps, self.sent = room_for(2 * self.size * jobs**2), aligned(jobs**2)

    def work(self) -> dict[Own, int]:
        """What a thread has to know of them."""
        return {Own.BOX: self.size, Own.STEPS_AT: pointer(self.steps), Own.SENT_AT: pointer(self.sent)}

    def sent_to(self) -> list[int]:
        """How many steps each owner gets."""
        counts: list[int] = self.sent.reshape(self.jobs, self.jobs).sum(0).tolist()
        return counts

    def more(self) -> int:
        """Bytes that are needed beside those in use to go on."""
        return 4 * self.steps.nbytes if int(self.sent.max()) + self.least > self.size else 0

    def enlarge(self) -> None:
        size = 4 * self.size
        steps = room_for(2 * size * self.jobs**2)
        for box, sent in enumerate(self.sent.tolist()):
            steps[2 * size * box :][: 2 * sent] = self.steps[2 * self.size * box :][: 2 * sent]
        self.steps, self.size = steps, size


def merged(program: PackedProgram, lists: Sequence[tuple[int, int]], into: int) -> None:
    """Lists of states, each as its address and length, in the order of their claims; behind them is a row to spare."""
    waiting, between = list(lists), []
    while len(waiting) > 1:
        (one, n), (other, m), *waiting = waiting
        out = into
        if waiting:
            between.append(framed(n + m))
            out = pointer(between[-1]) + ROW
        program.call["merge"](n, m, one, other, out)
        waiting.append((out, n + m))
