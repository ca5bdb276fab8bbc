"""The inner loop of the packed search, in the restricted Python that `subset` lowers: read as text, never run.

A state has two halves; the key of a state is their numbers (`packed_halves`). What may happen because of a half is
written down once (`packed_follow`), and what one half makes of what the other tells it (`packed_answers`): most steps
are found there, and their keys are sent to those who look them up in the set of states (`packed_states`).
"""

from __future__ import annotations

from hamodel.engines._lower.packed_answers import line_of, question
from hamodel.engines._lower.packed_batch import fold, resolve, run
from hamodel.engines._lower.packed_follow import follow
from hamodel.engines._lower.packed_halves import hashed, number, unfold
from hamodel.engines._lower.packed_rules_words import home, judge, ready_wide
from hamodel.engines._lower.packed_states import send
from hamodel.engines._lower.packed_words import (
    ACTION,
    ACTIONS,
    ASKED,
    BATCH,
    BUSY,
    CLAIMS,
    CURSOR,
    DEADLOCKS,
    EDGES,
    ENTRIES,
    FIRSTS,
    FORMULAS,
    HALF,
    HALVES,
    HITS,
    IDS,
    MANY,
    QUESTIONS,
    REST,
    REST_END,
    SIGNAL,
    STATE,
    TODO,
    UNKNOWN,
    UNSURE,
    WHOLE,
    WHOLE_STATES,
    Words,
    add_to,
    at,
    fetch,
    look,
    shift,
)


def expand(
    last: int,
    chunk: int,
    keys: Words,
    parts: Words,
    parts_bits: int,
    values: Words,
    ids_end: int,
    lists: Words,
    entries: Words,
    entries_end: int,
    signals: Words,
    answers: Words,
    answers_bits: int,
    sender: int,
    jobs: int,
    steps: Words,
    room: int,
    sent: Words,
    own: Words,
    shared: Words,
    s: Words,
    t: Words,
    scratch: Words,
) -> int:
    """Expand the states of `keys` before `last`, a chunk at a time, until none is left; how many have no room.

    Chunks are taken from a common counter; the rest of the own one is kept for the next call. Steps are collected until
    a batch of them has come together (`packed_batch`).
    """
    parent = own[REST]
    end = own[REST_END]
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
        for owner in range(jobs):
            if sent[sender * jobs + owner] + BATCH + ACTIONS > room:
                full = 1
        scratch[MANY] = 0
        scratch[ASKED] = 0
        scratch[UNSURE] = 0
        while full == 0 and parent < end and scratch[MANY] < BATCH:
            if look(at(shared, IDS)) > ids_end or look(at(shared, ENTRIES)) > entries_end:
                full = 1
                break
            ahead(parent, last, keys, values, lists, entries)
            key = keys[2 * parent]
            inner = look(at(lists, 2 * shift(key, 32)))
            if inner == 0:
                inner = follow(
                    0, shift(key, 32), key & BUSY, s, at(t, scratch[MANY] * STATE), parts, parts_bits, values, lists,
                    entries, signals, answers, answers_bits, own, shared, scratch,
                )  # fmt: skip
            outer = look(at(lists, 2 * (key & BUSY) + 1))
            if outer == 0:
                outer = follow(
                    1, key & BUSY, shift(key, 32), s, at(t, scratch[MANY] * STATE), parts, parts_bits, values, lists,
                    entries, signals, answers, answers_bits, own, shared, scratch,
                )  # fmt: skip
            wide = 0
            if WHOLE_STATES != 0:
                unfold(key, s, values)
                count(judge(s), parent, own)
                wide = ready_wide(s, at(scratch, TODO))
            collect(parent, keys, inner, outer, wide, entries, answers, answers_bits, own, scratch)
            parent += 1
        unknown = resolve(scratch[ASKED], scratch[UNSURE], scratch, answers, answers_bits, values, keys)
        changes = 0
        for n in range(unknown):
            changes = run(n, changes, scratch, t, keys, parts, parts_bits, values, own)
        fold(changes, unknown, scratch, t, parts, parts_bits, values, answers, answers_bits, own, shared)
        send(scratch[MANY], sender, jobs, steps, room, sent, scratch)
    own[REST] = parent
    own[REST_END] = end
    return end - parent


