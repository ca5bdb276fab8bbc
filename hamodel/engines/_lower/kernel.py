"""The inner loops of the state-class search, in the restricted Python that `subset` lowers. Read as text, never imported by the search.

A class is a row of bytes and a zone: bounds N[x, y] on x - y over 'now' (index 0) and the remaining times of its running clocks
in timer order, canonical, stored flat. Every number is a 64-bit integer that wraps; an array is a pointer. Names in capitals
are numbers the lowering puts in. `ready` and `fire` are the rules of the system, lowered beside this text.
"""

from __future__ import annotations

Bytes = list[int]
Ints = list[int]
Words = list[int]

WORDS = WIDTH = RUNNING = TIMERS = ACTIONS = MAXCELLS = 0
HEAD = TAIL = EDGES = MOST = ERROR = AT_ACTION = 0
DONE = PAUSED = GROW = FAILED = 0
FAR = STOPWATCH = STOPWATCH_MS = 0
STARTED = HASTENED = NO_EDGES = 0


def at(array: list[int], index: int) -> list[int]:
    """A pointer into the array."""
    raise NotImplementedError


def copy(target: list[int], source: list[int], size: int) -> int:
    """`size` bytes."""
    raise NotImplementedError


def shift(x: int, n: int) -> int:
    """Logical shift to the right."""
    raise NotImplementedError


def ready(s: Bytes, w: Words, c: Words, allowed: Bytes, near: int, todo: Words) -> int:
    raise NotImplementedError


def fire(a: int, s: Bytes, w: Words, c: Words) -> int:
    raise NotImplementedError


# -- what procedures call


def hasten(s: Bytes, flag: int, w: Words, mark: int, hi: int) -> int:
    """Let a timer end within `hi`; 0 where that leaves it no time to end at all."""
    if s[flag] == 0 or w[mark] == STARTED:
        if s[flag] == 0:
            w[mark + 1] = 0
            w[mark + 2] = hi
        s[flag] = 1
        w[mark] = STARTED
        if hi < w[mark + 2]:
            w[mark + 2] = hi
        return w[mark + 1] <= w[mark + 2]
    if w[mark] == 0 or hi < w[mark + 2]:
        w[mark + 2] = hi
    w[mark] = HASTENED
    return hi >= 0


def push(s: Bytes, queue: int, capacity: int, value: int) -> int:
    """A message to the end; 0 where the queue is full."""
    n = s[queue]
    if n >= capacity:
        return 0
    s[queue + 1 + n] = value
    s[queue] = n + 1
    return 1


def take(s: Bytes, queue: int) -> int:
    """The head of the queue, 0 where it is empty; the freed place becomes zero."""
    n = s[queue]
    if n == 0:
        return 0
    head = s[queue + 1]
    for i in range(1, n):
        s[queue + i] = s[queue + i + 1]
    s[queue + n] = 0
    s[queue] = n - 1
    return head


def clear(s: Bytes, queue: int) -> int:
    for i in range(s[queue] + 1):
        s[queue + i] = 0
    return 0


# -- zones


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


