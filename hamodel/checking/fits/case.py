"""The material of a search: the files, their model, and the log in its episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hamodel.checking.fits.chain import Link, chain
from hamodel.checking.fits.episodes import Episode, episodes
from hamodel.checking.fits.lines import Lines, read_lines
from hamodel.checking.fits.subject import Subject
from hamodel.checking.fits.variants import Files
from hamodel.config.daemon import Version
from hamodel.engines.classes import ClassesEngine
from hamodel.incident.report import Explanation
from hamodel.ir.fit import LENGTHS
from hamodel.ir.verdict import Limits

MOST = LENGTHS[-1]
NO_NAMES: Mapping[Path, str] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """One incident, the files beside its logs, and their model with room for its longest episode."""

    explanation: Explanation
    files: Files
    subject: Subject
    lines: Lines
    parts: Sequence[Episode]
    offsets: Mapping[str, tuple[int, int]]

    @classmethod
    def read(
        cls,
        explanation: Explanation,
        logs: Sequence[Path],
        config: Path,
        names: Mapping[Path, str] = NO_NAMES,
        year: int | None = None,
    ) -> Case:
        """The log is gone through once with a small model, which knows what counts, and kept for one that holds it.

        Raises what reading logs and files raises.
        """
        folder, engine = config if config.is_dir() else config.parent, ClassesEngine()
        small = Files.read(folder, explanation, engine, _release(explanation))
        reading = small.subject(small.spec)
        lines = read_lines(reading, logs, names, year, explanation.steps)
        offsets = _offsets(explanation)
        parts = episodes(reading, lines, offsets, MOST)
        marks = min(max((part.marks for part in parts), default=0), MOST)
        files = replace(small, marks=marks)
        subject = reading if marks <= LENGTHS[0] else files.subject(small.spec)
        return cls(explanation, files, subject, lines, parts, offsets)

    def links(self, limits: Limits) -> list[Link]:
        """The answers for all episodes."""
        nodes = frozenset(self.lines)
        return list(chain(self.subject, self.parts, self.offsets, nodes, limits, self.explanation.faults))


def _release(explanation: Explanation) -> Version | None:
    """The release that the lines tell; None: that of the files."""
    said = [each.value for each in explanation.inferred if each.option == "version"]
    if not said:
        return None
    return Version.V2_0_8 if any(value.startswith(("1.", "2.")) for value in said) else Version.V3_0_6


def _offsets(explanation: Explanation) -> dict[str, tuple[int, int]]:
    """The clock of each node against the reference without steps; one that drifts may be anywhere it ever was."""
    found: dict[str, tuple[int, int]] = {}
    for clock in explanation.clocks:
        now = clock.lo - clock.by, clock.hi - clock.by
        lo, hi = found.get(clock.node, now)
        found[clock.node] = min(lo, now[0]), max(hi, now[1])
    return found
