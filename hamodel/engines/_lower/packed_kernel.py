"""The inner loops of the packed search, in the restricted Python that `subset` lowers: read as text, never run.

`slots` is the set of states: a slot is the key plus one and the claim. A claim says who reached the state first: the
least number of parent and action, kept complemented, so that 0 is nobody and the greater word wins. Whatever the
threads do, the least claim wins, and with it the numbers of all states are those of a search with one thread.

`parts` is the set of numbered parts: a slot is the part plus one and its number plus one; `values` tells the part of a
number. Threads take numbers in blocks, so some are never used.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_words import (
    ACTIONS,
    AT_ACTION,
    AT_PARENT,
    BAD,
    BATCH,
    BLOCK,
    CHANGED,
    DEADLOCKS,
    EDGES,
    FIRSTS,
    FORMULAS,
    HALF,
    HITS,
    IDS,
    LAST_ID,
    NEW,
    NEXT_ID,
    NODES,
    STATE,
    Ints,
    Words,
    add_to,
    at,
    fetch,
    look,
    publish,
    raise_to,
    shift,
    swap,
)


def ready(s: Words, todo: Words) -> int:
    raise NotImplementedError


def fire(a: int, t: Words, w: Words) -> int:
    raise NotImplementedError


def judge(s: Words) -> int:
    raise NotImplementedError


def unfold(key: int, s: Words, ids: Words, values: Words) -> int:
    raise NotImplementedError


def mix(x: int) -> int:
    x = (x ^ shift(x, 29)) * 7046029254386353131
    return x ^ shift(x, 32)


def number(part: int, parts: Words, mask: int, values: Words, own: Words, shared: Words) -> int:
    """The number of a part, new or known."""
    q = mix(part) & mask
    seen = part + 1
    while True:
        there = look(at(parts, 2 * q))
        if there == 0:
            there = swap(at(parts, 2 * q), 0, seen)
            if there == 0:
                if own[NEXT_ID] == own[LAST_ID]:
                    own[NEXT_ID] = add_to(at(shared, IDS), BLOCK)
                    own[LAST_ID] = own[NEXT_ID] + BLOCK
                n = own[NEXT_ID]
                own[NEXT_ID] = n + 1
                values[n] = part
                publish(at(parts, 2 * q + 1), n + 1)
                return n
        if there == seen:
            n = look(at(parts, 2 * q + 1))
            while n == 0:
                n = look(at(parts, 2 * q + 1))
            return n - 1
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


def note(e: int, part: int, where: int, tasks: Words, n: int, parts: Words, mask: int) -> int:
    """One more part to be numbered; its place in the table is asked for now and read later."""
    fetch(at(parts, 2 * (mix(part) & mask)))
    tasks[2 * n] = part
    tasks[2 * n + 1] = e * NODES + where
    return n + 1


def fold(
    many: int,
    ids: Words,
    tasks: Words,
    waiting: int,
    tree: Words,
    parts: Words,
    mask: int,
    values: Words,
    own: Words,
    shared: Words,
) -> int:
    """Number the parts of `many` states level by level; `ids` has CHANGED where a part must be looked up."""
    for i in range(waiting):
        ids[tasks[2 * i + 1]] = number(tasks[2 * i], parts, mask, values, own, shared)
    first = STATE
    while first < NODES:
        last = tree[3 * first + 2]
        n = 0
        for e in range(many):
            mine = at(ids, e * NODES)
            for node in range(first, last):
                if mine[node] == CHANGED:
                    part = mine[tree[3 * node]] * HALF + mine[tree[3 * node + 1]]
                    n = note(e, part, node, tasks, n, parts, mask)
        for i in range(n):
            ids[tasks[2 * i + 1]] = number(tasks[2 * i], parts, mask, values, own, shared)
        first = last
    return 0


def key_of(ids: Words, t: Words, tree: Words) -> int:
    """The key of a state all of whose parts are numbered."""
    if STATE == 1:
        return t[0]
    return ids[tree[3 * NODES]] * HALF + ids[tree[3 * NODES + 1]]


def expand(
    first: int,
    last: int,
    keys: Words,
    slots: Words,
    mask: int,
    parts: Words,
    parts_mask: int,
    values: Words,
    ids_end: int,
    fresh: Words,
    room: int,
    own: Words,
    shared: Words,
    s: Words,
    t: Words,
    ids: Words,
    todo: Words,
    claims: Words,
    tasks: Words,
    tree: Words,
    above: Words,
    w: Words,
) -> int:
    """Expand the states `first` .. `last` - 1 of `keys`; the number of the first one for which there was no room.

    Steps are taken until a batch of states has come together; they are folded and looked up side by side, so that the
    memory is asked for many places at a time.
    """
    new = own[NEW]
    parent = first
    while parent < last:
        if new + BATCH + ACTIONS > room or look(at(shared, IDS)) > ids_end:
            break
        many = 0
        waiting = 0
        while parent < last and many < BATCH:
            mine = at(ids, (BATCH + ACTIONS) * NODES)
            unfold(keys[parent], s, mine, values)
            found = judge(s)
            if found != 0:
                for f in range(FORMULAS):
                    if shift(found, f) & 1 != 0:
                        own[HITS + f] += 1
                        if own[FIRSTS + f] > parent:
                            own[FIRSTS + f] = parent
            n = ready(s, todo)
            own[EDGES] += n
            if n == 0:
                own[DEADLOCKS] += 1
            for e in range(n):
                a = todo[e]
                then = at(t, many * STATE)
                for i in range(STATE):
                    then[i] = s[i]
                fire(a, then, w)
                if w[0] != 0:
                    if own[BAD] == 0 or own[AT_PARENT] > parent:
                        own[BAD] = w[0]
                        own[AT_PARENT] = parent
                        own[AT_ACTION] = a
                    w[0] = 0
                    continue
                its = at(ids, many * NODES)
                for i in range(NODES):
                    its[i] = mine[i]
                for i in range(STATE):
                    if then[i] != s[i]:
                        waiting = note(many, then[i], i, tasks, waiting, parts, parts_mask)
                        up = above[i]
                        while up < NODES:
                            its[up] = CHANGED
                            up = above[up]
                claims[2 * many] = parent * 65536 + a
                many += 1
            parent += 1
        fold(many, ids, tasks, waiting, tree, parts, parts_mask, values, own, shared)
        for e in range(many):
            key = key_of(at(ids, e * NODES), at(t, e * STATE), tree)
            claims[2 * e + 1] = key
            fetch(at(slots, 2 * (mix(key) & mask)))
        for e in range(many):
            q = admit(claims[2 * e + 1], claims[2 * e], slots, mask)
            if q >= 0:
                fresh[new] = q
                new += 1
    own[NEW] = new
    return parent


def begin(
    t: Words,
    ids: Words,
    tasks: Words,
    tree: Words,
    parts: Words,
    mask: int,
    values: Words,
    own: Words,
    shared: Words,
) -> int:
    """The key of a state that did not come from a step."""
    waiting = 0
    for i in range(NODES):
        ids[i] = CHANGED
    for i in range(STATE):
        waiting = note(0, t[i], i, tasks, waiting, parts, mask)
    fold(1, ids, tasks, waiting, tree, parts, mask, values, own, shared)
    return key_of(ids, t, tree)


def read(first: int, last: int, keys: Words, out: Words, values: Words, ids: Words) -> int:
    """The words of the states `first` .. `last` - 1, one after the other."""
    for n in range(first, last):
        unfold(keys[n], at(out, (n - first) * STATE), ids, values)
    return 0


def judged(first: int, last: int, keys: Words, out: Words, values: Words, s: Words, ids: Words) -> int:
    """For each of these states, which of the formulas hold in it."""
    for n in range(first, last):
        unfold(keys[n], s, ids, values)
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


def enlarge(slots: Words, size: int, target: Words, mask: int) -> int:
    """Move every slot to a larger table."""
    for i in range(size):
        if slots[2 * i] != 0:
            q = mix(slots[2 * i] - 1) & mask
            while target[2 * q] != 0:
                q = (q + 1) & mask
            target[2 * q] = slots[2 * i]
            target[2 * q + 1] = slots[2 * i + 1]
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
