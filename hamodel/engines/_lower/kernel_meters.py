"""Measured durations in the kernel.

A meter is 8 words: timer, lo, its class and action, hi, its class and action, the class where it is unbounded.
"""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import RUNNING, STOPWATCH, STOPWATCH_MS, TIMERS, Bytes, Ints, Words


def watch_class(s: Bytes, head: int, k: int, tl: Words, low: Words, kinds: Bytes, meters: Words, count: int) -> int:
    """A stopwatch that runs where nothing else does, or that is itself due, has no upper bound."""
    others = 0
    for t in range(TIMERS):
        if s[RUNNING + t] != 0 and kinds[t] != STOPWATCH:
            others += 1
    for i in range(count):
        r = i * 8
        if s[RUNNING + meters[r]] != 0 and meters[r + 7] < 0:
            p = 0
            for j in range(k):
                if tl[j] == meters[r]:
                    p = j + 1
            if others == 0 or low[p] == 0:
                meters[r + 7] = head
    return 0


def watch_edge(
    s: Bytes,
    s2: Bytes,
    head: int,
    a: int,
    p: int,
    far: int,
    m: Ints,
    k: int,
    tl: Words,
    low: Words,
    meters: Words,
    count: int,
) -> int:
    """A stopwatch that this step stops has run between two exact bounds; one stopped by a far timer nobody knows."""
    n = k + 1
    for i in range(count):
        r = i * 8
        t = meters[r]
        if s[RUNNING + t] != 0 and far != 0:
            if meters[r + 7] < 0:
                meters[r + 7] = head
        elif s[RUNNING + t] != 0 and s2[RUNNING + t] == 0:
            x = 0
            for j in range(k):
                if tl[j] == t:
                    x = j + 1
            shortest = STOPWATCH_MS - m[x * n + p]
            longest = STOPWATCH_MS + low[x]
            if meters[r + 2] < 0 or shortest < meters[r + 1]:
                meters[r + 1] = shortest
                meters[r + 2] = head
                meters[r + 3] = a
            if meters[r + 5] < 0 or longest > meters[r + 4]:
                meters[r + 4] = longest
                meters[r + 5] = head
                meters[r + 6] = a
    return 0
