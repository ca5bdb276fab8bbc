"""The inner loops of the state-class search, in the restricted Python that `subset` lowers: read as text, never run.

A class is a row of bytes and a zone: bounds N[x, y] on x - y over 'now' (index 0) and the remaining times of its
running clocks in timer order, canonical, stored flat. Every number is a 64-bit integer that wraps; an array is a
pointer. Names in capitals are numbers the lowering puts in.
"""

from __future__ import annotations

from hamodel.engines._lower.kernel_meters import watch_class, watch_edge
from hamodel.engines._lower.kernel_rules import fire, ready
from hamodel.engines._lower.kernel_store import find, hash_row, hash_step, hash_zone, mixed, sums
from hamodel.engines._lower.kernel_words import (
    ACTIONS,
    AT_ACTION,
    DONE,
    EDGES,
    ERROR,
    FAILED,
    GROW,
    HEAD,
    MAXCELLS,
    MOST,
    NO_EDGES,
    PAUSED,
    TAIL,
    WIDTH,
    WORDS,
    Bytes,
    Ints,
    Words,
    at,
    copy,
)
from hamodel.engines._lower.kernel_zones import clocks, ending, lows, ordinary, pass_time, settle


def explore(
    S: Bytes,
    S8: Words,
    D: Ints,
    offset: Words,
    parent: Ints,
    via: Ints,
    table: Ints,
    hashes: Words,
    links: Words,
    E: Ints,
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
    meters: Words,
    measures: int,
    mode: int,
    rows: int,
    cells: int,
    mask: int,
    edges: int,
    pace: int,
    stop: int,
    last: int,
) -> int:
    """Breadth first from class count[HEAD] on, until `pace` more or class `last` are done, or an array is full."""
    head = count[HEAD]
    tail = count[TAIL]
    steps = 0
    status = DONE
    while head < tail and head < last:
        if steps >= pace or tail >= stop:
            status = PAUSED
            break
        if (
            tail + ACTIONS >= rows
            or offset[tail] + ACTIONS * MAXCELLS >= cells
            or 2 * (tail + ACTIONS) > mask
            or count[EDGES] + ACTIONS > edges
        ):
            status = GROW
            break
        s = at(S, head * WIDTH)
        m = at(D, offset[head])
        k = clocks(s, at(S8, head * WORDS), kinds, tl)
        near = ordinary(k, tl, kinds, w)
        lows(m, k, low)
        watching = k - near
        if watching != 0:
            watch_class(s, head, k, tl, low, kinds, meters, measures)
        h0 = hash_row(at(S8, head * WORDS))
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
            s2 = at(S, tail * WIDTH)
            copy(s2, s, WIDTH)
            fire(a, s2, w, c)
            if w[0] != 0:
                status = FAILED
                count[ERROR] = w[0]
                count[AT_ACTION] = a
                break
            k2 = clocks(s2, at(S8, tail * WORDS), kinds, tl2)
            z = at(D, offset[tail])
            left = pass_time(m, k, p, low, tl, w, z, k2, tl2, old)
            settle(k2, tl2, w)
            if left == 0:
                status = FAILED
                count[ERROR] = 0
                count[AT_ACTION] = a
                break
            if watching != 0:
                watch_edge(s, s2, head, a, p, far, m, k, tl, low, meters, measures)
            if k2 > count[MOST]:
                count[MOST] = k2
            h = hash_step(at(S8, head * WORDS), at(S8, tail * WORDS), h0)
            if mode == 0:
                h = hash_zone(z, k2, h)
            else:
                sums(z, k2, at(links, 4 * tail))
                h = mixed(h)
            size = (k2 + 1) * (k2 + 1)
            found = find(mode, tail, size, h, S8, D, offset, table, mask, hashes, links)
            reached = found
            if found < 0:
                reached = tail
                offset[tail + 1] = offset[tail] + size
                parent[tail] = head
                via[tail] = a
                tail += 1
            if edges < NO_EDGES:
                E[3 * count[EDGES]] = head
                E[3 * count[EDGES] + 1] = reached
                E[3 * count[EDGES] + 2] = a
            count[EDGES] += 1
        if status == FAILED:
            break
        head += 1
        steps += 1
    count[HEAD] = head
    count[TAIL] = tail
    return status
