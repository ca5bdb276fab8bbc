"""Hulls in the kernel: two zones of one state are put together although their union is no zone (see `hulls`)."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import NOW, Bytes, Ints, Words, at


def nearest(z: Ints, cells: int, first: int, D: Ints, begins: Words, zone: Ints, link: Ints, flag: Bytes) -> int:
    """Of the classes of a state that may change the one whose bounds differ least often from those of z; -1 if none."""
    best = 0 - 1
    least = cells + 1
    d = first
    while d >= 0:
        if flag[d] != NOW:
            differ = differing(z, at(D, begins[zone[d]]), cells)
            if differ < least:
                least = differ
                best = d
        d = link[d]
    return best


def differing(z: Ints, other: Ints, cells: int) -> int:
    """In how many bounds two zones differ."""
    many = 0
    for i in range(cells):
        if z[i] != other[i]:
            many += 1
    return many


def widen(z: Ints, other: Ints, cells: int) -> int:
    """z becomes the hull of both, the larger bound of each pair of clocks: it is closed where both are."""
    for i in range(cells):
        if other[i] > z[i]:
            z[i] = other[i]
    return 0
