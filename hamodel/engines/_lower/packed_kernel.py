"""The inner loop of the packed search, in the restricted Python that `subset` lowers: read as text, never run.

A state has two halves; the key of a state is their numbers (`packed_halves`). What may happen because of a half is
written down once (`packed_follow`), and what one half makes of what the other tells it (`packed_answers`): most steps
are found there, and their keys are sent to those who look them up in the set of states (`packed_states`).
"""

from __future__ import annotations

from hamodel.engines._lower.packed_answers import line_of, question
from hamodel.engines._lower.packed_batch import finish
from hamodel.engines._lower.packed_follow import follow
from hamodel.engines._lower.packed_halves import hashed, number, unfold
from hamodel.engines._lower.packed_rules_words import home, judge, ready_wide
from hamodel.engines._lower.packed_states import send
from hamodel.engines._lower.packed_words import (
    ACTION,
    ACTIONS,
    ANSWERS_AT,
    ANSWERS_BITS,
    ASKED,
    BATCH,
    BOX,
    BUSY,
    CLAIMS,
    CURSOR,
    DEADLOCKS,
    EDGES,
    ENTRIES,
    ENTRIES_AT,
    ENTRIES_END,
    FIRSTS,
    FORMULAS,
    HALF,
    HALVES,
    HITS,
    IDS,
    IDS_END,
    JOBS,
    KEYS_AT,
    LISTS_AT,
    MANY,
    QUESTIONS,
    REST,
    REST_END,
    S_AT,
    SCRATCH_AT,
    SENDER,
    SENT_AT,
    SHARED_AT,
    SIGNAL,
    STATE,
    STEPS,
    T_AT,
    TODO,
    UNKNOWN,
    UNSURE,
    VALUES_AT,
    WHOLE,
    WHOLE_STATES,
    Words,
    add_to,
    at,
    behind,
    fetch,
    look,
    shift,
)


def expand(last: int, chunk: int, own: Words) -> int:
    """Expand the states before `last`, a chunk at a time, until none is left; how many have no room.

    Chunks are taken from a common counter; the rest of the own one is kept for the next call. Steps are collected until
    a batch of them has come together (`packed_batch`).
    """
    shared = behind(own, SHARED_AT)
    scratch = behind(own, SCRATCH_AT)
    parent = own[REST]
    end = own[REST_END]
    listed = parent
    full = 0
    while full == 0:
        if parent >= end:
            parent = add_to(at(shared, CURSOR), chunk)
            end = parent + chunk
            if end > last:
                end = last
            if parent >= last:
                parent = last
                end = last
                break
            listed = parent
        full = 1 - room_to_send(own) * room_to_number(own)
        scratch[MANY] = 0
        scratch[ASKED] = 0
        scratch[UNSURE] = 0
        while full == 0 and parent < end and scratch[MANY] < BATCH:
            while full == 0 and parent >= listed:
                full = 1 - room_to_number(own)
                if full == 0:
                    listed = follow(parent, end, own)
            if full == 0:
                take(parent, own)
                parent += 1
        finish(own)
        send(scratch[MANY], own)
    own[REST] = parent
    own[REST_END] = end
    return end - parent


def room_to_send(own: Words) -> int:
    """Whether there is room for the steps of a batch, whoever owns them."""
    sent = at(behind(own, SENT_AT), own[SENDER] * own[JOBS])
    for owner in range(own[JOBS]):
        if sent[owner] + STEPS > own[BOX]:
            return 0
    return 1


def room_to_number(own: Words) -> int:
    """Whether there is room for the halves and entries of a batch, and of the lists that are made at once."""
    shared = behind(own, SHARED_AT)
    return (look(at(shared, IDS)) <= own[IDS_END]) * (look(at(shared, ENTRIES)) <= own[ENTRIES_END])


def take(parent: int, own: Words) -> int:
    """The steps of a state come to the batch, and what holds in it is counted."""
    wide = 0
    if WHOLE_STATES != 0:
        keys = behind(own, KEYS_AT)
        s = behind(own, S_AT)
        unfold(keys[2 * parent], s, behind(own, VALUES_AT))
        count(judge(s), parent, own)
        wide = ready_wide(s, at(behind(own, SCRATCH_AT), TODO))
    return collect(parent, wide, own)


