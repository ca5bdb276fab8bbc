"""Whether the lines are those of another cluster than the files say: the variants, each asked with a new search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hamodel.checking.fits.near import Puzzle
from hamodel.checking.fits.piece import midway
from hamodel.checking.fits.result import Near
from hamodel.checking.fits.variants import TOGETHER, Files, Variant
from hamodel.checking.search import Clock
from hamodel.errors import HamodelError

MOST_SETS = 4
"""So many sets of faults are tried with each variant."""
ENOUGH = 3
"""So many other clusters that explain the lines are told."""


def elsewhere(puzzle: Puzzle, files: Files, variants: Iterable[Variant], first: bool, clock: Clock) -> tuple[Near, ...]:
    """The first few variants on which a run writes the lines.

    Of one option only its nearest value, and several options at once only if none alone will do.

    `first`: nothing came before these lines.
    """
    found: dict[str, Near] = {}
    for variant in variants:
        if clock.is_over or len(found) >= ENOUGH:
            break
        if variant.kind not in found and not (variant.kind == TOGETHER and found):
            for near in _tried(puzzle, variant, first, clock):
                found[variant.kind] = replace(near, text=files.by_name(near.text))
    return tuple(found.values())


def _tried(puzzle: Puzzle, variant: Variant, first: bool, clock: Clock) -> Iterator[Near]:
    """The answer with the fewest faults, if there is one. States of another cluster are not those of this one."""
    subject = variant.subject
    starts = None if first else midway(subject, puzzle.lines)
    around = replace(puzzle.around, starts=starts, anytime=variant.anytime)
    there = replace(puzzle, subject=subject, around=around)
    may = set(subject.fault_kinds())
    sets = [kinds for kinds in puzzle.sets() if set(kinds) <= may]
    for kinds in sorted(sets[:MOST_SETS], key=len):
        if clock.is_over:
            return
        try:
            a = there.ask(kinds, clock)
        except HamodelError:
            return
        if a.fits:
            texts = {action.name: action.text for action in subject.system.actions if action.fault == variant.kind}
            done = [texts[name] for _, name in a.events if name in texts]
            yield Near(": ".join([variant.text, *done[:1]]), a.used, variant.kind)
            return
