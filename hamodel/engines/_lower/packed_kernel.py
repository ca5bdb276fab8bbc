"""The inner loops of the packed search, in the restricted Python that `subset` lowers: read as text, never run.

A state has two halves, rows of words. A half that was seen before has a number, and the key of a state is the numbers
of its halves. `parts` is the set of numbered halves: a slot has 32 bits of the hash and the number plus one; `values`
has their words. Threads take numbers in blocks, so some are never used.

What local actions do to a half is written down once: `lists` tells for each half, as the first and as the second, where
its `entries` are and how many.

`slots` is the set of states: a slot is the key plus one and the claim. A claim says who reached the state first: the
least number of parent and action, kept complemented, so that 0 is nobody and the greater word wins. Whatever the
threads do, the least claim wins, and with it the numbers of all states are those of a search with one thread.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_words import (
    ACTIONS,
    AT_ACTION,
    AT_PARENT,
    BAD,
    BATCH,
    BLOCK,
    BUSY,
    COMMON,
    CURSOR,
    DEADLOCKS,
    EDGES,
    ENTRIES,
    FIRSTS,
    FORMULAS,
    HALF,
    HITS,
    IDS,
    LAST_ENTRY,
    LAST_ID,
    NEW,
    NEXT_ENTRY,
    NEXT_ID,
    REST,
    REST_END,
    ROOM,
    STATE,
    TAG,
    WHOLE,
    WIDE_GUARDS,
    Bytes,
    Ints,
    Words,
    add_to,
    at,
    copy,
    fetch,
    look,
    publish,
    raise_to,
    shift,
    swap,
)


def ready_left(s: Words, todo: Words) -> int:
    raise NotImplementedError


def ready_right(s: Words, todo: Words) -> int:
    raise NotImplementedError


def ready_wide(s: Words, todo: Words) -> int:
    raise NotImplementedError


def fire(a: int, t: Words, w: Words) -> int:
    raise NotImplementedError


def judge(s: Words) -> int:
    raise NotImplementedError


def mix(x: int) -> int:
    x = (x ^ shift(x, 29)) * 7046029254386353131
    return x ^ shift(x, 32)


def hashed(row: Words) -> int:
    """The hash of a half; its upper 32 bits are kept in the table and are never 0."""
    h = 0
    c = 7046029254386353131
    for i in range(HALF):
        h += (row[i] ^ shift(row[i], 32)) * c
        c = c * 5851029183712764845
    return mix(h) | 4294967296


def same(row: Words, other: Words) -> int:
    for i in range(HALF):
        if row[i] != other[i]:
            return 0
    return 1


def number(row: Words, h: int, parts: Words, mask: int, values: Words, own: Words, shared: Words) -> int:
    """The number of a half, new or known."""
    q = h & mask
    tag = shift(h, 32) * WHOLE
    while True:
        there = look(at(parts, q))
        if there == 0:
            there = swap(at(parts, q), 0, tag + BUSY)
            if there == 0:
                if own[NEXT_ID] == own[LAST_ID]:
                    own[NEXT_ID] = add_to(at(shared, IDS), BLOCK)
                    own[LAST_ID] = own[NEXT_ID] + BLOCK
                n = own[NEXT_ID]
                own[NEXT_ID] = n + 1
                copy(at(values, n * HALF), row, 8 * HALF)
                publish(at(parts, q), tag + n + 1)
                return n
        if there & TAG == tag:
            while there & BUSY == BUSY:
                there = look(at(parts, q))
            n = (there & BUSY) - 1
            if same(row, at(values, n * HALF)) != 0:
                return n
        q = (q + 1) & mask
    return 0


def admit(key: int, claim: int, slots: Words, mask: int) -> int:
    """Note a state and who reached it; its slot where it is new, else -1."""
    q = mix(key) & mask
    seen = key + 1
    while True:
        there = look(at(slots, 2 * q))
        if there == 0:
            there = swap(at(slots, 2 * q), 0, seen)
            if there == 0:
                raise_to(at(slots, 2 * q + 1), 0 - 1 - claim)
                return q
        if there == seen:
            before = look(at(slots, 2 * q + 1))
            if before == 0 or before < 0 - 1 - claim:
                raise_to(at(slots, 2 * q + 1), 0 - 1 - claim)
            return 0 - 1
        q = (q + 1) & mask
    return 0


def unfold(key: int, s: Words, values: Words) -> int:
    """The words of a state."""
    copy(s, at(values, shift(key, 32) * HALF), 8 * HALF)
    copy(at(s, HALF), at(values, (key & BUSY) * HALF), 8 * HALF)
    return 0


def follow(
    half: int,
    side: int,
    local: Bytes,
    parts: Words,
    mask: int,
    values: Words,
    lists: Words,
    entries: Words,
    own: Words,
    shared: Words,
    s: Words,
    t: Words,
    todo: Words,
    w: Words,
) -> int:
    """Write down what may happen in states with this half, and where local actions lead it; where that is written.

    An entry is the action and the number of the new half, or CHANGED where the whole state has to be looked at. Two
    threads may write the same; either is right.
    """
    mine = side * HALF
    copy(at(s, mine), at(values, half * HALF), 8 * HALF)
    s[0] = s[mine]
    n = 0
    if side == 0:
        n = ready_left(s, todo)
    else:
        n = ready_right(s, todo)
    if own[NEXT_ENTRY] + n > own[LAST_ENTRY]:
        own[NEXT_ENTRY] = add_to(at(shared, ENTRIES), ROOM)
        own[LAST_ENTRY] = own[NEXT_ENTRY] + ROOM
    first = own[NEXT_ENTRY]
    own[NEXT_ENTRY] = first + n
    for e in range(n):
        a = todo[e]
        to = BUSY
        if local[a] == side:
            copy(t, s, 8 * STATE)
            fire(a, t, w)
            if w[0] == 0 and (t[mine] ^ s[mine]) & COMMON == 0:
                to = half
                if same(at(t, mine), at(s, mine)) == 0:
                    to = number(at(t, mine), hashed(at(t, mine)), parts, mask, values, own, shared)
            w[0] = 0
        entries[first + e] = a * WHOLE + to
    publish(at(lists, 2 * half + side), first * 65536 + n + 1)
    return first * 65536 + n + 1


def changed(row: Words, before: Words, i: int, n: int, changes: Words, hashes: Words, parts: Words, mask: int) -> int:
    """Whether a half differs: it is change `n` then, and its place in the table is asked for, to be read later."""
    if same(row, before) != 0:
        return 0
    hashes[n] = hashed(row)
    changes[n] = i
    fetch(at(parts, hashes[n] & mask))
    return 1


def fold(
    many: int,
    t: Words,
    halves: Words,
    changes: Words,
    hashes: Words,
    parts: Words,
    mask: int,
    values: Words,
    own: Words,
    shared: Words,
) -> int:
    """Number the `many` changed halves."""
    for n in range(many):
        there = look(at(parts, hashes[n] & mask))
        if there & BUSY != BUSY and there != 0:
            fetch(at(values, ((there & BUSY) - 1) * HALF))
    for n in range(many):
        i = changes[n]
        halves[i] = number(at(t, i * HALF), hashes[n], parts, mask, values, own, shared)
    return 0


def expand(
    last: int,
    chunk: int,
    keys: Words,
    slots: Words,
    mask: int,
    parts: Words,
    parts_mask: int,
    values: Words,
    ids_end: int,
    lists: Words,
    entries: Words,
    entries_end: int,
    local: Bytes,
    fresh: Words,
    room: int,
    own: Words,
    shared: Words,
    s: Words,
    t: Words,
    halves: Words,
    changes: Words,
    hashes: Words,
    todo: Words,
    claims: Words,
    w: Words,
) -> int:
    """Expand the states of `keys` before `last`, a chunk at a time, until none is left; how many have no room.

    Chunks are taken from a common counter; the rest of the own one is kept for the next call. Steps are taken until a
    batch of states has come together; they are folded and looked up side by side, so that the memory is asked for many
    places at a time.
    """
    new = own[NEW]
    parent = own[REST]
    end = own[REST_END]
    full = 0
    while full == 0:
        if parent >= end:
            parent = add_to(at(shared, CURSOR), chunk)
            end = parent + chunk
            if end > last:
                end = last
            if parent >= last:
                parent = last
                end = last
                break
        many = 0
        c = 0
        while parent < end and many < BATCH:
            if (
                new + many + ACTIONS + ACTIONS > room
                or look(at(shared, IDS)) > ids_end
                or look(at(shared, ENTRIES)) > entries_end
            ):
                full = 1
                break
            key = keys[parent]
            if parent + 8 < end:
                ahead = keys[parent + 8]
                fetch(at(values, shift(ahead, 32) * HALF))
                fetch(at(values, (ahead & BUSY) * HALF))
                fetch(at(lists, 2 * shift(ahead, 32)))
                fetch(at(lists, 2 * (ahead & BUSY)))
            left = shift(key, 32)
            right = key & BUSY
            inner = look(at(lists, 2 * left))
            if inner == 0:
                inner = follow(
                    left, 0, local, parts, parts_mask, values, lists, entries, own, shared, s, at(t, many * STATE),
                    todo, w,
                )  # fmt: skip
            outer = look(at(lists, 2 * right + 1))
            if outer == 0:
                outer = follow(
                    right, 1, local, parts, parts_mask, values, lists, entries, own, shared, s, at(t, many * STATE),
                    todo, w,
                )  # fmt: skip
            unfold(key, s, values)
            found = judge(s)
            if found != 0:
                for f in range(FORMULAS):
                    if shift(found, f) & 1 != 0:
                        own[HITS + f] += 1
                        if own[FIRSTS + f] > parent:
                            own[FIRSTS + f] = parent
            wide = 0
            if WIDE_GUARDS != 0:
                wide = ready_wide(s, todo)
            inners = (inner - 1) & 65535
            outers = (outer - 1) & 65535
            n = inners + outers + wide
            own[EDGES] += n
            if n == 0:
                own[DEADLOCKS] += 1
            for e in range(n):
                to = BUSY
                a = 0
                if e < inners:
                    a = entries[shift(inner - 1, 16) + e]
                    to = a & BUSY
                    a = shift(a, 32)
                elif e < inners + outers:
                    a = entries[shift(outer - 1, 16) + e - inners]
                    to = a & BUSY
                    a = shift(a, 32)
                else:
                    a = todo[e - inners - outers]
                halves[2 * many] = left
                halves[2 * many + 1] = right
                if to != BUSY:
                    if e < inners:
                        halves[2 * many] = to
                    else:
                        halves[2 * many + 1] = to
                else:
                    then = at(t, many * STATE)
                    copy(then, s, 8 * STATE)
                    fire(a, then, w)
                    if w[0] != 0:
                        if own[BAD] == 0 or own[AT_PARENT] > parent:
                            own[BAD] = w[0]
                            own[AT_PARENT] = parent
                            own[AT_ACTION] = a
                        w[0] = 0
                        continue
                    c += changed(then, s, 2 * many, c, changes, hashes, parts, parts_mask)
                    c += changed(
                        at(then, HALF), at(s, HALF), 2 * many + 1, c, changes, hashes, parts, parts_mask
                    )  # fmt: skip
                claims[2 * many] = parent * 65536 + a
                many += 1
            parent += 1
        fold(c, t, halves, changes, hashes, parts, parts_mask, values, own, shared)
        for e in range(many):
            key = halves[2 * e] * WHOLE + halves[2 * e + 1]
            claims[2 * e + 1] = key
            fetch(at(slots, 2 * (mix(key) & mask)))
        for e in range(many):
            q = admit(claims[2 * e + 1], claims[2 * e], slots, mask)
            if q >= 0:
                fresh[new] = q
                new += 1
    own[NEW] = new
    own[REST] = parent
    own[REST_END] = end
    return end - parent


def begin(t: Words, parts: Words, mask: int, values: Words, own: Words, shared: Words) -> int:
    """The key of a state that did not come from a step."""
    left = number(t, hashed(t), parts, mask, values, own, shared)
    return left * WHOLE + number(at(t, HALF), hashed(at(t, HALF)), parts, mask, values, own, shared)


def read(first: int, last: int, keys: Words, out: Words, values: Words) -> int:
    """The words of the states `first` .. `last` - 1, one after the other."""
    for n in range(first, last):
        unfold(keys[n], at(out, (n - first) * STATE), values)
    return 0


def judged(first: int, last: int, keys: Words, out: Words, values: Words, s: Words) -> int:
    """For each of these states, which of the formulas hold in it."""
    for n in range(first, last):
        unfold(keys[n], s, values)
        out[n - first] = judge(s)
    return 0


def gather(fresh: Words, many: int, slots: Words, claims: Words, keys: Words) -> int:
    """Claim and key of every new slot."""
    for i in range(many):
        if i + 16 < many:
            fetch(at(slots, 2 * fresh[i + 16]))
        q = fresh[i]
        claims[i] = 0 - 1 - slots[2 * q + 1]
        keys[i] = slots[2 * q] - 1
    return 0


def arrange(
    many: int, claims: Words, keys: Words, counts: Ints, first: int, width: int, by: Words, out: Words, start: int
) -> int:
    """The new states in the order of their claims: by parent (counted), then by action (inserted)."""
    for i in range(width + 1):
        counts[i] = 0
    for i in range(many):
        counts[shift(claims[i], 16) - first + 1] += 1
    for i in range(width):
        counts[i + 1] += counts[i]
    for i in range(many):
        claim = claims[i]
        p = counts[shift(claim, 16) - first]
        counts[shift(claim, 16) - first] = p + 1
        while p > 0 and by[p - 1] > claim:
            by[p] = by[p - 1]
            out[start + p] = out[start + p - 1]
            p -= 1
        by[p] = claim
        out[start + p] = keys[i]
    return 0


def claim_of(key: int, slots: Words, mask: int) -> int:
    """Who reached this state first."""
    q = mix(key) & mask
    while slots[2 * q] != key + 1:
        q = (q + 1) & mask
    return 0 - 1 - slots[2 * q + 1]


def enlarge(slots: Words, first: int, last: int, target: Words, mask: int) -> int:
    """Move these slots to a larger table; other threads move others."""
    for i in range(first, last):
        there = slots[2 * i]
        if there != 0:
            q = mix(there - 1) & mask
            while look(at(target, 2 * q)) != 0 or swap(at(target, 2 * q), 0, there) != 0:
                q = (q + 1) & mask
            target[2 * q + 1] = slots[2 * i + 1]
    return 0


def enlarge_parts(parts: Words, size: int, values: Words, target: Words, mask: int) -> int:
    """The same for halves; their hashes are computed anew."""
    for i in range(size):
        if parts[i] != 0:
            q = hashed(at(values, ((parts[i] & BUSY) - 1) * HALF)) & mask
            while target[q] != 0:
                q = (q + 1) & mask
            target[q] = parts[i]
    return 0


def relocate(fresh: Words, many: int, slots: Words, target: Words, mask: int) -> int:
    """The same new slots in the larger table."""
    for i in range(many):
        key = slots[2 * fresh[i]]
        q = mix(key - 1) & mask
        while target[2 * q] != key:
            q = (q + 1) & mask
        fresh[i] = q
    return 0
