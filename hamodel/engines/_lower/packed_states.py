"""The set of states and the order of the new ones: read as text by `subset`, never run.

Every thread owns the states whose keys hash to its share, in a table of its own, `slots` of 2 ** `bits`: a key plus
one, or 0. Whoever expands a state sends each step, a key and a claim (who leads there: parent and action), to the owner
of the key. An owner takes the steps in the order of their claims, whoever sent them; so the first to reach a state is
the same however the work was shared, and the new states of the owners, merged by their claims, are numbered as one
thread would do.

Most of the steps to a known state come soon after another step to it, as actions that do not concern each other happen
in any order. So whoever sends keeps the keys it sent last, in MEMORY places: what it sent before had a smaller claim,
and is not sent again.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_halves import mix
from hamodel.engines._lower.packed_words import (
    AHEAD,
    BUSY,
    CLAIMS,
    HALVES,
    MEMORY,
    NO_CLAIM,
    RECENT,
    WHOLE,
    Words,
    at,
    fetch,
    shift,
)


def send(many: int, sender: int, jobs: int, steps: Words, room: int, sent: Words, scratch: Words) -> int:
    """Sort the steps of a batch by owner, without those to a state that was just sent.

    `steps` has room for so many from each to each, `sent` says how many are.
    """
    recent = at(scratch, RECENT)
    for e in range(many):
        if scratch[CLAIMS + e] >= 0:
            key = scratch[HALVES + 2 * e] * WHOLE + scratch[HALVES + 2 * e + 1]
            h = mix(key)
            box = sender * jobs + shift((h & BUSY) * jobs, 32)
            n = sent[box]
            fresh = recent[h & (MEMORY - 1)] != key + 1
            recent[h & (MEMORY - 1)] = key + 1
            steps[2 * (box * room + n)] = key
            steps[2 * (box * room + n) + 1] = scratch[CLAIMS + e]
            sent[box] = n + fresh
    return 0


def enter(
    owner: int, jobs: int, steps: Words, room: int, sent: Words, heads: Words, slots: Words, bits: int, found: Words
) -> int:
    """Take what was sent to an owner; how many states are new: they are `found`, with who reached them first."""
    new = 0
    for sender in range(jobs):
        heads[sender] = 0
    while True:
        first = 0 - 1
        least = NO_CLAIM
        until = NO_CLAIM
        for sender in range(jobs):
            place = sender * jobs + owner
            if heads[sender] < sent[place]:
                claim = steps[2 * (place * room + heads[sender]) + 1]
                if claim < least:
                    until = least
                    least = claim
                    first = sender
                elif claim < until:
                    until = claim
        if first < 0:
            found[2 * new + 1] = NO_CLAIM
            return new
        box = at(steps, 2 * ((first * jobs + owner) * room))
        many = sent[first * jobs + owner]
        n = heads[first]
        while n < many:
            claim = box[2 * n + 1]
            if claim > until:
                break
            if n + AHEAD < many:
                fetch(at(slots, shift(mix(box[2 * (n + AHEAD)]), 64 - bits)))
            key = box[2 * n]
            if admit(key, slots, bits) != 0:
                found[2 * new] = key
                found[2 * new + 1] = claim
                new += 1
            n += 1
        heads[first] = n
    return 0


def admit(key: int, slots: Words, bits: int) -> int:
    """Whether a state is new; now it is known."""
    q = shift(mix(key), 64 - bits)
    there = slots[q]
    while there != 0:
        if there == key + 1:
            return 0
        q = (q + 1) & (shift(0 - 1, 64 - bits))
        there = slots[q]
    slots[q] = key + 1
    return 1


def merge(many: int, one: Words, other: Words, out: Words) -> int:
    """Two lists of states in the order of their claims; behind the last one of each there is NO_CLAIM."""
    n = 0
    m = 0
    for i in range(many):
        second = other[2 * m + 1] < one[2 * n + 1]
        out[2 * i] = one[2 * n] + (other[2 * m] - one[2 * n]) * second
        out[2 * i + 1] = one[2 * n + 1] + (other[2 * m + 1] - one[2 * n + 1]) * second
        m += second
        n += 1 - second
    out[2 * many + 1] = NO_CLAIM
    return 0


def enlarge(slots: Words, size: int, target: Words, bits: int) -> int:
    """Move these states to a larger table: as their places come from the upper bits, one after the other."""
    for i in range(size):
        if slots[i] != 0:
            admit(slots[i] - 1, target, bits)
    return 0
