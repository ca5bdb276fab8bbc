"""The set of the states that a thread of the packed search owns: four bytes a slot (`packed_known`)."""

from __future__ import annotations

from hamodel.engines._lower.packed_own import Own, write
from hamodel.engines._lower.packed_program import PackedProgram
from hamodel.engines._lower.packed_tables import FIRST, aligned, larger, room_for
from hamodel.engines._lower.prepared import Array, pointer

SMALL = 1 << 22
"""Slots that the sets of all threads have together where each is still four times the one before."""
NARROW, WIDER = 18, 2
"""Bits of the numbers of halves in the beginning, and how many come at a time when there are more halves."""
FAR = 8
"""Bits of a slot for how far it is from its place, at least."""

BESIDE = 100
"""So many states are kept beside the set, where each is looked for one by one; then the set is enlarged."""


class StateSet:
    """At most three of four slots are taken; the words of the thread say how many states it keeps beside them."""

    def __init__(self, own: Array) -> None:
        self.own = own
        self.bits, self.width = FIRST.bit_length() - 1, NARROW
        self.slots, self.spill = aligned(FIRST // 2), room_for(1)
        self._let_know()

    def _let_know(self) -> None:
        work = {
            Own.SLOTS_AT: pointer(self.slots), Own.SLOTS_BITS: self.bits, Own.WIDTH: self.width,
            Own.SPILL_AT: pointer(self.spill),
        }  # fmt: skip
        write(self.own, work)

    def memory(self) -> int:
        """Bytes of its slots, and of what it keeps beside them."""
        return int(self.slots.nbytes + 8 * self.own[Own.SPILLED])

    def wanted(self, states: int, halves: int) -> tuple[int, int]:
        """As which power of two of slots it can keep so many states of so many halves, and bits of a half."""
        bits, width = self.bits, self.width
        while halves > 1 << width:
            width += WIDER
        while 4 * states > 3 << bits:
            bits += 1
        if self.own[Own.SPILLED] > BESIDE:
            bits = max(bits, self.bits + 1)
        if self.bits < bits <= self.bits + 2 and int(self.own[Own.JOBS]) * 4 << self.bits <= SMALL:
            bits = self.bits + 2
        return max(bits, 2 * width - 32 + FAR), max(width, bits // 2 + 1)

    def more(self, wanted: tuple[int, int]) -> int:
        """Bytes that this takes beside those in use."""
        return 4 << wanted[0] if wanted != (self.bits, self.width) else 0

    def enlarge(self, program: PackedProgram, wanted: tuple[int, int], sent: int) -> None:
        """Room for `sent` states more."""
        spilled = int(self.own[Own.SPILLED])
        if wanted != (self.bits, self.width):
            slots, bits, width, spill = self.slots, self.bits, self.width, self.spill
            self.bits, self.width = wanted
            self.slots, self.spill = aligned(1 << self.bits >> 1), room_for(len(spill) + sent + (1 << bits))
            self.own[Own.SPILLED] = 0
            self._let_know()
            program.call["enlarge"](pointer(slots), bits, width, pointer(spill), spilled, pointer(self.own))
        elif spilled + sent > len(self.spill):
            self.spill = larger(self.spill, spilled, spilled + sent)
            self._let_know()
