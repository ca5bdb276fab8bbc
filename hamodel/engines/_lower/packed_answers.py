"""What one half makes of what the other tells it, found out once: read as text by `subset`, never run.

Most actions that concern both halves are decided by one, which then changes in a way of its own, and tells the other
little: the message at the head of a queue, say. What it tells is some of its bits (`told`); action and bits together
are a signal, and a half and a signal determine the half it becomes, its answer. Where the step changes what both halves
know, or is an error, there is no answer, and the whole state is looked at each time.

`signals` is the set of signals; a signal's number is its place, plus one. `answers` is a set of lines of LINE words,
2 ** `bits` of them; a word is the lower 32 bits of a scrambled question and the answer plus one, and the upper bits of
the question choose the line. Where a line is full nothing is kept.
"""

from __future__ import annotations

from hamodel.engines._lower.packed_halves import hashed, mix, number
from hamodel.engines._lower.packed_rules_words import told
from hamodel.engines._lower.packed_words import (
    ASKABLE,
    BUSY,
    HALF,
    LINE,
    MOST_SIGNALS,
    QUESTION,
    QUESTION_BITS,
    SIGNALS_AT,
    TRIES,
    WHOLE,
    Words,
    at,
    behind,
    look,
    shift,
    swap,
)


def signal(a: int, row: Words, draft: Words, own: Words) -> int:
    """The number of what action `a` tells about this half; 0 if there is no room for another."""
    signals = behind(own, SIGNALS_AT)
    for i in range(HALF):
        draft[i] = row[i] & told(a * HALF + i)
    seen = number(draft, hashed(draft), own) * 65536 + a + 1
    q = mix(seen)
    for _ in range(TRIES):
        q = (q + 1) & (MOST_SIGNALS - 1)
        there = look(at(signals, q))
        if there == 0:
            there = swap(at(signals, q), 0, seen)
        if there == 0 or there == seen:
            return q + 1
    return 0


def question(half: int, signalled: int) -> int:
    """A half and a signal in QUESTION bits, multiplied so that nothing is lost; -1 for a half beyond ASKABLE."""
    if half >= ASKABLE:
        return 0 - 1
    return (half * MOST_SIGNALS + signalled - 1) * 5851029183712764845 & (QUESTION - 1)


def line_of(asked: int, bits: int) -> int:
    """Where the line of a question begins."""
    return shift(asked, QUESTION_BITS - bits) * LINE


def answer(asked: int, answers: Words, bits: int) -> int:
    """The number of the half, BUSY where it is not known."""
    line = at(answers, line_of(asked, bits))
    for i in range(LINE):
        there = look(at(line, (asked + i) & (LINE - 1)))
        if there == 0:
            return BUSY
        if shift(there, 32) == asked & BUSY:
            return (there & BUSY) - 1
    return BUSY


def remember(asked: int, half: int, answers: Words, bits: int) -> int:
    """Keep an answer; 1 where it was not known."""
    line = at(answers, line_of(asked, bits))
    for i in range(LINE):
        there = look(at(line, (asked + i) & (LINE - 1)))
        if there == 0:
            there = swap(at(line, (asked + i) & (LINE - 1)), 0, (asked & BUSY) * WHOLE + half + 1)
            if there == 0:
                return 1
        if shift(there, 32) == asked & BUSY:
            return 0
    return 0


def enlarge_answers(answers: Words, lines: int, old: int, target: Words, bits: int) -> int:
    """Move them from 2 ** `old` lines to more; the upper 8 bits of a question are those of the number of its line."""
    for i in range(lines * LINE):
        there = answers[i]
        if there != 0:
            asked = shift(shift(i, 3), old - 8) * WHOLE + shift(there, 32)
            remember(asked, (there & BUSY) - 1, target, bits)
    return 0
