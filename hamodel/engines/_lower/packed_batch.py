"""Steps of a batch of states, taken side by side: read as text by `subset`, never run.

A step is a claim and the numbers of the two halves it leads to. Those that are not known yet are asked for first, so
that the memory is on its way for many at a time; what no answer is known for is run on the words of the state.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_answers import answer, remember
from hamodel.engines._lower.packed_halves import awaited, expected, hashed, known, number, same
from hamodel.engines._lower.packed_rules_words import fire
from hamodel.engines._lower.packed_words import (
    ANSWERS,
    ANSWERS_AT,
    ANSWERS_BITS,
    ASKED,
    AT_ACTION,
    AT_PARENT,
    BAD,
    BUSY,
    CHANGES,
    CLAIMS,
    COMMON,
    HALF,
    HALVES,
    HASHES,
    KEYS_AT,
    QUESTIONS,
    SCRATCH_AT,
    STATE,
    T_AT,
    UNKNOWN,
    UNSURE,
    VALUES_AT,
    WORK,
    Words,
    at,
    behind,
    copy,
    shift,
)


def finish(own: Words) -> int:
    """All steps of the batch get their halves."""
    scratch = behind(own, SCRATCH_AT)
    unknown = resolve(scratch[ASKED], scratch[UNSURE], own)
    changes = 0
    for n in range(unknown):
        changes = run(n, changes, own)
    return fold(changes, unknown, own)


def resolve(asked: int, unknown: int, own: Words) -> int:
    """Put in the answers to the questions; steps without one are unknown beside those that are. How many are now."""
    scratch = behind(own, SCRATCH_AT)
    answers = behind(own, ANSWERS_AT)
    values = behind(own, VALUES_AT)
    keys = behind(own, KEYS_AT)
    bits = own[ANSWERS_BITS]
    for n in range(asked):
        i = scratch[QUESTIONS + 2 * n]
        half = answer(scratch[QUESTIONS + 2 * n + 1], answers, bits)
        if half != BUSY:
            scratch[HALVES + (i ^ 1)] = half
        else:
            scratch[UNKNOWN + 2 * unknown] = i
            scratch[UNKNOWN + 2 * unknown + 1] = scratch[QUESTIONS + 2 * n + 1]
            unknown += 1
            key = keys[2 * shift(scratch[CLAIMS + shift(i, 1)], 16)]
            awaited(key, values)
    return unknown


def run(n: int, c: int, own: Words) -> int:
    """Run a step on the words of its state; how many halves are to be numbered now."""
    scratch = behind(own, SCRATCH_AT)
    values = behind(own, VALUES_AT)
    keys = behind(own, KEYS_AT)
    claims = at(scratch, CLAIMS)
    w = at(scratch, WORK)
    i = shift(scratch[UNKNOWN + 2 * n], 1)
    side = scratch[UNKNOWN + 2 * n] & 1
    parent = shift(claims[i], 16)
    a = claims[i] & 65535
    left = at(values, shift(keys[2 * parent], 32) * HALF)
    right = at(values, (keys[2 * parent] & BUSY) * HALF)
    then = at(behind(own, T_AT), i * STATE)
    copy(then, left, 8 * HALF)
    copy(at(then, HALF), right, 8 * HALF)
    fire(a, then, w)
    if w[0] != 0:
        if own[BAD] == 0 or own[AT_PARENT] * 65536 + own[AT_ACTION] > claims[i]:
            own[BAD] = w[0]
            own[AT_PARENT] = parent
            own[AT_ACTION] = a
        w[0] = 0
        claims[i] = 0 - 1
        scratch[UNKNOWN + 2 * n + 1] = 0 - 1
        return c
    if (then[0] ^ left[0]) & COMMON != 0:
        scratch[UNKNOWN + 2 * n + 1] = 0 - 1
    if scratch[UNKNOWN + 2 * n + 1] < 0 or side != 0:
        c += changed(then, left, 2 * i, c, own)
    if scratch[UNKNOWN + 2 * n + 1] < 0 or side == 0:
        c += changed(at(then, HALF), right, 2 * i + 1, c, own)
    return c


def changed(row: Words, before: Words, i: int, n: int, own: Words) -> int:
    """Whether a half differs: it is change `n` then, and its place in the table is asked for, to be read later."""
    scratch = behind(own, SCRATCH_AT)
    if same(row, before) != 0:
        return 0
    h = hashed(row)
    scratch[HASHES + n] = h
    scratch[CHANGES + n] = i
    expected(h, own)
    return 1


def fold(many: int, unknown: int, own: Words) -> int:
    """Number the `many` halves that unknown steps led to, and remember the answers."""
    scratch = behind(own, SCRATCH_AT)
    t = behind(own, T_AT)
    for n in range(many):
        known(scratch[HASHES + n], own)
    for n in range(many):
        i = scratch[CHANGES + n]
        scratch[HALVES + i] = number(at(t, i * HALF), scratch[HASHES + n], own)
    for n in range(unknown):
        if scratch[UNKNOWN + 2 * n + 1] >= 0:
            half = scratch[HALVES + (scratch[UNKNOWN + 2 * n] ^ 1)]
            own[ANSWERS] += remember(scratch[UNKNOWN + 2 * n + 1], half, behind(own, ANSWERS_AT), own[ANSWERS_BITS])
    return 0