def collect(parent: int, wide: int, own: Words) -> int:
    """The steps of a state, in the order of the actions; what they lead to is looked for later."""
    keys = behind(own, KEYS_AT)
    lists = behind(own, LISTS_AT)
    entries = behind(own, ENTRIES_AT)
    answers = behind(own, ANSWERS_AT)
    scratch = behind(own, SCRATCH_AT)
    bits = own[ANSWERS_BITS]
    key = keys[2 * parent]
    claim = keys[2 * parent + 1]
    inner = lists[2 * shift(key, 32)] - 1
    outer = lists[2 * (key & BUSY) + 1] - 1
    came = claim & ACTION
    idle = known_from(claim, key, keys)
    todo = at(scratch, TODO)
    x = shift(inner, 16)
    y = shift(outer, 16)
    z = 0
    n = (inner & 65535) + (outer & 65535) + wide
    own[EDGES] += n
    if n == 0:
        own[DEADLOCKS] += 1
    many = scratch[MANY]
    asking = scratch[ASKED]
    for _ in range(n):
        entry = entries[x]
        other = entries[y]
        side = shift(other, 32) & ACTION < shift(entry, 32) & ACTION
        entry += (other - entry) * side
        if z < wide and todo[z] < shift(entry, 32) & ACTION:
            entry = todo[z] * WHOLE + BUSY
            z += 1
        else:
            x += 1 - side
            y += side
        scratch[CLAIMS + many] = parent * 65536 + (shift(entry, 32) & ACTION)
        scratch[HALVES + 2 * many] = shift(key, 32)
        scratch[HALVES + 2 * many + 1] = key & BUSY
        asked = question(shift(key, 32 * side) & BUSY, shift(entry, 48))
        if entry & BUSY == BUSY or asked < 0:
            scratch[UNKNOWN + 2 * scratch[UNSURE]] = 2 * many + side
            scratch[UNKNOWN + 2 * scratch[UNSURE] + 1] = 0 - 1
            scratch[UNSURE] += 1
            many += 1
        else:
            needed = 1 - (side == idle) * (shift(entry, 32) < came)
            signalled = entry >= SIGNAL
            scratch[HALVES + 2 * many + side] = entry & BUSY
            scratch[QUESTIONS + 2 * asking] = 2 * many + side
            scratch[QUESTIONS + 2 * asking + 1] = asked
            fetch(at(answers, line_of(asked * signalled, bits)))
            asking += signalled * needed
            many += needed
    scratch[MANY] = many
    scratch[ASKED] = asking
    return n


def known_from(claim: int, key: int, keys: Words) -> int:
    """The half whose local actions with smaller numbers than the one that led here need not be taken; else 2.

    If a state came from a parent by a local action of one half, and the other half is as it was, then its local actions
    were possible in the parent, too. With a smaller number they led to states with smaller claims than this one, from
    where the action that led here leads to the same states as they do here; so these claims are not the least.
    """
    a = claim & ACTION
    if a < ACTIONS:
        before = keys[2 * shift(claim, 16)]
        where = home(a)
        if where == 0 and (before ^ key) & BUSY == 0:
            return 1
        if where == 1 and shift(before ^ key, 32) == 0:
            return 0
    return 2


def count(found: int, parent: int, own: Words) -> int:
    """The formulas that hold in a state."""
    if found != 0:
        for f in range(FORMULAS):
            if shift(found, f) & 1 != 0:
                own[HITS + f] += 1
                if own[FIRSTS + f] > parent:
                    own[FIRSTS + f] = parent
    return 0


def begin(claim: int, own: Words) -> int:
    """Send the state in T that did not come from a step."""
    scratch = behind(own, SCRATCH_AT)
    t = behind(own, T_AT)
    scratch[HALVES] = number(t, hashed(t), own)
    scratch[HALVES + 1] = number(at(t, HALF), hashed(at(t, HALF)), own)
    scratch[CLAIMS] = claim
    return send(1, own)


def read(first: int, last: int, out: Words, own: Words) -> int:
    """The words of the states `first` .. `last` - 1, one after the other."""
    for n in range(first, last):
        keys = at(behind(own, KEYS_AT), 2 * n)
        unfold(keys[0], at(out, (n - first) * STATE), behind(own, VALUES_AT))
    return 0


def judged(first: int, last: int, out: Words, own: Words) -> int:
    """For each of these states, which of the formulas hold in it."""
    s = behind(own, S_AT)
    for n in range(first, last):
        keys = at(behind(own, KEYS_AT), 2 * n)
        unfold(keys[0], s, behind(own, VALUES_AT))
        out[n - first] = judge(s)
    return 0