def collect(
    parent: int,
    keys: Words,
    inner: int,
    outer: int,
    wide: int,
    entries: Words,
    answers: Words,
    answers_bits: int,
    own: Words,
    scratch: Words,
) -> int:
    """The steps of a state come to the batch, in the order of the actions; what they lead to is looked for later."""
    key = keys[2 * parent]
    claim = keys[2 * parent + 1]
    came = claim & ACTION
    idle = known_from(claim, key, keys)
    todo = at(scratch, TODO)
    x = shift(inner - 1, 16)
    y = shift(outer - 1, 16)
    z = 0
    n = ((inner - 1) & 65535) + ((outer - 1) & 65535) + wide
    own[EDGES] += n
    if n == 0:
        own[DEADLOCKS] += 1
    many = scratch[MANY]
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
        if side == idle and shift(entry, 32) < came and entry & BUSY != BUSY:
            continue
        scratch[CLAIMS + many] = parent * 65536 + (shift(entry, 32) & ACTION)
        scratch[HALVES + 2 * many] = shift(key, 32)
        scratch[HALVES + 2 * many + 1] = key & BUSY
        asked = 0 - 1
        sure = entry & BUSY != BUSY
        if entry >= SIGNAL:
            asked = question(shift(key, 32 * side) & BUSY, shift(entry, 48))
            sure = asked >= 0
        if sure != 0:
            scratch[HALVES + 2 * many + side] = entry & BUSY
            if asked >= 0:
                scratch[QUESTIONS + 2 * scratch[ASKED]] = 2 * many + side
                scratch[QUESTIONS + 2 * scratch[ASKED] + 1] = asked
                scratch[ASKED] += 1
                fetch(at(answers, line_of(asked, answers_bits)))
        else:
            scratch[UNKNOWN + 2 * scratch[UNSURE]] = 2 * many + side
            scratch[UNKNOWN + 2 * scratch[UNSURE] + 1] = 0 - 1
            scratch[UNSURE] += 1
        many += 1
    scratch[MANY] = many
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


def ahead(parent: int, end: int, keys: Words, values: Words, lists: Words, entries: Words) -> int:
    """Ask for what is needed to expand states that come soon."""
    if parent + 16 < end:
        key = keys[2 * (parent + 16)]
        fetch(at(lists, 2 * shift(key, 32)))
        fetch(at(lists, 2 * (key & BUSY)))
        key = keys[2 * (parent + 8)]
        fetch(at(entries, shift(lists[2 * shift(key, 32)] - 1, 16) & BUSY))
        fetch(at(entries, shift(lists[2 * (key & BUSY) + 1] - 1, 16) & BUSY))
        if WHOLE_STATES != 0:
            fetch(at(values, shift(key, 32) * HALF))
            fetch(at(values, (key & BUSY) * HALF))
    return 0


def count(found: int, parent: int, own: Words) -> int:
    """The formulas that hold in a state."""
    if found != 0:
        for f in range(FORMULAS):
            if shift(found, f) & 1 != 0:
                own[HITS + f] += 1
                if own[FIRSTS + f] > parent:
                    own[FIRSTS + f] = parent
    return 0


def begin(
    t: Words,
    claim: int,
    parts: Words,
    bits: int,
    values: Words,
    jobs: int,
    steps: Words,
    room: int,
    sent: Words,
    own: Words,
    shared: Words,
    scratch: Words,
) -> int:
    """Send a state that did not come from a step."""
    scratch[HALVES] = number(t, hashed(t), parts, bits, values, own, shared)
    scratch[HALVES + 1] = number(at(t, HALF), hashed(at(t, HALF)), parts, bits, values, own, shared)
    scratch[CLAIMS] = claim
    return send(1, 0, jobs, steps, room, sent, scratch)


def read(first: int, last: int, keys: Words, out: Words, values: Words) -> int:
    """The words of the states `first` .. `last` - 1, one after the other."""
    for n in range(first, last):
        unfold(keys[2 * n], at(out, (n - first) * STATE), values)
    return 0


def judged(first: int, last: int, keys: Words, out: Words, values: Words, s: Words) -> int:
    """For each of these states, which of the formulas hold in it."""
    for n in range(first, last):
        unfold(keys[2 * n], s, values)
        out[n - first] = judge(s)
    return 0