def pass_time(m: Ints, k: int, p: int, low: Words, tl: Words, w: Words, z: Ints, k2: int, tl2: Words, old: Words) -> int:
    """The zone z after clock p has ended (p = 0: after a free action), over the timers that run now.

    Survivors keep their differences; started ones join independently; at last hastened ones are cut. 0 where nothing is left.
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
        if w[mark] == HASTENED and w[mark + 2] < z[b * n2]:
            if cut(z, n2, b, w[mark + 2]) == 0:
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


# -- measures: 8 words each: timer, lo, its class, its action, hi, its class, its action, class where it is unbounded


def watch_class(s: Bytes, head: int, m: Ints, k: int, tl: Words, low: Words, kinds: Bytes, meters: Words, count: int) -> int:
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
    s: Bytes, s2: Bytes, head: int, a: int, p: int, far: int, m: Ints, k: int, tl: Words, low: Words, meters: Words, count: int
) -> int:
    """A stopwatch that this step stops has run between two exact bounds; one stopped by a far timer nobody knows how long."""
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


# -- the store


def mixed(x: int) -> int:
    x = (x ^ shift(x, 29)) * 7046029254386353131
    return x ^ shift(x, 32)


def hash_row(words: Words) -> int:
    """A sum over the words, so that a step that changes few words changes the hash by few terms."""
    h = 0
    for i in range(WORDS):
        h += mixed(words[i] * 1099511628211 + (i + 1) * 6364136223846793005)
    return h


def hash_step(words: Words, words2: Words, h: int) -> int:
    """The hash of `words2`, from that of `words`, which differs little."""
    for i in range(WORDS):
        x = words[i]
        y = words2[i]
        if x != y:
            h += mixed(y * 1099511628211 + (i + 1) * 6364136223846793005)
            h -= mixed(x * 1099511628211 + (i + 1) * 6364136223846793005)
    return h


def hash_zone(z: Ints, k: int, h: int) -> int:
    """Row and column of 'now' mixed well, the rest as a weighted sum."""
    n = k + 1
    total = 0
    weight = 1442695040888963407
    for i in range(1, n * n):
        total += z[i] * weight
        weight += 3935559000370003845
    return mixed(h ^ mixed(total))


def same_row(words: Words, other: Words) -> int:
    for i in range(WORDS):
        if words[i] != other[i]:
            return 0
    return 1


def same_zone(z: Ints, other: Ints, cells: int) -> int:
    for i in range(cells):
        if z[i] != other[i]:
            return 0
    return 1


def inside(z: Ints, other: Ints, cells: int) -> int:
    """Every bound of z is at most the other's: all its times are among the other's."""
    for i in range(cells):
        if z[i] > other[i]:
            return 0
    return 1


def sums(z: Ints, k: int, link: Words) -> int:
    """Three sums that can only be larger in a zone that contains this one: upper bounds, lower bounds, everything."""
    n = k + 1
    up = 0
    down = 0
    total = 0
    for i in range(n):
        up += z[i * n]
        down += z[i]
    for i in range(n * n):
        total += z[i]
    link[0] = 0 - 1
    link[1] = up
    link[2] = down
    link[3] = total
    return 0


def included(z: Ints, cells: int, first: int, new: int, D: Ints, offset: Words, links: Words) -> int:
    """The class of the chain from `first` that contains the candidate `new`, or -1."""
    c = first
    while c >= 0:
        if (
            links[4 * c + 1] >= links[4 * new + 1]
            and links[4 * c + 2] >= links[4 * new + 2]
            and links[4 * c + 3] >= links[4 * new + 3]
            and inside(z, at(D, offset[c]), cells) != 0
        ):
            return c
        c = links[4 * c]
    return 0 - 1


def find(
    mode: int,
    new: int,
    cells: int,
    h: int,
    S8: Words,
    D: Ints,
    offset: Words,
    table: Ints,
    mask: int,
    hashes: Words,
    links: Words,
) -> int:
    """The stored class that already covers the candidate in place `new`, or -1 after storing it."""
    q = h & mask
    while table[q] >= 0:
        c = table[q]
        if hashes[c] == h and same_row(at(S8, c * WORDS), at(S8, new * WORDS)) != 0:
            if mode == 0:
                if offset[c + 1] - offset[c] == cells and same_zone(at(D, offset[new]), at(D, offset[c]), cells) != 0:
                    return c
            else:
                within = included(at(D, offset[new]), cells, c, new, D, offset, links)
                if within < 0:
                    links[4 * new] = links[4 * c]
                    links[4 * c] = new
                    hashes[new] = h
                return within
        q = (q + 1) & mask
    table[q] = new
    hashes[new] = h
    return 0 - 1


def rehash(table: Ints, size: int, target: Ints, mask: int, hashes: Words) -> int:
    """Move every entry to a larger table."""
    for i in range(size):
        c = table[i]
        if c >= 0:
            q = hashes[c] & mask
            while target[q] >= 0:
                q = (q + 1) & mask
            target[q] = c
    return 0


def digest(mode: int, words: Words, z: Ints, k: int, link: Words) -> int:
    """The hash of a class that did not come from a step, and its sums."""
    h = hash_row(words)
    if mode == 0:
        return hash_zone(z, k, h)
    sums(z, k, link)
    return mixed(h)


# -- the search


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
    """Breadth first from class count[HEAD] on, until all is done, `pace` or class `last` is, `stop` are stored or an array is full."""
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
            or offset[tail] + MAXCELLS >= cells
            or 2 * (tail + ACTIONS) > mask
            or count[EDGES] + ACTIONS > edges
        ):
            status = GROW
            break
        s = at(S, head * WIDTH)
        m = at(D, offset[head])
        k = clocks(s, at(S8, head * WORDS), kinds, tl)
        near = 0
        for i in range(k):
            if kinds[tl[i]] != STOPWATCH:
                near += 1
        lows(m, k, low)
        watching = k - near
        if watching != 0:
            watch_class(s, head, m, k, tl, low, kinds, meters, measures)
        h0 = hash_row(at(S8, head * WORDS))
        n = ready(s, w, c, allowed, near, todo)
        for e in range(n):
            a = todo[e]
            t = timer[a]
            p = 0
            far = 0
            if t >= 0:
                if kinds[t] == FAR:
                    far = 1
                else:
                    p = 1
                    while tl[p - 1] != t:
                        p += 1
                    if low[p] < 0:
                        continue
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
