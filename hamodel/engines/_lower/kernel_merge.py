"""The loop of the merged search: the classes of one layer are expanded, what they lead to joins the next layer."""

from __future__ import annotations

from hamodel.engines._lower.kernel_join import admit
from hamodel.engines._lower.kernel_meters import watch_class, watch_edge
from hamodel.engines._lower.kernel_rules import fire, ready
from hamodel.engines._lower.kernel_shared import pack, state_of, unpack
from hamodel.engines._lower.kernel_words import (
    ACTIONS,
    AT_ACTION,
    BLOCK_MASK,
    BLOCKS,
    CELLS,
    CLASSES,
    DONE,
    EDGES,
    ERROR,
    EVENTS,
    FAILED,
    GROW,
    HEAD,
    IDLE,
    MASK,
    MAXCELLS,
    MOST,
    NOW,
    PARTS,
    PAUSED,
    STATES,
    TIMERS,
    WIDTH,
    ZONE_MASK,
    ZONES,
    Bytes,
    Ints,
    Words,
    at,
    copy,
)
from hamodel.engines._lower.kernel_zones import clocks, ending, lows, ordinary, pass_time, settle


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
    scratch: Words,
    todo: Words,
    sides: Words,
    meters: Words,
    room: Words,
    measures: int,
    pace: int,
    size: int,
) -> int:
    """Expand the classes of one layer from count[HEAD] on, until `pace` more are done, or an array is full.

    `room` says of what is counted how many fit, and the masks of the three tables. `scratch` and `sides` are cut up
    into the clocks before and after a step, their lower bounds, where they were, and the cells of two zones.
    """
    states = room[STATES]
    classes = room[CLASSES]
    cells = room[CELLS]
    mask = room[MASK]
    block_mask = room[BLOCK_MASK]
    zone_mask = room[ZONE_MASK]
    tl = at(scratch, 0)
    tl2 = at(scratch, TIMERS + 1)
    low = at(scratch, 2 * TIMERS + 2)
    old = at(scratch, 3 * TIMERS + 3)
    below = at(sides, 0)
    above = at(sides, 2 * MAXCELLS)
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
            or count[BLOCKS] + ACTIONS * PARTS >= room[BLOCKS]
            or count[ZONES] + ACTIONS >= room[ZONES]
            or 2 * (count[STATES] + ACTIONS) > mask
            or 2 * (count[BLOCKS] + ACTIONS * PARTS) > block_mask
            or 2 * (count[ZONES] + ACTIONS) > zone_mask
            or count[EVENTS] + ACTIONS > room[EVENTS]
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
            watch_class(s, mine, k, tl, low, kinds, meters, measures)
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
                watch_edge(s, s2, mine, a, p, far, m, k, tl, low, meters, measures)
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
