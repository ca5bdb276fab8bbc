"""Zones of the kernel: which clocks run, how far time can pass, and what is left of their bounds after a step."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import FAR, HASTENED, RUNNING, STARTED, STOPWATCH, WORDS, Bytes, Ints, Words


def clocks(s: Bytes, words: Words, kinds: Bytes, tl: Words) -> int:
    """List the running timers that have a clock, in order; returns how many."""
    k = 0
    for block in range(RUNNING // 8, WORDS):
        if words[block] != 0:
            first = 8 * block - RUNNING
            for t in range(first, first + 8):
                if s[RUNNING + t] != 0 and kinds[t] != FAR:
                    tl[k] = t
                    k += 1
    return k


def lows(m: Ints, k: int, low: Words) -> int:
    """How far time can pass: low[y] is minus the remaining time of y, at least, when any clock but it has just ended.

    It is 0 exactly for the clocks that can be the first to end.
    """
    n = k + 1
    low[0] = 0
    for y in range(1, n):
        least = 0
        for j in range(1, n):
            v = m[j * n + y]
            if v < least:
                least = v
        low[y] = least
    return 0


def ordinary(k: int, tl: Words, kinds: Bytes, w: Words) -> int:
    """How many of the running clocks are no stopwatches; `w` takes the note of an index outside."""
    n = 0
    for i in range(k):
        if kinds[tl[i]] != STOPWATCH:
            n += 1
    return n


def ending(t: int, tl: Words, low: Words, kinds: Bytes, w: Words) -> int:
    """The position of the clock whose end an action is: 0 for an action without a clock, -1 where others end first."""
    if t < 0 or kinds[t] == FAR:
        return 0
    p = 1
    while tl[p - 1] != t:
        p += 1
    if low[p] < 0:
        return 0 - 1
    return p


def pass_time(
    m: Ints, k: int, p: int, low: Words, tl: Words, w: Words, z: Ints, k2: int, tl2: Words, old: Words
) -> int:
    """The zone z after clock p has ended (p = 0: after a free action), over the timers that run now.

    Survivors keep their differences; started ones join independently; hastened ones are cut last. 0 where nothing is
    left.
    """
    n = k + 1
    n2 = k2 + 1
    z[0] = 0
    i = 0
    fresh = 0
    for b in range(k2):
        t = tl2[b]
        while i < k and tl[i] < t:
            i += 1
        if w[1 + 3 * t] == STARTED:
            old[b + 1] = 0
            z[(b + 1) * n2] = w[1 + 3 * t + 2]
            z[b + 1] = 0 - w[1 + 3 * t + 1]
            fresh += 1
        else:
            x = i + 1
            old[b + 1] = x
            z[(b + 1) * n2] = m[x * n + p]
            z[b + 1] = low[x]
    for b in range(1, n2):
        x = old[b]
        up = z[b * n2]
        for d in range(1, n2):
            v = up + z[d]
            if x != 0 and old[d] != 0:
                u = m[x * n + old[d]]
                if u < v:
                    v = u
            z[b * n2 + d] = v
        z[b * n2 + b] = 0
    for b in range(1, n2):
        mark = 1 + 3 * tl2[b - 1]
        if w[mark] == HASTENED and w[mark + 2] < z[b * n2] and cut(z, n2, b, w[mark + 2]) == 0:
            return 0
    return 1


def cut(z: Ints, n: int, b: int, hi: int) -> int:
    """Add `clock b <= hi` and close again; 0 where the zone becomes empty."""
    if hi + z[b] < 0:
        return 0
    for x in range(n):
        if x != b:
            reach = z[x * n + b] + hi
            for y in range(n):
                v = reach + z[y]
                if v < z[x * n + y]:
                    z[x * n + y] = v
    for y in range(n):
        v = hi + z[y]
        if v < z[b * n + y]:
            z[b * n + y] = v
    return 1


def settle(k2: int, tl2: Words, w: Words) -> int:
    """Forget the marks of a macro step; only running timers have one."""
    for b in range(k2):
        w[1 + 3 * tl2[b]] = 0
    return 0
