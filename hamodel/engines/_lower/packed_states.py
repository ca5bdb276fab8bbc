"""The set of states and the order of the new ones: read as text by `subset`, never run.

Every thread owns the states whose keys hash to its share, in a set of its own (`packed_known`). Whoever expands a state
sends each step, a key and a claim (who leads there: parent and action), to the owner of the key. An owner takes the
steps in the order of their claims, whoever sent them; so the first to reach a state is the same however the work was
shared, and the new states of the owners, merged by their claims, are numbered as one thread would do.

Most of the steps to a known state come soon after another step to it, as actions that do not concern each other happen
in any order. So whoever sends keeps the keys it sent last, in MEMORY places: what it sent before had a smaller claim,
and is not sent again.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_halves import mix
from hamodel.engines._lower.packed_known import admit, scrambled
from hamodel.engines._lower.packed_words import (
    AHEAD,
    BOX,
    BUSY,
    CLAIMS,
    FOUND_AT,
    HALVES,
    HEADS,
    JOBS,
    MEMORY,
    NO_CLAIM,
    RECENT,
    SCRATCH_AT,
    SENDER,
    SENT_AT,
    SLOTS_AT,
    SLOTS_BITS,
    STEPS_AT,
    WHOLE,
    WIDTH,
    Words,
    at,
    behind,
    fetch,
    shift,
)


def send(many: int, own: Words) -> int:
    """Sort the steps of a batch by owner, without those to a state that was just sent.

    There is room for BOX steps from each to each, and `sent` says how many are.
    """
    scratch = behind(own, SCRATCH_AT)
    steps = behind(own, STEPS_AT)
    sent = behind(own, SENT_AT)
    recent = at(scratch, RECENT)
    jobs = own[JOBS]
    first = own[SENDER] * jobs
    room = own[BOX]
    for e in range(many):
        if scratch[CLAIMS + e] >= 0:
            key = scratch[HALVES + 2 * e] * WHOLE + scratch[HALVES + 2 * e + 1]
            h = mix(key)
            box = first + shift((h & BUSY) * jobs, 32)
            n = sent[box]
            fresh = recent[h & (MEMORY - 1)] != key + 1
            recent[h & (MEMORY - 1)] = key + 1
            steps[2 * (box * room + n)] = key
            steps[2 * (box * room + n) + 1] = scratch[CLAIMS + e]
            sent[box] = n + fresh
    return 0


def enter(own: Words) -> int:
    """Take what was sent to this thread; how many states are new: they are FOUND, with who reached them first."""
    owner = own[SENDER]
    jobs = own[JOBS]
    room = own[BOX]
    bits = own[SLOTS_BITS]
    width = own[WIDTH]
    rest = 2 * width - bits
    steps = behind(own, STEPS_AT)
    sent = behind(own, SENT_AT)
    slots = behind(own, SLOTS_AT)
    found = behind(own, FOUND_AT)
    heads = at(behind(own, SCRATCH_AT), HEADS)
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
                fetch(at(slots, shift(scrambled(box[2 * (n + AHEAD)], width), rest + 1)))
            key = box[2 * n]
            if admit(scrambled(key, width), slots, bits, rest, own) != 0:
                found[2 * new] = key
                found[2 * new + 1] = claim
                new += 1
            n += 1
        heads[first] = n
    return 0


def merge(many: int, more: int, one: Words, other: Words, out: Words) -> int:
    """Two lists of `many` and `more` states in the order of their claims, from both ends at once.

    Before the first one of each there is a claim smaller than all, and behind the last one NO_CLAIM.
    """
    n = 0
    m = 0
    x = many - 1
    y = more - 1
    last = many + more - 1
    for i in range(shift(many + more + 1, 1)):
        second = other[2 * m + 1] < one[2 * n + 1]
        later = other[2 * y + 1] > one[2 * x + 1]
        out[2 * i] = one[2 * n] + (other[2 * m] - one[2 * n]) * second
        out[2 * i + 1] = one[2 * n + 1] + (other[2 * m + 1] - one[2 * n + 1]) * second
        out[2 * (last - i)] = one[2 * x] + (other[2 * y] - one[2 * x]) * later
        out[2 * (last - i) + 1] = one[2 * x + 1] + (other[2 * y + 1] - one[2 * x + 1]) * later
        m += second
        n += 1 - second
        y -= later
        x -= 1 - later
    out[2 * (many + more) + 1] = NO_CLAIM
    return 0
