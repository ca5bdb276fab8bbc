"""What a merged search stores once: blocks of rows, and zones. Many states differ in few blocks, many share a zone.

A row is kept as the numbers of its blocks of BLOCK words, a class has the number of its zone. Two rows are equal
exactly if their numbers are, because a block that was seen before never gets a second number.
"""

from __future__ import annotations

from hamodel.engines._lower.kernel_store import hash_zone, mixed, same_zone
from hamodel.engines._lower.kernel_words import BLOCK, BLOCKS, CELLS, PARTS, ZONES, Ints, Words, at


def block_of(words: Words, count: Words, blocks: Words, marks: Words, table: Ints, mask: int) -> int:
    """The number of a block of a row."""
    h = 0
    for i in range(BLOCK):
        h += mixed(words[i] * 1099511628211 + (i + 1) * 6364136223846793005)
    h = mixed(h)
    q = h & mask
    while table[q] >= 0:
        b = table[q]
        if marks[b] == h and same_block(words, at(blocks, b * BLOCK)) != 0:
            return b
        q = (q + 1) & mask
    new = count[BLOCKS]
    count[BLOCKS] = new + 1
    table[q] = new
    marks[new] = h
    stored = at(blocks, new * BLOCK)
    for i in range(BLOCK):
        stored[i] = words[i]
    return new


def same_block(words: Words, other: Words) -> int:
    for i in range(BLOCK):
        if words[i] != other[i]:
            return 0
    return 1


def unpack(parts: Ints, blocks: Words, words: Words) -> int:
    """Write out the row of a state."""
    for p in range(PARTS):
        block = at(blocks, parts[p] * BLOCK)
        target = at(words, p * BLOCK)
        for i in range(BLOCK):
            target[i] = block[i]
    return 0


def pack(
    words2: Words,
    words: Words,
    parts: Ints,
    parts2: Ints,
    count: Words,
    blocks: Words,
    marks: Words,
    table: Ints,
    mask: int,
) -> int:
    """The numbers of the blocks of `words2`, from those of `words`, which differs little; returns their hash."""
    h = 0
    for p in range(PARTS):
        block = parts[p]
        mine = at(words2, p * BLOCK)
        if same_block(mine, at(words, p * BLOCK)) == 0:
            block = block_of(mine, count, blocks, marks, table, mask)
        parts2[p] = block
        h += mixed(block * 1099511628211 + (p + 1) * 6364136223846793005)
    return mixed(h)


def same_parts(parts: Ints, other: Ints) -> int:
    for p in range(PARTS):
        if parts[p] != other[p]:
            return 0
    return 1


def state_of(h: int, parts: Ints, table: Ints, mask: int, hashes: Words, first: Ints, new: int) -> int:
    """The state whose blocks are in place `new`: one stored before, or `new` itself, which is then stored."""
    q = h & mask
    while table[q] >= 0:
        r = table[q]
        if hashes[r] == h and same_parts(at(parts, r * PARTS), at(parts, new * PARTS)) != 0:
            return r
        q = (q + 1) & mask
    table[q] = new
    hashes[new] = h
    first[new] = 0 - 1
    return new


def zone_of(z: Ints, n: int, count: Words, begins: Words, D: Ints, marks: Words, table: Ints, mask: int) -> int:
    """The number of the zone z, which lies behind the stored ones: that of an equal one, or a new one."""
    h = hash_zone(z, n - 1, n)
    q = h & mask
    while table[q] >= 0:
        r = table[q]
        if marks[r] == h and begins[r + 1] - begins[r] == n * n and same_zone(z, at(D, begins[r]), n * n) != 0:
            return r
        q = (q + 1) & mask
    new = count[ZONES]
    count[ZONES] = new + 1
    table[q] = new
    marks[new] = h
    count[CELLS] = count[CELLS] + n * n
    begins[new + 1] = count[CELLS]
    return new
