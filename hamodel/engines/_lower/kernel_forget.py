"""Forgetting in the kernel: the zones that are still used move to the front of their store."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import Bytes, Ints, Words


def squeeze(used: Bytes, size: int, renamed: Ints, begins: Words, D: Ints, marks: Words) -> int:
    """Keep the zones that are used, in their order; `renamed` takes their new numbers. Returns how many there are."""
    new = 0
    end = 0
    for old in range(size):
        if used[old] != 0:
            begin = begins[old]
            cells = begins[old + 1] - begin
            for i in range(cells):
                D[end + i] = D[begin + i]
            begins[new] = end
            marks[new] = marks[old]
            renamed[old] = new
            end += cells
            new += 1
    begins[new] = end
    return new
