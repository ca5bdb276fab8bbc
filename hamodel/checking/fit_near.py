"""What would explain lines that no run of the model writes: some that are lost, or one that should not be there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hamodel.checking.fit import BRIEF
from hamodel.checking.fit_evidence import suspects
from hamodel.checking.fit_piece import Offsets, piece_of
from hamodel.checking.fit_result import Fit, LogLine, Near
from hamodel.checking.fit_search import attempt
from hamodel.checking.fit_subject import Subject
from hamodel.checking.search import Clock
from hamodel.ir.verdict import Limits

SINGLES = 6
"""So many single faults are tried beside those with which runs came furthest."""
LOST = 2
"""So many lines may be missing in the nearest explanation."""


def nearest(
    subject: Subject, lines: Mapping[str, Sequence[LogLine]], found: Fit, offsets: Offsets, limits: Limits
) -> tuple[Near, ...]:
    """What would explain the lines: some that are lost, or one that is none of this cluster's."""
    clock = Clock.start(limits)
    spoken, _ = suspects([line for own in lines.values() for line in own], subject.fault_kinds())
    sets = list(dict.fromkeys([*(p.kinds for p in found.breaks), (), *((kind,) for kind in spoken[:SINGLES])]))
    near: list[Near] = []
    piece = piece_of(subject, lines, offsets, found.slack)
    for lost in range(1, LOST + 1):
        for kinds in sets:
            if near:
                break
            a = attempt(subject, piece, kinds, replace(clock.rest(), classes=BRIEF), lost=lost, anywhere=False)
            if a.fits:
                near.append(Near(f"{lost} line{'s' if lost > 1 else ''} of the logs lost", a.used))
    for prefix in found.breaks:
        for line in prefix.at:
            fewer = {n: [x for x in own if x is not line] for n, own in lines.items()}
            a = attempt(
                subject,
                piece_of(subject, fewer, offsets, found.slack),
                prefix.kinds,
                replace(clock.rest(), classes=BRIEF),
                anywhere=False,
            )
            if a.fits:
                near.append(Near(f"without the line {line.place}", a.used))
    return tuple(near)
