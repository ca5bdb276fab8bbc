"""What may happen because of a half, written down once: read as text by `subset`, never run.

`lists` tells for each half, as the first and as the second, where its `entries` are and how many. An entry is an
action, and the number of the half that it makes of this one, or BUSY where the whole state has to be looked at; if the
action tells the other half something, also the signal (`packed_answers`), else 0.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_answers import question, remember, signal
from hamodel.engines._lower.packed_halves import hashed, number, same
from hamodel.engines._lower.packed_rules_words import fire, home, ready_left, ready_right
from hamodel.engines._lower.packed_words import (
    BUSY,
    COMMON,
    DRAFT,
    ENTRIES,
    HALF,
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
    publish,
)


def follow(
    side: int,
    half: int,
    other: int,
    s: Words,
    t: Words,
    parts: Words,
    mask: int,
    values: Words,
    lists: Words,
    entries: Words,
    signals: Words,
    answers: Words,
    answers_mask: int,
    own: Words,
    shared: Words,
    scratch: Words,
) -> int:
    """The list of a half that comes first in a state with that other half; two threads may write the same."""
    todo = at(scratch, TODO)
    w = at(scratch, WORK)
    draft = at(scratch, DRAFT)
    mine = side * HALF
    theirs = HALF - mine
    copy(at(s, mine), at(values, half * HALF), 8 * HALF)
    copy(at(s, theirs), at(values, other * HALF), 8 * HALF)
    n = 0
    if side == 0:
        n = ready_left(s, todo)
    else:
        n = ready_right(s, todo)
    if own[NEXT_ENTRY] + n > own[LAST_ENTRY]:
        own[NEXT_ENTRY] = add_to(at(shared, ENTRIES), ROOM)
        own[LAST_ENTRY] = own[NEXT_ENTRY] + ROOM
    first = own[NEXT_ENTRY]
    own[NEXT_ENTRY] = first + n
    for e in range(n):
        a = todo[e]
        to = BUSY
        signalled = 0
        where = home(a)
        if where == side or where == side + TELLS:
            copy(t, s, 8 * STATE)
            fire(a, t, w)
            if w[0] == 0:
                unlike = (t[mine] ^ s[mine]) & COMMON
                t[mine] = t[mine] ^ unlike
                if where != side:
                    signalled = signal(a, at(s, mine), draft, signals, parts, mask, values, own, shared)
                if (where == side and unlike == 0) or signalled != 0:
                    to = half
                    if same(at(t, mine), at(s, mine)) == 0:
                        to = number(at(t, mine), hashed(at(t, mine)), parts, mask, values, own, shared)
                if signalled != 0 and unlike == 0:
                    asked = question(other, signalled)
                    if asked >= 0:
                        became = other
                        if same(at(t, theirs), at(s, theirs)) == 0:
                            became = number(at(t, theirs), hashed(at(t, theirs)), parts, mask, values, own, shared)
                        remember(asked, became, answers, answers_mask, own)
            w[0] = 0
        entries[first + e] = signalled * SIGNAL + a * WHOLE + to
    publish(at(lists, 2 * half + side), first * 65536 + n + 1)
    return first * 65536 + n + 1
