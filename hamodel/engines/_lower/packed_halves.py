"""Numbers for halves of states, in the restricted Python that `subset` lowers: read as text, never run.

A row of words that was seen before has a number. `parts` is the set of numbered halves: a slot has 32 bits of the hash
and the number plus one; `values` has their words. Threads take numbers in blocks, so some are never used.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_words import (
    BLOCK,
    BUSY,
    HALF,
    IDS,
    LAST_ID,
    NEXT_ID,
    PARTS_AT,
    PARTS_BITS,
    SHARED_AT,
    TAG,
    VALUES_AT,
    WHOLE,
    Words,
    add_to,
    at,
    behind,
    copy,
    fetch,
    look,
    publish,
    shift,
    swap,
)


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


def place_of(h: int, bits: int) -> int:
    """Where the search for a half with this hash begins among 2 ** `bits` slots."""
    return shift(h, 64 - bits)


def same(row: Words, other: Words) -> int:
    for i in range(HALF):
        if row[i] != other[i]:
            return 0
    return 1


def number(row: Words, h: int, own: Words) -> int:
    """The number of a half, new or known."""
    parts = behind(own, PARTS_AT)
    values = behind(own, VALUES_AT)
    bits = own[PARTS_BITS]
    q = place_of(h, bits)
    tag = shift(h, 32) * WHOLE
    while True:
        there = look(at(parts, q))
        if there == 0:
            there = swap(at(parts, q), 0, tag + BUSY)
            if there == 0:
                if own[NEXT_ID] == own[LAST_ID]:
                    own[NEXT_ID] = add_to(at(behind(own, SHARED_AT), IDS), BLOCK)
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
        q = (q + 1) & shift(0 - 1, 64 - bits)
    return 0


def known(h: int, own: Words) -> int:
    """Ask for the words of the half that is likely the one with this hash; the place of the hash was asked for."""
    there = look(at(behind(own, PARTS_AT), place_of(h, own[PARTS_BITS])))
    if there & BUSY != BUSY and there != 0:
        fetch(at(behind(own, VALUES_AT), ((there & BUSY) - 1) * HALF))
    return 0


def expected(h: int, own: Words) -> int:
    """Ask for the place of a half with this hash."""
    return fetch(at(behind(own, PARTS_AT), place_of(h, own[PARTS_BITS])))


def awaited(key: int, values: Words) -> int:
    """Ask for the words of both halves of a state."""
    fetch(at(values, shift(key, 32) * HALF))
    return fetch(at(values, (key & BUSY) * HALF))


def unfold(key: int, s: Words, values: Words) -> int:
    """The words of a state."""
    copy(s, at(values, shift(key, 32) * HALF), 8 * HALF)
    copy(at(s, HALF), at(values, (key & BUSY) * HALF), 8 * HALF)
    return 0


def enlarge_parts(parts: Words, size: int, target: Words, bits: int) -> int:
    """Move the halves to a larger table; a slot has the bits of the hash that say where to."""
    for i in range(size):
        if parts[i] != 0:
            q = place_of(parts[i], bits)
            while target[q] != 0:
                q = (q + 1) & shift(0 - 1, 64 - bits)
            target[q] = parts[i]
    return 0
