"""Does a run of the model write these lines? The search behind the explanation of an incident.

Explanations are tried in the order of their cost: no fault, what the lines themselves say befell the cluster, that and
one fault more, then one of each kind and more. Commands of operators are free, but the log must show them. A run that
is found is replayed by the reference semantics. That no run fits is said only of what was searched to its end: of no
fault, of single faults, and of those larger sets that were tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from hamodel.checking.fits.evidence import suspects
from hamodel.checking.fits.guesses import guesses
from hamodel.checking.fits.piece import ALONE, Around, Offsets, piece_of
from hamodel.checking.fits.result import Fit, Kinds, LogLine
from hamodel.checking.fits.sets import Sets
from hamodel.checking.fits.subject import Subject
from hamodel.checking.search import Clock
from hamodel.ir.verdict import Limits

SLACKS = (1_000, 3_000)
"""How much earlier or later than its line an event may have been, in ms, one attempt after the other."""
SECONDS = 120.0
NO_OFFSETS: Mapping[str, tuple[int, int]] = {}


def fit(
    subject: Subject,
    lines: Mapping[str, Sequence[LogLine]],
    offsets: Offsets = NO_OFFSETS,
    candidates: Sequence[Kinds] | None = None,
    limits: Limits | None = None,
    slacks: Sequence[int] = SLACKS,
    around: Around = ALONE,
) -> Fit:
    """Whether a run writes the lines of these nodes; `candidates`: only these sets of faults are tried.

    Without them those faults are tried first that are known around the lines, as they are and then with one more.
    """
    clock = Clock.start(limits or Limits(seconds=SECONDS))
    every = [line for own in lines.values() for line in own]
    searches: list[tuple[int, Sets]] = []
    for slack in slacks:
        piece = piece_of(subject, lines, offsets, slack, around)
        if not piece.landmarks:
            return Fit(None, slack, 0, reason="no line of these logs is one that the model writes")
        faults = [fault for fault in around.faults if piece.since_begin([(fault.earliest, fault.latest)])]
        first = guesses(subject.system, subject.nodes, faults)
        searches.append((slack, Sets(subject, piece, clock, *suspects(every, subject.fault_kinds()), first)))
    turns = [(way, slack, each) for way in (Sets.quick, Sets.deep) for slack, each in searches]
    if candidates is not None:
        turns = [(partial(Sets.told, candidates=candidates), slack, each) for slack, each in searches]
    answer: Fit | None = None
    for number, (way, slack, each) in enumerate(turns):
        each.clock = clock.shared(len(turns) - number)
        way(each)
        found = replace(each.fit(slack), seconds=round(clock.elapsed, 3), begin=each.piece.begin)
        if found.fits:
            return found
        if answer is None or found.fits is False or (answer.fits is None and answer.slack == slack):
            answer = found
    assert answer is not None
    return answer
