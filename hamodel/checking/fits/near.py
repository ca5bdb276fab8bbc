"""What would explain lines that no run of the model writes, with the files as they are.

Some lines are lost, or one should not be there, or a resource's script acted without being asked. Each answer is a
search of its own that found a run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.checking.fits.episodes import moment
from hamodel.checking.fits.evidence import suspects
from hamodel.checking.fits.guesses import guesses
from hamodel.checking.fits.marks import read
from hamodel.checking.fits.piece import ALONE, Around, Offsets, piece_of
from hamodel.checking.fits.result import Fit, Kinds, LogLine, Near
from hamodel.checking.fits.search import Attempt, attempt
from hamodel.checking.fits.sets import BRIEF
from hamodel.checking.fits.subject import Subject
from hamodel.checking.search import Clock
from hamodel.incident.report import Fault
from hamodel.ir.verdict import Limits

SINGLES = 6
"""So many single faults are tried beside those with which runs came furthest."""
LOST = 2
"""So many lines may be missing in the nearest explanation."""
SCRIPT = ": script "
EARLY = 60_000
"""A fault may have come so many ms before the first line that it explains."""


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Lines that no run was found to write, what is known around them, and how far the runs came."""

    subject: Subject
    lines: Mapping[str, Sequence[LogLine]]
    found: Fit
    offsets: Offsets
    around: Around = ALONE

    def sets(self) -> list[Kinds]:
        """The sets of faults that are tried: what the lines tell, none, those of the furthest runs, and single ones."""
        spoken, _ = suspects([line for own in self.lines.values() for line in own], self.subject.fault_kinds())
        told = [guess.kinds for guess in guesses(self.subject.system, self.subject.nodes, self._faults())[:1]]
        furthest = [p.kinds for p in self.found.breaks]
        return list(dict.fromkeys([*told, (), *furthest, *((k,) for k in spoken[:SINGLES])]))

    def _faults(self) -> list[Fault]:
        """What is known to have befallen the cluster while these lines were written."""
        times = [moment(line, self.offsets) for own in self.lines.values() for line in own]
        return [f for f in self.around.faults if times and f.earliest <= max(times) and f.latest >= min(times) - EARLY]

    def ask(self, kinds: Kinds, clock: Clock, lost: int = 0) -> Attempt:
        """One brief search."""
        piece = piece_of(self.subject, self.lines, self.offsets, self.found.slack, self.around)
        limits = replace(clock.rest(), classes=BRIEF)
        return attempt(self.subject, piece, kinds, limits, lost=lost, anywhere=False)


def nearest(
    subject: Subject,
    lines: Mapping[str, Sequence[LogLine]],
    found: Fit,
    offsets: Offsets,
    limits: Limits,
    around: Around = ALONE,
) -> tuple[Near, ...]:
    """The explanations that keep the files: the fewest lost lines, each line alone, each script."""
    puzzle, clock = Puzzle(subject, lines, found, offsets, around), Clock.start(limits)
    return tuple(dict.fromkeys([*_lost(puzzle, clock), *_surplus(puzzle, clock), *_scripts(puzzle, clock)]))


def by_likelihood(near: Iterable[Near], contradicted: Collection[str]) -> tuple[Near, ...]:
    """What the lines themselves contradict first, then whole clusters that differ; of lost lines the fewest."""

    def key(each: Near) -> tuple[bool, bool, bool]:
        named = each.kind in contradicted or (each.kind == "edit" and "haresources" in contradicted)
        return not named, each.text.startswith("2 "), each.kind in ("surplus", "script")

    return tuple(sorted(near, key=key))


def _lost(puzzle: Puzzle, clock: Clock) -> Iterator[Near]:
    for lost in range(1, LOST + 1):
        for kinds in puzzle.sets():
            if clock.is_over:
                return
            a = puzzle.ask(kinds, clock, lost=lost)
            if a.fits:
                yield Near(f"{lost} line{'s' if lost > 1 else ''} of the logs lost", a.used, "lost")
                return


def _surplus(puzzle: Puzzle, clock: Clock) -> Iterator[Near]:
    for prefix in puzzle.found.breaks:
        for line in prefix.at:
            if clock.is_over:
                return
            fewer = {n: [x for x in own if x is not line] for n, own in puzzle.lines.items()}
            a = replace(puzzle, lines=fewer).ask(prefix.kinds, clock)
            if a.fits:
                yield Near(f"without the line {line.place}", a.used, "surplus")


def _scripts(puzzle: Puzzle, clock: Clock) -> Iterator[Near]:
    """Whether what heartbeat does is explained once nothing is asked of what one script says.

    Those scripts are tried at whose lines the runs end.
    """
    subject, nodes = puzzle.subject, puzzle.subject.nodes
    streams: dict[str, LogLine] = {}
    for line in [x for prefix in puzzle.found.breaks for x in prefix.at]:
        mark = read(line.node, line.entry.text, line.entry.level, nodes)
        if mark is not None and SCRIPT in mark.stream and mark.stream in subject.listener.streams:
            streams.setdefault(mark.stream, line)
    for stream, line in streams.items():
        node, _, script = stream.partition(SCRIPT)
        alone = replace(puzzle, around=replace(puzzle.around, deaf=puzzle.around.deaf | {stream}))
        for kinds in puzzle.sets():
            if clock.is_over:
                return
            a = alone.ask(kinds, clock)
            if a.fits:
                text = f"the script {script.strip()} on {node} acted by itself: heartbeat did not ask for {line.place}"
                yield Near(text, a.used, "script")
                break
