"""Merging in the kernel: two zones of one state become one where their union is a zone again.

The zones A and B have the hull H, cell by cell the larger bound. H is their union exactly if every piece of H outside
A lies in B. A piece is H with `x[j] - x[i] <= -A[i, j]`, for a bound of A that is below H's; closed again its bound on
x - y is min(H[x, y], H[x, j] - A[i, j] + H[i, y]), which must not be above B[x, y]. Only cells where A is the larger
one can fail. So the test is: for each cell (i, j) where A is below B and each (x, y) where B is below A,
H[x, j] + H[i, y] <= A[i, j] + B[x, y]. A pair is tried as soon as it is seen: most zones are apart by first cells.
Time is dense: zones that only touch at their edges are joined, zones a millisecond apart are not.
"""

from __future__ import annotations

from hamodel.engines._lower.kernel_hulls import nearest, widen
from hamodel.engines._lower.kernel_shared import zone_of
from hamodel.engines._lower.kernel_words import (
    CLASSES,
    DEAD,
    IDLE,
    KEPT,
    LOOSE,
    MERGED,
    NEXT,
    NOW,
    QUEUED,
    STATES,
    Bytes,
    Ints,
    Words,
    at,
)


def joined(z: Ints, other: Ints, n: int, below: Words, above: Words) -> int:
    """Compare the candidate with a stored zone.

    0: nothing to be had. 1: it lies inside. 2: the other lies inside it. 3: the union is a zone, and z has become it.
    """
    few = 0
    many = 0
    for i in range(n):
        row = i * n
        for j in range(n):
            d = z[row + j] - other[row + j]
            if d < 0:
                below[2 * few] = row
                below[2 * few + 1] = j
                few += 1
                if many > 0 and apart(z, other, row, j, above[2 * many - 2], above[2 * many - 1]) != 0:
                    return 0
            if d > 0:
                above[2 * many] = row
                above[2 * many + 1] = j
                many += 1
                if few > 0 and apart(z, other, below[2 * few - 2], below[2 * few - 1], row, j) != 0:
                    return 0
    if many == 0:
        return 1
    if few == 0:
        return 2
    for a in range(few):
        for b in range(many):
            if apart(z, other, below[2 * a], below[2 * a + 1], above[2 * b], above[2 * b + 1]) != 0:
                return 0
    for a in range(few):
        i = below[2 * a] + below[2 * a + 1]
        z[i] = other[i]
    return 3


def apart(z: Ints, other: Ints, i: int, j: int, x: int, y: int) -> int:
    """The test for one pair of cells (rows are given by where they begin): 1 where the union is no zone."""
    u = z[x + j]
    if other[x + j] > u:
        u = other[x + j]
    v = z[i + y]
    if other[i + y] > v:
        v = other[i + y]
    if u + v > z[i + j] + other[x + y]:
        return 1
    return 0


def admit(
    z: Ints,
    n: int,
    state: int,
    count: Words,
    D: Ints,
    begins: Words,
    marks: Words,
    zones: Ints,
    mask: int,
    first: Ints,
    zone: Ints,
    owner: Ints,
    link: Ints,
    flag: Bytes,
    queue: Ints,
    below: Words,
    above: Words,
) -> int:
    """The class that takes the candidate z, which lies behind the stored zones; -1 where it is covered already.

    A class that waits to be expanded in this layer stays as it is: what is added now is one step further away. One that
    has been expanded gets a new number when it grows, so classes are numbered, and chained, by layers.
    Where a state may keep so many zones only (count[KEPT]) and has them, the candidate is put together with the nearest
    one, and then compared with the others again.
    """
    gone = 0 - 1
    grown = 1
    while grown != 0:
        grown = 0
        before = 0 - 1
        stored = 0
        d = first[state]
        while d >= 0:
            following = link[d]
            verdict = 0
            if flag[d] == NOW:
                verdict = inside_of(z, at(D, begins[zone[d]]), n * n)
            else:
                verdict = joined(z, at(D, begins[zone[d]]), n, below, above)
            if verdict == 1 and gone < 0:
                return 0 - 1
            if verdict == 2 or verdict == 3:
                if before < 0:
                    first[state] = following
                else:
                    link[before] = following
                link[d] = gone
                gone = d
                if verdict == 3:
                    grown = 1
            else:
                before = d
                stored += 1
            d = following
        if grown == 0 and count[KEPT] > 0 and stored >= count[KEPT]:
            d = nearest(z, n * n, first[state], D, begins, zone, link, flag)
            if d >= 0:
                widen(z, at(D, begins[zone[d]]), n * n)
                if count[LOOSE] < 0:
                    count[LOOSE] = count[STATES]
                grown = 1
    keep = 0 - 1
    d = gone
    while d >= 0:
        if flag[d] == NEXT:
            keep = d
        d = link[d]
    if keep < 0:
        keep = count[CLASSES]
        count[CLASSES] = keep + 1
        owner[keep] = state
        flag[keep] = IDLE
    zone[keep] = zone_of(z, n, count, begins, D, marks, zones, mask)
    while gone >= 0:
        following = link[gone]
        if gone != keep:
            link[gone] = 0 - 2 - keep
            flag[gone] = DEAD
            count[MERGED] = count[MERGED] + 1
        gone = following
    if flag[keep] != NEXT:
        flag[keep] = NEXT
        queue[count[QUEUED]] = keep
        count[QUEUED] = count[QUEUED] + 1
    link[keep] = first[state]
    first[state] = keep
    return keep


def inside_of(z: Ints, other: Ints, cells: int) -> int:
    """1 where every bound of z is at most the other's."""
    for i in range(cells):
        if z[i] > other[i]:
            return 0
    return 1
