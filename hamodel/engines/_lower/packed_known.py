"""The states that one thread owns, as a set: read as text by `subset`, never run.

A state is a key of two numbers of `width` bits. The key is scrambled so that nothing is lost; its upper `bits` say
where the search for it begins among 2 ** `bits` slots, and a slot of 32 bits keeps the `rest` and how far behind that
place it is, plus one, so the key is known from slot and place. What would be too far away is kept as it is.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_words import (
    BATCH,
    BATCH_BITS,
    BUSY,
    FACTOR,
    FACTOR_BACK,
    QUESTIONS,
    SCRATCH_AT,
    SLOTS_AT,
    SLOTS_BITS,
    SPILL_AT,
    SPILLED,
    WHOLE,
    WIDTH,
    Ints,
    Words,
    at,
    behind,
    shift,
)


def scrambled(key: int, width: int) -> int:
    """The two numbers side by side in as few bits as they need, mixed in a way that can be undone."""
    x = shift(key, 32) * (below(width) + 1) + (key & BUSY)
    return (x ^ shift(x, 20)) * FACTOR & below(2 * width)


def unscrambled(x: int, width: int) -> int:
    """The key."""
    x = x * FACTOR_BACK & below(2 * width)
    x = x ^ shift(x, 20) ^ shift(x, 40) ^ shift(x, 60)
    return shift(x, width) * WHOLE + (x & below(width))


def below(n: int) -> int:
    """A word with its lowest `n` bits set, at least one."""
    return shift(0 - 1, 64 - n)


def admit(x: int, slots: Ints, bits: int, rest: int, own: Words) -> int:
    """Whether a state, its key scrambled to `x`, is new; now it is known."""
    q = shift(x, rest)
    step = below(rest) + 1
    wanted = (x & (step - 1)) + 1
    there = slots[q] & BUSY
    while there != 0:
        if there == wanted:
            return 0
        q = (q + 1) & below(bits)
        wanted += step
        if wanted > BUSY:
            return spill(unscrambled(x, own[WIDTH]), own)
        there = slots[q] & BUSY
    slots[q] = wanted
    return 1


def spill(key: int, own: Words) -> int:
    """The same for a state that is too far from its place."""
    spilled = behind(own, SPILL_AT)
    for n in range(own[SPILLED]):
        if spilled[n] == key:
            return 0
    spilled[own[SPILLED]] = key
    own[SPILLED] += 1
    return 1


def enlarge(slots: Ints, bits: int, width: int, spilled: Words, many: int, own: Words) -> int:
    """Move these states to the table that `own` has now; with the same width, one place after the other.

    BATCH slots are looked at first, and then those that are taken are moved: no jump depends on which these are.
    """
    taken = at(behind(own, SCRATCH_AT), QUESTIONS)
    target = behind(own, SLOTS_AT)
    more = own[SLOTS_BITS]
    wide = own[WIDTH]
    step = below(2 * width - bits) + 1
    for block in range(shift(below(bits) + BATCH, BATCH_BITS)):
        n = 0
        for i in range(block * BATCH, block * BATCH + BATCH):
            there = (slots[i & below(bits)] & BUSY) - 1
            taken[n] = ((i - shift(there, 2 * width - bits)) & below(bits)) * step + (there & (step - 1))
            n += there >= 0
        for m in range(n):
            x = taken[m]
            if wide != width:
                x = scrambled(unscrambled(x, width), wide)
            admit(x, target, more, 2 * wide - more, own)
    for m in range(many):
        admit(scrambled(spilled[m], wide), target, more, 2 * wide - more, own)
    return 0
