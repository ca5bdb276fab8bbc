"""The search joined to the explanation of an incident: the same logs, the files beside them, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hamodel.checking.fits.chain import Link, chain
from hamodel.checking.fits.elsewhere import elsewhere
from hamodel.checking.fits.episodes import Episode, episodes
from hamodel.checking.fits.lines import Lines, read_lines
from hamodel.checking.fits.near import Puzzle, by_likelihood, nearest
from hamodel.checking.fits.prevented import prevented
from hamodel.checking.fits.result import Near
from hamodel.checking.fits.subject import Subject
from hamodel.checking.fits.told import answered, episode_of
from hamodel.checking.fits.variants import Files, contradicted, variants
from hamodel.checking.search import Clock
from hamodel.config.daemon import Version
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import HamodelError
from hamodel.incident import report as told
from hamodel.ir.fit import LENGTHS
from hamodel.ir.verdict import Limits

FIRST = 0.5
"""The part of the time that may be spent on whether the lines fit; the rest is for why, and what would have helped."""
MOST = LENGTHS[-1]
NO_NAMES: Mapping[Path, str] = {}


@dataclass(frozen=True, slots=True)
class _Case:
    """The files, their model, and the log in its episodes."""

    files: Files
    subject: Subject
    lines: Lines
    parts: Sequence[Episode]
    offsets: Mapping[str, tuple[int, int]]


def searched(
    explanation: told.Explanation,
    logs: Sequence[Path],
    config: Path,
    limits: Limits,
    *,
    names: Mapping[Path, str] = NO_NAMES,
    year: int | None = None,
) -> told.Explanation:
    """The explanation with the answer of the model for these files; `names` says whose a log is.

    Where the model has no answer for such a cluster, the answer says why. Raises what reading logs raises.
    """
    clock = Clock.start(limits)
    try:
        case = _case(explanation, logs, config, names, year)
    except HamodelError as outside:
        return replace(explanation, fit=told.Fit(reason=f"the model has no such cluster: {outside.message}"))
    if not case.parts:
        reason = "no line of these logs is one that the model writes"
        return replace(explanation, fit=told.Fit(reason=reason))
    first = limits if limits.seconds is None else replace(limits, seconds=limits.seconds * FIRST)
    links = list(chain(case.subject, case.parts, case.offsets, frozenset(case.lines), first, explanation.faults))
    broken = next((link for link in links if not link.found.fits), None)
    near = _near(explanation, case, broken, links, clock) if broken is not None else ()
    parts = [episode_of(link, near if link is broken else ()) for link in links]
    answer = answered(explanation, case.subject, links, parts, limits)
    return replace(explanation, fit=replace(answer, prevented_by=_prevented(explanation, case, links, clock)))


def _case(
    explanation: told.Explanation, logs: Sequence[Path], config: Path, names: Mapping[Path, str], year: int | None
) -> _Case:
    """The log is gone through once with a small model, which knows what counts, and kept for one that holds it."""
    folder, engine = config if config.is_dir() else config.parent, ClassesEngine()
    small = Files.read(folder, explanation, engine, _release(explanation))
    reading = small.subject(small.spec)
    lines = read_lines(reading, logs, names, year)
    offsets = _offsets(explanation)
    parts = episodes(reading, lines, offsets, MOST)
    marks = min(max((part.marks for part in parts), default=0), MOST)
    files = replace(small, marks=marks)
    subject = reading if marks <= LENGTHS[0] else files.subject(small.spec)
    return _Case(files, subject, lines, parts, offsets)


def _release(explanation: told.Explanation) -> Version | None:
    """The release that the lines tell; None: that of the files."""
    said = [each.value for each in explanation.inferred if each.option == "version"]
    if not said:
        return None
    return Version.V2_0_8 if any(value.startswith(("1.", "2.")) for value in said) else Version.V3_0_6


def _offsets(explanation: told.Explanation) -> dict[str, tuple[int, int]]:
    """The clock of each node against the reference; one that was set or drifts may be anywhere it ever was."""
    found: dict[str, tuple[int, int]] = {}
    for clock in explanation.clocks:
        lo, hi = found.get(clock.node, (clock.lo, clock.hi))
        found[clock.node] = (min(lo, clock.lo), max(hi, clock.hi))
    return found


def _near(
    explanation: told.Explanation, case: _Case, broken: Link, links: Sequence[Link], clock: Clock
) -> tuple[Near, ...]:
    """What would explain the first episode that no run was found for.

    First what the lines themselves contradict, then the files as they are, then other clusters.
    """
    if not broken.found.breaks:
        return ()
    differs, files, first = explanation.differs, case.files, broken is links[0]
    puzzle = Puzzle(case.subject, broken.episode.lines, broken.found, case.offsets, broken.around)
    shown = elsewhere(puzzle, files, contradicted(files, differs), first, clock)
    rest = clock.rest()
    half = rest if rest.seconds is None else replace(rest, seconds=rest.seconds / 2)
    same = nearest(puzzle.subject, puzzle.lines, puzzle.found, puzzle.offsets, half, puzzle.around)
    other = () if shown else elsewhere(puzzle, files, variants(files, differs), first, clock)
    return by_likelihood((*shown, *same, *other), {each.option for each in differs})


def _prevented(
    explanation: told.Explanation, case: _Case, links: Sequence[Link], clock: Clock
) -> tuple[told.Advice, ...]:
    """What would have prevented the first damage, where the run of its episode is known."""
    when = explanation.unsafe_from
    for link in links:
        if link.found.fits and link.found.kinds[0] and (len(links) == 1 or _within(link.episode, when)):
            remedies = prevented(case.files.spec, case.files.folder, link.found, clock.rest())
            return tuple(told.Advice(r.key, r.text, r.holds) for r in remedies if r.holds)
    return ()


def _within(episode: Episode, when: int | None) -> bool:
    return when is not None and episode.first <= when <= episode.last + 1000
