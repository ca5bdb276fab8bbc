"""Merging in the kernel: two zones of one state become one where their union is a zone again.

The zones A and B have the hull H, cell by cell the larger bound. H is their union exactly if every piece of H outside
A lies in B. A piece is H with `x[j] - x[i] <= -A[i, j]`, for a bound of A that is below H's; closed again its bound on
x - y is min(H[x, y], H[x, j] - A[i, j] + H[i, y]), which must not be above B[x, y]. Only cells where A is the larger
one can fail. So the test is: for each cell (i, j) where A is below B and each (x, y) where B is below A,
H[x, j] + H[i, y] <= A[i, j] + B[x, y]. A pair is tried as soon as it is seen: most zones are apart at once. Time is dense: zones that only touch at their edges are joined, zones a
millisecond apart are not.
"""

from __future__ import annotations

from hamodel.engines._lower.kernel_meters import watch_class, watch_edge
from hamodel.engines._lower.kernel_rules import fire, ready
from hamodel.engines._lower.kernel_shared import pack, state_of, unpack, zone_of
from hamodel.engines._lower.kernel_words import (
    ACTIONS,
    AT_ACTION,
    BLOCKS,
    CELLS,
    CLASSES,
    DEAD,
    DONE,
    EDGES,
    ERROR,
    EVENTS,
    FAILED,
    GROW,
    HEAD,
    IDLE,
    MAXCELLS,
    MERGED,
    MOST,
    NEXT,
    NOW,
    PARTS,
    PAUSED,
    QUEUED,
    STATES,
    WIDTH,
    ZONES,
    Bytes,
    Ints,
    Words,
    at,
    copy,
)
from hamodel.engines._lower.kernel_zones import clocks, ending, lows, ordinary, pass_time, settle


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

    A class that waits to be expanded in this layer stays as it is: what is added now is one step further away.
    """
    gone = 0 - 1
    grown = 1
    while grown != 0:
        grown = 0
        before = 0 - 1
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
            d = following
    keep = 0 - 1
    d = gone
    while d >= 0:
        if keep < 0 or flag[d] == NEXT:
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


def spread(
    s: Bytes,
    words: Words,
    s2: Bytes,
    words2: Words,
    parts: Ints,
    blocks: Words,
    block_marks: Words,
    block_table: Ints,
    D: Ints,
    begins: Words,
    zone_marks: Words,
    zone_table: Ints,
    first: Ints,
    hashes: Words,
    table: Ints,
    zone: Ints,
    owner: Ints,
    link: Ints,
    flag: Bytes,
    layer: Ints,
    queue: Ints,
    events: Ints,
    count: Words,
    timer: Words,
    allowed: Bytes,
    kinds: Bytes,
    c: Words,
    w: Words,
    tl: Words,
    tl2: Words,
    low: Words,
    old: Words,
    todo: Words,
    below: Words,
    above: Words,
    meters: Words,
    measures: int,
    states: int,
    classes: int,
    cells: int,
    most_blocks: int,
    most_zones: int,
    mask: int,
    block_mask: int,
    zone_mask: int,
    most_events: int,
    pace: int,
    size: int,
) -> int:
    """Expand the classes of one layer from count[HEAD] on, until `pace` more are done, or an array is full."""
    head = count[HEAD]
    steps = 0
    status = DONE
    while head < size:
        if steps >= pace:
            status = PAUSED
            break
        if (
            count[STATES] + ACTIONS >= states
            or count[CLASSES] + ACTIONS >= classes
            or count[CELLS] + ACTIONS * MAXCELLS >= cells
            or count[BLOCKS] + ACTIONS * PARTS >= most_blocks
            or count[ZONES] + ACTIONS >= most_zones
            or 2 * (count[STATES] + ACTIONS) > mask
            or 2 * (count[BLOCKS] + ACTIONS * PARTS) > block_mask
            or 2 * (count[ZONES] + ACTIONS) > zone_mask
            or count[EVENTS] + ACTIONS > most_events
        ):
            status = GROW
            break
        source = layer[head]
        if flag[source] != NOW:
            head += 1
            continue
        mine = owner[source]
        from_parts = at(parts, mine * PARTS)
        unpack(from_parts, blocks, words)
        m = at(D, begins[zone[source]])
        k = clocks(s, words, kinds, tl)
        near = ordinary(k, tl, kinds, w)
        lows(m, k, low)
        watching = k - near
        if watching != 0:
            watch_class(s, source, k, tl, low, kinds, meters, measures)
        n = ready(s, w, c, allowed, near, todo)
        for e in range(n):
            a = todo[e]
            t = timer[a]
            p = ending(t, tl, low, kinds, w)
            if p < 0:
                continue
            far = 0
            if t >= 0 and p == 0:
                far = 1
            new = count[STATES]
            copy(s2, s, WIDTH)
            fire(a, s2, w, c)
            if w[0] != 0:
                status = FAILED
                count[ERROR] = w[0]
                count[AT_ACTION] = a
                break
            k2 = clocks(s2, words2, kinds, tl2)
            z = at(D, count[CELLS])
            left = pass_time(m, k, p, low, tl, w, z, k2, tl2, old)
            settle(k2, tl2, w)
            if left == 0:
                status = FAILED
                count[ERROR] = 0
                count[AT_ACTION] = a
                break
            if watching != 0:
                watch_edge(s, s2, source, a, p, far, m, k, tl, low, meters, measures)
            if k2 > count[MOST]:
                count[MOST] = k2
            to_parts = at(parts, new * PARTS)
            h = pack(words2, words, from_parts, to_parts, count, blocks, block_marks, block_table, block_mask)
            state = state_of(h, parts, table, mask, hashes, first, new)
            if state == new:
                count[STATES] = new + 1
            reached = admit(
                z, k2 + 1, state, count, D, begins, zone_marks, zone_table, zone_mask,
                first, zone, owner, link, flag, queue, below, above,
            )  # fmt: skip
            if reached >= 0:
                v = 3 * count[EVENTS]
                events[v] = reached
                events[v + 1] = source
                events[v + 2] = a
                count[EVENTS] = count[EVENTS] + 1
            count[EDGES] = count[EDGES] + 1
        if status == FAILED:
            break
        flag[source] = IDLE
        head += 1
        steps += 1
    count[HEAD] = head
    return status
