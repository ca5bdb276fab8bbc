"""The search joined to the explanation of an incident: the same logs, the files beside them, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hamodel.checking.fits.case import NO_NAMES, Case
from hamodel.checking.fits.chain import Link
from hamodel.checking.fits.elsewhere import elsewhere
from hamodel.checking.fits.episodes import Episode
from hamodel.checking.fits.near import Puzzle, by_likelihood, nearest
from hamodel.checking.fits.prevented import prevented
from hamodel.checking.fits.result import Near
from hamodel.checking.fits.told import answered, episode_of
from hamodel.checking.fits.variants import contradicted, variants
from hamodel.checking.search import Clock
from hamodel.errors import HamodelError
from hamodel.incident import report as told
from hamodel.ir.verdict import Limits

FIRST = 0.5
"""The part of the time that may be spent on whether the lines fit; the rest is for why, and what would have helped."""
MOST_BROKEN = 3
"""Of so many episodes that no run was found for it is asked what would explain them."""


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
    unknown = next((step for step in explanation.steps if step.least), None)
    if unknown is not None:
        reason = f"the clock of {unknown.node} was set, and nothing tells how far: these times are not those of one run"
        return replace(explanation, fit=told.Fit(reason=reason))
    clock = Clock.start(limits)
    try:
        case = Case.read(explanation, logs, config, names, year)
    except HamodelError as outside:
        return replace(explanation, fit=told.Fit(reason=f"the model has no such cluster: {outside.message}"))
    if not case.parts:
        reason = "no line of these logs is one that the model writes"
        return replace(explanation, fit=told.Fit(reason=reason))
    links = case.links(_part(limits, FIRST))
    broken = [number for number, link in enumerate(links) if link.found.breaks and not link.found.fits][:MOST_BROKEN]
    near = {}
    for done, number in enumerate(broken):
        share = clock.shared(len(broken) - done)
        near[number] = _near(case, links[number], number == 0, share)
    parts = [episode_of(link, near.get(number, ())) for number, link in enumerate(links)]
    answer = answered(explanation, case.subject, links, parts, limits)
    return replace(explanation, fit=replace(answer, prevented_by=_prevented(case, links, clock)))


def _part(limits: Limits, part: float) -> Limits:
    return limits if limits.seconds is None else replace(limits, seconds=limits.seconds * part)


def _near(case: Case, broken: Link, first: bool, clock: Clock) -> tuple[Near, ...]:
    """What would explain an episode that no run was found for; `first`: nothing came before it.

    First what the lines themselves contradict, then the files as they are, then other clusters.
    """
    differs, files = case.explanation.differs, case.files
    puzzle = Puzzle(case.subject, broken.episode.lines, broken.found, case.offsets, broken.around)
    shown = elsewhere(puzzle, files, contradicted(files, differs), first, clock)
    half = clock.shared(2).rest()
    same = nearest(puzzle.subject, puzzle.lines, puzzle.found, puzzle.offsets, half, puzzle.around)
    other = () if shown else elsewhere(puzzle, files, variants(files, differs), first, clock)
    return by_likelihood((*shown, *same, *other), {each.option for each in differs})


def _prevented(case: Case, links: Sequence[Link], clock: Clock) -> tuple[told.Advice, ...]:
    """What would have prevented the first damage, where the run of its episode is known."""
    when = case.explanation.unsafe_from
    for link in links:
        if link.found.fits and link.found.kinds[0] and (len(links) == 1 or _within(link.episode, when)):
            remedies = prevented(case.files.spec, case.files.folder, link.found, clock.rest())
            return tuple(told.Advice(r.key, r.text, r.holds) for r in remedies if r.holds)
    return ()


def _within(episode: Episode, when: int | None) -> bool:
    return when is not None and episode.first <= when <= episode.last + 1000
