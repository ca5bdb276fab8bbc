"""What may happen because of a half, written down once: read as text by `subset`, never run.

`lists` tells for each half, as the first and as the second, where its `entries` are and how many. An entry is an
action, and the number of the half that it makes of this one, or BUSY where the whole state has to be looked at; if the
action tells the other half something, also the signal (`packed_answers`), else 0. Behind the last entry there is one
BEYOND all actions.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_answers import question, remember, signal
from hamodel.engines._lower.packed_halves import hashed, number, place_of, same
from hamodel.engines._lower.packed_rules_words import fire, home, ready_left, ready_right
from hamodel.engines._lower.packed_words import (
    ANSWERS,
    BEYOND,
    BUSY,
    CHANGES,
    COMMON,
    DRAFT,
    ENTRIES,
    HALF,
    HASHES,
    LAST_ENTRY,
    NEXT_ENTRY,
    ROOM,
    SIGNAL,
    STATE,
    TELLS,
    TODO,
    WHOLE,
    WORK,
    Words,
    add_to,
    at,
    copy,
    fetch,
    look,
    publish,
)


def follow(
    side: int,
    half: int,
    other: int,
    s: Words,
    t: Words,
    parts: Words,
    bits: int,
    values: Words,
    lists: Words,
    entries: Words,
    signals: Words,
    answers: Words,
    answers_bits: int,
    own: Words,
    shared: Words,
    scratch: Words,
) -> int:
    """The list of a half that comes first in a state with that other half; two threads may write the same."""
    mine = side * HALF
    theirs = HALF - mine
    copy(at(s, mine), at(values, half * HALF), 8 * HALF)
    copy(at(s, theirs), at(values, other * HALF), 8 * HALF)
    todo = at(scratch, TODO)
    n = 0
    if side == 0:
        n = ready_left(s, todo)
    else:
        n = ready_right(s, todo)
    for e in range(n):
        attempt(e, todo[e], side, s, at(t, e * STATE), signals, parts, bits, values, own, shared, scratch)
    for i in range(2 * n):
        there = look(at(parts, place_of(scratch[HASHES + i], bits)))
        if there & BUSY != BUSY and there != 0:
            fetch(at(values, ((there & BUSY) - 1) * HALF))
    if own[NEXT_ENTRY] + n >= own[LAST_ENTRY]:
        own[NEXT_ENTRY] = add_to(at(shared, ENTRIES), ROOM)
        own[LAST_ENTRY] = own[NEXT_ENTRY] + ROOM
    first = own[NEXT_ENTRY]
    own[NEXT_ENTRY] = first + n + 1
    for e in range(n):
        row = at(t, e * STATE)
        signalled = scratch[CHANGES + 2 * e]
        to = BUSY
        if signalled >= 0:
            to = half
            if same(at(row, mine), at(s, mine)) == 0:
                to = number(at(row, mine), scratch[HASHES + 2 * e], parts, bits, values, own, shared)
        if scratch[CHANGES + 2 * e + 1] != 0:
            became = other
            if same(at(row, theirs), at(s, theirs)) == 0:
                became = number(at(row, theirs), scratch[HASHES + 2 * e + 1], parts, bits, values, own, shared)
            asked = question(other, signalled)
            if asked >= 0:
                own[ANSWERS] += remember(asked, became, answers, answers_bits)
        if signalled < 0:
            signalled = 0
        entries[first + e] = signalled * SIGNAL + todo[e] * WHOLE + to
    entries[first + n] = BEYOND
    publish(at(lists, 2 * half + side), first * 65536 + n + 1)
    return first * 65536 + n + 1


def attempt(
    e: int,
    a: int,
    side: int,
    s: Words,
    t: Words,
    signals: Words,
    parts: Words,
    bits: int,
    values: Words,
    own: Words,
    shared: Words,
    scratch: Words,
) -> int:
    """Run action number `e` of a half to `t`, and note its signal, -1 where the whole state has to be looked at.

    Beside the signal it is noted whether the other half there gives the answer; the places of both are asked for.
    """
    mine = side * HALF
    theirs = HALF - mine
    w = at(scratch, WORK)
    scratch[CHANGES + 2 * e] = 0 - 1
    scratch[CHANGES + 2 * e + 1] = 0
    scratch[HASHES + 2 * e] = 0
    scratch[HASHES + 2 * e + 1] = 0
    where = home(a)
    if where != side and where != side + TELLS:
        return 0
    copy(t, s, 8 * STATE)
    fire(a, t, w)
    if w[0] != 0:
        w[0] = 0
        return 0
    unlike = (t[mine] ^ s[mine]) & COMMON
    if where == side:
        if unlike != 0:
            return 0
        scratch[CHANGES + 2 * e] = 0
    else:
        signalled = signal(a, at(s, mine), at(scratch, DRAFT), signals, parts, bits, values, own, shared)
        if signalled == 0:
            return 0
        t[mine] = t[mine] ^ unlike
        scratch[CHANGES + 2 * e] = signalled
        if unlike == 0:
            scratch[CHANGES + 2 * e + 1] = 1
            scratch[HASHES + 2 * e + 1] = hashed(at(t, theirs))
            fetch(at(parts, place_of(scratch[HASHES + 2 * e + 1], bits)))
    scratch[HASHES + 2 * e] = hashed(at(t, mine))
    fetch(at(parts, place_of(scratch[HASHES + 2 * e], bits)))
    return 0
