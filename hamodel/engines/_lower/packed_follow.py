"""What may happen because of a half, written down once: read as text by `subset`, never run.

`lists` tells for each half, as the first and as the second, where its `entries` are and how many. An entry is an
action, and the number of the half that it makes of this one, or BUSY where the whole state has to be looked at; if the
action tells the other half something, also the signal (`packed_answers`), else 0. Behind the last entry there is one
BEYOND all actions.

The lists that some next states need are made together: all actions run first, then all halves they make are numbered,
so that the memory is on its way for many at a time.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_answers import question, remember, signal
from hamodel.engines._lower.packed_halves import awaited, expected, hashed, known, number, same
from hamodel.engines._lower.packed_rules_words import fire, home, ready_left, ready_right
from hamodel.engines._lower.packed_words import (
    ACTIONS,
    ANSWERS,
    ANSWERS_AT,
    ANSWERS_BITS,
    BEYOND,
    BUSY,
    CHANGES,
    COMMON,
    DRAFT,
    ENTRIES,
    ENTRIES_AT,
    HALF,
    HASHES,
    KEYS_AT,
    LAST_ENTRY,
    LISTS_AT,
    NEXT_ENTRY,
    PENDING,
    ROOM,
    S_AT,
    SCRATCH_AT,
    SEEN,
    SHARED_AT,
    SIGNAL,
    STATE,
    STEPS,
    T_AT,
    TELLS,
    TODO,
    TRIED,
    VALUES_AT,
    WHOLE,
    WHOLE_STATES,
    WINDOW,
    WORK,
    Words,
    add_to,
    at,
    behind,
    copy,
    fetch,
    look,
    publish,
    shift,
)


def follow(first: int, end: int, own: Words) -> int:
    """Make the lists that are missing for the states from `first` on, at most WINDOW and as far as there is room.

    Up to which state there are lists. Two threads may make the same list.
    """
    scratch = behind(own, SCRATCH_AT)
    pending = at(scratch, PENDING)
    last = first + WINDOW
    if last > end:
        last = end
    missing = gather(first, last, end, own)
    made = 0
    rows = 0
    while made < missing and rows + ACTIONS < STEPS:
        pending[4 * made + 3] = rows
        rows = attempt_all(pending[4 * made] & 1, shift(pending[4 * made], 1), pending[4 * made + 1], rows, own)
        made += 1
    for i in range(2 * rows):
        known(scratch[HASHES + i], own)
    for n in range(made):
        until = rows
        if n + 1 < made:
            until = pending[4 * n + 7]
        note(pending[4 * n] & 1, shift(pending[4 * n], 1), pending[4 * n + 1], pending[4 * n + 3], until, own)
    for n in range(missing):
        scratch[SEEN + (pending[4 * n] & (2 * WINDOW - 1))] = 0
    if made < missing:
        return pending[4 * made + 2]
    return last


def gather(first: int, last: int, end: int, own: Words) -> int:
    """Note the lists that are missing, each as side and half, the other half and the state; how many.

    What is needed to expand these states, and to look at those that come behind them, is asked for.
    """
    keys = behind(own, KEYS_AT)
    lists = behind(own, LISTS_AT)
    entries = behind(own, ENTRIES_AT)
    values = behind(own, VALUES_AT)
    scratch = behind(own, SCRATCH_AT)
    pending = at(scratch, PENDING)
    missing = 0
    for n in range(first, last):
        key = keys[2 * n]
        if n + WINDOW < end:
            fetch(at(lists, 2 * shift(keys[2 * (n + WINDOW)], 32)))
            fetch(at(lists, 2 * (keys[2 * (n + WINDOW)] & BUSY)))
        if WHOLE_STATES != 0:
            awaited(key, values)
        for side in range(2):
            half = shift(key, 32 - 32 * side) & BUSY
            place = look(at(lists, 2 * half + side))
            if place != 0:
                fetch(at(entries, shift(place - 1, 16)))
            else:
                wanted = 2 * half + side
                if scratch[SEEN + (wanted & (2 * WINDOW - 1))] != wanted + 1:
                    scratch[SEEN + (wanted & (2 * WINDOW - 1))] = wanted + 1
                    pending[4 * missing] = wanted
                    pending[4 * missing + 1] = shift(key, 32 * side) & BUSY
                    pending[4 * missing + 2] = n
                    missing += 1
                    awaited(key, values)
    return missing


def attempt_all(side: int, half: int, other: int, row: int, own: Words) -> int:
    """Run what may happen because of a half in a state with that other half, to the rows from `row` on."""
    scratch = behind(own, SCRATCH_AT)
    values = behind(own, VALUES_AT)
    s = behind(own, S_AT)
    t = behind(own, T_AT)
    todo = at(scratch, TODO)
    copy(at(s, side * HALF), at(values, half * HALF), 8 * HALF)
    copy(at(s, HALF - side * HALF), at(values, other * HALF), 8 * HALF)
    n = 0
    if side == 0:
        n = ready_left(s, todo)
    else:
        n = ready_right(s, todo)
    for e in range(n):
        scratch[TRIED + row + e] = todo[e]
        attempt(row + e, todo[e], side, s, at(t, (row + e) * STATE), own)
    return row + n


def attempt(e: int, a: int, side: int, s: Words, t: Words, own: Words) -> int:
    """Run an action to row `e`, and note its signal, -1 where the whole state has to be looked at.

    Beside the signal it is noted whether the other half there gives the answer; the places of both are asked for.
    """
    scratch = behind(own, SCRATCH_AT)
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
        signalled = signal(a, at(s, mine), at(scratch, DRAFT), own)
        if signalled == 0:
            return 0
        t[mine] = t[mine] ^ unlike
        scratch[CHANGES + 2 * e] = signalled
        if unlike == 0:
            scratch[CHANGES + 2 * e + 1] = 1
            scratch[HASHES + 2 * e + 1] = hashed(at(t, theirs))
            expected(scratch[HASHES + 2 * e + 1], own)
    scratch[HASHES + 2 * e] = hashed(at(t, mine))
    expected(scratch[HASHES + 2 * e], own)
    return 0


def note(side: int, half: int, other: int, first: int, until: int, own: Words) -> int:
    """Write down the list of a half, with what the rows before `until` say."""
    scratch = behind(own, SCRATCH_AT)
    entries = behind(own, ENTRIES_AT)
    values = behind(own, VALUES_AT)
    t = behind(own, T_AT)
    n = until - first
    if own[NEXT_ENTRY] + n >= own[LAST_ENTRY]:
        own[NEXT_ENTRY] = add_to(at(behind(own, SHARED_AT), ENTRIES), ROOM)
        own[LAST_ENTRY] = own[NEXT_ENTRY] + ROOM
    place = own[NEXT_ENTRY]
    own[NEXT_ENTRY] = place + n + 1
    for e in range(first, until):
        row = at(t, e * STATE + side * HALF)
        answering = at(t, e * STATE + HALF - side * HALF)
        signalled = scratch[CHANGES + 2 * e]
        to = BUSY
        if signalled >= 0:
            to = half
            if same(row, at(values, half * HALF)) == 0:
                to = number(row, scratch[HASHES + 2 * e], own)
        if scratch[CHANGES + 2 * e + 1] != 0:
            became = other
            if same(answering, at(values, other * HALF)) == 0:
                became = number(answering, scratch[HASHES + 2 * e + 1], own)
            asked = question(other, signalled)
            if asked >= 0:
                own[ANSWERS] += remember(asked, became, behind(own, ANSWERS_AT), own[ANSWERS_BITS])
        if signalled < 0:
            signalled = 0
        entries[place + e - first] = signalled * SIGNAL + scratch[TRIED + e] * WHOLE + to
    entries[place + n] = BEYOND
    return publish(at(behind(own, LISTS_AT), 2 * half + side), place * 65536 + n + 1)
