"""The set of states and the order of the new ones: read as text by `subset`, never run.

`slots` is the set: a slot is the key plus one and the claim. A claim says who reached the state first: the least number
of parent and action, kept complemented, so that 0 is nobody and the greater word wins. Whatever the threads do, the
least claim wins, and with it the numbers of all states are those of a search with one thread.
"""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import Ints
from hamodel.engines._lower.packed_halves import mix
from hamodel.engines._lower.packed_words import Words, at, fetch, look, raise_to, shift, swap


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


def relocate(fresh: Words, many: int, slots: Words, target: Words, mask: int) -> int:
    """The same new slots in the larger table."""
    for i in range(many):
        key = slots[2 * fresh[i]]
        q = mix(key - 1) & mask
        while target[2 * q] != key:
            q = (q + 1) & mask
        fresh[i] = q
    return 0
